import { classify } from '../resources/response.ts';
import type { ServiceResponse, CallResult, Postponed } from '../resources/response.ts';
import { seconds } from '../validation/duration.ts';
import { createAdaptiveRate } from './adaptive-rate.ts';
import type { End } from './adaptive-rate.ts';
import type { Clock } from '../ports.ts';
import type { RateLimiter, CallRequest } from './turn.ts';
import type { Log } from '../telemetry/log.ts';

/** Those that wait for a call to the same service, the first first. */
export interface CallQueue {
  /** Makes a call when it is its turn, or tells when to come back. */
  readonly take: RateLimiter;
  /** Whether nobody waits, nothing is under way and nothing was learned. */
  isIdle(): boolean;
}

/** So long before its deadline, a call that was never made cannot wait any more; nor so long, if it was postponed before. */
const LAST_CALL_MS = 2_000;
const LAST_CALLS_MS = 22_000;
/** Those that were postponed come back a little faster than they can be served, and find a line rather than a gap. */
const RETURN_FASTER = 1.1;
/**
 * One that was postponed comes back after so long at most, unless the way is closed for longer: another instance may have
 * room by then, or the rate be another. After some times it takes twice as long each time.
 */
const LONGEST_AWAY_MS = 20_000;
const SOON = 2;
const MOST_DOUBLINGS = 3;

/** How a wait in the line ends: what to call at the end of the call, or what stands for its answer. */
type Grant = { readonly end: End } | { readonly instead: Postponed | 'call-at-once' };

interface Waiter {
  readonly turn: CallRequest;
  readonly grant: (granted: Grant) => void;
}

export function createCallQueue(
  { kind, operation: { host, project } }: CallRequest,
  parts: {
    readonly clock: Clock;
    /** A number from 0 (inclusive) to 1 (exclusive). */
    readonly random: () => number;
    readonly log: Log;
  },
): CallQueue {
  const { clock, random, log } = parts;
  const pace = createAdaptiveRate(random);
  let waiting: Waiter[] = [];
  /** No time in the line ends sooner. */
  let soonestEndMs = Infinity;
  let wakesAtMs = Infinity;
  /** When the last of those comes back that were postponed. */
  let lastBackMs = 0;

  return {
    isIdle: () => waiting.length === 0 && pace.isIdle(clock.now()),
    take: (turn, call) => {
      const nowMs = clock.now();
      if (waiting.length === 0 && pace.waitMs(nowMs) === 0) return make(call, begin(turn, nowMs));
      return stand(turn, nowMs).then<ServiceResponse | Postponed>((granted) => {
        if ('end' in granted) return make(call, granted.end);
        return granted.instead === 'call-at-once' ? call() : granted.instead;
      });
    },
  };

  function begin({ operation }: CallRequest, nowMs: number): End {
    return pace.begin(operation.fullResourceName, nowMs);
  }

  function stand(turn: CallRequest, nowMs: number): Promise<Grant> {
    if (nowMs + lengthMs(nowMs) > turn.startByMs) return Promise.resolve({ instead: sentAway(turn, nowMs) });
    return new Promise((grant) => {
      waiting.push({ turn, grant });
      soonestEndMs = Math.min(soonestEndMs, turn.startByMs);
      serve();
    });
  }

  /** How long one stands in the line with so many before it, as far as can be told. */
  function lengthMs(nowMs: number, before = waiting.length): number {
    // A guess sends nobody away.
    const eachMs = pace.isMeasured ? 1_000 / pace.perSecond(nowMs) : 0;
    return closedForMs(nowMs) + before * eachMs;
  }

  function closedForMs(nowMs: number): number {
    const waitMs = pace.waitMs(nowMs);
    return Number.isFinite(waitMs) ? waitMs : 0;
  }

  function serve(): void {
    for (;;) {
      const nowMs = clock.now();
      if (nowMs >= soonestEndMs) sendAway(nowMs, ({ turn }) => turn.startByMs <= nowMs);
      const [first] = waiting;
      if (first === undefined) return;
      const waitMs = pace.waitMs(nowMs);
      if (waitMs > 0) {
        wakeAt(Math.min(nowMs + waitMs, soonestEndMs), nowMs);
        return;
      }
      waiting.shift();
      first.grant({ end: begin(first.turn, nowMs) });
    }
  }

  /** Sends those away for whom the line is too long; `before` is how many of those that stay are before one. */
  function sendAway(nowMs: number, isTooLong: (waiter: Waiter, before: number) => boolean): void {
    const stay: Waiter[] = [];
    const go: Waiter[] = [];
    for (const waiter of waiting) (isTooLong(waiter, stay.length) ? go : stay).push(waiter);
    waiting = stay;
    soonestEndMs = stay.reduce((soonestMs, { turn }) => Math.min(soonestMs, turn.startByMs), Infinity);
    for (const { turn, grant } of go) grant({ instead: sentAway(turn, nowMs) });
  }

  function wakeAt(atMs: number, nowMs: number): void {
    if (atMs >= wakesAtMs) return;
    wakesAtMs = atMs;
    void clock.sleep(Math.max(0, atMs - nowMs)).then(() => {
      // Another has been set for an earlier time since, and goes on.
      if (wakesAtMs !== atMs) return;
      wakesAtMs = Infinity;
      serve();
    });
  }

  function make(call: () => Promise<ServiceResponse>, end: End): Promise<ServiceResponse> {
    const ended = (meaning: CallResult, nowMs: number) => {
      if (end(meaning, nowMs)) {
        tell(nowMs);
        sendAway(nowMs, ({ turn }, before) => nowMs + lengthMs(nowMs, before) > turn.startByMs);
      }
      if (waiting.length > 0) serve();
    };
    const failed = (error: unknown): never => {
      ended(UNKNOWN, clock.now());
      throw error;
    };
    let answered: Promise<ServiceResponse>;
    try {
      answered = call();
    } catch (error) {
      return failed(error);
    }
    return answered.then((answer) => {
      const nowMs = clock.now();
      // One that was denied for want of a credential never got there.
      ended(answer.kind === 'denied' ? UNKNOWN : classify(answer, nowMs), nowMs);
      return answer;
    }, failed);
  }

  function tell(nowMs: number): void {
    const [closedMs, perSecond] = [closedForMs(nowMs), pace.perSecond(nowMs)];
    const rate = perSecond.toPrecision(2);
    const text = `${host} refuses more calls (${kind}${project === undefined ? '' : ` in ${project}`}): the next in ${seconds(closedMs)}, then ${Number(rate)} a second`;
    const fields = { host, project, kind, closedMs: Math.round(closedMs), waiting: waiting.length };
    log('NOTICE', 'calls.throttled', text, { ...fields, perSecond: Number(rate) });
  }

  function sentAway(turn: CallRequest, nowMs: number): Postponed | 'call-at-once' {
    const { deadlineMs, postponements, wasAttempted } = turn;
    const lastCallMs = wasAttempted ? 0 : postponements > 0 ? LAST_CALLS_MS : LAST_CALL_MS;
    if (nowMs >= deadlineMs - lastCallMs) return 'call-at-once';
    const atMs = backMs(postponements, nowMs);
    const lastMs = deadlineMs - (wasAttempted ? 0 : LAST_CALL_MS);
    // Those whose time is over together do not come back together.
    const firstOfLastMs = Math.max(nowMs, deadlineMs - LAST_CALLS_MS);
    const spreadMs = firstOfLastMs + random() * (lastMs - firstOfLastMs);
    const error = pace.lastRefusal?.error ?? {
      type: 'TimeoutError',
      message: `${host} has not answered earlier calls yet`,
    };
    return { kind: 'postponed', waitMs: (atMs < firstOfLastMs ? atMs : spreadMs) - nowMs, error };
  }

  /** One after the other at the rate that the service takes; as long as that is a guess, at some time soon. */
  function backMs(postponements: number, nowMs: number): number {
    const soonestMs = nowMs + lengthMs(nowMs);
    const doublings = Math.min(Math.max(0, postponements - SOON), MOST_DOUBLINGS);
    const awayMs = LONGEST_AWAY_MS * 2 ** doublings;
    const latestMs = nowMs + Math.max(awayMs, closedForMs(nowMs));
    if (pace.isMeasured) {
      const nextMs = Math.max(lastBackMs, soonestMs) + 1_000 / (pace.perSecond(nowMs) * RETURN_FASTER);
      if (nextMs <= latestMs) return (lastBackMs = nextMs);
    }
    return latestMs + (random() - 0.5) * LONGEST_AWAY_MS;
  }
}

/** What a call that was not answered says of the pace. */
const UNKNOWN: CallResult = {
  kind: 'failed',
  reason: 'no-answer',
  error: { type: 'ConnectionError', message: '' },
};
