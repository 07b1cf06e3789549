import type { Clock } from '../ports.ts';
import { isProcessed, isThrottled } from '../resources/response.ts';
import type { CallResult, Postponed } from '../resources/response.ts';
import type { Resource } from '../resources/resource.ts';
import type { Log } from '../telemetry/log.ts';
import { seconds } from '../validation/duration.ts';
import {
  afterAccept,
  afterEnd,
  afterStart,
  afterThrottle,
  atTime,
  INITIAL_RATE,
  isIdle,
  ratePerSecond,
  startDelayMs,
} from './adaptive-rate.ts';
import type { AdaptiveRate, StartedCall } from './adaptive-rate.ts';

/** A call that asks for a permit. */
export interface CallRequest {
  /** Services count calls that change something apart from those that only read. */
  readonly kind: 'cancel' | 'get';
  readonly operation: Pick<Resource, 'fullResourceName' | 'host' | 'project'>;
  /** The end of its time in the queue, in milliseconds since the epoch: after it the call is postponed. */
  readonly startByMs: number;
  /**
   * The deadline of the cancellation, in milliseconds since the epoch. No call is postponed past it: one that cannot
   * wait is sent at once, so that no request is given up without an attempt.
   */
  readonly deadlineMs: number;
  /** How often the call has been postponed in a row. */
  readonly postponements: number;
  /** Whether the call was sent before, in this delivery or an earlier one: then it can wait until the deadline. */
  readonly wasAttempted: boolean;
}

/** Permission to send one call. */
export interface Permit {
  readonly kind: 'permit';
  /** Returns it when the call has ended; the result is undefined if the call threw. */
  release(result: CallResult | undefined, nowMs: number): void;
}

/**
 * The calls that wait for one service, first come, first served.
 *
 * A call gets its permit at once while nothing is throttled. Otherwise it waits for its turn, at the rate that
 * `adaptive-rate.ts` has learned. If its time in the queue will not do, or has ended, the call is postponed: its
 * message is to come back later, when it is likely to be served. Calls that are postponed are given return times one
 * after the other at the learned rate, a little faster, so that they find a short queue rather than a gap. Shortly
 * before its deadline a call is not postponed but gets a permit that the rate does not count.
 */
export interface CallQueue {
  /** Synchronous where the call does not have to wait. */
  acquire(request: CallRequest): Permit | Postponed | Promise<Permit | Postponed>;
  /** Whether no call waits or is under way and nothing was learned, so that a new queue can take its place. */
  isIdle(): boolean;
}

/** A first attempt can wait until this long before its deadline; if it was postponed before, until the longer time. */
const FIRST_ATTEMPT_MS = 2_000;
const POSTPONED_FIRST_ATTEMPT_MS = 22_000;
/** Postponed calls return at the learned rate times this factor. */
const RETURN_RATE_FACTOR = 1.1;
/**
 * A postponed call returns within this time where the rate is measured, and at a random time around it (± half) where the
 * rate is a guess, unless calls are paused for longer. By then another instance may have room, or the rate may have
 * changed. After some postponements the time doubles with each, a few times.
 */
const RETURN_DELAY_MS = 20_000;
const POSTPONEMENTS_BEFORE_DOUBLING = 2;
const MAX_DOUBLINGS = 3;
/** The number of operations of which it is remembered that they were throttled. */
const MAX_REMEMBERED = 2_000;

interface Waiter {
  readonly request: CallRequest;
  readonly resolve: (granted: Permit | Postponed) => void;
}

export function createCallQueue(
  { kind, operation: { host, project } }: CallRequest,
  ports: {
    readonly clock: Clock;
    /** A number from 0 (inclusive) to 1 (exclusive). */
    readonly random: () => number;
    readonly log: Log;
  },
): CallQueue {
  const { clock, random, log } = ports;
  let rate: AdaptiveRate = INITIAL_RATE;
  /** Operations that were throttled and not accepted since, the oldest first. */
  const throttledOperations = new Set<string>();
  let waiters: Waiter[] = [];
  /** No waiter's time in the queue ends before this. */
  let earliestStartByMs = Infinity;
  let wakesAtMs = Infinity;
  /** The return time that was given to the last postponed call. */
  let lastReturnAtMs = 0;

  return {
    isIdle: () => {
      rate = atTime(rate, clock.now());
      return waiters.length === 0 && isIdle(rate);
    },
    acquire: (request) => {
      const nowMs = clock.now();
      return waiters.length === 0 && delayMs(nowMs) === 0 ? grant(request, nowMs) : enqueue(request, nowMs);
    },
  };

  /** The time until a call may start, as `startDelayMs`. */
  function delayMs(nowMs: number): number {
    rate = atTime(rate, nowMs);
    return startDelayMs(rate, nowMs);
  }

  function grant({ operation }: CallRequest, nowMs: number): Permit {
    const call = { startMs: nowMs };
    rate = afterStart(rate, call);
    return {
      kind: 'permit',
      release: (result, endMs) => release(operation.fullResourceName, call, result, endMs),
    };
  }

  function release(
    operation: string,
    call: StartedCall,
    result: CallResult | undefined,
    nowMs: number,
  ): void {
    const pauseBefore = pauseOf(rate);
    rate = afterCall(operation, call, result, nowMs);
    if (pauseOf(rate) !== pauseBefore) {
      logThrottled(nowMs);
      postpone(nowMs, ({ startByMs }, position) => nowMs + estimatedWaitMs(nowMs, position) > startByMs);
    }
    if (waiters.length > 0) drain();
  }

  function afterCall(
    operation: string,
    call: StartedCall,
    result: CallResult | undefined,
    nowMs: number,
  ): AdaptiveRate {
    if (result?.kind === 'retryable' && isThrottled(result)) {
      const isRepeated = throttledOperations.has(operation);
      throttledOperations.add(operation);
      const [oldest] = throttledOperations;
      if (throttledOperations.size > MAX_REMEMBERED && oldest !== undefined) {
        throttledOperations.delete(oldest);
      }
      const { error, minimumWaitMs: requestedWaitMs } = result;
      return afterThrottle(rate, call, { error, requestedWaitMs, isRepeated }, { nowMs, random });
    }
    if (result === undefined || !isProcessed(result)) return afterEnd(rate, call);
    throttledOperations.delete(operation);
    return afterAccept(rate, call, nowMs);
  }

  function enqueue(request: CallRequest, nowMs: number): Permit | Postponed | Promise<Permit | Postponed> {
    if (nowMs + estimatedWaitMs(nowMs) > request.startByMs) return postponeOrPermit(request, nowMs);
    return new Promise((resolve) => {
      waiters.push({ request, resolve });
      earliestStartByMs = Math.min(earliestStartByMs, request.startByMs);
      drain();
    });
  }

  /** The time that a call waits with `position` calls ahead of it. A guessed rate is no reason to postpone calls. */
  function estimatedWaitMs(nowMs: number, position = waiters.length): number {
    const intervalMs = isMeasured(rate) ? 1_000 / ratePerSecond(rate, nowMs) : 0;
    return pausedForMs(nowMs) + position * intervalMs;
  }

  function pausedForMs(nowMs: number): number {
    const waitMs = delayMs(nowMs);
    return Number.isFinite(waitMs) ? waitMs : 0;
  }

  /** Grants permits to the calls whose turn it is, and wakes up for the next one. */
  function drain(): void {
    for (;;) {
      const nowMs = clock.now();
      if (nowMs >= earliestStartByMs) postponeExpired(nowMs);
      const [first] = waiters;
      if (first === undefined) return;
      const waitMs = delayMs(nowMs);
      if (waitMs > 0) {
        wakeAt(Math.min(nowMs + waitMs, earliestStartByMs), nowMs);
        return;
      }
      waiters.shift();
      first.resolve(grant(first.request, nowMs));
    }
  }

  function wakeAt(atMs: number, nowMs: number): void {
    if (atMs >= wakesAtMs) return;
    wakesAtMs = atMs;
    void clock.sleep(Math.max(0, atMs - nowMs)).then(() => {
      // A timer for an earlier time has been set since, and takes over.
      if (wakesAtMs !== atMs) return;
      wakesAtMs = Infinity;
      drain();
    });
  }

  function postponeExpired(nowMs: number): void {
    postpone(nowMs, ({ startByMs }) => startByMs <= nowMs);
  }

  /** Postpones the queued calls that cannot start in time; `position` is the number of calls that stay ahead of one. */
  function postpone(nowMs: number, isTooLate: (request: CallRequest, position: number) => boolean): void {
    const staying: Waiter[] = [];
    const leaving: Waiter[] = [];
    for (const waiter of waiters) {
      (isTooLate(waiter.request, staying.length) ? leaving : staying).push(waiter);
    }
    waiters = staying;
    earliestStartByMs = staying.reduce(
      (earliestMs, { request }) => Math.min(earliestMs, request.startByMs),
      Infinity,
    );
    for (const { request, resolve } of leaving) resolve(postponeOrPermit(request, nowMs));
  }

  /** A time to come back or, for a call that cannot wait any longer, a permit that the rate does not count. */
  function postponeOrPermit(request: CallRequest, nowMs: number): Permit | Postponed {
    const { deadlineMs, postponements, wasAttempted } = request;
    const lastCallMs = wasAttempted ? 0 : postponements > 0 ? POSTPONED_FIRST_ATTEMPT_MS : FIRST_ATTEMPT_MS;
    if (nowMs >= deadlineMs - lastCallMs) return UNCOUNTED_PERMIT;
    const atMs = returnAtMs(postponements, nowMs);
    // Calls whose deadlines are the same return at different times shortly before them.
    const lastReturnsMs = Math.max(nowMs, deadlineMs - POSTPONED_FIRST_ATTEMPT_MS);
    const latestMs = deadlineMs - (wasAttempted ? 0 : FIRST_ATTEMPT_MS);
    const spreadMs = lastReturnsMs + random() * (latestMs - lastReturnsMs);
    const error = pauseOf(rate)?.error ?? {
      type: 'TimeoutError',
      message: `${host} has not answered earlier calls yet`,
    };
    return { kind: 'postponed', waitMs: (atMs < lastReturnsMs ? atMs : spreadMs) - nowMs, error };
  }

  /** The time at which a postponed call returns: after the one before, at a measured rate; otherwise at a random one. */
  function returnAtMs(postponements: number, nowMs: number): number {
    const earliestMs = nowMs + estimatedWaitMs(nowMs);
    const doublings = Math.min(Math.max(0, postponements - POSTPONEMENTS_BEFORE_DOUBLING), MAX_DOUBLINGS);
    const latestMs = nowMs + Math.max(RETURN_DELAY_MS * 2 ** doublings, pausedForMs(nowMs));
    if (isMeasured(rate)) {
      const intervalMs = 1_000 / (ratePerSecond(rate, nowMs) * RETURN_RATE_FACTOR);
      const nextMs = Math.max(lastReturnAtMs, earliestMs) + intervalMs;
      if (nextMs <= latestMs) return (lastReturnAtMs = nextMs);
    }
    return latestMs + (random() - 0.5) * RETURN_DELAY_MS;
  }

  function logThrottled(nowMs: number): void {
    const pausedMs = pausedForMs(nowMs);
    const perSecond = Number(ratePerSecond(rate, nowMs).toPrecision(2));
    const calls = `${kind} calls${project === undefined ? '' : ` in ${project}`}`;
    const text = `${host} throttles ${calls}: paused for ${seconds(pausedMs)}, then ${perSecond} per second`;
    const fields = {
      host,
      project,
      kind,
      pausedMs: Math.round(pausedMs),
      waiting: waiters.length,
      perSecond,
    };
    log('NOTICE', 'calls.throttled', text, fields);
  }
}

const pauseOf = (rate: AdaptiveRate) => (rate.kind === 'unlimited' ? undefined : rate.pause);
const isMeasured = (rate: AdaptiveRate) => rate.kind !== 'unlimited' && rate.isMeasured;

/** For calls that no rate counts: those that nothing limits, and those at their deadline, which cannot wait. */
export const UNCOUNTED_PERMIT: Permit = { kind: 'permit', release: () => undefined };
