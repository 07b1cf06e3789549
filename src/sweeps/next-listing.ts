import type { Listing, Sweep } from './sweep.ts';
import type { ListingCursor, SweepRun } from './run-state.ts';

/** The next step of a run. */
export type Next =
  | {
      readonly kind: 'list';
      readonly cursor: ListingCursor;
      readonly listing: Listing;
      readonly run: SweepRun;
    }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'done' };

/**
 * Chooses the next step: the listing that was begun, with each container of its jobs; then those not begun; then those that
 * wait, by their time.
 */
export function nextListing(run: SweepRun, { listings }: Sweep, nowMs: number): Next {
  const listed = (cursor: ListingCursor, rest: SweepRun): Next => {
    const listing = listings[cursor.listing];
    // Of a definition with as many listings, every cursor has one.
    if (listing === undefined) throw new Error(`there is no listing ${cursor.listing}`);
    return { kind: 'list', cursor, listing, run: rest };
  };
  if (run.cursor !== undefined) return listed(run.cursor, { ...run, cursor: undefined });
  const { containers } = run;
  if (containers !== undefined) {
    const { listing, ids, rest } = containers;
    const [container, ...others] = ids;
    if (container !== undefined) {
      const cursor = { listing, container, pages: 0, quietPages: 0, attempt: 0 };
      return listed(cursor, { ...run, containers: { ...containers, ids: others } });
    }
    if (rest !== undefined) return listed(rest, { ...run, containers: undefined });
  }
  if (run.nextIndex < listings.length) {
    return listed(
      { listing: run.nextIndex, pages: 0, quietPages: 0, attempt: 0 },
      { ...run, containers: undefined, nextIndex: run.nextIndex + 1 },
    );
  }
  const [first] = [...run.postponed].sort((a, b) => Date.parse(a.notBefore) - Date.parse(b.notBefore));
  if (first === undefined) return { kind: 'done' };
  const dueMs = Date.parse(first.notBefore);
  if (dueMs > nowMs) return { kind: 'wait', untilMs: dueMs };
  const { listing, container, pageToken, pages, quietPages, cycleMarker, attempt } = first;
  const cursor = { listing, container, pageToken, pages, quietPages, cycleMarker, attempt };
  return listed(cursor, { ...run, postponed: run.postponed.filter((one) => one !== first) });
}
