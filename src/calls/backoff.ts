/**
 * Backoff: the waits between attempts, in milliseconds, as pure functions.
 *
 * Between attempts in one delivery: exponential with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), from the values Google's own
 * clients use for CancelOperation (google/longrunning: 0.5 s, doubled, up to 10 s). Between deliveries: a
 * plain doubling schedule, because each re-check is a message of its own and needs no jitter.
 */

/** The longest wait between two attempts, without the minimum that the service asks for. */
export const RETRY_CAP_MS = 10_000;
const RETRY_BASE_MS = 500;

/**
 * The wait before the next attempt, in milliseconds.
 *
 * @param failures the number of attempts that have failed so far, at least 1
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 * @param minimumMs the wait that the service asked for (`Retry-After`, `google.rpc.RetryInfo`). The jitter is
 *   added to it, so that requests that were throttled together do not come back together
 */
export function retryWaitMs(failures: number, random: number, minimumMs = 0): number {
  const ceilingMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** (failures - 1));
  return minimumMs + Math.floor(random * ceilingMs);
}

/** The first delay of whatever is sent again in a later delivery, as a cancel that was throttled or the page of a list. */
export const RESEND_FIRST_MS = 5_000;
/** The longest time between two re-checks. */
export const RECHECK_CAP_MS = 300_000;

/**
 * The delay before re-check number `attempt` (0, 1, 2, …), in milliseconds: 5 s, 10 s, 20 s, … 300 s.
 *
 * @param firstMs the delay before the first, at most `RECHECK_CAP_MS`
 */
export function recheckDelayMs(attempt: number, firstMs = RESEND_FIRST_MS): number {
  return Math.min(RECHECK_CAP_MS, firstMs * 2 ** Math.min(attempt, 30));
}
