/** The time and the timers the broker lives by; a test gives it its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, after the delay, and returns how to call that off. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The real time. Its timers do not keep the process alive: the servers do, until they are closed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
