import { valueFailure } from '../validation/failure.ts';

/** An upper bound of the difference between the clocks of two machines. */
export const CLOCK_SKEW_MS = 60_000;

/**
 * Reads the times of a delayed message: when it is due, and when the work that it carries has to end. Both are in
 * milliseconds since the epoch. Times that this system does not write are refused, so that a forged message cannot be
 * delayed for ever.
 *
 * @param maxAheadMs the longest time until a deadline; `maxAhead` says it in words
 * @throws Failure `ValueError` that names the field
 */
export function readDelay(
  { notBefore, deadline }: { readonly notBefore: string; readonly deadline: string },
  nowMs: number,
  { maxAheadMs, maxAhead }: { readonly maxAheadMs: number; readonly maxAhead: string },
): { readonly dueMs: number; readonly deadlineMs: number } {
  const dueMs = Date.parse(notBefore);
  const deadlineMs = Date.parse(deadline);
  if (deadlineMs > nowMs + maxAheadMs + CLOCK_SKEW_MS) {
    throw valueFailure('deadline', `must be at most ${maxAhead} ahead`);
  }
  if (dueMs > Math.max(deadlineMs, nowMs) + CLOCK_SKEW_MS) {
    throw valueFailure('notBefore', 'must not be after the deadline');
  }
  return { dueMs, deadlineMs };
}
