import assert from 'node:assert/strict';
import { createWorld } from '../support/virtual-time.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { afterCancel } from '../../src/cancellation/decide.ts';
import type { Resource } from '../../src/resources/resource.ts';
import type { Cancellation } from '../../src/cancellation/cancellation.ts';
import { createRateLimiter } from '../../src/calls/rate-limiter.ts';
import { sendWithRetry } from '../../src/calls/send-with-retry.ts';
import { cancelLimits } from '../../src/cancellation/call-limits.ts';
import { anOperation, aCancellation, NOON_MS, OK, status } from '../support/fakes.ts';

/** The rate limit of a service. */
export interface Limit {
  readonly perSecond: number;
  /** The calls that it accepts at once. */
  readonly burst: number;
  /** The interval after which the whole quota refills at once; it refills continuously if absent. */
  readonly windowMs?: number;
  readonly tellsRetryAfter?: boolean;
}

export interface Storm {
  readonly requests: number;
  readonly limit: Limit;
  readonly instances?: number;
  /** Requests that an instance handles at the same time; the others wait for one to end. */
  readonly concurrency?: number;
  readonly confirmWithinMs?: number;
  /** Further cancels of another project, whose quota is exhausted: always throttled, with a Retry-After of 10 min. */
  readonly exhausted?: number;
  /** Further cancels of the same project that are always throttled, with a Retry-After of 10 min. */
  readonly odd?: number;
  readonly latencyMs?: readonly [number, number];
}

const RATE_LIMIT = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED' }];

/** Sends the cancels of requests that arrive at once, in virtual time, until each is accepted or given up. */
export async function runStorm(storm: Storm) {
  const { requests, limit, instances: instanceCount = 1, concurrency = Infinity } = storm;
  const { latencyMs = [40, 160], confirmWithinMs = 900_000, exhausted = 0, odd = 0 } = storm;
  const deadlineMs = NOON_MS + confirmWithinMs;
  const world = createWorld(1, NOON_MS);
  const random = () => world.next();
  const clock = {
    now: () => world.now(),
    sleep: (delayMs: number) => new Promise<void>((resolve) => world.after(delayMs, resolve)),
  };
  const counts = { posts: 0, accepted: 0, triedInVain: 0, givenUpUntried: 0, deliveries: 0 };
  let [longestDeliveryMs, lastAcceptedMs, sleeps] = [0, NOON_MS, 0];

  const bucket = createBucket(limit);
  const service = {
    cancel: async ({ fullResourceName }: Resource): Promise<ServiceResponse> => {
      const isAlwaysThrottled = !fullResourceName.startsWith('operation-');
      if (!isAlwaysThrottled) counts.posts += 1;
      const isAccepted = !isAlwaysThrottled && bucket(world.now());
      await clock.sleep(world.between(...latencyMs));
      const seconds = isAlwaysThrottled ? '600' : '1';
      const retryAfter = limit.tellsRetryAfter === false ? undefined : seconds;
      return isAccepted ? OK : status(429, 'RESOURCE_EXHAUSTED', RATE_LIMIT, retryAfter);
    },
  };
  const createInstance = () => {
    const log = () => undefined;
    const counting = {
      now: clock.now,
      sleep: (delayMs: number) => {
        sleeps += 1;
        return clock.sleep(delayMs);
      },
    };
    const limiter = createRateLimiter({ clock: counting, random, log });
    const cancel = (cancellation: Cancellation) =>
      sendWithRetry(
        {
          ...cancelLimits(cancellation, clock.now()),
          limiter,
          send: () => service.cancel(cancellation.operation),
        },
        { clock, random },
      );
    return { cancel, running: 0 };
  };
  const [first, ...others] = Array.from({ length: instanceCount }, createInstance);
  assert.ok(first);
  const instances = [first, ...others];
  const waiting: (() => void)[] = [];

  /** Makes one delivery, and schedules the one that follows from it. */
  const deliver = async (cancellation: Cancellation): Promise<void> => {
    // As Cloud Run does: to the instance with the fewest requests; a request waits while all are full.
    const idlest = () => instances.reduce((least, one) => (one.running < least.running ? one : least));
    if (idlest().running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    const instance = idlest();
    instance.running += 1;
    counts.deliveries += 1;
    const startMs = world.now();
    const { result, attempts } = await instance.cancel(cancellation);
    longestDeliveryMs = Math.max(longestDeliveryMs, world.now() - startMs);
    instance.running -= 1;
    waiting.shift()?.();
    const decision = afterCancel(cancellation, result, attempts, {
      nowMs: world.now(),
      firstRecheckMs: 5_000,
    });
    if (decision.cancellation.cancel.acceptedAt !== undefined) {
      counts.accepted += 1;
      lastAcceptedMs = world.now();
    } else if (decision.kind === 'recheck') {
      world.after(decision.dueMs - world.now(), () => void deliver(decision.cancellation));
    } else {
      counts[decision.cancellation.cancel.attempts === 0 ? 'givenUpUntried' : 'triedInVain'] += 1;
    }
  };
  const arrive = (name: string, project: string) => {
    const operation = anOperation({ fullResourceName: name, project });
    world.after(world.between(0, 20), () => void deliver(aCancellation({ operation, deadlineMs })));
  };
  for (let count = 0; count < requests; count += 1) {
    arrive(`operation-${count}`, 'my-project');
    if (count < exhausted) arrive(`exhausted-${count}`, 'exhausted');
    if (count < odd) arrive(`odd-${count}`, 'my-project');
  }
  assert.ok(await world.run(NOON_MS + 3_600_000, 10_000_000), 'it ends');
  return {
    ...counts,
    longestDeliveryMs,
    seconds: (lastAcceptedMs - NOON_MS) / 1_000,
    postsEach: counts.posts / requests,
    /** Timers of the rate limiter. */
    sleepsEach: sleeps / requests,
    deliveriesEach: counts.deliveries / requests,
  };
}

/** Returns a function that tells whether the service accepts one more call, and takes a token if so. */
function createBucket({ perSecond, burst, windowMs }: Limit): (nowMs: number) => boolean {
  let tokens = burst;
  let refilledMs = NOON_MS;
  return (nowMs) => {
    const elapsedMs = nowMs - refilledMs;
    if (windowMs === undefined) {
      tokens = Math.min(burst, tokens + (elapsedMs * perSecond) / 1_000);
      refilledMs = nowMs;
    } else if (elapsedMs >= windowMs) {
      tokens = burst;
      refilledMs = nowMs;
    }
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
