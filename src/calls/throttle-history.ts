import type { StartedCall } from './adaptive-rate.ts';
import type { CallGroups } from './call-order.ts';

/**
 * Remembers what a service throttled: operations, and the groups (locations, parents) whose operations it throttles.
 *
 * A group is *apart* when its last operations were all throttled, at least four, and a call of another group was
 * accepted that was sent later: then the limit is that of the group, and not of the project. It stays apart until one
 * of its own calls is accepted.
 */
export interface ThrottleHistory {
  /** Whether the operation was throttled, and not accepted since. */
  isThrottled(operation: string): boolean;
  /** For each group 0 if its last call was accepted, 2 if it was throttled or failed, 1 if it had none; added up. */
  troubles(groups: CallGroups): number;
  isApart(groups: CallGroups): boolean;
  hasApart(): boolean;
  afterThrottle(operation: string, groups: CallGroups, nowMs: number): void;
  /** No response came, or one that says nothing about the rate. */
  afterFailure(groups: CallGroups): void;
  afterAccept(operation: string, groups: CallGroups, call: StartedCall): void;
  isEmpty(): boolean;
}

/** The number of operations, and of groups, that are remembered. */
const MAX_REMEMBERED = 2_000;
/** A group may be apart after this number of throttled operations in a row. */
const MIN_THROTTLED_APART = 4;

export function createThrottleHistory(): ThrottleHistory {
  /** The oldest first, here and below. */
  const operations = new Set<string>();
  /** The number of operations of a group that were throttled in a row. */
  const streaks = new Map<string, number>();
  /** The groups that may be apart, and the time since which they may. */
  const suspects = new Map<string, number>();
  const apart = new Set<string>();
  /** The groups whose last call was accepted, or failed. */
  const accepted = new Set<string>();
  const failed = new Set<string>();

  const forget = (group: string) => {
    streaks.delete(group);
    suspects.delete(group);
    apart.delete(group);
  };
  const troublesOf = (group: string) =>
    streaks.has(group) || failed.has(group) ? 2 : accepted.has(group) ? 0 : 1;
  return {
    isThrottled: (operation) => operations.has(operation),
    troubles: ({ location, parent }) => troublesOf(location) + troublesOf(parent),
    isApart: ({ location, parent }) => apart.has(location) || apart.has(parent),
    hasApart: () => apart.size > 0,
    isEmpty: () => operations.size === 0 && streaks.size === 0 && failed.size === 0,
    afterThrottle: (operation, { location, parent }, nowMs) => {
      if (operations.has(operation)) return;
      remember(operations, operation);
      for (const group of [location, parent]) {
        accepted.delete(group);
        const count = (streaks.get(group) ?? 0) + 1;
        streaks.set(group, count);
        if (count === MIN_THROTTLED_APART) suspects.set(group, nowMs);
        const [first] = streaks.keys();
        if (streaks.size > MAX_REMEMBERED && first !== undefined) forget(first);
      }
    },
    afterFailure: ({ location, parent }) => {
      for (const group of [location, parent]) {
        accepted.delete(group);
        remember(failed, group);
      }
    },
    afterAccept: (operation, { location, parent }, { startMs }) => {
      operations.delete(operation);
      for (const group of [location, parent]) {
        forget(group);
        failed.delete(group);
        remember(accepted, group);
      }
      for (const [group, sinceMs] of suspects) {
        if (startMs <= sinceMs) continue;
        suspects.delete(group);
        apart.add(group);
      }
    },
  };
}

/** Adds to a set, and drops its oldest entry where it is full. */
function remember(set: Set<string>, key: string): void {
  set.add(key);
  const [oldest] = set;
  if (set.size > MAX_REMEMBERED && oldest !== undefined) set.delete(oldest);
}
