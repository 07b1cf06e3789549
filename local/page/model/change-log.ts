/** The latest value of each record, and the order of their changes, so that a reader can catch up from any point. */
export interface ChangeLog<Value> {
  /** The number of the latest change; 0 before the first. */
  sequence(): number;
  get(id: string): Value | undefined;
  put(id: string, value: Value): void;
  remove(id: string): void;
  /**
   * The records that changed after a change, in the order of their latest changes, at most `limit`. Undefined where
   * removals since then are forgotten: the reader has to begin with nothing, at 0.
   */
  since(sequence: number, limit: number): Changes<Value> | undefined;
}

export interface Changes<Value> {
  /** The number of the last change that is in here. */
  readonly sequence: number;
  readonly changed: readonly (readonly [id: string, value: Value])[];
  readonly removed: readonly string[];
}

interface Entry<Value> {
  readonly sequence: number;
  /** Undefined for a record that was removed. */
  readonly value: Value | undefined;
}

/** @param maxRemoved number of removals that are remembered */
export function createChangeLog<Value>(maxRemoved = 2_000): ChangeLog<Value> {
  const entries = new Map<string, Entry<Value>>();
  /** The ids of removed records, the oldest first. */
  const removed = new Set<string>();
  /** Every change in order; a change is outdated where its record has a later one. */
  let order: { readonly sequence: number; readonly id: string }[] = [];
  let sequence = 0;
  let forgottenUpTo = 0;

  function change(id: string, value: Value | undefined): void {
    sequence += 1;
    entries.set(id, { sequence, value });
    order.push({ sequence, id });
    if (order.length > 2 * entries.size + 1_000) order = order.filter(isCurrent);
  }
  const isCurrent = (one: { readonly sequence: number; readonly id: string }) =>
    entries.get(one.id)?.sequence === one.sequence;

  return {
    sequence: () => sequence,
    get: (id) => entries.get(id)?.value,
    put: (id, value) => {
      removed.delete(id);
      change(id, value);
    },
    remove: (id) => {
      if (entries.get(id)?.value === undefined) return;
      change(id, undefined);
      removed.add(id);
      const [oldest] = removed;
      if (removed.size <= maxRemoved || oldest === undefined) return;
      removed.delete(oldest);
      forgottenUpTo = entries.get(oldest)?.sequence ?? forgottenUpTo;
      entries.delete(oldest);
    },
    since: (from, limit) => {
      if (from > sequence || (from > 0 && from < forgottenUpTo)) return undefined;
      const changed: [string, Value][] = [];
      const gone: string[] = [];
      let last = from;
      for (let index = firstAfter(order, from); index < order.length; index += 1) {
        const one = order[index];
        if (one === undefined || changed.length + gone.length >= limit) break;
        last = one.sequence;
        if (!isCurrent(one)) continue;
        const value = entries.get(one.id)?.value;
        if (value === undefined) gone.push(one.id);
        else changed.push([one.id, value]);
      }
      return { sequence: last, changed, removed: gone };
    },
  };
}

/** The index of the first change after `sequence`. */
function firstAfter(order: readonly { readonly sequence: number }[], sequence: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle]?.sequence ?? Infinity) <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
