import { meaningOf } from './core/answer.ts';
import type { Answer, Meaning, Postponed } from './core/answer.ts';
import { seconds } from './core/duration.ts';
import { createPace } from './core/pace.ts';
import type { Pace } from './core/pace.ts';
import type { Clock } from './core/ports.ts';
import type { Log } from './log.ts';

/**
 * Makes each call when it is its turn. Calls of one kind to one host stand in one line, so that a storm of requests
 * backs off together.
 */
export type Pacing = (turn: Turn, call: () => Promise<Answer>) => Promise<Answer | Postponed>;

export interface Turn {
  readonly host: string;
  /** What a service counts by itself: those that change something, and those that only look. */
  readonly kind: 'cancel' | 'get';
  /** Full resource name: one that is refused by itself holds up no other. */
  readonly operation: string;
  /** The end of its time in the line, in milliseconds since the epoch: past it, it is postponed. */
  readonly startByMs: number;
  /**
   * The end of the whole pursuit, in milliseconds since the epoch. Nothing is postponed past it: what cannot wait is
   * called at once, so that no request is given up that was never tried.
   */
  readonly deadlineMs: number;
}

/** So long before its deadline, a call cannot wait any more. */
const LAST_CALL_MS = 2_000;
/** Those that were postponed come back a little faster than they can be served, and find a line rather than a gap. */
const RETURN_FASTER = 1.1;

/**
 * One that was postponed comes back after so long at most, unless the way is closed for longer: another instance may have
 * room by then, or the rate be another.
 */
const LONGEST_RETURN_MS = 20_000;

/** How a wait in the line ends: what to say when the call has ended, or what stands for its answer. */
type Granted = { readonly end: ReturnType<Pace['begin']> } | { readonly instead: Postponed | 'call-at-once' };

interface Waiter {
  readonly turn: Turn;
  readonly grant: (granted: Granted) => void;
}

interface Parts {
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
}

export function createPacing(parts: Parts): Pacing {
  // Bounded by the hosts that the catalogue knows.
  const lines = new Map<string, Pacing>();
  return (turn, call) => {
    const key = `${turn.kind} ${turn.host}`;
    let line = lines.get(key);
    if (line === undefined) {
      line = createLine(turn, parts);
      lines.set(key, line);
    }
    return line(turn, call);
  };
}

function createLine({ host, kind }: Pick<Turn, 'host' | 'kind'>, { clock, random, log }: Parts): Pacing {
  const pace = createPace(random);
  let waiting: Waiter[] = [];
  /** No time in the line ends sooner. */
  let soonestEndMs = Infinity;
  let wakesAtMs = Infinity;
  /** Up to when those that were postponed were told to come back. */
  let returnsMs = 0;

  return (turn, call) => {
    const nowMs = clock.now();
    if (waiting.length === 0 && pace.waitMs(nowMs) === 0)
      return make(call, pace.begin(turn.operation, nowMs));
    return stand(turn, nowMs).then<Answer | Postponed>((granted) => {
      if ('end' in granted) return make(call, granted.end);
      return granted.instead === 'call-at-once' ? call() : granted.instead;
    });
  };

  function stand(turn: Turn, nowMs: number): Promise<Granted> {
    if (nowMs + lengthMs(nowMs) > turn.startByMs) return Promise.resolve({ instead: afterAll(turn, nowMs) });
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

  /** Sends those away for whom the line has become too long. */
  function shorten(nowMs: number): void {
    const stay: Waiter[] = [];
    const tooMany: Waiter[] = [];
    for (const waiter of waiting) {
      const isInTime = nowMs + lengthMs(nowMs, stay.length) <= waiter.turn.startByMs;
      (isInTime ? stay : tooMany).push(waiter);
    }
    waiting = stay;
    for (const { turn, grant } of tooMany) grant({ instead: afterAll(turn, nowMs) });
  }

  function closedForMs(nowMs: number): number {
    const waitMs = pace.waitMs(nowMs);
    return Number.isFinite(waitMs) ? waitMs : 0;
  }

  function serve(): void {
    for (;;) {
      const nowMs = clock.now();
      if (nowMs >= soonestEndMs) sendAway(nowMs);
      const [first] = waiting;
      if (first === undefined) return;
      const waitMs = pace.waitMs(nowMs);
      if (waitMs > 0) {
        wakeIn(Math.min(waitMs, soonestEndMs - nowMs), nowMs);
        return;
      }
      waiting.shift();
      first.grant({ end: pace.begin(first.turn.operation, nowMs) });
    }
  }

  function sendAway(nowMs: number): void {
    const isOver = ({ turn }: Waiter) => turn.startByMs <= nowMs;
    for (const { turn, grant } of waiting.filter(isOver)) grant({ instead: afterAll(turn, nowMs) });
    waiting = waiting.filter((waiter) => !isOver(waiter));
    soonestEndMs = Math.min(Infinity, ...waiting.map(({ turn }) => turn.startByMs));
  }

  function wakeIn(delayMs: number, nowMs: number): void {
    if (nowMs + delayMs >= wakesAtMs) return;
    wakesAtMs = nowMs + delayMs;
    void clock.sleep(delayMs).then(() => {
      wakesAtMs = Infinity;
      serve();
    });
  }

  function make(call: () => Promise<Answer>, end: ReturnType<Pace['begin']>): Promise<Answer> {
    const ended = (meaning: Meaning, nowMs: number) => {
      if (end(meaning, nowMs)) {
        tell(nowMs);
        if (pace.isMeasured) shorten(nowMs);
      }
      if (waiting.length > 0) serve();
    };
    return call().then(
      (answer) => {
        const nowMs = clock.now();
        ended(meaningOf(answer, nowMs), nowMs);
        return answer;
      },
      (error: unknown) => {
        ended(UNKNOWN, clock.now());
        throw error;
      },
    );
  }

  function tell(nowMs: number): void {
    const [closedMs, perSecond] = [closedForMs(nowMs), pace.perSecond(nowMs)];
    const rate = perSecond.toPrecision(2);
    log(
      'NOTICE',
      'pace.slowed',
      `${host} refuses more calls (${kind}): the next in ${seconds(closedMs)}, then ${rate} a second`,
      { host, kind, closedMs: Math.round(closedMs), perSecond: Number(rate), waiting: waiting.length },
    );
  }

  /** What becomes of one whose time in the line is not enough. */
  function afterAll({ deadlineMs }: Turn, nowMs: number): Postponed | 'call-at-once' {
    if (deadlineMs - nowMs <= LAST_CALL_MS) return 'call-at-once';
    const atMs = Math.min(returnMs(nowMs), deadlineMs - LAST_CALL_MS / 2);
    const error = pace.lastRefusal?.error ?? {
      type: 'TimeoutError',
      message: `${host} has not answered earlier calls yet`,
    };
    return { kind: 'postponed', waitMs: atMs - nowMs, error };
  }

  /** One after the other at the rate that the service takes; as long as that is a guess, at some time soon. */
  function returnMs(nowMs: number): number {
    const soonestMs = nowMs + lengthMs(nowMs);
    if (!pace.isMeasured) return soonestMs + (LONGEST_RETURN_MS * (1 + random())) / 2;
    returnsMs = Math.max(returnsMs, soonestMs) + 1_000 / (pace.perSecond(nowMs) * RETURN_FASTER);
    returnsMs = Math.min(returnsMs, nowMs + Math.max(LONGEST_RETURN_MS, closedForMs(nowMs)));
    return returnsMs;
  }
}

/** What a call that was not answered says of the pace. */
const UNKNOWN: Meaning = {
  kind: 'refused',
  reason: 'no-answer',
  error: { type: 'ConnectionError', message: '' },
};
