import type { CallRequest } from '../calls/call-queue.ts';
import { MIN_ATTEMPT_MS } from '../calls/send-with-retry.ts';
import type { LimitedCall } from '../calls/send-with-retry.ts';
import { isQuotaExhausted } from '../resources/response.ts';
import type { UnsuccessfulResult } from '../resources/response.ts';
import type { Cancellation } from './cancellation.ts';

/** The time limit of one attempt, at a cancel as at a get. */
export const ATTEMPT_TIMEOUT_MS = 10_000;
/** The time for all attempts at a cancel in one delivery, waits included: its ack deadline is 60 s. */
export const RETRY_BUDGET_MS = 30_000;
/** The time that a cancel waits in the queue: the rest is for an attempt that takes its full time. */
const MAX_CANCEL_QUEUE_MS = RETRY_BUDGET_MS - ATTEMPT_TIMEOUT_MS;
/** The time, from the beginning of the delivery, that a get waits in the queue. */
export const MAX_GET_QUEUE_MS = 10_000;

/** The limits of the POST that cancels an operation, in the delivery that began at `startMs`. */
export function cancelLimits(cancellation: Cancellation, startMs: number) {
  const endMs = Math.min(startMs + RETRY_BUDGET_MS, cancellation.deadlineMs);
  return {
    attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
    request: requestOf(cancellation, {
      kind: 'cancel',
      startByMs: Math.min(startMs + MAX_CANCEL_QUEUE_MS, endMs - MIN_ATTEMPT_MS),
      wasAttempted: cancellation.cancel.attempts > 0,
    }),
    retry: {
      // A cancel that may have arrived is not repeated: the next get shows whether it did.
      isRetryable: (result: UnsuccessfulResult) => result.kind === 'retryable' && !isQuotaExhausted(result),
      endMs,
    },
  } satisfies Partial<LimitedCall>;
}

/** The limits of the GET of an operation: it is sent once, and repeated by the next re-check. */
export const getLimits = (cancellation: Cancellation, startByMs: number) =>
  ({
    attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
    request: requestOf(cancellation, {
      kind: 'get',
      startByMs,
      wasAttempted: cancellation.confirm.checks > 0,
    }),
  }) satisfies Partial<LimitedCall>;

const requestOf = (
  { operation, deadlineMs, postponements }: Cancellation,
  call: Pick<CallRequest, 'kind' | 'startByMs' | 'wasAttempted'>,
): CallRequest => ({ ...call, operation, deadlineMs, postponements });
