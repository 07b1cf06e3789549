import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RECHECK_CAP_MS, recheckDelayMs, RETRY_CAP_MS, retryWaitMs } from '../../src/calls/backoff.ts';

describe('the wait between two tries', () => {
  it('has a ceiling that doubles from half a second up to ten', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => retryWaitMs(failures, 0.999_999));
    assert.deepEqual(ceilings, [499, 999, 1999, 3999, 7999, 9999, 9999, 9999]);
  });

  it('is drawn from the whole range below its ceiling', () => {
    assert.deepEqual([retryWaitMs(3, 0), retryWaitMs(3, 0.5)], [0, 1000]);
  });

  it('is never shorter than the service asks, and never longer than that and the cap together', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 86_400_000 }),
        (failures, random, minimumMs) => {
          const waitMs = retryWaitMs(failures, random, minimumMs);
          assert.ok(waitMs >= minimumMs && waitMs < minimumMs + RETRY_CAP_MS, `${waitMs}`);
          assert.ok(Number.isSafeInteger(waitMs));
        },
      ),
    );
  });

  it('never gets shorter with another failure, for the same draw', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          assert.ok(retryWaitMs(failures + 1, random) >= retryWaitMs(failures, random));
        },
      ),
    );
  });
});

describe('the delay between two re-checks', () => {
  it('is 5 s, and then twice as long each time up to 300 s', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map(recheckDelayMs),
      [5, 10, 20, 40, 80, 160, 300, 300, 300].map((inSeconds) => inSeconds * 1_000),
    );
  });

  it('stays within its bounds for any attempt', () => {
    fc.assert(
      fc.property(fc.nat(), (attempt) => {
        const delayMs = recheckDelayMs(attempt);
        assert.ok(delayMs >= 5_000 && delayMs <= RECHECK_CAP_MS);
      }),
    );
  });
});
