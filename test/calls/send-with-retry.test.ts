import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sendWithRetry } from '../../src/calls/send-with-retry.ts';
import type { CallRequest, Permit } from '../../src/calls/call-queue.ts';
import { ATTEMPT_TIMEOUT_MS, cancelLimits, RETRY_BUDGET_MS } from '../../src/cancellation/calls.ts';
import type { CallResult, Postponed, ServiceResponse } from '../../src/resources/response.ts';
import { aCancellation, createFakeClock, NOON_MS, OK, status } from '../support/fakes.ts';

const UNAVAILABLE = status(503, 'UNAVAILABLE');

/** Sends a cancel; the service gives the responses in order, and then repeats the last one. */
async function cancel(
  responses: readonly (ServiceResponse | Error)[],
  options: {
    random?: number;
    answerTakesMs?: number;
    deadlineInMs?: number;
    oversleepMs?: number;
    /** The attempt that is postponed by the rate limiter. */
    postponedAttempt?: number;
  } = {},
) {
  const clock = createFakeClock();
  const timeouts: number[] = [];
  const requests: CallRequest[] = [];
  const released: (CallResult['kind'] | undefined)[] = [];
  const permit: Permit = { kind: 'permit', release: (result) => void released.push(result?.kind) };
  const error = { type: 'HttpError', message: 'throttled' } as const;
  const postponed: Postponed = { kind: 'postponed', waitMs: 1_000, error };
  const oversleepingClock = {
    now: clock.now,
    sleep: (durationMs: number) => clock.sleep(durationMs + (options.oversleepMs ?? 0)),
  };
  const sent = sendWithRetry(
    {
      ...cancelLimits(
        aCancellation({ deadlineMs: NOON_MS + (options.deadlineInMs ?? 900_000) }),
        clock.now(),
      ),
      limiter: {
        acquire: (request) => {
          requests.push(request);
          return requests.length === options.postponedAttempt ? postponed : permit;
        },
      },
      send: (timeoutMs) => {
        timeouts.push(timeoutMs);
        clock.advance(options.answerTakesMs ?? 0);
        const response = responses[Math.min(timeouts.length, responses.length) - 1];
        return response instanceof Error ? Promise.reject(response) : Promise.resolve(response ?? OK);
      },
    },
    { clock: oversleepingClock, random: () => options.random ?? 0.5 },
  );
  const { result, attempts } = await sent.catch((thrown: unknown) => ({
    result: { kind: thrown as Error },
    attempts: timeouts.length,
  }));
  return {
    result: result.kind,
    attempts,
    slept: clock.slept,
    tookMs: clock.now() - NOON_MS,
    timeouts,
    requests,
    released,
  };
}

describe('a cancel', () => {
  for (const [title, responses, result, attempts] of [
    ['is not repeated once it is accepted', [OK], 'ok', 1],
    ['is tried again after a 429 and a 503', [status(429, 'RESOURCE_EXHAUSTED'), UNAVAILABLE, OK], 'ok', 3],
    ['is tried again when it was not sent', [{ kind: 'not-sent', problem: 'ECONNREFUSED' }, OK], 'ok', 2],
    [
      'is not repeated when it is unknown whether it arrived',
      [{ kind: 'no-answer', timedOut: true, problem: '' }, OK],
      'failed',
      1,
    ],
    ['is not repeated after a 500', [status(500, 'INTERNAL'), OK], 'failed', 1],
    ['is not repeated after a 403', [status(403, 'PERMISSION_DENIED'), OK], 'failed', 1],
    ['is not repeated after a 404', [status(404, 'NOT_FOUND'), OK], 'failed', 1],
    ['is not repeated after FAILED_PRECONDITION', [status(400, 'FAILED_PRECONDITION'), OK], 'failed', 1],
  ] as const satisfies [string, ServiceResponse[], string, number][]) {
    it(`a cancel ${title}`, async () => {
      const done = await cancel(responses);
      assert.deepEqual([done.result, done.attempts], [result, attempts]);
    });
  }

  it('a cancel backs off exponentially, with full jitter', async () => {
    const { slept } = await cancel([UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, OK]);
    assert.deepEqual(slept, [250, 500, 1_000, 2_000]);
  });

  it('a cancel is retried no earlier than Retry-After asks', async () => {
    const { slept } = await cancel([status(429, 'RESOURCE_EXHAUSTED', [], '7'), OK], { random: 0 });
    assert.deepEqual(slept, [7_000]);
  });

  it('a cancel stops before its retry budget of 30 s is spent, with a retryable result', async () => {
    const done = await cancel([UNAVAILABLE], { random: 0.999 });
    assert.equal(done.result, 'retryable');
    assert.ok(done.tookMs <= RETRY_BUDGET_MS && done.tookMs > RETRY_BUDGET_MS / 2, `${done.tookMs}`);
  });

  it('a cancel stops if the next wait exceeds its retry budget', async () => {
    const { attempts, slept } = await cancel([status(429, 'RESOURCE_EXHAUSTED', [], '30'), OK]);
    assert.deepEqual([attempts, slept], [1, []]);
  });

  it('a cancel ends within its retry budget and one timeout when every wait is 0 and every attempt is slow', async () => {
    const { tookMs, timeouts } = await cancel([UNAVAILABLE], { random: 0, answerTakesMs: 9_000 });
    assert.ok(tookMs <= RETRY_BUDGET_MS + ATTEMPT_TIMEOUT_MS, `${tookMs}`);
    assert.deepEqual(timeouts, [10_000, 10_000, 10_000, 3_000]);
  });

  it('a cancel stops at the deadline of the request', async () => {
    const { tookMs, result } = await cancel([UNAVAILABLE], { deadlineInMs: 5_000 });
    assert.ok(tookMs <= 5_000 && tookMs > 2_000, `${tookMs}`);
    assert.equal(result, 'retryable');
  });

  it('a cancel is tried once with its full timeout, even at the deadline', async () => {
    const { attempts, timeouts } = await cancel([OK], { deadlineInMs: 0 });
    assert.deepEqual([attempts, timeouts], [1, [10_000]]);
  });

  it('a cancel is not tried again if a sleep that lasted too long left no time', async () => {
    const { attempts, result } = await cancel([UNAVAILABLE, OK], { oversleepMs: 40_000 });
    assert.deepEqual([attempts, result], [1, 'retryable']);
  });

  it('a cancel is not repeated for a quota that does not refill soon', async () => {
    const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' };
    const { attempts } = await cancel([status(429, 'RESOURCE_EXHAUSTED', [info]), OK]);
    assert.equal(attempts, 1);
  });

  it('a cancel acquires a permit for each attempt, and releases it with the result', async () => {
    const { requests, released } = await cancel([UNAVAILABLE, OK]);
    assert.deepEqual(released, ['retryable', 'ok']);
    assert.deepEqual(
      requests.map(({ wasAttempted, startByMs }) => [wasAttempted, startByMs - NOON_MS]),
      [
        [false, 20_000],
        [true, 20_000],
      ],
    );
  });

  it('a cancel waits for a permit no longer than its deadline allows', async () => {
    const { requests } = await cancel([OK], { deadlineInMs: 5_000 });
    assert.equal(requests[0]?.startByMs, NOON_MS + 4_000);
  });

  it('a cancel is not sent once the rate limiter postpones it', async () => {
    const first = await cancel([OK], { postponedAttempt: 1 });
    assert.deepEqual([first.result, first.attempts, first.released], ['postponed', 0, []]);
    const second = await cancel([UNAVAILABLE, OK], { postponedAttempt: 2 });
    assert.deepEqual([second.result, second.attempts, second.released], ['postponed', 1, ['retryable']]);
  });

  it('a cancel releases its permit without a result when it throws', async () => {
    const failure = new Error('no token');
    const { result, released } = await cancel([failure]);
    assert.deepEqual([result, released], [failure, [undefined]]);
  });
});

describe('a call without a rate limiter', () => {
  it('a call without a rate limiter is sent once if it has no retry policy', async () => {
    const clock = createFakeClock();
    const send = () => Promise.resolve(UNAVAILABLE);
    const { result, attempts } = await sendWithRetry(
      { send, attemptTimeoutMs: 1_000 },
      { clock, random: () => 0 },
    );
    assert.deepEqual([result.kind, attempts, clock.slept], ['retryable', 1, []]);
  });

  it('a call without a rate limiter is sent as often as its policy allows, and each retry is reported', async () => {
    const clock = createFakeClock();
    const reported: number[] = [];
    const { attempts } = await sendWithRetry(
      {
        send: () => Promise.resolve(UNAVAILABLE),
        attemptTimeoutMs: 1_000,
        retry: { isRetryable: () => true, endMs: Infinity, maxAttempts: 3 },
        onRetry: (_result, waitMs) => void reported.push(waitMs),
      },
      { clock, random: () => 0.5 },
    );
    assert.equal(attempts, 3);
    assert.deepEqual(reported, [250, 500]);
    assert.deepEqual(clock.slept, reported);
  });
});
