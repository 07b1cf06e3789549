import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  redeliveryDelayMs,
  redeliveryFloorMs,
  retryBackOff,
} from '../../../../local/emulators/pubsub/broker/retry-backoff.ts';
import { fromMs } from '../../../../local/emulators/pubsub/wire-types.ts';

describe('the backoff of a retry policy', () => {
  const cases = [
    {
      of: 'the backoff doubles from the minimum to the maximum',
      minimum: 200,
      maximum: 1_000,
      ms: [200, 400, 800, 1_000, 1_000],
    },
    {
      of: 'the backoff stays the same if minimum and maximum are equal',
      minimum: 5_000,
      maximum: 5_000,
      ms: [5_000, 5_000],
    },
    {
      of: 'the backoff is never shorter than the floor',
      minimum: 0,
      maximum: 0,
      ms: [redeliveryFloorMs, redeliveryFloorMs],
    },
  ];
  for (const { of, minimum, maximum, ms } of cases) {
    it(of, () => {
      const backOff = retryBackOff({ minimumBackoff: fromMs(minimum), maximumBackoff: fromMs(maximum) });
      assert.deepEqual(
        ms.map((_, index) => redeliveryDelayMs(backOff, index + 1)),
        ms,
      );
    });
  }

  it('the backoff is 10 s to 600 s if the policy leaves both out', () => {
    const backOff = retryBackOff({ minimumBackoff: null, maximumBackoff: null });
    assert.deepEqual(backOff, { minimumMs: 10_000, maximumMs: 600_000 });
    assert.equal(redeliveryDelayMs(backOff, 1_000), 600_000);
  });

  it('the backoff is the floor without a policy', () => {
    assert.equal(redeliveryDelayMs(retryBackOff(null), 7), redeliveryFloorMs);
  });
});
