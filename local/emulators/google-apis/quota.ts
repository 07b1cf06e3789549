/**
 * The kinds of calls with a quota of their own: Google counts cancels, which are writes, apart from reads.
 */
export type QuotaCalls = 'cancels' | 'reads';

/** Every {@link QuotaCalls}, for tables and for input. */
export const QUOTA_CALLS = ['cancels', 'reads'] as const satisfies QuotaCalls[];

/** The quota of one host of a service for one kind of call. */
export interface QuotaScript {
  /** `reads` are the GETs of operations and of their lists. */
  readonly calls: QuotaCalls;
  /** More than 0, and not always whole: a quota of 6 a minute is 0.1. */
  readonly perSecond: number;
  /**
   * Length of the window of a quota that refills all at once, at each window's end: 60,000 for a quota a
   * minute. The first window begins when the quota is added. Absent for a bucket that refills continuously
   * and holds one second's calls.
   */
  readonly windowMs?: number;
  /**
   * Whether a 429 tells in `Retry-After` when there is room again. Most of Google's APIs do not. Default
   * true.
   */
  readonly retryAfter?: boolean;
}

/** Takes one call if there is room, which is 0; or else takes none, and says in how many ms there will be. */
export type Meter = (nowMs: number) => number;

/** Counts from `startMs` on, when the quota is unspent. At least one call always fits. */
export function createMeter({ perSecond, windowMs }: QuotaScript, startMs: number): Meter {
  if (windowMs === undefined) return tokenBucket(perSecond, startMs);
  return fixedWindow(Math.max(1, Math.round((perSecond * windowMs) / 1000)), windowMs, startMs);
}

const TOKEN = 1000;

/** Counts in thousandths of a token: each ms brings `perSecond` of them, so that no rounding adds up. */
function tokenBucket(perSecond: number, startMs: number): Meter {
  const full = Math.max(1, perSecond) * TOKEN;
  let left = full;
  let filledMs = startMs;
  return (nowMs) => {
    left = Math.min(full, left + Math.max(0, nowMs - filledMs) * perSecond);
    filledMs = Math.max(filledMs, nowMs);
    if (left < TOKEN) return (TOKEN - left) / perSecond;
    left -= TOKEN;
    return 0;
  };
}

function fixedWindow(limit: number, windowMs: number, startMs: number): Meter {
  let window = 0;
  let taken = 0;
  return (nowMs) => {
    const current = Math.floor((nowMs - startMs) / windowMs);
    if (current > window) [window, taken] = [current, 0];
    if (taken >= limit) return startMs + (window + 1) * windowMs - nowMs;
    taken += 1;
    return 0;
  };
}
