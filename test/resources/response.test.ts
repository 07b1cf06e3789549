import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  classify,
  isProcessed,
  isThrottled,
  isTransient,
  readRetryAfterMs,
} from '../../src/resources/response.ts';
import type { ServiceResponse, CallResult } from '../../src/resources/response.ts';
import { answered, NOON_MS, OK, status } from '../support/fakes.ts';

const RETRY_INFO = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.5s' };
const errorInfo = (reason: string) => ({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason });
const older = (httpStatus: number, reason: string) =>
  answered(httpStatus, {
    error: { code: httpStatus, message: 'x', errors: [{ domain: 'usageLimits', reason }] },
  });
const html = (httpStatus: number): ServiceResponse => ({
  kind: 'answered',
  httpStatus,
  bodyProblem: 'not JSON',
});

const short = (meaning: CallResult): string => {
  if (meaning.kind === 'ok') return 'ok';
  return meaning.kind === 'failed' ? meaning.reason : 'try again';
};

describe('what an answer means', () => {
  for (const [title, answer, expected] of [
    ['200 with JSON', OK, 'ok'],
    ['204 without a body', answered(204), 'ok'],
    ['200 with HTML', html(200), 'unreadable'],
    ['429', status(429, 'RESOURCE_EXHAUSTED'), 'try again'],
    ['503', status(503, 'UNAVAILABLE'), 'try again'],
    ['503 with HTML', html(503), 'try again'],
    ['a request that never left', { kind: 'not-sent', problem: 'ECONNREFUSED' }, 'try again'],
    ['501', status(501, 'UNIMPLEMENTED'), 'unimplemented'],
    ['UNIMPLEMENTED under another HTTP status', status(400, 'UNIMPLEMENTED'), 'unimplemented'],
    ['401', status(401, 'UNAUTHENTICATED'), 'denied'],
    ['403', status(403, 'PERMISSION_DENIED'), 'denied'],
    ['404', status(404, 'NOT_FOUND'), 'not-found'],
    ['404 with a page instead of JSON', html(404), 'no-such-method'],
    ['400 FAILED_PRECONDITION', status(400, 'FAILED_PRECONDITION'), 'failed-precondition'],
    ['400 INVALID_ARGUMENT', status(400, 'INVALID_ARGUMENT'), 'other'],
    ['409', status(409, 'ABORTED'), 'other'],
    ['403 for a rate, as older APIs say it', older(403, 'rateLimitExceeded'), 'try again'],
    ['403 for the rate of a user, as older APIs say it', older(403, 'userRateLimitExceeded'), 'try again'],
    ['403 for another reason, as older APIs say it', older(403, 'forbidden'), 'denied'],
    ['400 for a precondition, as older APIs say it', older(400, 'failedPrecondition'), 'failed-precondition'],
    ['no credential', { kind: 'denied', httpStatus: 403, problem: 'x' }, 'denied'],
    ['a redirect', answered(302), 'other'],
    ['500', status(500, 'INTERNAL'), 'server-error'],
    ['502 with HTML', html(502), 'server-error'],
    ['504', status(504, 'DEADLINE_EXCEEDED'), 'server-error'],
    ['no answer in time', { kind: 'no-answer', timedOut: true, problem: '' }, 'no-answer'],
    ['a broken connection', { kind: 'no-answer', timedOut: false, problem: '' }, 'no-answer'],
  ] as const satisfies [string, ServiceResponse, string][]) {
    it(`${title}: ${expected}`, () => assert.equal(short(classify(answer, NOON_MS)), expected));
  }

  it('reports HTTP status, name and message of an error', () => {
    const meaning = classify(status(403, 'PERMISSION_DENIED'), NOON_MS);
    assert.ok(meaning.kind === 'failed');
    assert.deepEqual(meaning.error, {
      type: 'HttpError',
      httpStatus: 403,
      status: 'PERMISSION_DENIED',
      message: 'PERMISSION_DENIED it is',
    });
  });

  it('tells no answer in time (TimeoutError) from a broken connection (ConnectionError)', () => {
    const types = [true, false].map((timedOut) => {
      const meaning = classify({ kind: 'no-answer', timedOut, problem: 'x' }, NOON_MS);
      return meaning.kind === 'ok' ? undefined : meaning.error.type;
    });
    assert.deepEqual(types, ['TimeoutError', 'ConnectionError']);
  });

  it('names a failed precondition by the name of newer APIs, whoever says it', () => {
    for (const answer of [status(400, 'FAILED_PRECONDITION'), older(400, 'failedPrecondition')]) {
      const meaning = classify(answer, NOON_MS);
      assert.equal(meaning.kind === 'failed' && meaning.error.status, 'FAILED_PRECONDITION');
    }
  });

  it('bounds what it repeats of a message', () => {
    const meaning = classify(answered(500, { error: { message: 'x'.repeat(1_000_000) } }), NOON_MS);
    assert.ok(meaning.kind === 'failed');
    assert.equal(meaning.error.message.length, 2_048);
  });

  for (const body of [
    { error: [] },
    { error: 'x' },
    [],
    'x',
    7,
    null,
    { error: { details: {}, message: 5, status: [] } },
  ]) {
    it(`makes do with an error body of another shape: ${JSON.stringify(body)}`, () => {
      const meaning = classify(answered(500, body), NOON_MS);
      assert.ok(meaning.kind === 'failed');
      assert.deepEqual(meaning.error, { type: 'HttpError', httpStatus: 500, message: 'HTTP 500' });
    });
  }
});

describe('a classified response', () => {
  const exhausted = status(429, 'RESOURCE_EXHAUSTED', [errorInfo('RESOURCE_QUOTA_EXCEEDED')]);
  for (const [title, response, expected] of [
    ['200', OK, ['processed']],
    ['404', status(404, 'NOT_FOUND'), ['processed']],
    ['403', status(403, 'PERMISSION_DENIED'), ['processed']],
    ['429', status(429, 'RESOURCE_EXHAUSTED'), ['throttled', 'transient']],
    ['403 for a rate, as older APIs say it', older(403, 'rateLimitExceeded'), ['throttled', 'transient']],
    ['429 for a quota that does not refill soon', exhausted, ['transient']],
    ['503 with Retry-After', status(503, 'UNAVAILABLE', [], '9'), ['throttled', 'transient']],
    ['503 without Retry-After', status(503, 'UNAVAILABLE'), ['transient']],
    ['500', status(500, 'INTERNAL'), ['transient']],
    ['501', status(501, 'UNIMPLEMENTED'), []],
    ['no answer', { kind: 'no-answer', timedOut: true, problem: '' }, ['transient']],
    ['a request that was never sent', { kind: 'not-sent', problem: 'ECONNREFUSED' }, ['transient']],
    ['no credential', { kind: 'denied', httpStatus: 403, problem: 'x' }, []],
  ] as const satisfies [string, ServiceResponse, string[]][]) {
    it(`${title} is ${expected.join(', ') || 'none of processed, throttled and transient'}`, () => {
      const result = classify(response, NOON_MS);
      const is = {
        processed: isProcessed(result),
        throttled: isThrottled(result),
        transient: isTransient(result),
      };
      assert.deepEqual(
        Object.entries(is).flatMap(([name, holds]) => (holds ? [name] : [])),
        expected,
      );
    });
  }
});

describe('how long a service asks to wait', () => {
  const minimumWaitMs = (answer: ServiceResponse) => {
    const meaning = classify(answer, NOON_MS);
    return meaning.kind === 'retryable' ? meaning.minimumWaitMs : undefined;
  };

  it('is what RetryInfo says', () =>
    assert.equal(minimumWaitMs(status(503, 'UNAVAILABLE', [RETRY_INFO])), 2_500));
  it('is what Retry-After says', () =>
    assert.equal(minimumWaitMs(status(429, 'RESOURCE_EXHAUSTED', [], '7')), 7_000));
  it('is the longer of the two', () => {
    assert.equal(minimumWaitMs(status(429, 'RESOURCE_EXHAUSTED', [RETRY_INFO], '1')), 2_500);
    assert.equal(minimumWaitMs(status(429, 'RESOURCE_EXHAUSTED', [RETRY_INFO], '9')), 9_000);
  });
  it('is nothing where it says nothing', () =>
    assert.equal(minimumWaitMs(status(429, 'RESOURCE_EXHAUSTED')), 0));

  for (const [text, expected] of [
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3_000],
    ['Fri, 20 Nov 2026 12:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2026 11:59:00 GMT', 0],
    ['10000000000', 2_592_000_000],
    ['-5', 0],
    ['1.5', 0],
    ['soon', 0],
    ['', 0],
    [undefined, 0],
  ] as const) {
    it(`reads Retry-After ${JSON.stringify(text)} as ${expected} ms`, () => {
      assert.equal(readRetryAfterMs(text, NOON_MS), expected);
    });
  }

  it('knows a quota that does not refill soon from a rate limit', () => {
    const exhausted = ['RESOURCE_QUOTA_EXCEEDED', 'RATE_LIMIT_EXCEEDED'].map((reason) => {
      const meaning = classify(status(429, 'RESOURCE_EXHAUSTED', [errorInfo(reason)]), NOON_MS);
      return meaning.kind === 'retryable' && meaning.quotaExhausted;
    });
    assert.deepEqual(exhausted, [true, false]);
  });
});
