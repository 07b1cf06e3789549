import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';

const startWith = (parent: number | undefined) =>
  spawn(process.execPath, [`--import=./local/end-with-parent.ts?parent=${parent}`, '--eval', WAIT], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
  });
/** Longer than it takes to look once. */
const WAIT = 'setInterval(() => console.log("still here"), 600)';

describe('a process that ends with its parent', () => {
  it('it ends where the parent was gone before it could look', async () => {
    const { pid: gone } = spawnSync(process.execPath, ['--eval', '']);
    const [status] = (await once(startWith(gone), 'exit')) as [number | null];
    assert.equal(status, 0);
  });

  it('it stays as long as the parent does', async () => {
    const child = startWith(process.pid);
    let times = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      assert.equal(line, 'still here');
      times += 1;
      if (times === 3) break;
    }
    child.kill('SIGKILL');
    assert.equal(times, 3);
  });
});
