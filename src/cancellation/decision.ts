import { recheckDelayMs, RESEND_FIRST_MS } from '../calls/backoff.ts';
import type { Cancellation, FinishableCancellation } from './cancellation.ts';
import type { Outcome, Verdict } from './outcome.ts';

/**
 * The next step of a cancellation, as a value that `decide.ts` makes and `perform.ts` performs.
 */
export type Decision =
  /** Send the cancel, `POST {name}:cancel` as a rule. */
  | { readonly kind: 'cancel'; readonly cancellation: Cancellation }
  /** Read the operation, `GET {name}`. */
  | { readonly kind: 'get'; readonly cancellation: Cancellation }
  /** Resume the cancellation at a later time, through a delayed message. */
  | ScheduleRecheck
  | Finish<Cancellation>;

export interface ScheduleRecheck {
  readonly kind: 'recheck';
  readonly cancellation: Cancellation;
  /** In milliseconds since the epoch. */
  readonly dueMs: number;
}

/** Publish the result. */
export interface Finish<Finished extends FinishableCancellation = FinishableCancellation> {
  readonly kind: 'finish';
  readonly cancellation: Finished;
  readonly verdict: Verdict;
}

/** The time of a decision, and the schedule that its re-checks follow. */
export interface Timing {
  /** In milliseconds since the epoch. */
  readonly nowMs: number;
  /** The delay before the first re-check of an operation (FIRST_RECHECK_AFTER); each further one takes twice as long. */
  readonly firstRecheckMs: number;
}

/**
 * Resumes after the delay of the schedule, at least after `minimumMs`, and never past the deadline. Only GETs follow
 * `firstRecheckMs`: a POST that is sent again has a schedule of its own, so that a short first re-check hammers no service
 * and a long one keeps no cancel waiting.
 */
export function recheck(
  cancellation: Cancellation,
  { nowMs, firstRecheckMs }: Timing,
  minimumMs = 0,
): ScheduleRecheck {
  const { attempt, delays, step } = cancellation;
  const firstMs = step === 'cancel' ? RESEND_FIRST_MS : firstRecheckMs;
  const delayMs = Math.max(recheckDelayMs(delays, firstMs), minimumMs);
  const dueMs = Math.max(nowMs, Math.min(nowMs + delayMs, cancellation.deadlineMs));
  return {
    kind: 'recheck',
    cancellation: { ...cancellation, attempt: attempt + 1, delays: delays + 1 },
    dueMs,
  };
}

/** Repeats the step when its turn comes. That takes a message, and does not count for the delays of the schedule. */
export function postpone(cancellation: Cancellation, nowMs: number, waitMs: number): ScheduleRecheck {
  const { attempt, postponements } = cancellation;
  return {
    kind: 'recheck',
    cancellation: { ...cancellation, attempt: attempt + 1, postponements: postponements + 1 },
    dueMs: Math.round(nowMs + waitMs),
  };
}

/** Publishes a result. */
export function finish<Finished extends FinishableCancellation>(
  cancellation: Finished,
  outcome: Outcome,
  detail: string,
  { error, operationError, description }: Partial<Omit<Verdict, 'outcome' | 'detail'>> = {},
): Finish<Finished> {
  return {
    kind: 'finish',
    cancellation,
    verdict: {
      outcome,
      detail,
      ...(error !== undefined && { error }),
      ...(operationError !== undefined && { operationError }),
      ...(description !== undefined && { description }),
    },
  };
}
