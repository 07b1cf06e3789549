import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureStorm } from '../../bench/compare/storm.ts';

describe('more requests at once than a service takes', () => {
  for (const [title, options] of [
    ['one instance and a service that sends Retry-After', { instances: 1, retryAfter: true }],
    ['two instances and a service that sends no Retry-After', { instances: 2, retryAfter: false }],
  ] as const) {
    it(`each request of a storm gets its result with few refused calls, with ${title}`, async () => {
      const requests = 400;
      const storm = await measureStorm({ requests, perSecond: 40, patienceMs: 100_000, ...options });
      assert.deepEqual([storm.lost, [...storm.outcomes]], [0, [['CANCELLED', requests]]]);
      assert.ok(storm.refused > 0, 'the service has refused some');
      assert.ok(storm.postsPerOperation <= 1.5, `${storm.postsPerOperation} POSTs each`);
      // The factor of three allows for a machine with other load.
      assert.ok(storm.seconds <= 3 * storm.idealSeconds, `${storm.seconds} s`);
    });
  }
});
