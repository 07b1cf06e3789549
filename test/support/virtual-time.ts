import type { Clock } from '../../src/ports.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/**
 * The clocks of all tests. None waits in real time: `createFakeClock` moves when the code under test sleeps,
 * `createVirtualTime` when the test says so, and `createWorld` jumps from one event to the next.
 */

export const NOON_MS = Date.parse('2026-11-20T12:00:00.000Z');

/** A clock with timers, which fits the ports of the function and of the emulators. */
interface VirtualTime {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves when the time has moved on by this duration. */
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Calls back once, after the delay, and returns a function that cancels the timer. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** Moves the time forward and runs the timers that fall due, in the order of their time. */
  readonly advance: (byMs: number) => void;
  /**
   * Jumps from timer to timer until none is left, and lets the promises that each one settles run. Returns
   * false when a timer is left that is due after `endMs`, or that would be number `maxEvents + 1`.
   */
  readonly run: (endMs: number, maxEvents: number) => Promise<boolean>;
  /** Milliseconds until each pending timer is due, in ascending order. */
  readonly dueInMs: () => number[];
}

/** Time that a test moves. It starts at the epoch by default. */
export function createVirtualTime(startMs = 0): VirtualTime {
  const timers = createTimerQueue();
  let nowMs = startMs;
  let planned = 0;

  const happen = (timer: Timer) => {
    nowMs = timer.atMs;
    timer.callback();
  };
  const after = (delayMs: number, callback: () => void) => {
    planned += 1;
    const timer = { atMs: nowMs + Math.max(0, delayMs), order: planned, callback, isCancelled: false };
    timers.add(timer);
    return () => void (timer.isCancelled = true);
  };
  return {
    now: () => nowMs,
    sleep: (durationMs) => new Promise<void>((resolve) => void after(durationMs, resolve)),
    after,
    advance: (byMs) => {
      const untilMs = nowMs + byMs;
      for (let next = timers.peek(); next !== undefined && next.atMs <= untilMs; next = timers.peek()) {
        timers.take();
        happen(next);
      }
      nowMs = untilMs;
    },
    run: async (endMs, maxEvents) => {
      for (let count = 0; count < maxEvents; count += 1) {
        const next = timers.take();
        if (next === undefined) return true;
        if (next.atMs > endMs) return false;
        happen(next);
        // Lets the promises that this settled run until they wait for the time again.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      return false;
    },
    dueInMs: () => timers.all().map(({ atMs }) => atMs - nowMs),
  };
}

/** A clock whose `sleep` moves the time at once instead of waiting. `slept` has each duration. */
export function createFakeClock(startMs = NOON_MS) {
  const { now, advance } = createVirtualTime(startMs);
  const slept: number[] = [];
  return {
    slept,
    advance,
    now,
    sleep: (durationMs: number) => {
      slept.push(durationMs);
      advance(durationMs);
      return Promise.resolve();
    },
  } satisfies Clock & Record<string, unknown>;
}

/** Virtual time, and random numbers from one seed: a run can be repeated exactly. */
export type World = VirtualTime & Random;

export const createWorld = (seed: number, startMs: number): World => ({
  ...createVirtualTime(startMs),
  ...createRandom(seed),
});

interface Timer {
  readonly atMs: number;
  /** The order in which timers of the same time run. */
  readonly order: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

const isBefore = (a: Timer, b: Timer) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap with the earliest timer at its top. Cancelled timers are dropped when they get there. */
function createTimerQueue() {
  const heap: Timer[] = [];
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j] as Timer, heap[i] as Timer];
  };
  const removeFirst = (): Timer | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2].filter((child) => child < heap.length);
      if (left === undefined) break;
      const least = right !== undefined && isBefore(heap[right] as Timer, heap[left] as Timer) ? right : left;
      if (!isBefore(heap[least] as Timer, heap[index] as Timer)) break;
      swap(index, least);
      index = least;
    }
    return first;
  };
  const peek = () => {
    while (heap[0]?.isCancelled === true) removeFirst();
    return heap[0];
  };
  return {
    add: (timer: Timer) => {
      heap.push(timer);
      for (let index = heap.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (!isBefore(heap[index] as Timer, heap[parent] as Timer)) break;
        swap(index, parent);
        index = parent;
      }
    },
    peek,
    take: () => (peek() === undefined ? undefined : removeFirst()),
    all: () => heap.filter(({ isCancelled }) => !isCancelled).sort((a, b) => (isBefore(a, b) ? -1 : 1)),
  };
}
