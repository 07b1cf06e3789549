import type { Meaning, Postponed } from './core/answer.ts';
import { seconds } from './core/duration.ts';
import type { Clock, Operations } from './core/ports.ts';
import type { Pursuit } from './core/pursuit.ts';
import type { Pacing } from './core/turn.ts';
import type { Log } from './log.ts';
import type { WithRetry } from './with-retry.ts';

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
 * spent.
 */
export type CancelWithRetry = (
  pursuit: Pursuit,
) => Promise<{ meaning: Meaning | Postponed; attempts: number }>;

/** Retries what passes: 429, 503, a request that never left. What is left is for a later delivery. */
export function createCancelWithRetry(options: {
  readonly operations: Operations;
  readonly withRetry: WithRetry;
  readonly pacing: Pacing;
  readonly clock: Clock;
  readonly log: Log;
}): CancelWithRetry {
  const { operations, withRetry, pacing, clock, log } = options;

  return ({ operation, requestId, deadlineMs, cancel, postponements, trace }) => {
    const beganMs = clock.now();
    let tries = cancel.attempts;
    const turn = { kind: 'cancel', operation, deadlineMs, postponements } as const;
    return withRetry({
      call: (timeoutMs, startByMs) => {
        const inLineMs = Math.min(beganMs + LONGEST_IN_LINE_MS, startByMs);
        return pacing({ ...turn, startByMs: inLineMs, isTried: tries > 0 }, () => {
          tries += 1;
          return operations.cancel(operation, timeoutMs());
        });
      },
      tryTimeoutMs: TRY_TIMEOUT_MS,
      endMs: Math.min(beganMs + RETRY_BUDGET_MS, deadlineMs),
      isWorthRetrying: (meaning) => meaning.kind === 'try-again' && !meaning.quotaExhausted,
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
  };
}
