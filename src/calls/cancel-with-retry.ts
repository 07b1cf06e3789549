import type { Cancellation } from '../cancellation/cancellation.ts';
import type { Ports } from '../ports.ts';
import type { CallResult, Postponed } from '../resources/response.ts';
import { seconds } from '../validation/duration.ts';
import type { RateLimiter } from './turn.ts';
import { createWithRetry } from './with-retry.ts';

/** How long one try may take. */
export const TRY_TIMEOUT_MS = 10_000;
/**
 * How long all tries of one delivery may take, waits included: it must fit the ack deadline, with room to
 * publish.
 */
export const RETRY_BUDGET_MS = 30_000;

/** How long a cancel stands in line: the rest is for a try that takes its full time. */
const LONGEST_IN_LINE_MS = RETRY_BUDGET_MS - TRY_TIMEOUT_MS;

/**
 * Sends the cancel until it is answered for good, or the time of one delivery or of the whole request is
 * spent. Retries what passes: 429, 503, a request that never left.
 */
export function cancelWithRetry(
  { operation, requestId, deadlineMs, cancel, postponements, trace }: Cancellation,
  ports: Pick<Ports, 'resourceApi' | 'clock' | 'random' | 'log'> & { readonly limiter: RateLimiter },
): Promise<{ meaning: CallResult | Postponed; attempts: number }> {
  const { resourceApi, limiter, clock, log } = ports;
  const beganMs = clock.now();
  let tries = cancel.attempts;
  const turn = { kind: 'cancel', operation, deadlineMs, postponements } as const;
  return createWithRetry(ports)({
    call: (timeoutMs, startByMs) => {
      const inLineMs = Math.min(beganMs + LONGEST_IN_LINE_MS, startByMs);
      return limiter({ ...turn, startByMs: inLineMs, wasAttempted: tries > 0 }, () => {
        tries += 1;
        return resourceApi.cancel(operation, timeoutMs());
      });
    },
    tryTimeoutMs: TRY_TIMEOUT_MS,
    endMs: Math.min(beganMs + RETRY_BUDGET_MS, deadlineMs),
    isWorthRetrying: (meaning) => meaning.kind === 'retryable' && !meaning.quotaExhausted,
    onRetry: (meaning, waitMs, attempts) => {
      if (meaning.kind === 'ok') return;
      const { message, httpStatus } = meaning.error;
      log('INFO', 'cancel.retrying', `POST :cancel: trying again in ${seconds(waitMs)} after: ${message}`, {
        requestId,
        operation: operation.fullResourceName,
        trace,
        attempts,
        httpStatus,
      });
    },
  });
}
