/**
 * The times at which postponed calls return: one after the other at the learned rate, a little faster, so that they find
 * a short queue rather than a gap; where the rate is a guess, at random times.
 */
export interface ReturnTimes {
  /** The time at which a call returns, in milliseconds since the epoch; undefined for one that cannot wait any longer. */
  next(call: PostponedCall, queue: QueueOutlook): number | undefined;
}

/** As in `CallRequest`. */
interface PostponedCall {
  readonly deadlineMs: number;
  readonly postponements: number;
  readonly wasAttempted: boolean;
}

/** The queue as a postponed call leaves it. */
interface QueueOutlook {
  readonly nowMs: number;
  /** The time for which calls are paused. */
  readonly pausedForMs: number;
  /** The time until the queue has served all calls that wait. */
  readonly queuedForMs: number;
  /** The rate in calls per second, where it is measured. */
  readonly perSecond: number | undefined;
}

/** A first attempt can wait until this long before its deadline; if it was postponed before, until the longer time. */
const FIRST_ATTEMPT_MS = 2_000;
const POSTPONED_FIRST_ATTEMPT_MS = 22_000;
/** Postponed calls return at the learned rate times this factor. */
const RETURN_RATE_FACTOR = 1.1;
/**
 * A postponed call returns within this time where the rate is measured, and at a random time around it (± half) where the
 * rate is a guess, unless calls are paused for longer. By then another instance may have room, or the rate may have
 * changed. After some postponements the time doubles with each, a few times.
 */
export const RETURN_DELAY_MS = 20_000;
const POSTPONEMENTS_BEFORE_DOUBLING = 2;
const MAX_DOUBLINGS = 3;

/** @param random a number from 0 (inclusive) to 1 (exclusive) */
export function createReturnTimes(random: () => number): ReturnTimes {
  /** The return time that was given last at a measured rate. */
  let lastMs = 0;

  /** After the one before, at a measured rate; otherwise at a random time. */
  function undisturbedMs(postponements: number, queue: QueueOutlook): number {
    const { nowMs, pausedForMs, queuedForMs, perSecond } = queue;
    const doublings = Math.min(Math.max(0, postponements - POSTPONEMENTS_BEFORE_DOUBLING), MAX_DOUBLINGS);
    const latestMs = nowMs + Math.max(RETURN_DELAY_MS * 2 ** doublings, pausedForMs);
    if (perSecond !== undefined) {
      const nextMs = Math.max(lastMs, nowMs + queuedForMs) + 1_000 / (perSecond * RETURN_RATE_FACTOR);
      if (nextMs <= latestMs) return (lastMs = nextMs);
    }
    return latestMs + (random() - 0.5) * RETURN_DELAY_MS;
  }

  return {
    next: ({ deadlineMs, postponements, wasAttempted }, queue) => {
      const { nowMs } = queue;
      const lastCallMs = wasAttempted ? 0 : postponements > 0 ? POSTPONED_FIRST_ATTEMPT_MS : FIRST_ATTEMPT_MS;
      if (nowMs >= deadlineMs - lastCallMs) return undefined;
      const atMs = undisturbedMs(postponements, queue);
      // Calls whose deadlines are the same return at different times shortly before them.
      const lastReturnsMs = Math.max(nowMs, deadlineMs - POSTPONED_FIRST_ATTEMPT_MS);
      const latestMs = deadlineMs - (wasAttempted ? 0 : FIRST_ATTEMPT_MS);
      const spreadMs = lastReturnsMs + random() * (latestMs - lastReturnsMs);
      return atMs < lastReturnsMs ? atMs : spreadMs;
    },
  };
}
