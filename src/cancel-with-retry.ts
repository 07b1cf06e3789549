import { meaningOf } from './core/answer.ts';
import type { Meaning } from './core/answer.ts';
import { retryWaitMs } from './core/backoff.ts';
import { seconds } from './core/duration.ts';
import type { Clock, Operations } from './core/ports.ts';
import type { Pursuit } from './core/pursuit.ts';
import type { Log } from './log.ts';

/** How long one try may take. */
export const TRY_TIMEOUT_MS = 10_000;
/**
 * How long all tries of one delivery may take, waits included: it must fit the ack deadline, with room to
 * publish.
 */
export const RETRY_BUDGET_MS = 30_000;
/** A try that has less time than this is not worth starting. */
const SHORTEST_TRY_MS = 1_000;

/**
 * Sends the cancel until it is answered for good, or the time of one delivery or of the whole request is
 * spent.
 */
export type CancelWithRetry = (pursuit: Pursuit) => Promise<{ meaning: Meaning; attempts: number }>;

/**
 * Retries what passes (429, 503, a request that never left) with exponential back-off and full jitter, and
 * waits at least as long as the service asks. What asks for more time than one delivery has is left to a
 * later one.
 */
export function createCancelWithRetry(options: {
  readonly operations: Operations;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}): CancelWithRetry {
  const { operations, clock, random, log } = options;

  return async ({ operation, requestId, deadlineMs }) => {
    const endMs = Math.min(clock.now() + RETRY_BUDGET_MS, deadlineMs);
    // The first try has its full time, even at the deadline.
    let timeoutMs = TRY_TIMEOUT_MS;
    for (let attempts = 1; ; attempts += 1) {
      const meaning = meaningOf(await operations.cancel(operation, timeoutMs), clock.now());
      if (meaning.kind !== 'try-again' || meaning.quotaExhausted) return { meaning, attempts };

      const waitMs = retryWaitMs(attempts, random(), meaning.minimumWaitMs);
      if (clock.now() + waitMs + SHORTEST_TRY_MS > endMs) return { meaning, attempts };
      log(
        'INFO',
        'cancel.retrying',
        `POST :cancel: trying again in ${seconds(waitMs)} after: ${meaning.error.message}`,
        {
          requestId,
          operation: operation.fullResourceName,
          attempts,
          httpStatus: meaning.error.httpStatus,
        },
      );
      await clock.sleep(waitMs);
      timeoutMs = Math.min(TRY_TIMEOUT_MS, endMs - clock.now());
      // A sleep can last longer than it should.
      if (timeoutMs < SHORTEST_TRY_MS) return { meaning, attempts };
    }
  };
}
