import type { ErrorReport } from '../resources/response.ts';
import {
  growthFactor,
  guessedRate,
  isServiceThrottling,
  MAX_PAUSE_MS,
  MAX_RECENT_RESPONSES,
  measuredRate,
  MIN_RATE,
  pauseLength,
} from './control-law.ts';
import type { AcceptedCalls, RecentResponse } from './control-law.ts';

/**
 * The rate at which calls to one service are sent, learned from the calls that it throttles (429), so that
 * all calls back off together instead of each for itself. Values and pure transitions: the queue holds the
 * current value, and passes the time (milliseconds since the epoch) and chance.
 *
 * At first the rate is `unlimited`. Once several operations are throttled, calls are `paused`. When the pause is
 * over, one call probes (`probing`): if it is throttled too, a longer pause follows; if it is accepted, the others
 * follow at a `limited` rate, which grows until calls are throttled again. After a minute without throttling the
 * rate is unlimited again. `control-law.ts` has the numbers.
 *
 *     unlimited ─ throttled ─▶ paused ─ started ─▶ probing ─ accepted ─▶ limited ─ 60 s ─▶ unlimited
 *                                ▲────── throttled ───┘                     │
 *                                └────────────── throttled ─────────────────┘
 *
 * An operation that is throttled again and again may have a limit of its own: it counts once, and when it is the
 * probe, another call probes before calls are paused again.
 *
 * A pause says nothing certain of operations that were never throttled: the limit may be that of others. Therefore
 * some of them are sent on trial while calls are paused. A trial that is throttled changes nothing; one that is
 * accepted ends the pause.
 */
export type AdaptiveRate = Unlimited | Throttling;
type Throttling = Paused | Probing | Limited;

interface Unlimited {
  readonly kind: 'unlimited';
  readonly recentResponses: readonly RecentResponse[];
  /** The calls accepted within `WINDOW_MS`, from which the first rate is guessed. */
  readonly recentlyAccepted: AcceptedCalls;
}

/** No call starts until `pausedUntilMs`; the first one after it is the probe. */
interface Paused extends Throttled {
  readonly kind: 'paused';
  readonly probe: undefined;
}

/** One call shows whether the service accepts calls again (a circuit breaker calls this half-open); no other starts. */
interface Probing extends Throttled {
  readonly kind: 'probing';
  readonly probe: StartedCall;
}

/** Calls start at a rate that grows with time. */
interface Limited extends Throttled {
  readonly kind: 'limited';
  readonly probe: undefined;
}

interface Throttled {
  readonly recentResponses: readonly RecentResponse[];
  /** The last pause. */
  readonly pause: Pause;
  /** Its end. Stragglers, calls that were sent before it and are throttled, put it off. */
  readonly pausedUntilMs: number;
  /** Whether a probe was throttled whose operation may have a limit of its own. */
  readonly hasProbeFailed: boolean;
  /** The rate at the end of the pause, in calls per second; it has grown since by `growthFactor`. */
  readonly basePerSecond: number;
  /** Whether that rate was measured between two throttles; otherwise it is a guess. */
  readonly isMeasured: boolean;
  /** The calls accepted before the first pause, stragglers included: the base of the guess. */
  readonly acceptedBefore: AcceptedCalls;
  /** The calls accepted since the last throttle: the next one measures the rate from them. */
  readonly acceptedSince: AcceptedCalls;
  /** The part of the time since the last throttle in which a call could have started and none came. */
  readonly idleMs: number;
  readonly nextStartMs: number;
}

interface Pause {
  readonly startMs: number;
  /** The error with which the service throttled the call that began it. */
  readonly error: ErrorReport;
  /** The part of its length that the service asked for; 0 where it named no wait. */
  readonly requestedMs: number;
  /** How many pauses there were in a row, this one included. */
  readonly count: number;
}

/** A call that has started; compared by identity. */
export interface StartedCall {
  readonly startMs: number;
  /** Whether it was sent out of turn, to learn whether the service accepts this operation while it throttles others. */
  readonly isTrial: boolean;
}

/** A response by which the service throttled a call. */
export interface Throttle {
  readonly error: ErrorReport;
  /** The wait that the service asked for; 0 where it named none. */
  readonly requestedWaitMs: number;
  /** Whether the same operation was throttled before, and not accepted since. */
  readonly isRepeated: boolean;
}

/** The window for counting accepted calls. */
const WINDOW_MS = 10_000;
/** Time without throttling after which the rate is unlimited again. */
const FORGET_AFTER_MS = 60_000;
/** A timer that fires late does not slow the calls: up to this much is made up for. */
const MAX_CATCH_UP_MS = 50;
/** A probe without a response for this long is followed by another one. */
const PROBE_PATIENCE_MS = 2_500;
/** Trials begin when calls have been paused for this long: a first pause, of a second, is over by then. */
const MIN_PAUSED_BEFORE_TRIAL_MS = 2_000;

export const INITIAL_RATE: AdaptiveRate = {
  kind: 'unlimited',
  recentResponses: [],
  recentlyAccepted: { sinceMs: -Infinity, count: 0 },
};

/** The time until a call may start: 0 for now. Expects `atTime` first. */
export function startDelayMs(rate: AdaptiveRate, nowMs: number): number {
  if (rate.kind === 'unlimited') return 0;
  if (rate.pausedUntilMs > nowMs) return rate.pausedUntilMs - nowMs;
  switch (rate.kind) {
    case 'paused':
      return 0;
    case 'probing':
      return Math.max(0, rate.probe.startMs + PROBE_PATIENCE_MS - nowMs);
    case 'limited':
      return Math.max(0, rate.nextStartMs - nowMs);
  }
}

/** The time until a trial may start, as far as the pause decides it: 0 for now. */
export const trialDelayMs = (rate: AdaptiveRate, nowMs: number): number =>
  isClosed(rate) ? Math.max(0, rate.pause.startMs + MIN_PAUSED_BEFORE_TRIAL_MS - nowMs) : 0;

/** Whether calls wait for the end of a pause or for the answer to a probe. */
export const isClosed = (rate: AdaptiveRate): rate is Paused | Probing =>
  rate.kind === 'paused' || rate.kind === 'probing';

/** The rate at a time, in calls per second; Infinity while it is unlimited. */
export function ratePerSecond(rate: AdaptiveRate, atMs: number): number {
  if (rate.kind === 'unlimited') return Infinity;
  // Idle time does not count: only a rate that is made use of shows whether there is more.
  const growingMs = atMs - rate.pausedUntilMs - rate.idleMs - idleSinceLastStartMs(rate, atMs);
  return rate.basePerSecond * growthFactor(rate.isMeasured, Math.max(0, growingMs) / 1_000);
}

/** The rate once the time is `nowMs`: what is too old is forgotten. */
export function atTime(rate: AdaptiveRate, nowMs: number): AdaptiveRate {
  if (rate.kind === 'unlimited') {
    return nowMs - rate.recentlyAccepted.sinceMs > WINDOW_MS
      ? { ...rate, recentlyAccepted: { sinceMs: nowMs, count: 0 } }
      : rate;
  }
  if (rate.kind === 'limited' && nowMs - rate.pausedUntilMs > FORGET_AFTER_MS) {
    const { recentResponses } = rate;
    return { kind: 'unlimited', recentResponses, recentlyAccepted: { sinceMs: nowMs, count: 0 } };
  }
  const current = withoutFarFuture(rate, nowMs);
  return current.kind === 'probing' && current.probe.startMs + PROBE_PATIENCE_MS <= nowMs
    ? { ...current, kind: 'paused', probe: undefined }
    : current;
}

/** A clock that was set back does not make calls wait longer. */
function withoutFarFuture(rate: Throttling, nowMs: number): Throttling {
  const { pausedUntilMs, nextStartMs } = rate;
  const isPauseTooLong = pausedUntilMs > nowMs + MAX_PAUSE_MS;
  const isNextTooLate = nextStartMs > nowMs + 1_000 / MIN_RATE;
  if (!isPauseTooLong && !isNextTooLate) return rate;
  return {
    ...rate,
    pausedUntilMs: isPauseTooLong ? nowMs : pausedUntilMs,
    nextStartMs: isNextTooLate ? nowMs : nextStartMs,
  };
}

/**
 * A call starts, at `call.startMs`; the first one after a pause is the probe, and a trial does not count. Expects
 * `atTime` first.
 */
export function afterStart(rate: AdaptiveRate, call: StartedCall): AdaptiveRate {
  if (rate.kind === 'unlimited' || call.isTrial) return rate;
  const nowMs = call.startMs;
  const intervalMs = 1_000 / ratePerSecond(rate, nowMs);
  const next = {
    ...rate,
    idleMs: rate.idleMs + idleSinceLastStartMs(rate, nowMs),
    nextStartMs: Math.max(rate.nextStartMs, nowMs - MAX_CATCH_UP_MS) + intervalMs,
  };
  return next.kind === 'paused' ? { ...next, kind: 'probing', probe: call } : next;
}

/** A call has ended and says nothing about the rate: no response came, or the service failed. A probe leaves the rate paused. */
export const afterEnd = (rate: AdaptiveRate, call: StartedCall): AdaptiveRate =>
  isProbe(rate, call) ? { ...rate, kind: 'paused', probe: undefined } : rate;

/** The service has accepted a call. */
export function afterAccept(rate: AdaptiveRate, call: StartedCall, nowMs: number): AdaptiveRate {
  const recentResponses = withRecent(rate, { atMs: nowMs });
  if (rate.kind === 'unlimited') {
    return { ...rate, recentResponses, recentlyAccepted: oneMore(rate.recentlyAccepted) };
  }
  // The first rate is a guess, made from the calls that were sent before the pause, also those accepted during it.
  const countsForGuess = !rate.isMeasured && call.startMs < rate.pausedUntilMs && !call.isTrial;
  const counted = countsForGuess
    ? { ...rate, recentResponses, acceptedBefore: oneMore(rate.acceptedBefore) }
    : { ...rate, recentResponses, acceptedSince: oneMore(rate.acceptedSince) };
  // Calls that were sent before the pause do not end it.
  if (!isClosed(counted) || call.startMs <= counted.pause.startMs) return counted;
  const { isMeasured, basePerSecond, acceptedBefore } = counted;
  // A trial or a late probe may be accepted before the pause is over.
  const pausedUntilMs = Math.min(counted.pausedUntilMs, nowMs);
  // By now those calls have been answered, and the length of the pause is known.
  const guess = isMeasured ? 0 : guessedRate(acceptedBefore, pausedUntilMs);
  return {
    ...counted,
    kind: 'limited',
    probe: undefined,
    pausedUntilMs,
    basePerSecond: Math.max(basePerSecond, guess),
  };
}

/**
 * The service has throttled a call.
 *
 * @param random gives a number from 0 (inclusive) to 1 (exclusive), for the length of a pause that begins
 */
export function afterThrottle(
  rate: AdaptiveRate,
  call: StartedCall,
  { error, isRepeated, ...throttle }: Throttle,
  { nowMs, random }: { readonly nowMs: number; readonly random: () => number },
): AdaptiveRate {
  const requestedWaitMs = Math.min(throttle.requestedWaitMs, MAX_PAUSE_MS);
  const wasProbe = isProbe(rate, call);
  const after = afterEnd(rate, call);
  if (call.isTrial) return after;
  if (after.kind !== 'unlimited' && call.startMs < after.pausedUntilMs) {
    return withLongerPause(after, requestedWaitMs, nowMs);
  }
  const responses = isRepeated ? after.recentResponses : withRecent(after, { atMs: nowMs, requestedWaitMs });
  const counted = { ...after, recentResponses: responses };
  if (wasProbe) {
    // The operation of the probe may have a limit of its own: another one probes before calls are paused again.
    if (isRepeated && counted.kind === 'paused' && !counted.hasProbeFailed) {
      return { ...counted, hasProbeFailed: true };
    }
  } else if (!isServiceThrottling(responses, counted.kind !== 'unlimited', nowMs)) {
    return counted;
  }
  const waits = responses.flatMap((response) => response.requestedWaitMs ?? []);
  const count = counted.kind === 'paused' ? counted.pause.count + 1 : 1;
  const { pauseMs, requestedMs } = pauseLength(
    isRepeated ? [...waits, requestedWaitMs] : waits,
    count,
    random(),
  );
  return paused(counted, call, { startMs: nowMs, error, requestedMs, count }, pauseMs);
}

/** A throttled straggler begins no other pause: the present one lasts until the straggler's wait is over. */
function withLongerPause(rate: Throttling, requestedWaitMs: number, nowMs: number): Throttling {
  const { pause, pausedUntilMs } = rate;
  const requestedEndMs = nowMs + Math.min(requestedWaitMs, pause.requestedMs);
  const endMs = Math.min(requestedEndMs, pause.startMs + MAX_PAUSE_MS);
  return { ...rate, pausedUntilMs: Math.max(pausedUntilMs, endMs) };
}

/** A pause begins, and with it the measuring of the next rate. */
function paused(rate: AdaptiveRate, { startMs }: StartedCall, pause: Pause, pauseMs: number): Paused {
  const nowMs = pause.startMs;
  const pausedUntilMs = nowMs + pauseMs;
  const begun = {
    kind: 'paused',
    probe: undefined,
    recentResponses: [],
    pause,
    pausedUntilMs,
    hasProbeFailed: false,
    acceptedSince: { sinceMs: nowMs, count: 0 },
    idleMs: 0,
    nextStartMs: 0,
  } as const;
  if (rate.kind === 'unlimited') {
    const { recentlyAccepted } = rate;
    const basePerSecond = guessedRate(recentlyAccepted, pausedUntilMs);
    return { ...begun, basePerSecond, isMeasured: false, acceptedBefore: recentlyAccepted };
  }
  const { acceptedBefore, acceptedSince, idleMs, basePerSecond, isMeasured } = rate;
  if (acceptedSince.count === 0) {
    // Nothing was accepted since the throttle before: it was too early, and the rate stays.
    return { ...begun, basePerSecond, isMeasured, acceptedBefore, acceptedSince, idleMs };
  }
  const sentPerSecond = ratePerSecond(rate, startMs);
  return { ...begun, ...measuredRate(acceptedSince, { idleMs, sentPerSecond, nowMs }), acceptedBefore };
}

const isProbe = (rate: AdaptiveRate, call: StartedCall): rate is Probing =>
  rate.kind === 'probing' && rate.probe === call;

const withRecent = (
  { recentResponses }: AdaptiveRate,
  response: RecentResponse,
): readonly RecentResponse[] => [...recentResponses.slice(1 - MAX_RECENT_RESPONSES), response];

const oneMore = ({ sinceMs, count }: AcceptedCalls): AcceptedCalls => ({ sinceMs, count: count + 1 });

/** The time, until now, in which a call could have started: since the earliest next start, or the pause. */
const idleSinceLastStartMs = ({ nextStartMs, pausedUntilMs }: Throttled, nowMs: number) =>
  Math.max(0, nowMs - Math.max(nextStartMs, pausedUntilMs));
