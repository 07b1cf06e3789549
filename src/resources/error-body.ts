import { parseDurationMs } from '../validation/duration.ts';
import { isObject } from '../validation/schema.ts';
import type { JsonObject } from '../validation/schema.ts';
import { readMessage } from './rpc-status.ts';

/** The fields of an error's body that decide what the error means. */
export interface ErrorBody {
  /** google.rpc.Code by name. */
  readonly name?: string;
  readonly message?: string;
  /** Whether a rate or a quota is used up: the same call is accepted again later, whatever the HTTP status says. */
  readonly isRateLimit: boolean;
  /** Whether that quota does not refill soon, so that asking again soon only uses it up. */
  readonly quotaExhausted: boolean;
  /** `google.rpc.RetryInfo.retry_delay`, in milliseconds; 0 where absent. */
  readonly retryDelayMs: number;
}

/**
 * Reads the body of an error: `{"error": google.rpc.Status}` (https://google.aip.dev/193), also with the `errors[]` of APIs
 * older than google.rpc.Status; a bare google.rpc.Status, as gateways of gRPC write it; or `{"error": "code",
 * "error_description": "…"}` of OAuth (RFC 6749, 5.2).
 */
export function readErrorBody(body: unknown): ErrorBody {
  if (!isObject(body)) return NOTHING;
  if (typeof body.error === 'string') return { ...NOTHING, message: oauthMessage(body.error, body) };
  const isBare = typeof body.code === 'number' || typeof body.message === 'string';
  const error = body.error === undefined && isBare ? body : body.error;
  return isObject(error) ? readStatus(error) : NOTHING;
}

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const QUOTA_FAILURE = 'type.googleapis.com/google.rpc.QuotaFailure';

const NOTHING: ErrorBody = { isRateLimit: false, quotaExhausted: false, retryDelayMs: 0 };

function readStatus(error: JsonObject): ErrorBody {
  const details = listOf(error.details);
  const reasons = [...details, ...listOf(error.errors)].map(({ reason }) => reason);
  const name = reasons.includes('failedPrecondition') ? 'FAILED_PRECONDITION' : nameOf(error);
  const message = readMessage(error.message);
  const quotaExhausted = reasons.some((reason) => EXHAUSTED_QUOTAS.has(reason));
  const retryInfo = details.find((detail) => detail['@type'] === RETRY_INFO);
  const retryDelay = readMessage(retryInfo?.retryDelay);
  return {
    ...(name !== undefined && { name }),
    ...(message !== '' && { message }),
    isRateLimit:
      quotaExhausted ||
      name === 'RESOURCE_EXHAUSTED' ||
      details.some((detail) => detail['@type'] === QUOTA_FAILURE) ||
      reasons.some((reason) => RATE_LIMITS.has(reason)),
    quotaExhausted,
    retryDelayMs: Math.max(0, parseDurationMs(retryDelay) ?? 0),
  };
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.slice(0, 100).filter(isObject) : []);

/** `status`, which JSON over HTTP has, or `code`, which is a small number only in gRPC. */
function nameOf({ status, code }: JsonObject): string | undefined {
  if (typeof status === 'string') return status.slice(0, 64).toWellFormed();
  return typeof code === 'number' ? CODE_NAMES[code] : undefined;
}

const oauthMessage = (code: string, { error_description: description }: JsonObject) =>
  readMessage(typeof description === 'string' ? `${code}: ${description}` : code);

/**
 * Reasons of a refusal that passes soon: many services answer 403 in place of 429. In upper case that of
 * google/api/error_reason.proto (`google.rpc.ErrorInfo.reason`), else those of `errors[].reason` in older APIs
 * (https://cloud.google.com/compute/api-quota, https://cloud.google.com/bigquery/docs/error-messages,
 * https://developers.google.com/workspace/drive/api/guides/handle-errors).
 */
const RATE_LIMITS: ReadonlySet<unknown> = new Set([
  'RATE_LIMIT_EXCEEDED',
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'sharingRateLimitExceeded',
  'jobRateLimitExceeded',
  'concurrentLimitExceeded',
  'servingLimitExceeded',
]);

/** Reasons of a refusal by a quota that is used up for long, from the same sources. */
const EXHAUSTED_QUOTAS: ReadonlySet<unknown> = new Set([
  'RESOURCE_QUOTA_EXCEEDED',
  'dailyLimitExceeded',
  'quotaExceeded',
  'limitExceeded',
  'variableTermExpiredDailyExceeded',
  'variableTermLimitExceeded',
]);

/** The names of google.rpc.Code, by their numbers (google/rpc/code.proto). */
const CODE_NAMES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];
