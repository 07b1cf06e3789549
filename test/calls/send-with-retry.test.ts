import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cancelWithRetry, RETRY_BUDGET_MS, TRY_TIMEOUT_MS } from '../../src/calls/cancel-with-retry.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import type { Resource } from '../../src/resources/resource.ts';
import {
  aCancellation,
  createFakeClock,
  createFakeResourceApi,
  NOON_MS,
  OK,
  status,
} from '../support/fakes.ts';

const UNAVAILABLE = status(503, 'UNAVAILABLE');

async function cancel(
  answers: readonly ServiceResponse[],
  options: { random?: number; answerTakesMs?: number; deadlineInMs?: number; oversleepMs?: number } = {},
) {
  const clock = createFakeClock();
  const fake = createFakeResourceApi({ cancel: answers });
  const timeouts: number[] = [];
  const resourceApi = {
    ...fake,
    cancel: (operation: Resource, timeoutMs: number) => {
      timeouts.push(timeoutMs);
      clock.advance(options.answerTakesMs ?? 0);
      return fake.cancel(operation);
    },
  };
  const sleepy = {
    now: clock.now,
    sleep: (durationMs: number) => clock.sleep(durationMs + (options.oversleepMs ?? 0)),
  };
  const { meaning, attempts } = await cancelWithRetry(
    aCancellation({ deadlineMs: NOON_MS + (options.deadlineInMs ?? 900_000) }),
    {
      resourceApi,
      // Each for itself.
      limiter: (_turn, call) => call(),
      clock: sleepy,
      random: () => options.random ?? 0.5,
      log: () => undefined,
    },
  );
  return { meaning: meaning.kind, attempts, slept: clock.slept, tookMs: clock.now() - NOON_MS, timeouts };
}

describe('the cancel', () => {
  for (const [title, answers, meaning, attempts] of [
    ['is not repeated once it is accepted', [OK], 'ok', 1],
    ['is tried again after a 429 and a 503', [status(429, 'RESOURCE_EXHAUSTED'), UNAVAILABLE, OK], 'ok', 3],
    ['is tried again when it never left', [{ kind: 'not-sent', problem: 'ECONNREFUSED' }, OK], 'ok', 2],
    [
      'is not repeated when nobody knows whether it arrived',
      [{ kind: 'no-answer', timedOut: true, problem: '' }, OK],
      'failed',
      1,
    ],
    ['is not repeated after a 500', [status(500, 'INTERNAL'), OK], 'failed', 1],
    ['is not repeated after a 403', [status(403, 'PERMISSION_DENIED'), OK], 'failed', 1],
    ['is not repeated after a 404', [status(404, 'NOT_FOUND'), OK], 'failed', 1],
    ['is not repeated after FAILED_PRECONDITION', [status(400, 'FAILED_PRECONDITION'), OK], 'failed', 1],
  ] as const satisfies [string, ServiceResponse[], string, number][]) {
    it(title, async () => {
      const done = await cancel(answers);
      assert.deepEqual([done.meaning, done.attempts], [meaning, attempts]);
    });
  }

  it('backs off exponentially, with full jitter', async () => {
    const { slept } = await cancel([UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, OK]);
    assert.deepEqual(slept, [250, 500, 1_000, 2_000]);
  });

  it('waits at least as long as Retry-After asks', async () => {
    const { slept } = await cancel([status(429, 'RESOURCE_EXHAUSTED', [], '7'), OK], { random: 0 });
    assert.deepEqual(slept, [7_000]);
  });

  it('stops before its 30 seconds are spent, and says that the answer was to try again', async () => {
    const done = await cancel([UNAVAILABLE], { random: 0.999 });
    assert.equal(done.meaning, 'retryable');
    assert.ok(done.tookMs <= RETRY_BUDGET_MS && done.tookMs > RETRY_BUDGET_MS / 2, `${done.tookMs}`);
  });

  it('does not begin a wait that its time does not allow', async () => {
    const { attempts, slept } = await cancel([status(429, 'RESOURCE_EXHAUSTED', [], '30'), OK]);
    assert.deepEqual([attempts, slept], [1, []]);
  });

  it('ends even when every wait is nothing and every try takes its time', async () => {
    const { tookMs, timeouts } = await cancel([UNAVAILABLE], { random: 0, answerTakesMs: 9_000 });
    assert.ok(tookMs <= RETRY_BUDGET_MS + TRY_TIMEOUT_MS, `${tookMs}`);
    assert.deepEqual(timeouts, [10_000, 10_000, 10_000, 3_000]);
  });

  it('stops at the deadline of the request', async () => {
    const { tookMs, meaning } = await cancel([UNAVAILABLE], { deadlineInMs: 5_000 });
    assert.ok(tookMs <= 5_000 && tookMs > 2_000, `${tookMs}`);
    assert.equal(meaning, 'retryable');
  });

  it('is tried once with its full time, even at the deadline', async () => {
    const { attempts, timeouts } = await cancel([OK], { deadlineInMs: 0 });
    assert.deepEqual([attempts, timeouts], [1, [10_000]]);
  });

  it('does not begin a try for which a sleep that lasted too long has left no time', async () => {
    const { attempts, meaning } = await cancel([UNAVAILABLE, OK], { oversleepMs: 40_000 });
    assert.deepEqual([attempts, meaning], [1, 'retryable']);
  });

  it('does not hammer a quota that does not refill soon', async () => {
    const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' };
    const { attempts } = await cancel([status(429, 'RESOURCE_EXHAUSTED', [info]), OK]);
    assert.equal(attempts, 1);
  });
});
