import type { CallResult } from '../resources/response.ts';

/**
 * How fast a service may be asked, learned from what it refuses, so that calls back off together, and not each for itself.
 * Knows no clock: it is told the time, in milliseconds since the epoch.
 *
 * Nothing is held back until the service refuses several operations, except that no more than so many calls begin before
 * the first of them are answered. Then the way is closed for as long as the service asks, a second at first and longer
 * when it refuses again; after that one call tries, and the others follow at the rate that was taken before. An operation
 * that is refused again and again is a matter of its own: it holds up no other.
 */
export interface AdaptiveRate {
  /** How long until a call may begin; 0 for now, Infinity for "when another has ended". */
  waitMs(nowMs: number): number;
  /** Calls a second that may begin; Infinity as long as nothing was refused. */
  perSecond(nowMs: number): number;
  /** What was refused last; undefined when nothing holds calls back. */
  readonly lastRefusal: Throttled | undefined;
  /** Whether the rate was measured between two refusals, or is a first guess. */
  readonly isMeasured: boolean;
  /** Whether no call is under way and nothing was learned. */
  isIdle(nowMs: number): boolean;
  /** A call for an operation begins. */
  begin(operation: string, nowMs: number): End;
}

/** To be called when a call has ended; gives whether that closed the way. */
export type End = (meaning: CallResult, nowMs: number) => boolean;

export type Throttled = Extract<CallResult, { kind: 'retryable' }>;

/** As many calls as begin before any is answered, after a while without calls. */
export const FIRST_IN_FLIGHT = 64;
const MOST_IN_FLIGHT = 512;
/** The rate of what is taken is that of so much time at most. */
const WINDOW_MS = 10_000;
/** The answers that tell whether it is the service that refuses: so many of the last, and none that is older. */
const LATELY = 32;
const LATELY_MS = 10_000;
/** So many operations have to be refused, and one in so many of the last answers be a refusal … */
const ENOUGH_AT_FIRST = 4;
const ONE_IN = 4;
/** … or so many, once it is known that the service refuses. */
const ENOUGH = 2;
/** How many operations that were refused are remembered. */
const MOST_REMEMBERED = 2_000;

/** The way is closed for no longer than this, whatever the service asks: its answer was for one request. */
const LONGEST_CLOSURE_MS = 60_000;
const SHORTEST_CLOSURE_MS = 1_000;
/** Instances that were refused together do not come back together. */
const JITTER = 0.2;
/** After so long without a refusal, nothing is known any more. */
const FORGET_MS = 60_000;
const LEAST_PER_SECOND = 1;
/** What was sent when the refusal came was too much, but not by more than so much. */
const LEAST_OF_REFUSED = 0.8;
/** A timer that is late does not slow the calls: so much is made up for. */
const CATCH_UP_MS = 50;

/** A call that has begun. */
interface Begun {
  readonly operation: string;
  readonly beganMs: number;
  /** What it tries, where it is the one that tries whether the way is open. */
  readonly probed: Learned | undefined;
}

/** What was taken in a time. */
interface Period {
  readonly sinceMs: number;
  taken: number;
}

/** What is known once something was refused. */
interface Learned {
  readonly refusal: Throttled;
  /** For how long the service asked to be left alone; 0 where it did not say. */
  readonly askedMs: number;
  readonly closedMs: number;
  closedUntilMs: number;
  /** Refusals in a row. */
  readonly refusals: number;
  /** Closed, and then open for one call, until that is taken. */
  isHalfOpen: boolean;
  isProbing: boolean;
  /** Whether one that tried was refused, and may have been a case of its own. */
  hasFailed: boolean;
  /** Calls a second, when the way opens. */
  base: number;
  readonly isMeasured: boolean;
  /** What the first refusal ended: counts on until the way opens, because answers come in any order. */
  readonly burst: Period;
  /** What the next refusal measures. */
  readonly sinceRefusal: Period;
  /** For how long of it a call might have begun, and none came. */
  idleMs: number;
  /** When the next call may begin. */
  nextMs: number;
}

export function createAdaptiveRate(random: () => number): AdaptiveRate {
  let inFlight = 0;
  let mostInFlight = FIRST_IN_FLIGHT;
  let lastBeganMs = -Infinity;
  /** As long as nothing was refused: what was taken lately. */
  let window: Period = { sinceMs: -Infinity, taken: 0 };
  let learned: Learned | undefined;
  /** When the last calls were answered; with what was asked for, for a refusal. */
  let lately: { readonly atMs: number; readonly askedMs?: number }[] = [];
  const refusedBefore = new Set<string>();

  const note = (answered: (typeof lately)[number]) => {
    lately.push(answered);
    if (lately.length > LATELY) lately.shift();
  };

  /** Whether it is the service that refuses, and not one operation or another. */
  const isService = (nowMs: number): boolean => {
    const known = lately.filter(({ atMs }) => nowMs - atMs <= LATELY_MS);
    const refusals = known.filter(({ askedMs }) => askedMs !== undefined).length;
    if (learned !== undefined) return refusals >= ENOUGH;
    return refusals >= ENOUGH_AT_FIRST && refusals * ONE_IN >= known.length;
  };

  /**
   * From a measured rate it goes up slowly at first, and then ever faster, so that a limit that was raised is found
   * and one that was not is rarely met; a guess is left quickly.
   */
  const perSecond = (atMs: number): number => {
    if (learned === undefined) return Infinity;
    // Only what is made use of shows whether there is more.
    const openFor =
      Math.max(0, atMs - learned.closedUntilMs - learned.idleMs - idleFor(learned, atMs)) / 1_000;
    return learned.base * (learned.isMeasured ? 0.95 + 0.02 * openFor + 0.003 * openFor ** 2 : 2 ** openFor);
  };

  const forgetOld = (nowMs: number) => {
    // The clock was set back.
    if (learned !== undefined && learned.closedUntilMs > nowMs + LONGEST_CLOSURE_MS)
      learned.closedUntilMs = nowMs;
    if (learned !== undefined && learned.nextMs > nowMs + 1_000 / LEAST_PER_SECOND) learned.nextMs = nowMs;
    if (inFlight === 0 && nowMs - lastBeganMs > WINDOW_MS) mostInFlight = FIRST_IN_FLIGHT;
    if (learned !== undefined && !learned.isHalfOpen && nowMs - learned.closedUntilMs > FORGET_MS) {
      learned = undefined;
      mostInFlight = FIRST_IN_FLIGHT;
    }
    if (learned === undefined && nowMs - window.sinceMs > WINDOW_MS) {
      window = { sinceMs: nowMs, taken: 0 };
    }
  };

  function refused(refusal: Throttled, { operation, beganMs, probed }: Begun, nowMs: number): boolean {
    const isKnown = refusedBefore.has(operation);
    remember(operation);
    const ownMs = Math.min(refusal.minimumWaitMs, LONGEST_CLOSURE_MS);
    if (learned !== undefined && beganMs < learned.closedUntilMs) {
      // It was under way when others were refused: the same once more.
      const longerMs = Math.min(
        nowMs + Math.min(ownMs, learned.askedMs),
        learned.closedMs + LONGEST_CLOSURE_MS,
      );
      learned.closedUntilMs = Math.max(learned.closedUntilMs, longerMs);
      return false;
    }
    if (!isKnown) note({ atMs: nowMs, askedMs: ownMs });
    if (probed === undefined || probed !== learned) {
      if (!isService(nowMs)) return false;
    } else if (isKnown && !probed.hasFailed) {
      // It may be its own fault: another tries.
      probed.hasFailed = true;
      return false;
    }
    // One of them may have asked for a time of its own.
    const asked = [...lately.flatMap((one) => one.askedMs ?? []), ...(isKnown ? [ownMs] : [])];
    const shortestMs = Math.min(...asked.filter((ms) => ms > 0), Infinity);
    lately = [];
    const refusals = learned?.isHalfOpen === true ? learned.refusals + 1 : 1;
    // A long time is believed little by little: those that asked for it may be cases of their own.
    const isAsked = shortestMs < Infinity;
    const growth = Math.min((isAsked ? 4 : 2) ** (refusals - 1), LONGEST_CLOSURE_MS);
    const askedMs = Math.min(isAsked ? shortestMs : Infinity, SHORTEST_CLOSURE_MS * growth);
    const closureMs = Math.min(askedMs * (1 + JITTER * random()), LONGEST_CLOSURE_MS);
    const closed = {
      refusal,
      askedMs: isAsked ? askedMs : 0,
      closedMs: nowMs,
      closedUntilMs: nowMs + closureMs,
      refusals,
      isHalfOpen: true,
      isProbing: false,
      hasFailed: false,
      nextMs: 0,
    };
    const sinceRefusal = { sinceMs: nowMs, taken: 0 };
    if (learned === undefined) {
      learned = { ...closed, base: 0, isMeasured: false, burst: window, sinceRefusal, idleMs: 0 };
      learned.base = guessOf(learned);
    } else if (learned.sinceRefusal.taken === 0) {
      // Nothing was taken since the one before: this says only that it was too early still.
      learned = { ...learned, ...closed };
    } else {
      learned = { ...learned, ...closed, ...measured(learned, beganMs, nowMs), sinceRefusal, idleMs: 0 };
    }
    return true;
  }

  /** There was no refusal before the first: what was taken lately has to do, spread over the time until the way opens. */
  function guessOf({ burst, closedUntilMs }: Learned): number {
    return Math.max(LEAST_PER_SECOND, (burst.taken * 1_000) / Math.max(1, closedUntilMs - burst.sinceMs));
  }

  /**
   * A bucket of tokens is empty at each refusal, and a quota of a minute used up: what was taken in between is what the
   * service gives in that time. A bucket that was full in between gave less than it could have, so what was sent when
   * it was empty counts too.
   */
  function measured(
    { sinceRefusal: { sinceMs, taken }, idleMs }: Learned,
    beganMs: number,
    nowMs: number,
  ): Pick<Learned, 'base' | 'isMeasured'> {
    const elapsedMs = nowMs - sinceMs;
    const busyMs = Math.max(1, elapsedMs - idleMs);
    // Where calls came too slowly to meet the limit, it may be anywhere above.
    const isMeasured = busyMs > elapsedMs / 2;
    const sent = isMeasured ? LEAST_OF_REFUSED * perSecond(beganMs) : 0;
    return { base: Math.max(LEAST_PER_SECOND, (taken * 1_000) / busyMs, sent), isMeasured };
  }

  function remember(operation: string): void {
    refusedBefore.add(operation);
    const [oldest] = refusedBefore;
    if (refusedBefore.size > MOST_REMEMBERED && oldest !== undefined) refusedBefore.delete(oldest);
  }

  function taken({ operation, beganMs, probed }: Begun, nowMs: number): void {
    refusedBefore.delete(operation);
    note({ atMs: nowMs });
    if (mostInFlight < MOST_IN_FLIGHT) mostInFlight += 1;
    if (learned === undefined) {
      window.taken += 1;
      return;
    }
    const isLate = !learned.isMeasured && beganMs < learned.closedUntilMs;
    (isLate ? learned.burst : learned.sinceRefusal).taken += 1;
    if (probed !== learned) return;
    learned.isHalfOpen = false;
    if (!learned.isMeasured) learned.base = Math.max(learned.base, guessOf(learned));
  }

  return {
    perSecond,
    get lastRefusal() {
      return learned?.refusal;
    },
    get isMeasured() {
      return learned?.isMeasured ?? false;
    },
    isIdle: (nowMs) => {
      forgetOld(nowMs);
      return inFlight === 0 && learned === undefined;
    },
    waitMs: (nowMs) => {
      forgetOld(nowMs);
      if (inFlight >= mostInFlight) return Infinity;
      if (learned === undefined) return 0;
      if (learned.closedUntilMs > nowMs) return learned.closedUntilMs - nowMs;
      if (learned.isHalfOpen) return learned.isProbing ? Infinity : 0;
      return Math.max(0, learned.nextMs - nowMs);
    },
    begin: (operation, nowMs) => {
      forgetOld(nowMs);
      inFlight += 1;
      lastBeganMs = nowMs;
      const probed = learned?.isHalfOpen === true ? learned : undefined;
      if (probed !== undefined) probed.isProbing = true;
      if (learned !== undefined) {
        const eachMs = 1_000 / perSecond(nowMs);
        learned.idleMs += idleFor(learned, nowMs);
        learned.nextMs = Math.max(learned.nextMs, nowMs - CATCH_UP_MS) + eachMs;
      }
      return (meaning, endMs) => {
        inFlight -= 1;
        if (probed !== undefined) probed.isProbing = false;
        const begun = { operation, beganMs: nowMs, probed };
        if (isRefusal(meaning)) return refused(meaning, begun, endMs);
        if (isTaken(meaning)) taken(begun, endMs);
        return false;
      };
    },
  };
}

/** For how long a call might have begun by now. */
const idleFor = ({ nextMs, closedUntilMs }: Learned, nowMs: number) =>
  Math.max(0, nowMs - Math.max(nextMs, closedUntilMs));

/**
 * Whether the service takes no more calls at present: 429, and 503 where it says for how long (RFC 9110, 15.6.4). A quota
 * that does not refill soon and a connection that failed say nothing of how fast it may be asked.
 */
const isRefusal = (meaning: CallResult): meaning is Throttled =>
  meaning.kind === 'retryable' &&
  !meaning.quotaExhausted &&
  meaning.error.httpStatus !== undefined &&
  (meaning.error.httpStatus !== 503 || meaning.minimumWaitMs > 0);

/** Whether the service dealt with it, whatever it thinks of it. */
const isTaken = (meaning: CallResult): boolean =>
  meaning.kind === 'ok' || (meaning.kind === 'failed' && (meaning.error.httpStatus ?? 500) < 500);
