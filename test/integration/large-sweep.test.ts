import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

const inPlace = (place: string) =>
  `https://notebooks.googleapis.com/v2/projects/my-project/locations/${place}/operations`;
const target = (place: string) => ({
  targets: [{ service: 'notebooks', version: 'v2', parents: [`projects/my-project/locations/${place}`] }],
  olderThan: '86400s',
  limit: 20,
});
const SIZES = { small: 20_000, large: 100_000 };

describe('a sweep of 100,000 operations', { timeout: 110_000 }, () => {
  let system: TestSystem;
  before(async () => {
    const SWEEPS = JSON.stringify({ small: target('small'), large: target('large') });
    // A large heap grows before it is collected; this one is so small that it has to be collected.
    const NODE_OPTIONS = '--max-old-space-size=60';
    system = await startTestSystem({ settings: { SWEEPS, NODE_OPTIONS } });
  });
  after(() => system.close());

  /** Peak resident memory of the function, in megabytes. */
  const peakMb = async () => {
    const status = await readFile(`/proc/${system.fn.pid()}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
  };

  it('a sweep of 100,000 operations counts each of them, in the memory that a sweep of 20,000 takes', async (test) => {
    if (process.platform !== 'linux') {
      test.skip('the memory of another process is read from /proc');
      return;
    }
    const peaks: number[] = [];
    for (const [place, count] of Object.entries(SIZES)) {
      for (let id = 0; id < count; id += 1) {
        // One operation in a thousand is stale.
        const ageMs = id % 1_000 === 7 ? 100 * 3_600_000 : 60_000;
        system.services.add(`${inPlace(place)}/o${id}`, { ageMs });
      }
      await system.trigger({ sweep: place });
      const report = await system.reportOf(place);
      const stale = count / 1_000;
      assert.equal(report.found, count);
      assert.deepEqual([report.matched, report.requested], [stale, Math.min(stale, 20)]);
      assert.equal(report.skipped.overLimit, Math.max(0, stale - 20));
      assert.equal(report.complete, true);
      peaks.push(await peakMb());
    }
    const [small = 0, large = Infinity] = peaks;
    test.diagnostic(
      `${Math.round(small)} MB after ${SIZES.small}, ${Math.round(large)} MB after ${SIZES.large}`,
    );
    // To keep 400 bytes of each operation would take 32 MB more.
    assert.ok(large < small + 24, `${small} MB after ${SIZES.small}, ${large} MB after ${SIZES.large}`);
  });
});
