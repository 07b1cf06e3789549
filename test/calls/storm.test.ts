import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ATTEMPT_TIMEOUT_MS, RETRY_BUDGET_MS } from '../../src/cancellation/calls.ts';
import { runStorm } from './storm.ts';
import type { Limit, Storm } from './storm.ts';

const REQUESTS = 5_000;
const LIMIT: Limit = { perSecond: 50, burst: 50 };
/** The shortest duration, at the rate that the service allows. */
const IDEAL_SECONDS = 100;

type Case = Partial<Omit<Storm, 'limit'>> & {
  readonly limit?: Partial<Limit>;
  /** The longest duration, as a multiple of the shortest. */
  readonly atMost: number;
};

describe('a storm of 5,000 cancels at a service that accepts 50 a second', () => {
  for (const [title, { limit, atMost, ...others }] of [
    ['by one instance', { atMost: 1.1 }],
    ['by one instance with a concurrency of 80', { concurrency: 80, atMost: 1.1 }],
    ['by four instances with a concurrency of 80', { instances: 4, concurrency: 80, atMost: 1.1 }],
    ['by ten instances with a concurrency of 80', { instances: 10, concurrency: 80, atMost: 1.25 }],
    ['by ten instances with unlimited concurrency', { instances: 10, atMost: 1.3 }],
    ['at a service without Retry-After', { limit: { tellsRetryAfter: false }, atMost: 1.1 }],
    // A small bucket is full early in a pause, and the tokens of the rest of the pause are lost.
    ['at a service with a burst of 5', { limit: { burst: 5 }, atMost: 1.4 }],
    [
      'at a service with a quota per minute',
      { limit: { windowMs: 60_000, burst: 3_000, tellsRetryAfter: false }, atMost: 1.1 },
    ],
    ['at a slow service', { latencyMs: [800, 2_000], atMost: 1.5 }],
  ] as const satisfies [string, Case][]) {
    it(`a storm of cancels ${title} is accepted in at most ${atMost} times the shortest duration, with few POSTs`, async () => {
      const stats = await runStorm({ requests: REQUESTS, limit: { ...LIMIT, ...limit }, ...others });
      assert.equal(stats.accepted, REQUESTS);
      assert.ok(stats.seconds <= IDEAL_SECONDS * atMost, `${stats.seconds} s`);
      assert.ok(stats.sleepsEach <= 4, `${stats.sleepsEach} wake-ups each`);
      assert.ok(stats.deliveriesEach <= 4, `${stats.deliveriesEach} deliveries each`);
      assert.ok(stats.postsEach <= 1.3, `${stats.postsEach} POSTs each`);
      assert.ok(
        stats.longestDeliveryMs <= RETRY_BUDGET_MS + ATTEMPT_TIMEOUT_MS,
        `${stats.longestDeliveryMs}`,
      );
    });
  }

  it('a storm that is too large for its deadline gives up no cancel without an attempt', async () => {
    const stats = await runStorm({ requests: REQUESTS, limit: LIMIT, confirmWithinMs: 30_000 });
    assert.equal(stats.givenUpUntried, 0);
    assert.ok(stats.triedInVain > 0);
    assert.equal(stats.accepted + stats.triedInVain, REQUESTS);
    assert.ok(stats.accepted >= 0.7 * 30 * LIMIT.perSecond, `${stats.accepted}`);
    assert.ok(stats.postsEach <= 2, `${stats.postsEach} POSTs each`);
  });

  for (const [title, options] of [
    ['100 cancels of a project whose quota is exhausted', { exhausted: 100 }],
    ['20 cancels of the same project that are always throttled', { odd: 20 }],
  ] as const) {
    it(`a storm of cancels is not delayed by ${title}`, async () => {
      const limit = { perSecond: 100, burst: 100 };
      const alone = await runStorm({ requests: 1_000, limit });
      const beside = await runStorm({ requests: 1_000, limit, ...options });
      assert.equal(beside.accepted, 1_000);
      assert.ok(beside.seconds <= alone.seconds + 15, `${beside.seconds} s beside ${alone.seconds} s`);
    });
  }

  it('the number of deliveries of a cancel stays small in a long storm', async () => {
    const stats = await runStorm({
      requests: 1_500,
      limit: { perSecond: 2, burst: 2 },
      confirmWithinMs: 1_800_000,
    });
    assert.equal(stats.accepted, 1_500);
    assert.ok(stats.deliveriesEach <= 8, `${stats.deliveriesEach} deliveries each`);
  });

  it('a storm of cancels is not slowed by a service that accepts all', async () => {
    const stats = await runStorm({ requests: REQUESTS, limit: { perSecond: 1e6, burst: 1e6 } });
    assert.deepEqual([stats.accepted, stats.posts, stats.deliveries], [REQUESTS, REQUESTS, REQUESTS]);
    assert.ok(stats.seconds < 5, `${stats.seconds} s`);
  });
});
