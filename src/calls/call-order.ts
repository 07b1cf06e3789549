import type { Resource } from '../resources/resource.ts';

/**
 * The order in which the calls of a queue start while the service throttles, as pure functions: the calls first that
 * it probably accepts, and none that waits for ever.
 */

/** The groups of operations that may have a limit of their own, within a project. */
export interface CallGroups {
  readonly location: string;
  /** The resource that the operation belongs to, with the collection. */
  readonly parent: string;
}

/** The groups of an operation, by its name; the region that was asked for is the location of a name without one. */
export function groupsOf({
  fullResourceName,
  region = '',
}: Pick<Resource, 'fullResourceName' | 'region'>): CallGroups {
  const [, location = region] = /\/(?:locations|regions|zones)\/([^/]+)\//.exec(fullResourceName) ?? [];
  return {
    location: `location ${location}`,
    parent: fullResourceName.slice(0, Math.max(0, fullResourceName.lastIndexOf('/'))),
  };
}

/** A call that waits, with what is known of it. */
export interface RankedCall {
  /** Whether its operation was throttled, and not accepted since. */
  readonly isThrottled: boolean;
  /** Whether its location or parent is throttled while others are accepted. */
  readonly isApart: boolean;
  /** How badly the last calls of its groups ended: 0 where all were accepted. */
  readonly troubles: number;
  readonly wasAttempted: boolean;
  /** The number of the last call that started for its location and parent; -1 where there was none. */
  readonly lastOfLocation: number;
  readonly lastOfParent: number;
  /** Since when it waits. */
  readonly sinceMs: number;
}

/** The criteria by which a call is chosen, among equals the longest-waiting or the latest one. */
export type Order = 'best-oldest' | 'best-latest' | 'oldest';

/**
 * The order in which start number `turn` chooses. In each four starts one goes to the call that has waited longest,
 * so that none starves. While nothing moves, the latest call has its chance too: those before it may all be refused.
 */
export function orderOf(turn: number, isStalled: boolean): Order {
  const phase = turn % 4;
  if (phase === 3) return 'oldest';
  return isStalled && phase !== 1 ? 'best-latest' : 'best-oldest';
}

/** Whether `a` starts before `b`. */
export function isBefore(a: RankedCall, b: RankedCall, order: Order): boolean {
  const difference = order === 'oldest' ? 0 : compare(a, b);
  if (difference !== 0) return difference < 0;
  // Of calls that were throttled before, the latest has no better chance.
  const isLatestFirst = order === 'best-latest' && !a.isThrottled;
  return isLatestFirst ? a.sinceMs >= b.sinceMs : a.sinceMs < b.sinceMs;
}

/**
 * First what was never throttled; then groups that are not throttled; then what was never sent; then the groups in
 * turn, the location before the parent.
 */
const compare = (a: RankedCall, b: RankedCall): number =>
  Number(a.isThrottled) - Number(b.isThrottled) ||
  Number(a.isApart) - Number(b.isApart) ||
  a.troubles - b.troubles ||
  Number(a.wasAttempted) - Number(b.wasAttempted) ||
  a.lastOfLocation - b.lastOfLocation ||
  a.lastOfParent - b.lastOfParent;
