/**
 * Virtual time: what is to happen waits in a queue, and the clock jumps from one to the next. All chance
 * comes from one seed, so a run can be repeated exactly.
 */
export interface World {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
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
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));

  return {
    now: () => nowMs,
    random,
    chance: (probability) => probability > 0 && random() < probability,
    between,
    pick: (list) => list[between(0, list.length - 1)] ?? list[0],
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

/** Mulberry32: small, fast, and even enough for this. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
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
