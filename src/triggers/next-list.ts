import type { Listing, Sweep } from './sweep.ts';
import type { Place, SweepRun } from './sweep-run.ts';

/** What a run does next. */
export type Next =
  | { readonly kind: 'list'; readonly place: Place; readonly listing: Listing; readonly run: SweepRun }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'done' };

/** What comes next: the listing that is under way, then those not begun, then those that wait, in their order. */
export function chooseNext(run: SweepRun, { listings }: Sweep, nowMs: number): Next {
  const listed = (place: Place, rest: SweepRun): Next => {
    const listing = listings[place.listing];
    // Of a definition with as many listings, every place has one.
    if (listing === undefined) throw new Error(`there is no listing ${place.listing}`);
    return { kind: 'list', place, listing, run: rest };
  };
  if (run.place !== undefined) return listed(run.place, { ...run, place: undefined });
  if (run.fresh < listings.length) {
    return listed({ listing: run.fresh, pages: 0, attempt: 0 }, { ...run, fresh: run.fresh + 1 });
  }
  const [first] = [...run.postponed].sort((a, b) => Date.parse(a.notBefore) - Date.parse(b.notBefore));
  if (first === undefined) return { kind: 'done' };
  const dueMs = Date.parse(first.notBefore);
  if (dueMs > nowMs) return { kind: 'wait', untilMs: dueMs };
  const { listing, pageToken, pages, mark, attempt } = first;
  const place = { listing, pageToken, pages, mark, attempt };
  return listed(place, { ...run, postponed: run.postponed.filter((one) => one !== first) });
}
