import assert from 'node:assert/strict';
import { createWorld } from '../../bench/simulation/world.ts';
import { createCancelWithRetry } from '../../src/cancel-with-retry.ts';
import type { Answer } from '../../src/core/answer.ts';
import { createPacing } from '../../src/pacing.ts';
import { createWithRetry } from '../../src/with-retry.ts';
import { anOperation, aPursuit, NOON_MS, OK, status } from '../fakes.ts';

/** How a service limits what it takes. */
export interface Limit {
  readonly perSecond: number;
  /** How many it takes at once. */
  readonly burst: number;
  /** Refills all at once, after so long; drop by drop where absent. */
  readonly windowMs?: number;
  readonly tellsRetryAfter?: boolean;
}

export interface Storm {
  readonly requests: number;
  readonly limit: Limit;
  readonly instances?: number;
  /** Requests that an instance has at the same time; the others wait for one to end. */
  readonly concurrency?: number;
  readonly confirmWithinMs?: number;
  readonly latencyMs?: readonly [number, number];
}

const RATE_LIMIT = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED' }];

/** The cancels of requests that all come at once, in virtual time, until each is accepted or given up. */
export async function runStorm(storm: Storm) {
  const { requests, limit, instances: instanceCount = 1, concurrency = Infinity } = storm;
  const { latencyMs = [40, 160], confirmWithinMs = 900_000 } = storm;
  const deadlineMs = NOON_MS + confirmWithinMs;
  const world = createWorld(1, NOON_MS);
  const random = () => world.next();
  const clock = {
    now: () => world.now(),
    sleep: (delayMs: number) => new Promise<void>((resolve) => world.after(delayMs, resolve)),
  };
  const counts = { posts: 0, accepted: 0, triedInVain: 0, givenUpUntried: 0, postponed: 0 };
  let [longestDeliveryMs, lastAcceptedMs] = [0, NOON_MS];

  const bucket = createBucket(limit);
  const operations = {
    cancel: async (): Promise<Answer> => {
      counts.posts += 1;
      const isTaken = bucket(world.now());
      await clock.sleep(world.between(...latencyMs));
      const retryAfter = limit.tellsRetryAfter === false ? undefined : '1';
      return isTaken ? OK : status(429, 'RESOURCE_EXHAUSTED', RATE_LIMIT, retryAfter);
    },
    get: () => Promise.reject(new Error('not asked')),
    list: () => Promise.reject(new Error('not asked')),
  };
  const createInstance = () => {
    const log = () => undefined;
    const pacing = createPacing({ clock, random, log });
    const cancel = createCancelWithRetry({
      operations,
      withRetry: createWithRetry({ clock, random }),
      pacing,
      clock,
      log,
    });
    return { cancel, running: 0 };
  };
  const [first, ...others] = Array.from({ length: instanceCount }, createInstance);
  assert.ok(first);
  const instances = [first, ...others];
  const waiting: (() => void)[] = [];

  /** One delivery, and those that follow from it. */
  const deliver = async (operation: number, attemptsBefore = 0): Promise<void> => {
    // As Cloud Run does: to the one that has the fewest, or it waits for one that has room.
    const idlest = () => instances.reduce((least, one) => (one.running < least.running ? one : least));
    if (idlest().running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    const instance = idlest();
    instance.running += 1;
    const beganMs = world.now();
    const { meaning, attempts } = await instance.cancel(
      aPursuit({ operation: anOperation({ fullResourceName: `operation-${operation}` }), deadlineMs }),
    );
    longestDeliveryMs = Math.max(longestDeliveryMs, world.now() - beganMs);
    instance.running -= 1;
    waiting.shift()?.();
    const tried = attemptsBefore + attempts;
    if (meaning.kind === 'ok') {
      counts.accepted += 1;
      lastAcceptedMs = world.now();
    } else if (meaning.kind === 'postponed') {
      counts.postponed += 1;
      world.after(meaning.waitMs, () => void deliver(operation, tried));
    } else if (meaning.kind === 'try-again' && world.now() < deadlineMs) {
      world.after(Math.max(5_000, meaning.minimumWaitMs), () => void deliver(operation, tried));
    } else {
      counts[tried === 0 ? 'givenUpUntried' : 'triedInVain'] += 1;
    }
  };
  for (let operation = 0; operation < requests; operation += 1) {
    world.after(world.between(0, 20), () => void deliver(operation));
  }
  assert.ok(await world.run(NOON_MS + 3_600_000, 10_000_000), 'it ends');
  return {
    ...counts,
    longestDeliveryMs,
    seconds: (lastAcceptedMs - NOON_MS) / 1_000,
    postsEach: counts.posts / requests,
  };
}

/** Whether a service takes one more call. */
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
