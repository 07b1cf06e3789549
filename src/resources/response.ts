import * as v from 'valibot';
import { MAX_CONFIRM_WITHIN_MS, parseDurationMs } from '../validation/duration.ts';
import { count, isObject, shortText } from '../validation/schema.ts';

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
      readonly answered: boolean;
      readonly error: ErrorReport;
    };

export type UnsuccessfulResult = Exclude<CallResult, { kind: 'ok' }>;

export type FailureReason =
  | 'unimplemented'
  | 'no-such-method'
  | 'not-found'
  | 'denied'
  | 'failed-precondition'
  | 'server-error'
  | 'no-answer'
  | 'unreadable'
  | 'other';

/** In characters: longer messages of a service are cut. */
const MAX_MESSAGE_LENGTH = 2_048;

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
        answered: false,
        error: { type: response.timedOut ? 'TimeoutError' : 'ConnectionError', message: response.problem },
      };
    case 'denied': {
      const { httpStatus, problem } = response;
      return {
        kind: 'failed',
        reason: 'denied',
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
  const status = readStatus(response.json);
  const error: ErrorReport = {
    type: 'HttpError',
    httpStatus,
    ...(status.name !== undefined && { status: status.name }),
    message: status.message ?? bodyProblem ?? `HTTP ${httpStatus}`,
  };
  const failed = (reason: FailureReason) => ({ kind: 'failed', reason, answered: true, error }) as const;
  if (httpStatus >= 200 && httpStatus < 300) {
    return bodyProblem === undefined ? { kind: 'ok', body: response.json } : failed('unreadable');
  }
  if (httpStatus === 429 || httpStatus === 503 || status.olderReasons.some(isRateLimit)) {
    return {
      kind: 'retryable',
      minimumWaitMs: Math.max(readRetryAfterMs(response.retryAfter, nowMs), status.retryDelayMs),
      quotaExhausted: status.reason === 'RESOURCE_QUOTA_EXCEEDED',
      answered: true,
      error,
    };
  }
  if (httpStatus === 501 || status.name === 'UNIMPLEMENTED') return failed('unimplemented');
  if (httpStatus === 401 || httpStatus === 403) {
    const { advice } = response;
    const message = advice === undefined ? error.message : `${error.message} ${advice}`;
    return { ...failed('denied'), error: { ...error, message } };
  }
  // Google's front end answers an unknown method with an HTML page.
  if (httpStatus === 404) return failed(bodyProblem === undefined ? 'not-found' : 'no-such-method');
  const precondition =
    status.name === 'FAILED_PRECONDITION' || status.olderReasons.includes('failedPrecondition');
  if (httpStatus === 400 && precondition) {
    // Older APIs use another name: callers need to know only that of google.rpc.Status.
    const named = { ...error, status: 'FAILED_PRECONDITION' };
    return { ...failed('failed-precondition'), error: named };
  }
  return failed(httpStatus >= 500 ? 'server-error' : 'other');
}

interface Status {
  readonly name?: string;
  readonly message?: string;
  /** `google.rpc.ErrorInfo.reason`. */
  readonly reason?: string;
  /** `google.rpc.RetryInfo.retry_delay`, in milliseconds; 0 where absent. */
  readonly retryDelayMs: number;
  /** `errors[].reason`, which APIs older than google.rpc.Status have. */
  readonly olderReasons: readonly string[];
}

/** Older APIs answer 403 where newer ones answer 429 (https://cloud.google.com/compute/api-quota). */
const isRateLimit = (reason: string) => reason === 'rateLimitExceeded' || reason === 'userRateLimitExceeded';

/** Reads `{"error": google.rpc.Status}` (https://google.aip.dev/193). */
function readStatus(body: unknown): Status {
  const error = isObject(body) ? body.error : undefined;
  if (!isObject(error)) return { retryDelayMs: 0, olderReasons: [] };
  const listOf = (value: unknown) => (Array.isArray(value) ? value.slice(0, 100).filter(isObject) : []);
  const details = listOf(error.details);
  const detail = (type: string) =>
    details.find((entry) => entry['@type'] === `type.googleapis.com/google.rpc.${type}`);
  const retryDelay = detail('RetryInfo')?.retryDelay;
  const reason = detail('ErrorInfo')?.reason;
  return {
    ...(typeof error.status === 'string' && { name: error.status.slice(0, 64).toWellFormed() }),
    ...(typeof error.message === 'string' && {
      message: error.message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed(),
    }),
    ...(typeof reason === 'string' && { reason }),
    olderReasons: listOf(error.errors).flatMap((entry) =>
      typeof entry.reason === 'string' ? [entry.reason] : [],
    ),
    retryDelayMs: typeof retryDelay === 'string' ? Math.max(0, parseDurationMs(retryDelay) ?? 0) : 0,
  };
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
