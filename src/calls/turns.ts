import { isClosed, trialDelayMs } from './adaptive-rate.ts';
import type { AdaptiveRate } from './adaptive-rate.ts';
import { isBefore, orderOf } from './call-order.ts';
import type { CallGroups, RankedCall } from './call-order.ts';
import { trialIntervalMs } from './control-law.ts';
import type { ThrottleHistory } from './throttle-history.ts';

/**
 * Says whose turn it is among the calls that wait while a service throttles: a call on trial, which does not wait for the
 * end of a pause or belongs to a location or parent that is apart, or the next call at the learned rate.
 */
export interface Turns {
  /** The call that starts now, or the time until the next turn. */
  next<Call extends WaitingCall>(
    calls: readonly Call[],
    queue: {
      readonly rate: AdaptiveRate;
      readonly waitMs: number;
      readonly isSlow: boolean;
      readonly nowMs: number;
    },
  ): Start<Call> | { readonly waitMs: number };
  afterStart(start: Start<WaitingCall>, nowMs: number): void;
}

/** A call that waits for its turn. */
export interface WaitingCall {
  /** Full resource name of its operation. */
  readonly operation: string;
  readonly groups: CallGroups;
  /** Whether it was sent before, and so may have been throttled. */
  readonly wasAttempted: boolean;
  /** When it began to wait, with the time for which it was postponed before, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

export interface Start<Call extends WaitingCall> {
  readonly waiter: Call;
  readonly isTrial: boolean;
}

/** Whether calls are paused and a probe was throttled already. */
export const isStalled = (rate: AdaptiveRate): boolean =>
  isClosed(rate) && (rate.pause.count > 1 || rate.hasProbeFailed);

/** The number of locations and parents of which the last start is remembered. */
const MAX_GROUPS = 2_000;

type Ranked<Call> = RankedCall & { readonly call: Call };

export function createTurns(history: ThrottleHistory): Turns {
  /** The number of the last call that started, by location and by parent, the earliest first. */
  const lastStarts = new Map<string, number>();
  let starts = 0;
  let lastTrialMs = -Infinity;

  function rankOf<Call extends WaitingCall>(call: Call): Ranked<Call> {
    const { operation, groups, wasAttempted, sinceMs } = call;
    return {
      call,
      wasAttempted,
      sinceMs,
      isThrottled: history.isThrottled(operation),
      isApart: history.isApart(groups),
      troubles: history.troubles(groups),
      lastOfLocation: lastStarts.get(groups.location) ?? -1,
      lastOfParent: lastStarts.get(groups.parent) ?? -1,
    };
  }

  function bestOf<Call>(calls: readonly Ranked<Call>[], isLatestFirst: boolean): Call | undefined {
    const order = orderOf(starts, isLatestFirst);
    const [first, ...others] = calls;
    if (first === undefined) return undefined;
    return others.reduce((best, one) => (isBefore(one, best, order) ? one : best), first).call;
  }

  function trialWaitMs(calls: readonly RankedCall[], pauseMs: number, nowMs: number): number {
    const firstAttempts = calls.filter((call) => !call.isThrottled).length;
    const nextMs = lastTrialMs + trialIntervalMs(Math.max(1, firstAttempts));
    // A clock that was set back makes no call wait longer.
    const intervalMs = lastTrialMs > nowMs ? 0 : nextMs - nowMs;
    return Math.max(pauseMs, intervalMs);
  }

  return {
    next: (calls, { rate, waitMs, isSlow, nowMs }) => {
      const isWaitingForPause = waitMs > 0 && isClosed(rate);
      if (waitMs > 0 && !isWaitingForPause && !history.hasApart()) return { waitMs };
      const firstTrialMs = isWaitingForPause ? trialDelayMs(rate, nowMs) : 0;
      // The pause is over before the first trial.
      if (isWaitingForPause && waitMs <= firstTrialMs) return { waitMs };

      const ranked = calls.map(rankOf);
      const onTrial = ranked.filter((one) => (isWaitingForPause ? !one.isThrottled : one.isApart));
      const trial = bestOf(onTrial, true);
      const trialMs = trial === undefined ? Infinity : trialWaitMs(onTrial, firstTrialMs, nowMs);
      if (trial !== undefined && trialMs <= 0) return { waiter: trial, isTrial: true };
      const regular = ranked.filter((one) => !one.isApart);
      if (waitMs > 0) return { waitMs: Math.min(trialMs, regular.length > 0 ? waitMs : Infinity) };
      // Calls that were never throttled have their trials; the end of a long pause is the chance of the others.
      const throttled = isStalled(rate) ? regular.filter((one) => one.isThrottled) : [];
      const waiter = bestOf(throttled.length > 0 ? throttled : regular, isSlow);
      return waiter === undefined ? { waitMs: trialMs } : { waiter, isTrial: false };
    },
    afterStart: ({ waiter, isTrial }, nowMs) => {
      if (isTrial) lastTrialMs = nowMs;
      starts += 1;
      for (const group of [waiter.groups.location, waiter.groups.parent]) {
        lastStarts.delete(group);
        lastStarts.set(group, starts);
      }
      while (lastStarts.size > MAX_GROUPS) {
        const [oldest = ''] = lastStarts.keys();
        lastStarts.delete(oldest);
      }
    },
  };
}
