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
  ratePerSecond,
  startDelayMs,
  trialDelayMs,
} from './adaptive-rate.ts';
import type { AdaptiveRate, StartedCall } from './adaptive-rate.ts';
import { groupsOf } from './call-order.ts';
import type { CallGroups } from './call-order.ts';
import { createInFlight } from './in-flight.ts';
import { createReturnTimes, RETURN_DELAY_MS } from './return-times.ts';
import { createThrottleHistory } from './throttle-history.ts';
import { createTurns, isStalled } from './turns.ts';
import type { Start, WaitingCall } from './turns.ts';

/** A call that asks for a permit. */
export interface CallRequest {
  /** Services count calls that change something apart from those that only read. */
  readonly kind: 'cancel' | 'get';
  readonly operation: Pick<Resource, 'fullResourceName' | 'service' | 'host' | 'project' | 'region'>;
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
 * The calls that wait for one service.
 *
 * A call gets its permit at once while nothing is throttled. Otherwise it waits for its turn, at the rate that
 * `adaptive-rate.ts` has learned, in the order of `call-order.ts`. Calls that were never throttled do not wait for the
 * end of a pause, which may concern others only: some of them are sent on trial, one a second as a rule. A location or
 * parent that is throttled while others are accepted (`throttle-history.ts`) is *apart*: its calls are sent on trial only, and
 * their throttling slows nothing else.
 *
 * If its time in the queue will not do, or has ended, the call is postponed: its message is to come back later, when
 * it is likely to be served (`return-times.ts`). Shortly before its deadline a call is not postponed but gets a permit
 * that the rate does not count.
 */
export interface CallQueue {
  /** Synchronous where the call does not have to wait. */
  acquire(request: CallRequest): Permit | Postponed | Promise<Permit | Postponed>;
  /** Whether no call waits or is under way and nothing was learned, so that a new queue can take its place. */
  isIdle(): boolean;
}

/** A queue is slow, and the latest calls have their chance before the earlier ones, below this rate per second. */
const SLOW_RATE = 4;

interface Waiter extends WaitingCall {
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
  const inFlight = createInFlight();
  const history = createThrottleHistory();
  const returnTimes = createReturnTimes(random);
  const turns = createTurns(history);
  let waiters: Waiter[] = [];
  /** No waiter's time in the queue ends before this. */
  let earliestStartByMs = Infinity;
  let wakesAtMs = Infinity;

  return {
    isIdle: () => {
      delayMs(clock.now());
      return waiters.length === 0 && rate.kind === 'unlimited' && inFlight.isEmpty();
    },
    acquire: (request) => {
      const nowMs = clock.now();
      const isFree = waiters.length === 0 && delayMs(nowMs) === 0 && inFlight.delayMs(nowMs) === 0;
      return isFree && !isApart(request) ? grant(request, nowMs) : enqueue(request, nowMs);
    },
  };

  /** The time until a call may start, as `startDelayMs`. */
  function delayMs(nowMs: number): number {
    const before = rate;
    rate = atTime(rate, nowMs);
    if (rate.kind === 'unlimited' && before.kind !== 'unlimited') inFlight.reset();
    return startDelayMs(rate, nowMs);
  }

  function isApart({ operation }: CallRequest): boolean {
    return !history.isEmpty() && history.isApart(groupsOf(operation));
  }

  function grant({ operation }: CallRequest, nowMs: number, isTrial = false): Permit {
    const call = { startMs: nowMs, isTrial };
    rate = afterStart(rate, call);
    inFlight.start(call);
    return { kind: 'permit', release: (result, endMs) => release(operation, call, result, endMs) };
  }

  function release(
    operation: CallRequest['operation'],
    call: StartedCall,
    result: CallResult | undefined,
    nowMs: number,
  ): void {
    const pauseBefore = pauseOf(rate);
    inFlight.end(call, result !== undefined && isProcessed(result));
    rate = afterCall(operation, call, result, nowMs);
    if (pauseOf(rate) !== pauseBefore) {
      logThrottled(nowMs);
      postpone(
        nowMs,
        (waiter, position) => nowMs + waitOf(waiter, position, nowMs) > waiter.request.startByMs,
      );
    }
    if (waiters.length > 0) drain();
  }

  function afterCall(
    operation: CallRequest['operation'],
    call: StartedCall,
    result: CallResult | undefined,
    nowMs: number,
  ): AdaptiveRate {
    const { fullResourceName } = operation;
    if (result?.kind === 'retryable' && isThrottled(result)) {
      const groups = groupsOf(operation);
      const isRepeated = history.isThrottled(fullResourceName);
      history.afterThrottle(fullResourceName, groups, nowMs);
      if (history.isApart(groups)) return afterEnd(rate, call);
      const { error, minimumWaitMs: requestedWaitMs } = result;
      return afterThrottle(rate, call, { error, requestedWaitMs, isRepeated }, { nowMs, random });
    }
    if (result === undefined || !isProcessed(result)) {
      history.afterFailure(groupsOf(operation));
      return afterEnd(rate, call);
    }
    if (!history.isEmpty()) history.afterAccept(fullResourceName, groupsOf(operation), call);
    return afterAccept(rate, call, nowMs);
  }

  function enqueue(request: CallRequest, nowMs: number): Permit | Postponed | Promise<Permit | Postponed> {
    const groups = groupsOf(request.operation);
    const sinceMs = nowMs - request.postponements * RETURN_DELAY_MS;
    // Each re-check gets its operation again, and says nothing about throttling.
    const wasAttempted = kind === 'cancel' && request.wasAttempted;
    const waiter = { request, operation: request.operation.fullResourceName, groups, wasAttempted, sinceMs };
    if (nowMs + waitOf(waiter, positionOf(groups), nowMs) > request.startByMs) {
      return postponeOrPermit(request, nowMs);
    }
    return new Promise((resolve) => {
      waiters.push({ ...waiter, resolve });
      earliestStartByMs = Math.min(earliestStartByMs, request.startByMs);
      drain();
    });
  }

  /** The number of calls that start before a new one. Locations have their turns one after the other. */
  function positionOf({ location }: CallGroups): number {
    // A guessed rate does not count positions.
    if (!isMeasured(rate)) return waiters.length;
    const ofLocation = waiters.filter(({ groups }) => groups.location === location).length;
    const locations = new Set(waiters.map(({ groups }) => groups.location)).size;
    return Math.min(waiters.length, ofLocation * locations);
  }

  /** The time that a call waits with `position` calls ahead of it, which does not count where the latest come first. */
  function waitOf(
    { request, groups }: Pick<Waiter, 'request' | 'groups'>,
    position: number,
    nowMs: number,
  ): number {
    const waitMs = estimatedWaitMs(nowMs, position);
    if (history.isApart(groups)) return 0;
    if (history.isThrottled(request.operation.fullResourceName) || !isSlow()) return waitMs;
    if (isStalled(rate)) return Math.min(waitMs, trialDelayMs(rate, nowMs));
    // A call that comes back has had its chance as the latest.
    return request.postponements > 0 ? waitMs : pausedForMs(nowMs);
  }

  /** The time that a call waits with `position` calls ahead of it. A guessed rate is no reason to postpone calls. */
  function estimatedWaitMs(nowMs: number, position = waiters.length): number {
    const intervalMs = isMeasured(rate) ? 1_000 / ratePerSecond(rate, nowMs) : 0;
    return pausedForMs(nowMs) + position * intervalMs;
  }

  function pausedForMs(nowMs: number): number {
    const waitMs = delayMs(nowMs);
    return rate.kind === 'probing' ? 0 : waitMs;
  }

  /** Grants permits to the calls whose turn it is, and wakes up for the next one. */
  function drain(): void {
    for (;;) {
      const nowMs = clock.now();
      if (nowMs >= earliestStartByMs) postponeExpired(nowMs);
      if (waiters.length === 0) return;
      const next = nextStart(nowMs);
      if ('waitMs' in next) {
        wakeAt(Math.min(nowMs + next.waitMs, earliestStartByMs), nowMs);
        return;
      }
      start(next, nowMs);
    }
  }

  /** The call whose turn it is, or the time until the next turn. */
  function nextStart(nowMs: number): Start<Waiter> | { readonly waitMs: number } {
    const roomMs = inFlight.delayMs(nowMs);
    if (roomMs > 0) return { waitMs: roomMs };
    const waitMs = delayMs(nowMs);
    const [first] = waiters;
    const isUntroubled = rate.kind === 'unlimited' && history.isEmpty() && !inFlight.hasOverdue();
    if (isUntroubled && first !== undefined) return { waiter: first, isTrial: false };
    return turns.next(waiters, { rate, waitMs, isSlow: isSlow(), nowMs });
  }

  /** Whether the latest call has its chance before those that wait for longer. */
  function isSlow(): boolean {
    if (rate.kind === 'unlimited') return inFlight.hasOverdue();
    return isStalled(rate) || ratePerSecond(rate, clock.now()) < SLOW_RATE;
  }

  function start(next: Start<Waiter>, nowMs: number): void {
    const { waiter, isTrial } = next;
    waiters.splice(waiters.indexOf(waiter), 1);
    turns.afterStart(next, nowMs);
    waiter.resolve(grant(waiter.request, nowMs, isTrial));
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
    postpone(nowMs, ({ request }) => request.startByMs <= nowMs);
  }

  /** Postpones the queued calls that cannot start in time; `position` is the number of calls that stay ahead of one. */
  function postpone(nowMs: number, isTooLate: (waiter: Waiter, position: number) => boolean): void {
    const staying: Waiter[] = [];
    const leaving: Waiter[] = [];
    const byLocation = new Map<string, number>();
    const locations = new Set(waiters.map(({ groups }) => groups.location)).size;
    for (const waiter of waiters) {
      const { location } = waiter.groups;
      const ofLocation = byLocation.get(location) ?? 0;
      // Locations have their turns one after the other.
      const isLeaving = isTooLate(waiter, Math.min(staying.length, ofLocation * locations));
      (isLeaving ? leaving : staying).push(waiter);
      if (!isLeaving) byLocation.set(location, ofLocation + 1);
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
    const atMs = returnTimes.next(request, {
      nowMs,
      pausedForMs: pausedForMs(nowMs),
      queuedForMs: estimatedWaitMs(nowMs),
      perSecond: isMeasured(rate) ? ratePerSecond(rate, nowMs) : undefined,
    });
    if (atMs === undefined) return UNCOUNTED_PERMIT;
    const error = pauseOf(rate)?.error ?? {
      type: 'TimeoutError',
      message: `${host} has not answered earlier calls yet`,
    };
    return { kind: 'postponed', waitMs: atMs - nowMs, error };
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
