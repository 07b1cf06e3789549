import type { StartedCall } from './adaptive-rate.ts';

/**
 * The calls of one queue that are under way. Their number is bounded, and the bound grows with each accepted call. A
 * call that has no response after a second is overdue and no longer counts for that bound: calls that hang until
 * their timeout do not hold up others. All calls together have a much higher bound.
 */
export interface InFlight {
  /** The time until there is room for one more call: 0 for now, Infinity for "after another has ended". */
  delayMs(nowMs: number): number;
  start(call: StartedCall): void;
  /** A call has ended. The service accepted it if `isAccepted`. */
  end(call: StartedCall, isAccepted: boolean): void;
  /** Sets the bound back to the initial one. */
  reset(): void;
  isEmpty(): boolean;
  /** Whether a call is overdue. */
  hasOverdue(): boolean;
}

/** The number of calls that start before the first is answered. */
export const INITIAL_CONCURRENCY = 64;
const MAX_CONCURRENCY = 512;
/** Bounds the calls under way, overdue ones included; the agents of `google/http.ts` have as many sockets. */
const MAX_IN_FLIGHT = 1_024;
const OVERDUE_AFTER_MS = 1_000;
/** After this time without calls the bound is the initial one again. */
const REST_MS = 10_000;

export function createInFlight(): InFlight {
  /** In the order of their starts. */
  const prompt = new Set<StartedCall>();
  const overdue = new Set<StartedCall>();
  let maxPrompt = INITIAL_CONCURRENCY;
  let lastStartMs = -Infinity;

  const isEmpty = () => prompt.size === 0 && overdue.size === 0;
  return {
    isEmpty,
    hasOverdue: () => overdue.size > 0,
    reset: () => {
      maxPrompt = INITIAL_CONCURRENCY;
    },
    delayMs: (nowMs) => {
      if (isEmpty() && nowMs - lastStartMs > REST_MS) maxPrompt = INITIAL_CONCURRENCY;
      if (prompt.size + overdue.size >= MAX_IN_FLIGHT) return Infinity;
      for (const call of prompt) {
        const dueInMs = call.startMs + OVERDUE_AFTER_MS - nowMs;
        // A clock that was set back makes no call wait longer.
        if (dueInMs > 0) return prompt.size < maxPrompt ? 0 : Math.min(dueInMs, OVERDUE_AFTER_MS);
        prompt.delete(call);
        overdue.add(call);
      }
      return 0;
    },
    start: (call) => {
      prompt.add(call);
      lastStartMs = call.startMs;
    },
    end: (call, isAccepted) => {
      if (!prompt.delete(call)) overdue.delete(call);
      if (isAccepted) maxPrompt = Math.min(maxPrompt + 1, MAX_CONCURRENCY);
    },
  };
}
