import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bundleCommand } from '../../tools/bundle/command.ts';

/** Alone on a machine it is below 1.5. Others who use it disturb both, and not always alike. */
const MAX_RATIO = 2;
const MAX_RUNS = 60;
const MIN_RUNS = 10;

/** Runs Node, and gives the time from its start to its end. */
function timeMs(args: readonly string[]): number {
  const startMs = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  assert.equal(status, 0);
  return performance.now() - startMs;
}

describe('the start of the bundled command', () => {
  it(`explain takes at most ${MAX_RATIO} times as long as Node that does nothing`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lro-cancel-start-'));
    try {
      const file = join(folder, 'lro-cancel.mjs');
      writeFileSync(file, await bundleCommand());
      const explain = [
        file,
        'explain',
        'projects/p/locations/us-central1/operations/1',
        '--service',
        'aiplatform',
      ];
      // The shortest of runs in turn, because a disturbance only ever adds.
      let [nothingMs, explainMs] = [Infinity, Infinity];
      for (let run = 0; run < MAX_RUNS; run += 1) {
        nothingMs = Math.min(nothingMs, timeMs(['-e', '0']));
        explainMs = Math.min(explainMs, timeMs(explain));
        if (run >= MIN_RUNS && explainMs <= MAX_RATIO * nothingMs) break;
      }
      const times = `${explainMs.toFixed(0)} ms, and Node alone ${nothingMs.toFixed(0)} ms`;
      assert.ok(explainMs <= MAX_RATIO * nothingMs, times);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
