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
const QUOTA_FAILURE = { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] };
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
      '403 for an API that is not enabled',
      status(403, 'PERMISSION_DENIED', [errorInfo('SERVICE_DISABLED')]),
      'denied',
    ],
    ['403 for a rate', status(403, 'PERMISSION_DENIED', [errorInfo('RATE_LIMIT_EXCEEDED')]), 'try again'],
    [
      '403 for a quota',
      status(403, 'PERMISSION_DENIED', [errorInfo('RESOURCE_QUOTA_EXCEEDED')]),
      'try again',
    ],
    ['403 with a QuotaFailure', status(403, 'PERMISSION_DENIED', [QUOTA_FAILURE]), 'try again'],
    ['403 RESOURCE_EXHAUSTED', status(403, 'RESOURCE_EXHAUSTED'), 'try again'],
    ['403 with RetryInfo', status(403, 'PERMISSION_DENIED', [RETRY_INFO]), 'try again'],
    ['403 for a daily limit, in the format of older APIs', older(403, 'dailyLimitExceeded'), 'try again'],
    [
      '403 for the rate of jobs, in the format of older APIs',
      older(403, 'jobRateLimitExceeded'),
      'try again',
    ],
    ['UNIMPLEMENTED as a bare google.rpc.Status', answered(501, { code: 12, details: [] }), 'unimplemented'],
    [
      '404 that says that the method is not found',
      answered(404, { error: { code: 404, message: 'Method not found.' } }),
      'no-such-method',
    ],
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

  for (const body of [{ error: [] }, [], 'x', 7, null, { error: { details: {}, message: 5, status: [] } }]) {
    it(`an error body of another shape is classified by its HTTP status: ${JSON.stringify(body)}`, () => {
      const result = classify(answered(500, body), NOON_MS);
      assert.ok(result.kind === 'failed');
      assert.deepEqual(result.error, {
        type: 'HttpError',
        httpStatus: 500,
        message: 'HTTP 500, without a message',
      });
    });
  }
});

describe('the message of a classified error', () => {
  for (const [title, answer, expected] of [
    ['a message of the service', answered(400, { error: { message: 'no' } }), 'no'],
    ['no body', answered(404), 'HTTP 404, without a message'],
    [
      'a bare google.rpc.Status without a message',
      answered(501, { code: 12 }),
      'HTTP 501 UNIMPLEMENTED, without a message',
    ],
    ['nothing but a message', answered(403, { message: 'Blocked by the proxy.' }), 'Blocked by the proxy.'],
    ['a bare google.rpc.Status', answered(501, { code: 12, message: 'no cancel here' }), 'no cancel here'],
    [
      'an error of OAuth',
      answered(401, { error: 'invalid_grant', error_description: 'Account not found' }),
      'invalid_grant: Account not found',
    ],
    ['an error of OAuth without a description', answered(400, { error: 'invalid_scope' }), 'invalid_scope'],
    ['a page with 404', html(404), 'HTTP 404: not JSON, so the host knows no such path'],
    ['a page with 502', html(502), 'HTTP 502: not JSON, so a front end or a proxy answered, not the service'],
  ] as const satisfies [string, ServiceResponse, string][]) {
    it(`the message of an answer with ${title} is "${expected}"`, () => {
      const result = classify(answer, NOON_MS);
      assert.equal(result.kind === 'ok' ? undefined : result.error.message, expected);
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
    const exhausted = [
      status(429, 'RESOURCE_EXHAUSTED', [errorInfo('RESOURCE_QUOTA_EXCEEDED')]),
      older(403, 'dailyLimitExceeded'),
      status(429, 'RESOURCE_EXHAUSTED', [errorInfo('RATE_LIMIT_EXCEEDED')]),
      older(403, 'rateLimitExceeded'),
    ].map((response) => {
      const result = classify(response, NOON_MS);
      return result.kind === 'retryable' && result.quotaExhausted;
    });
    assert.deepEqual(exhausted, [true, true, false, false]);
  });

  it('a refusal that passes keeps the wait that it asks for', () => {
    const result = classify(status(400, 'FAILED_PRECONDITION', [RETRY_INFO]), NOON_MS);
    assert.deepEqual(result.kind === 'failed' && [result.reason, result.minimumWaitMs], [
      'failed-precondition',
      2_500,
    ]);
  });
});
