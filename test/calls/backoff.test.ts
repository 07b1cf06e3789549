import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIRST_RECHECK_MS } from '../../src/validation/duration.ts';
import { RECHECK_CAP_MS, recheckDelayMs, RETRY_CAP_MS, retryWaitMs } from '../../src/calls/backoff.ts';

describe('the wait between two attempts', () => {
  it('the ceiling of the retry wait doubles from half a second up to ten seconds', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => retryWaitMs(failures, 0.999_999));
    assert.deepEqual(ceilings, [499, 999, 1999, 3999, 7999, 9999, 9999, 9999]);
  });

  it('the retry wait is drawn from the whole range below its ceiling', () => {
    assert.deepEqual([retryWaitMs(3, 0), retryWaitMs(3, 0.5)], [0, 1000]);
  });

  it('the retry wait is at least the requested wait, and less than the requested wait plus the cap', () => {
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

  it('the retry wait does not get shorter with another failure, for the same random number', () => {
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
  it('the re-check delay is 5 s at first, and doubles up to 300 s', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map((attempt) => recheckDelayMs(attempt)),
      [5, 10, 20, 40, 80, 160, 300, 300, 300].map((inSeconds) => inSeconds * 1_000),
    );
  });

  it('the re-check delay doubles from another first one, up to 300 s', () => {
    assert.deepEqual(
      [0, 1, 2, 7, 8, 9].map((attempt) => recheckDelayMs(attempt, 1_500) / 1_000),
      [1.5, 3, 6, 192, 300, 300],
    );
    assert.deepEqual(
      [0, 1].map((attempt) => recheckDelayMs(attempt, FIRST_RECHECK_MS.max)),
      [RECHECK_CAP_MS, RECHECK_CAP_MS],
    );
  });

  it('the re-check delay stays between the first one and 300 s for any attempt', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: FIRST_RECHECK_MS.min, max: FIRST_RECHECK_MS.max }),
        (attempt, firstMs) => {
          const delayMs = recheckDelayMs(attempt, firstMs);
          assert.ok(delayMs >= firstMs && delayMs <= RECHECK_CAP_MS);
        },
      ),
    );
  });
});
