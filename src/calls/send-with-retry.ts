import type { Clock } from '../ports.ts';
import { classify } from '../resources/response.ts';
import type { CallResult, Postponed, ServiceResponse, UnsuccessfulResult } from '../resources/response.ts';
import { retryWaitMs } from './backoff.ts';
import { UNCOUNTED_PERMIT } from './call-queue.ts';
import type { CallRequest } from './call-queue.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** No attempt begins with less time than this, unless the call says otherwise. */
export const MIN_ATTEMPT_MS = 1_000;

/** A call to a service. */
export interface Call {
  /** Sends the request once. */
  readonly send: (timeoutMs: number) => Promise<ServiceResponse>;
  /** The time limit of one attempt. */
  readonly attemptTimeoutMs: number;
  /** Absent for a call that is sent once. */
  readonly retry?: RetryPolicy;
  /** Reports that the call is sent again after a wait; `attempts` have been made. */
  readonly onRetry?: (result: UnsuccessfulResult, waitMs: number, attempts: number) => void;
}

/** A call that waits for its turn where the service throttles. */
export interface LimitedCall extends Call {
  readonly limiter: RateLimiter;
  readonly request: CallRequest;
}

export interface RetryPolicy {
  /** Whether another attempt may help, and does no harm. */
  readonly isRetryable: (result: UnsuccessfulResult) => boolean;
  /** The end of the last attempt, in milliseconds since the epoch. The first attempt has its full time even so. */
  readonly endMs: number;
  /** No further attempt begins with less time than this. Default: `MIN_ATTEMPT_MS`. */
  readonly minAttemptMs?: number;
  /** Unlimited by default. */
  readonly maxAttempts?: number;
}

export interface RetryPorts {
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** The last result of a call, and how often it was sent. */
export interface Attempted<Result> {
  readonly result: Result;
  readonly attempts: number;
}

/**
 * Sends a call until it succeeds, fails for good, or has no time left:
 *
 * 1. Acquire a permit. Where the service throttles calls, that takes until the call's turn; a call whose turn comes
 *    too late is postponed instead.
 * 2. Send the request, within the time limit of one attempt.
 * 3. Classify the response, once: ok, retryable or failed.
 * 4. Release the permit with that result, from which the rate limiter learns.
 * 5. Return the result, if another attempt would not help or would end too late.
 * 6. Back off, exponentially and with full jitter, for at least as long as the service asks for; then again.
 */
export function sendWithRetry(
  call: LimitedCall,
  ports: RetryPorts,
): Promise<Attempted<CallResult | Postponed>>;
export function sendWithRetry(call: Call, ports: RetryPorts): Promise<Attempted<CallResult>>;
export async function sendWithRetry(
  call: Call | LimitedCall,
  { clock, random }: RetryPorts,
): Promise<Attempted<CallResult | Postponed>> {
  const { send, attemptTimeoutMs, retry, onRetry } = call;
  const { endMs = Infinity, minAttemptMs = MIN_ATTEMPT_MS, maxAttempts = Infinity } = retry ?? {};
  for (let attempts = 1; ; attempts += 1) {
    const acquired = acquire(call, attempts > 1);
    const permit = acquired instanceof Promise ? await acquired : acquired;
    if (permit.kind === 'postponed') return { result: permit, attempts: attempts - 1 };

    const leftMs = attempts === 1 ? Infinity : Math.max(minAttemptMs, endMs - clock.now());
    let result: CallResult | undefined;
    try {
      result = classify(await send(Math.min(attemptTimeoutMs, leftMs)), clock.now());
    } finally {
      permit.release(result, clock.now());
    }
    if (result.kind === 'ok' || retry === undefined || attempts >= maxAttempts) return { result, attempts };
    if (!retry.isRetryable(result)) return { result, attempts };

    const minimumWaitMs = result.kind === 'retryable' ? result.minimumWaitMs : 0;
    const waitMs = retryWaitMs(attempts, random(), minimumWaitMs);
    if (clock.now() + waitMs + minAttemptMs > endMs) return { result, attempts };
    onRetry?.(result, waitMs, attempts);
    await clock.sleep(waitMs);
    // A sleep can last longer than it should.
    if (clock.now() + minAttemptMs > endMs) return { result, attempts };
  }
}

/** Synchronous where the call does not have to wait: a promise for every message costs time. */
function acquire(call: Call | LimitedCall, wasSent: boolean): ReturnType<RateLimiter['acquire']> {
  if (!('limiter' in call)) return UNCOUNTED_PERMIT;
  const { limiter, request } = call;
  return limiter.acquire(wasSent ? { ...request, wasAttempted: true } : request);
}
