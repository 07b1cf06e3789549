import * as v from 'valibot';
import { MAX_CONFIRM_WITHIN_MS, parseDurationMs } from '../validation/duration.ts';
import { count, isObject, shortText } from '../validation/schema.ts';

/** What came back for one HTTP request, before anybody judges it. */
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
      /** What would help, should this be a denial. */
      readonly advice?: string;
    }
  /** The request never left, or on a kept connection that was closed just then: asking again does no harm. */
  | { readonly kind: 'not-sent'; readonly problem: string }
  /** The request may have arrived: the connection broke, or the time was up. */
  | { readonly kind: 'no-answer'; readonly timedOut: boolean; readonly problem: string }
  /** Nothing was asked, because no credential was given for it. */
  | { readonly kind: 'denied'; readonly httpStatus: number; readonly problem: string };

/** Nothing was asked yet, because the service refuses more calls at present. */
export interface Postponed {
  readonly kind: 'postponed';
  /** Until its turn, in milliseconds. */
  readonly waitMs: number;
  /** What the service refused last. */
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

/** What an answer means, the same for every call. */
export type CallResult =
  | { readonly kind: 'ok'; readonly body: unknown }
  /** Worth asking again: 429, 503, or the request never left. */
  | {
      readonly kind: 'retryable';
      readonly minimumWaitMs: number;
      readonly quotaExhausted: boolean;
      readonly error: ErrorReport;
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly error: ErrorReport };

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

/** An answer that is no Operation and no error of Google's is described with this much of what it says. */
const MAX_MESSAGE_LENGTH = 2_048;

/**
 * Says what an answer means.
 *
 * @param nowMs the time, for a `Retry-After` that is a date
 */
export function classify(answer: ServiceResponse, nowMs: number): CallResult {
  switch (answer.kind) {
    case 'not-sent':
      return {
        kind: 'retryable',
        minimumWaitMs: 0,
        quotaExhausted: false,
        error: { type: 'ConnectionError', message: answer.problem },
      };
    case 'no-answer':
      return {
        kind: 'failed',
        reason: 'no-answer',
        error: { type: answer.timedOut ? 'TimeoutError' : 'ConnectionError', message: answer.problem },
      };
    case 'denied': {
      const { httpStatus, problem } = answer;
      return {
        kind: 'failed',
        reason: 'denied',
        error: { type: 'HttpError', httpStatus, message: problem },
      };
    }
    case 'answered':
      return classifyStatus(answer, nowMs);
  }
}

function classifyStatus(answer: ServiceResponse & { kind: 'answered' }, nowMs: number): CallResult {
  const { httpStatus, bodyProblem } = answer;
  const status = readStatus(answer.json);
  const error: ErrorReport = {
    type: 'HttpError',
    httpStatus,
    ...(status.name !== undefined && { status: status.name }),
    message: status.message ?? bodyProblem ?? `HTTP ${httpStatus}`,
  };
  const refused = (reason: FailureReason): CallResult => ({ kind: 'failed', reason, error });
  if (httpStatus >= 200 && httpStatus < 300) {
    return bodyProblem === undefined ? { kind: 'ok', body: answer.json } : refused('unreadable');
  }
  if (httpStatus === 429 || httpStatus === 503 || status.olderReasons.some(isRateLimit)) {
    return {
      kind: 'retryable',
      minimumWaitMs: Math.max(readRetryAfterMs(answer.retryAfter, nowMs), status.retryDelayMs),
      quotaExhausted: status.reason === 'RESOURCE_QUOTA_EXCEEDED',
      error,
    };
  }
  if (httpStatus === 501 || status.name === 'UNIMPLEMENTED') return refused('unimplemented');
  if (httpStatus === 401 || httpStatus === 403) {
    const { advice } = answer;
    const message = advice === undefined ? error.message : `${error.message} ${advice}`;
    return { kind: 'failed', reason: 'denied', error: { ...error, message } };
  }
  // A page instead of JSON is the front end's answer to a method that it does not know.
  if (httpStatus === 404) return refused(bodyProblem === undefined ? 'not-found' : 'no-such-method');
  const precondition =
    status.name === 'FAILED_PRECONDITION' || status.olderReasons.includes('failedPrecondition');
  if (httpStatus === 400 && precondition) {
    // By the name that newer APIs give it, so that nobody has to know both.
    const named = { ...error, status: 'FAILED_PRECONDITION' };
    return { kind: 'failed', reason: 'failed-precondition', error: named };
  }
  return refused(httpStatus >= 500 ? 'server-error' : 'other');
}

interface Status {
  readonly name?: string;
  readonly message?: string;
  /** `google.rpc.ErrorInfo.reason`. */
  readonly reason?: string;
  /** `google.rpc.RetryInfo.retry_delay`, 0 where there is none. */
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

/** What asks for more asks for longer than anything is pursued. */
const LONGEST_WAIT_MS = MAX_CONFIRM_WITHIN_MS;

/**
 * `Retry-After` in either form, seconds or a date (RFC 9110, 10.2.3), as milliseconds from now; 0 where there
 * is none.
 */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_WAIT_MS);
  // Date.parse takes much that is no HTTP date; one begins with the name of a day.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs);
}
