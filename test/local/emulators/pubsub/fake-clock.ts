import type { Clock } from '../../../../local/emulators/pubsub/broker/clock.ts';

/** A clock that a test moves, and that tells how many timers are pending. */
export interface FakeClock extends Clock {
  /** Moves the time on, and calls back what falls due, in the order of its time. */
  advance(ms: number): void;
  pendingTimers(): number;
  /** How long each of them has yet to run. */
  dueInMs(): number[];
}

/** A clock that stands at the epoch's beginning. */
export function createFakeClock(): FakeClock {
  const timers = new Set<{ dueMs: number; callback: () => void }>();
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { dueMs: nowMs + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = [...timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (due === undefined) break;
        timers.delete(due);
        nowMs = due.dueMs;
        due.callback();
      }
      nowMs = untilMs;
    },
    pendingTimers: () => timers.size,
    dueInMs: () => [...timers].map(({ dueMs }) => dueMs - nowMs),
  };
}
