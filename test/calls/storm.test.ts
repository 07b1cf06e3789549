import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ATTEMPT_TIMEOUT_MS, RETRY_BUDGET_MS } from '../../src/cancellation/calls.ts';
import { runStorm } from './storm.ts';
import type { Limit, Storm } from './storm.ts';

const REQUESTS = 5_000;
const LIMIT: Limit = { perSecond: 50, burst: 50 };
/** In seconds, at the rate that the service allows. */
const IDEAL = 100;

type Case = Partial<Omit<Storm, 'limit'>> & {
  readonly limit?: Partial<Limit>;
  /** Times the ideal. */
  readonly atMost: number;
};

describe('a storm of 5,000 cancels at a service that takes 50 a second', () => {
  for (const [title, { limit, atMost, ...others }] of [
    ['at one instance', { atMost: 1.1 }],
    ['at one that takes 80 at a time', { concurrency: 80, atMost: 1.1 }],
    ['at four instances that take 80 at a time', { instances: 4, concurrency: 80, atMost: 1.1 }],
    ['at ten that take 80 at a time', { instances: 10, concurrency: 80, atMost: 1.25 }],
    ['at ten that take all at once', { instances: 10, atMost: 1.3 }],
    ['that does not say when to come back', { limit: { tellsRetryAfter: false }, atMost: 1.1 }],
    // While the way is closed, a small bucket is full soon, and what would have come then is lost.
    ['that takes 5 at once', { limit: { burst: 5 }, atMost: 1.4 }],
    [
      'by a quota of a minute',
      { limit: { windowMs: 60_000, burst: 3_000, tellsRetryAfter: false }, atMost: 1.1 },
    ],
    ['that answers slowly', { latencyMs: [800, 2_000], atMost: 1.5 }],
  ] as const satisfies [string, Case][]) {
    it(`${title}: each is accepted, in not much more time and POSTs than it takes`, async () => {
      const stats = await runStorm({ requests: REQUESTS, limit: { ...LIMIT, ...limit }, ...others });
      assert.equal(stats.accepted, REQUESTS);
      assert.ok(stats.seconds <= IDEAL * atMost, `${stats.seconds} s`);
      assert.ok(stats.sleepsEach <= 4, `${stats.sleepsEach} wake-ups each`);
      assert.ok(stats.deliveriesEach <= 4, `${stats.deliveriesEach} deliveries each`);
      assert.ok(stats.postsEach <= 1.3, `${stats.postsEach} POSTs each`);
      assert.ok(
        stats.longestDeliveryMs <= RETRY_BUDGET_MS + ATTEMPT_TIMEOUT_MS,
        `${stats.longestDeliveryMs}`,
      );
    });
  }

  it('gives up none that was never tried, when there is not time enough for all', async () => {
    const stats = await runStorm({ requests: REQUESTS, limit: LIMIT, confirmWithinMs: 30_000 });
    assert.equal(stats.givenUpUntried, 0);
    assert.ok(stats.triedInVain > 0);
    assert.equal(stats.accepted + stats.triedInVain, REQUESTS);
    assert.ok(stats.accepted >= 0.7 * 30 * LIMIT.perSecond, `${stats.accepted}`);
    assert.ok(stats.postsEach <= 2, `${stats.postsEach} POSTs each`);
  });

  for (const [title, options] of [
    ['100 of a project whose quota is used up', { exhausted: 100 }],
    ['20 odd ones of the same project', { odd: 20 }],
  ] as const) {
    it(`is not held up by ${title}`, async () => {
      const limit = { perSecond: 100, burst: 100 };
      const alone = await runStorm({ requests: 1_000, limit });
      const beside = await runStorm({ requests: 1_000, limit, ...options });
      assert.equal(beside.accepted, 1_000);
      assert.ok(beside.seconds <= alone.seconds + 15, `${beside.seconds} s beside ${alone.seconds} s`);
    });
  }

  it('comes back not much more often the more there are', async () => {
    const stats = await runStorm({
      requests: 1_500,
      limit: { perSecond: 2, burst: 2 },
      confirmWithinMs: 1_800_000,
    });
    assert.equal(stats.accepted, 1_500);
    assert.ok(stats.deliveriesEach <= 8, `${stats.deliveriesEach} deliveries each`);
  });

  it('is not slowed where the service takes all', async () => {
    const stats = await runStorm({ requests: REQUESTS, limit: { perSecond: 1e6, burst: 1e6 } });
    assert.deepEqual([stats.accepted, stats.posts, stats.deliveries], [REQUESTS, REQUESTS, REQUESTS]);
    assert.ok(stats.seconds < 5, `${stats.seconds} s`);
  });
});
