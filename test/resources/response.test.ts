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

const summarize = (result: CallResult): string => {
  if (result.kind === 'ok') return 'ok';
  return result.kind === 'failed' ? result.reason : 'try again';
};

describe('the classification of a response', () => {
  for (const [title, answer, expected] of [
    ['200 with JSON', OK, 'ok'],
    ['204 without a body', answered(204), 'ok'],
    ['200 with HTML', html(200), 'unreadable'],
    ['429', status(429, 'RESOURCE_EXHAUSTED'), 'try again'],
    ['503', status(503, 'UNAVAILABLE'), 'try again'],
    ['503 with HTML', html(503), 'try again'],
    ['no request sent', { kind: 'not-sent', problem: 'ECONNREFUSED' }, 'try again'],
    ['501', status(501, 'UNIMPLEMENTED'), 'unimplemented'],
    ['UNIMPLEMENTED under another HTTP status', status(400, 'UNIMPLEMENTED'), 'unimplemented'],
    ['401', status(401, 'UNAUTHENTICATED'), 'denied'],
    ['403', status(403, 'PERMISSION_DENIED'), 'denied'],
    ['404', status(404, 'NOT_FOUND'), 'not-found'],
    ['404 with a page instead of JSON', html(404), 'no-such-method'],
    ['400 FAILED_PRECONDITION', status(400, 'FAILED_PRECONDITION'), 'failed-precondition'],
    ['400 INVALID_ARGUMENT', status(400, 'INVALID_ARGUMENT'), 'other'],
    ['409', status(409, 'ABORTED'), 'other'],
    ['403 for a rate, in the format of older APIs', older(403, 'rateLimitExceeded'), 'try again'],
    [
      '403 for the rate of a user, in the format of older APIs',
      older(403, 'userRateLimitExceeded'),
      'try again',
    ],
    ['403 for another reason, in the format of older APIs', older(403, 'forbidden'), 'denied'],
    [
      '400 for a precondition, in the format of older APIs',
      older(400, 'failedPrecondition'),
      'failed-precondition',
    ],
    ['no credential', { kind: 'denied', httpStatus: 403, problem: 'x' }, 'denied'],
    ['a redirect', answered(302), 'other'],
    ['500', status(500, 'INTERNAL'), 'server-error'],
    ['502 with HTML', html(502), 'server-error'],
    ['504', status(504, 'DEADLINE_EXCEEDED'), 'server-error'],
    ['no answer in time', { kind: 'no-answer', timedOut: true, problem: '' }, 'no-answer'],
    ['a broken connection', { kind: 'no-answer', timedOut: false, problem: '' }, 'no-answer'],
  ] as const satisfies [string, ServiceResponse, string][]) {
    it(`a call that ends in ${title} is classified as ${expected}`, () =>
      assert.equal(summarize(classify(answer, NOON_MS)), expected));
  }

  it('a classified error has the HTTP status, the status name and the message of the response', () => {
    const result = classify(status(403, 'PERMISSION_DENIED'), NOON_MS);
    assert.ok(result.kind === 'failed');
    assert.deepEqual(result.error, {
      type: 'HttpError',
      httpStatus: 403,
      status: 'PERMISSION_DENIED',
      message: 'PERMISSION_DENIED it is',
    });
  });

  it('a timeout is a TimeoutError, and a broken connection a ConnectionError', () => {
    const types = [true, false].map((timedOut) => {
      const result = classify({ kind: 'no-answer', timedOut, problem: 'x' }, NOON_MS);
      return result.kind === 'ok' ? undefined : result.error.type;
    });
    assert.deepEqual(types, ['TimeoutError', 'ConnectionError']);
  });

  it('a failed precondition has the status name of newer APIs, in either format', () => {
    for (const answer of [status(400, 'FAILED_PRECONDITION'), older(400, 'failedPrecondition')]) {
      const result = classify(answer, NOON_MS);
      assert.equal(result.kind === 'failed' && result.error.status, 'FAILED_PRECONDITION');
    }
  });

  it('the message of a classified error is cut off at 2,048 characters', () => {
    const result = classify(answered(500, { error: { message: 'x'.repeat(1_000_000) } }), NOON_MS);
    assert.ok(result.kind === 'failed');
    assert.equal(result.error.message.length, 2_048);
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
    it(`an error body of another shape is classified by its HTTP status: ${JSON.stringify(body)}`, () => {
      const result = classify(answered(500, body), NOON_MS);
      assert.ok(result.kind === 'failed');
      assert.deepEqual(result.error, { type: 'HttpError', httpStatus: 500, message: 'HTTP 500' });
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
    [
      '403 for a rate, in the format of older APIs',
      older(403, 'rateLimitExceeded'),
      ['throttled', 'transient'],
    ],
    ['429 for a quota that does not refill soon', exhausted, ['transient']],
    ['503 with Retry-After', status(503, 'UNAVAILABLE', [], '9'), ['throttled', 'transient']],
    ['503 without Retry-After', status(503, 'UNAVAILABLE'), ['transient']],
    ['500', status(500, 'INTERNAL'), ['transient']],
    ['501', status(501, 'UNIMPLEMENTED'), []],
    ['no answer', { kind: 'no-answer', timedOut: true, problem: '' }, ['transient']],
    ['no request sent', { kind: 'not-sent', problem: 'ECONNREFUSED' }, ['transient']],
    ['no credential', { kind: 'denied', httpStatus: 403, problem: 'x' }, []],
  ] as const satisfies [string, ServiceResponse, string[]][]) {
    it(`a call that ends in ${title} is ${expected.join(', ') || 'none of processed, throttled and transient'}`, () => {
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

describe('the wait that a service asks for', () => {
  const minimumWaitMs = (answer: ServiceResponse) => {
    const result = classify(answer, NOON_MS);
    return result.kind === 'retryable' ? result.minimumWaitMs : undefined;
  };

  it('the minimum wait is that of RetryInfo', () =>
    assert.equal(minimumWaitMs(status(503, 'UNAVAILABLE', [RETRY_INFO])), 2_500));
  it('the minimum wait is that of Retry-After', () =>
    assert.equal(minimumWaitMs(status(429, 'RESOURCE_EXHAUSTED', [], '7')), 7_000));
  it('the minimum wait is the longer of RetryInfo and Retry-After', () => {
    assert.equal(minimumWaitMs(status(429, 'RESOURCE_EXHAUSTED', [RETRY_INFO], '1')), 2_500);
    assert.equal(minimumWaitMs(status(429, 'RESOURCE_EXHAUSTED', [RETRY_INFO], '9')), 9_000);
  });
  it('the minimum wait is 0 if the service asks for none', () =>
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
    it(`the Retry-After ${JSON.stringify(text)} is read as ${expected} ms`, () => {
      assert.equal(readRetryAfterMs(text, NOON_MS), expected);
    });
  }

  it('a quota that does not refill soon is distinguished from a rate limit', () => {
    const exhausted = ['RESOURCE_QUOTA_EXCEEDED', 'RATE_LIMIT_EXCEEDED'].map((reason) => {
      const result = classify(status(429, 'RESOURCE_EXHAUSTED', [errorInfo(reason)]), NOON_MS);
      return result.kind === 'retryable' && result.quotaExhausted;
    });
    assert.deepEqual(exhausted, [true, false]);
  });
});
