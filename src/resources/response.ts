import * as v from 'valibot';
import { MAX_CONFIRM_WITHIN_MS } from '../validation/duration.ts';
import { count, shortText } from '../validation/schema.ts';
import { readErrorBody } from './error-body.ts';

/** The outcome of one HTTP request, before `classify` interprets it. */
export type ServiceResponse =
  | {
      readonly kind: 'answered';
      readonly httpStatus: number;
      /** The body, where it is JSON; undefined for an empty one. */
      readonly json?: unknown;
      /** Why the body could not be read as JSON: HTML, cut off, too large. */
      readonly bodyProblem?: string;
      /** The header `Retry-After`, as it came. */
      readonly retryAfter?: string;
      /** Advice for the reader of the error, in case the response is a denial. */
      readonly advice?: string;
    }
  /** The request did not reach the service, or only a kept connection that was just closed: a retry is safe. */
  | { readonly kind: 'not-sent'; readonly problem: string }
  /** The request may have arrived: the connection broke, or the timeout expired. */
  | { readonly kind: 'no-answer'; readonly timedOut: boolean; readonly problem: string }
  /** The request was not made, because no credential was issued for it. */
  | { readonly kind: 'denied'; readonly httpStatus: number; readonly problem: string };

/** The call was not sent yet, because the service throttles calls and the queue is too long. */
export interface Postponed {
  readonly kind: 'postponed';
  /** Time until the call should be tried again. */
  readonly waitMs: number;
  /** The error with which the service throttled an earlier call. */
  readonly error: ErrorReport;
}

/** `error` of a result: what went wrong, in the words of the Workflows connector. */
export type ErrorReport = v.InferOutput<typeof errorReportSchema>;

export const errorReportSchema = v.object({
  type: v.picklist(['HttpError', 'ConnectionError', 'TimeoutError', 'TypeError', 'ValueError', 'DeadLetter']),
  httpStatus: v.optional(count),
  /** google.rpc.Code by name, as `UNAVAILABLE`. */
  status: v.optional(shortText(64)),
  message: shortText(4_096),
});

/**
 * The result of one attempt at a call: a response, classified in the same way for every call.
 *
 * `answered` is false where the service itself did not answer: the request was never sent (no credential, no
 * connection), or no response came. Such a result says nothing about the rate of calls that the service accepts.
 */
export type CallResult =
  | { readonly kind: 'ok'; readonly body: unknown }
  /** The request had no effect, and the same one may succeed later: 429, 503, or it was never sent. */
  | {
      readonly kind: 'retryable';
      /** The service's request for a wait (`Retry-After`, `google.rpc.RetryInfo`); 0 where it made none. */
      readonly minimumWaitMs: number;
      /** Whether a quota is used up that does not refill soon. */
      readonly quotaExhausted: boolean;
      readonly answered: boolean;
      readonly error: ErrorReport;
    }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** The service's request for a wait, which a refusal that passes has; 0 where it made none. */
      readonly minimumWaitMs: number;
      readonly answered: boolean;
      readonly error: ErrorReport;
    };

export type UnsuccessfulResult = Exclude<CallResult, { kind: 'ok' }>;

export const FAILURE_REASONS = [
  /** The service does not offer this call (google.rpc.Code UNIMPLEMENTED). */
  'unimplemented',
  /** A front end or the service knows no such path. */
  'no-such-method',
  'not-found',
  'denied',
  'failed-precondition',
  'server-error',
  'no-answer',
  'unreadable',
  'other',
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

/**
 * Classifies the response to one request.
 *
 * @param nowMs the time in milliseconds since the epoch, for a `Retry-After` that is a date
 */
export function classify(response: ServiceResponse, nowMs: number): CallResult {
  switch (response.kind) {
    case 'not-sent':
      return {
        kind: 'retryable',
        minimumWaitMs: 0,
        quotaExhausted: false,
        answered: false,
        error: { type: 'ConnectionError', message: response.problem },
      };
    case 'no-answer':
      return {
        kind: 'failed',
        reason: 'no-answer',
        minimumWaitMs: 0,
        answered: false,
        error: { type: response.timedOut ? 'TimeoutError' : 'ConnectionError', message: response.problem },
      };
    case 'denied': {
      const { httpStatus, problem } = response;
      return {
        kind: 'failed',
        reason: 'denied',
        minimumWaitMs: 0,
        answered: false,
        error: { type: 'HttpError', httpStatus, message: problem },
      };
    }
    case 'answered':
      return classifyStatus(response, nowMs);
  }
}

/** Whether the same call may succeed later: 429, 503, any other 5xx, no response, or a request that was never sent. */
export const isTransient = (result: CallResult): boolean =>
  result.kind === 'retryable' ||
  (result.kind === 'failed' && (result.reason === 'no-answer' || result.reason === 'server-error'));

/** Whether a result is a 404. */
export const isAbsent = (result: CallResult): boolean =>
  result.kind === 'failed' && (result.reason === 'not-found' || result.reason === 'no-such-method');

/** Whether a result reports a quota that does not refill within a delivery, so that retrying only uses it up. */
export const isQuotaExhausted = (result: CallResult): boolean =>
  result.kind === 'retryable' && result.quotaExhausted;

/**
 * Whether the service accepts no more calls at present: 429, or a 503 with `Retry-After` (RFC 9110, 15.6.4). An
 * exhausted quota is another matter: it says nothing about the rate of calls.
 */
export const isThrottled = (result: CallResult): boolean =>
  result.kind === 'retryable' &&
  result.answered &&
  !result.quotaExhausted &&
  (result.error.httpStatus !== 503 || result.minimumWaitMs > 0);

/** Whether the service processed the call, even if it answered with an error of the client (4xx). */
export const isProcessed = (result: CallResult): boolean =>
  result.kind === 'ok' ||
  (result.kind === 'failed' && result.answered && (result.error.httpStatus ?? 500) < 500);

function classifyStatus(response: ServiceResponse & { kind: 'answered' }, nowMs: number): CallResult {
  const { httpStatus, bodyProblem } = response;
  const status = readErrorBody(response.json);
  const error: ErrorReport = {
    type: 'HttpError',
    httpStatus,
    ...(status.name !== undefined && { status: status.name }),
    message: status.message ?? describeStatus(httpStatus, status.name, bodyProblem),
  };
  const minimumWaitMs = Math.max(readRetryAfterMs(response.retryAfter, nowMs), status.retryDelayMs);
  const failed = (reason: FailureReason) =>
    ({ kind: 'failed', reason, minimumWaitMs, answered: true, error }) as const;
  if (httpStatus >= 200 && httpStatus < 300) {
    return bodyProblem === undefined ? { kind: 'ok', body: response.json } : failed('unreadable');
  }
  // A refusal that asks to come back later passes: it is no denial.
  const passes = status.isRateLimit || (httpStatus === 403 && minimumWaitMs > 0);
  if (httpStatus === 429 || httpStatus === 503 || passes) {
    const { quotaExhausted } = status;
    return { kind: 'retryable', minimumWaitMs, quotaExhausted, answered: true, error };
  }
  if (httpStatus === 501 || status.name === 'UNIMPLEMENTED') return failed('unimplemented');
  if (httpStatus === 401 || httpStatus === 403) {
    const { advice } = response;
    const message = advice === undefined ? error.message : `${error.message} ${advice}`;
    return { ...failed('denied'), error: { ...error, message } };
  }
  if (httpStatus === 404) {
    const isUnknownPath = bodyProblem !== undefined || /^method not found/i.test(status.message ?? '');
    return failed(isUnknownPath ? 'no-such-method' : 'not-found');
  }
  if (httpStatus === 400 && status.name === 'FAILED_PRECONDITION') return failed('failed-precondition');
  return failed(httpStatus >= 500 ? 'server-error' : 'other');
}

/** A message for an answer that has none of the service's own. */
function describeStatus(
  httpStatus: number,
  name: string | undefined,
  bodyProblem: string | undefined,
): string {
  const status = name === undefined ? `HTTP ${httpStatus}` : `HTTP ${httpStatus} ${name}`;
  if (bodyProblem === undefined) return `${status}, without a message`;
  const meaning =
    httpStatus === 404 ? 'the host knows no such path' : 'a front end or a proxy answered, not the service';
  return `${status}: ${bodyProblem}, so ${meaning}`;
}

/** Upper bound, in milliseconds, for a `Retry-After` in seconds: no cancellation lives longer than this. */
const MAX_WAIT_MS = MAX_CONFIRM_WITHIN_MS;

/**
 * `Retry-After` in either form, seconds or a date (RFC 9110, 10.2.3), as milliseconds from now; 0 where
 * the header is absent or unreadable.
 */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, MAX_WAIT_MS);
  // Date.parse accepts many texts that are not HTTP dates; an HTTP date begins with the name of a day.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs);
}
