import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/**
 * Virtual time: what is to happen waits in a queue, and the clock jumps from one to the next. All chance
 * comes from one seed, so a run can be repeated exactly.
 */
export interface World extends Random {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Has something happen later. */
  after(delayMs: number, happen: () => void): void;
  /** Lets everything happen, in order; false when there was still something to come at the end. */
  run(endMs: number, maxEvents: number): Promise<boolean>;
}

interface Event {
  readonly atMs: number;
  /** Of two at the same time, the one that was planned first comes first. */
  readonly order: number;
  readonly happen: () => void;
}

export function createWorld(seed: number, startMs: number): World {
  const random = createRandom(seed);
  const queue = createQueue();
  let nowMs = startMs;
  let order = 0;

  return {
    now: () => nowMs,
    ...random,
    after: (delayMs, happen) => {
      order += 1;
      queue.add({ atMs: nowMs + Math.max(0, delayMs), order, happen });
    },
    run: async (endMs, maxEvents) => {
      for (let count = 0; count < maxEvents; count += 1) {
        const event = queue.take();
        if (event === undefined) return true;
        if (event.atMs > endMs) return false;
        nowMs = event.atMs;
        event.happen();
        // Every promise that this settled is followed to where it waits for the world again.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      return false;
    },
  };
}

/** A binary heap: the earliest comes first. */
function createQueue() {
  const heap: Event[] = [];
  const isBefore = (a: Event, b: Event) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j] as Event, heap[i] as Event];
  };
  return {
    add: (event: Event) => {
      heap.push(event);
      for (let index = heap.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (!isBefore(heap[index] as Event, heap[parent] as Event)) break;
        swap(index, parent);
        index = parent;
      }
    },
    take: (): Event | undefined => {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let index = 0; ;) {
        const children = [2 * index + 1, 2 * index + 2].filter((child) => child < heap.length);
        const [left, right] = children;
        if (left === undefined) break;
        const least =
          right !== undefined && isBefore(heap[right] as Event, heap[left] as Event) ? right : left;
        if (!isBefore(heap[least] as Event, heap[index] as Event)) break;
        swap(index, least);
        index = least;
      }
      return first;
    },
  };
}
