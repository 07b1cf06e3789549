/**
 * The numbers of the adaptive rate: when throttling counts, how long a pause lasts, which rate follows from
 * the calls accepted, and how it grows. Pure functions of times in milliseconds and rates in calls per second.
 *
 * The model is a token bucket (https://en.wikipedia.org/wiki/Token_bucket): a service accepts a burst, and
 * then calls at a fixed rate, which is unknown here. The growth follows the idea of TCP CUBIC (RFC 9438,
 * section 4.2), which the AWS SDKs also use for their adaptive retry mode (`DefaultRateLimiter` in
 * smithy-typescript): start a little below the rate at which throttling began, stay near it for some time, and
 * then probe for more ever faster. Theirs cuts the rate by a factor and returns to it; ours measures the rate
 * between two throttles, because a bucket is empty at both, and so starts within 5 % of it.
 */

/** One response of the recent past. */
export interface RecentResponse {
  readonly atMs: number;
  /** For a throttled call: the wait that the service asked for, 0 where it named none. Absent for an accepted one. */
  readonly requestedWaitMs?: number;
}

/** Calls that the service accepted since a time. */
export interface AcceptedCalls {
  readonly sinceMs: number;
  readonly count: number;
}

/** Responses that are considered: at most this many, none older than this. */
export const MAX_RECENT_RESPONSES = 32;
const MAX_RESPONSE_AGE_MS = 10_000;
/** Throttling begins with this many throttled operations, if they are this share of the recent responses … */
const MIN_THROTTLED = 4;
const MIN_THROTTLED_SHARE = 1 / 4;
/** … and is confirmed by fewer once it is known that the service throttles. */
const MIN_THROTTLED_AGAIN = 2;

/**
 * Whether the service throttles calls in general, and not one operation or another.
 *
 * @param isKnown whether it has throttled calls within the last minute
 */
export function isServiceThrottling(
  recent: readonly RecentResponse[],
  isKnown: boolean,
  nowMs: number,
): boolean {
  const current = recent.filter(({ atMs }) => nowMs - atMs <= MAX_RESPONSE_AGE_MS);
  const throttled = current.filter(({ requestedWaitMs }) => requestedWaitMs !== undefined).length;
  if (isKnown) return throttled >= MIN_THROTTLED_AGAIN;
  return throttled >= MIN_THROTTLED && throttled >= current.length * MIN_THROTTLED_SHARE;
}

const MIN_PAUSE_MS = 1_000;
/** No pause is longer, whatever the service asks for: it asked that of one request. */
export const MAX_PAUSE_MS = 60_000;
/** A pause grows by this factor for each one in a row, where the service names a wait and where it names none. */
const REQUESTED_PAUSE_GROWTH = 4;
const PAUSE_GROWTH = 2;
/** A pause is up to this share longer, so that instances that were throttled together do not resume together. */
const MAX_JITTER = 0.2;

/**
 * The length of a pause, in milliseconds.
 *
 * The shortest wait that the service asked for is used, and trusted little by little (at most 1 s, 4 s, 16 s,
 * 60 s for pauses in a row), because some services ask for ten minutes where only one operation is meant.
 * Without a request the pause is 1 s, 2 s, 4 s, … 60 s.
 *
 * @param requestedMs the waits that the service asked for; those of 0 do not count
 * @param pauses the number of pauses in a row, this one included
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 * @returns the length, and the part of it that the service asked for: 0 where it named no wait
 */
export function pauseLength(
  requestedMs: readonly number[],
  pauses: number,
  random: number,
): { readonly pauseMs: number; readonly requestedMs: number } {
  const shortestMs = Math.min(...requestedMs.filter((ms) => ms > 0), Infinity);
  const isRequested = shortestMs < Infinity;
  const growth = (isRequested ? REQUESTED_PAUSE_GROWTH : PAUSE_GROWTH) ** (pauses - 1);
  const pauseMs = Math.min(shortestMs, MIN_PAUSE_MS * growth, MAX_PAUSE_MS);
  return {
    pauseMs: Math.min(pauseMs * (1 + MAX_JITTER * random), MAX_PAUSE_MS),
    requestedMs: isRequested ? pauseMs : 0,
  };
}

/** In calls per second. */
export const MIN_RATE = 1;
/** A measured rate is at least this share of the rate at which the throttled call was sent. */
const MIN_SHARE_OF_SENT = 0.8;
/** A rate is measured only if calls were ready to be sent for at least this share of the time. */
const MIN_BUSY_SHARE = 1 / 2;

/**
 * The first rate, in calls per second: a guess, because there is no earlier throttle to measure from. The calls
 * accepted before the pause are spread over the time up to its end, when the bucket may have refilled.
 */
export const guessedRate = (accepted: AcceptedCalls, pauseEndMs: number): number =>
  Math.max(MIN_RATE, (accepted.count * 1_000) / Math.max(1, pauseEndMs - accepted.sinceMs));

/**
 * The rate between two throttles, in calls per second. A token bucket is empty at both (and a quota per minute
 * used up), so the calls accepted in between are the tokens that flowed in. A bucket that was full in between
 * lost some, therefore the rate at which calls were sent when it was empty counts too.
 *
 * @param idleMs the part of that time in which a call could have been sent and none came
 * @param sentPerSecond the rate in force when the throttled call was sent
 * @returns the rate, and whether it was measured: calls that came too slowly to reach the limit only show that
 *   it is somewhere above
 */
export function measuredRate(
  accepted: AcceptedCalls,
  { idleMs, sentPerSecond, nowMs }: { idleMs: number; sentPerSecond: number; nowMs: number },
): { readonly basePerSecond: number; readonly isMeasured: boolean } {
  const elapsedMs = nowMs - accepted.sinceMs;
  const busyMs = Math.max(1, elapsedMs - idleMs);
  const isMeasured = busyMs > elapsedMs * MIN_BUSY_SHARE;
  const minimum = isMeasured ? MIN_SHARE_OF_SENT * sentPerSecond : 0;
  return {
    basePerSecond: Math.max(MIN_RATE, (accepted.count * 1_000) / busyMs, minimum),
    isMeasured,
  };
}

/** A measured rate starts at this share of itself … */
const INITIAL_SHARE = 0.95;
/** … and grows by these shares of itself per second and per second squared: to 1.0 within 2 s, to 1.5 within 11 s. */
const LINEAR_GROWTH = 0.02;
const QUADRATIC_GROWTH = 0.003;
/** A guess grows by this factor each second (slow start). */
const GUESS_GROWTH = 2;

/**
 * The factor by which a rate has grown `t` seconds after the pause: `0.95 + 0.02 t + 0.003 t²` if it was measured,
 * so that a limit that was raised is found and one that was not is rarely exceeded; `2^t` while it is a guess.
 */
export const growthFactor = (isMeasured: boolean, t: number): number =>
  isMeasured ? INITIAL_SHARE + LINEAR_GROWTH * t + QUADRATIC_GROWTH * t ** 2 : GUESS_GROWTH ** t;

/**
 * The interval between two trials, in milliseconds: a second, and less where few calls wait for theirs, so that a
 * small number is tried within 5 s. A large number is a storm, which more trials would only make worse.
 *
 * @param waiting the number of calls that wait for a trial, at least 1
 */
export const trialIntervalMs = (waiting: number): number =>
  waiting > MAX_QUICK_TRIALS ? TRIAL_INTERVAL_MS : Math.min(TRIAL_INTERVAL_MS, QUICK_TRIALS_MS / waiting);

const TRIAL_INTERVAL_MS = 1_000;
const MAX_QUICK_TRIALS = 64;
const QUICK_TRIALS_MS = 5_000;
