import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
} from '../../src/calls/adaptive-rate.ts';
import type { AdaptiveRate, StartedCall, Throttle } from '../../src/calls/adaptive-rate.ts';
import { NOON_MS } from '../support/fakes.ts';

const error = { type: 'HttpError', httpStatus: 429, message: 'RESOURCE_EXHAUSTED it is' } as const;
const ONE_SECOND: Throttle = { error, requestedWaitMs: 1_000, isRepeated: false };

const callAt = (startMs: number): StartedCall => ({ startMs, isTrial: false });
const start = (rate: AdaptiveRate, call: StartedCall) => afterStart(atTime(rate, call.startMs), call);
const throttle = (rate: AdaptiveRate, call: StartedCall, nowMs: number, changes: Partial<Throttle> = {}) =>
  afterThrottle(rate, call, { ...ONE_SECOND, ...changes }, { nowMs, random: () => 0 });
const delayMs = (rate: AdaptiveRate, nowMs: number) => startDelayMs(atTime(rate, nowMs), nowMs);
const isMeasured = (rate: AdaptiveRate) => rate.kind !== 'unlimited' && rate.isMeasured;
/** A call that starts and is accepted. */
const acceptedAt = (rate: AdaptiveRate, startMs: number, endMs = startMs) => {
  const call = callAt(startMs);
  return afterAccept(start(rate, call), call, endMs);
};
/** A call that starts and is throttled, at once. */
const throttledAt = (rate: AdaptiveRate, nowMs: number, changes: Partial<Throttle> = {}) => {
  const call = callAt(nowMs);
  return throttle(start(rate, call), call, nowMs, changes);
};
const times = (count: number, rate: AdaptiveRate, step: (rate: AdaptiveRate) => AdaptiveRate) =>
  Array.from({ length: count }).reduce<AdaptiveRate>(step, rate);

// One rate for each state, each from the one before. A call was in flight when calls were paused: the straggler.
const OVER_MS = NOON_MS + 1_000;
const STRAGGLER = callAt(NOON_MS - 10);
const PROBE = callAt(OVER_MS);
const UNLIMITED = start(INITIAL_RATE, STRAGGLER);
const ALMOST_PAUSED = times(3, UNLIMITED, (rate) => throttledAt(rate, NOON_MS));
const PAUSED = throttledAt(ALMOST_PAUSED, NOON_MS);
const PROBING = start(PAUSED, PROBE);
const LIMITED = afterAccept(PROBING, PROBE, OVER_MS + 10);

const PROBE_ENDED = afterEnd(PROBING, PROBE);
const PROBE_REPEATED = throttle(PROBING, PROBE, OVER_MS, { isRepeated: true });
/** Two pauses in a row, and a call that is sent on trial during the second. */
const PAUSED_AGAIN = throttle(PROBING, PROBE, OVER_MS, { requestedWaitMs: 30_000 });
const TRIAL: StartedCall = { startMs: OVER_MS + 2_000, isTrial: true };

describe('the transitions of an adaptive rate', () => {
  for (const [title, after, kind, others] of [
    ['three throttled operations leave the rate unlimited', ALMOST_PAUSED, 'unlimited', { delayMs: 0 }],
    ['the fourth one pauses calls', PAUSED, 'paused', { delayMs: 1_000, pauses: 1, isMeasured: false }],
    [
      'an operation that is throttled again does not count again',
      throttledAt(ALMOST_PAUSED, NOON_MS, { isRepeated: true }),
      'unlimited',
      { delayMs: 0 },
    ],
    [
      'four throttled operations among seventeen do not pause calls',
      throttledAt(
        times(13, ALMOST_PAUSED, (rate) => acceptedAt(rate, NOON_MS)),
        NOON_MS,
      ),
      'unlimited',
      { delayMs: 0 },
    ],
    [
      'four throttled operations among sixteen pause calls',
      throttledAt(
        times(12, ALMOST_PAUSED, (rate) => acceptedAt(rate, NOON_MS)),
        NOON_MS,
      ),
      'paused',
      { delayMs: 1_000 },
    ],
    [
      'a throttled straggler that asks for 3 s postpones the end of the pause by no more than the length of the pause',
      throttle(PAUSED, STRAGGLER, NOON_MS + 500, { requestedWaitMs: 3_000 }),
      'paused',
      { delayMs: 1_500, pauses: 1 },
    ],
    [
      'an accepted straggler does not end the pause',
      afterAccept(PAUSED, STRAGGLER, NOON_MS + 500),
      'paused',
      { delayMs: 1_000 },
    ],
    ['the first call after the pause is the probe', PROBING, 'probing', { delayMs: 2_500 }],
    [
      'a probe without a response is followed by another probe',
      PROBE_ENDED,
      'paused',
      { delayMs: 0, pauses: 1 },
    ],
    [
      'another call that ends does not end the probing',
      afterAccept(PROBING, STRAGGLER, OVER_MS),
      'probing',
      { delayMs: 2_500 },
    ],
    ['an accepted probe limits the rate', LIMITED, 'limited', { isMeasured: false, pauses: 1 }],
    [
      'a throttled probe pauses calls for up to four times as long',
      throttle(PROBING, PROBE, OVER_MS, { requestedWaitMs: 30_000 }),
      'paused',
      { delayMs: 4_000, pauses: 2 },
    ],
    [
      'a throttled probe pauses calls for twice as long where the service names no wait',
      throttle(PROBING, PROBE, OVER_MS, { requestedWaitMs: 0 }),
      'paused',
      { delayMs: 2_000, pauses: 2 },
    ],
    [
      'a throttled probe whose operation was throttled before is followed by another probe',
      PROBE_REPEATED,
      'paused',
      { delayMs: 0, pauses: 1 },
    ],
    [
      'one throttled operation leaves a limited rate as it is',
      throttledAt(LIMITED, OVER_MS + 5_000),
      'limited',
      { pauses: 1 },
    ],
    [
      'two throttled operations pause calls again, as the first pause in a row',
      times(2, LIMITED, (rate) => throttledAt(rate, OVER_MS + 5_000)),
      'paused',
      { delayMs: 1_000, pauses: 1 },
    ],
    [
      'a minute without throttling makes the rate unlimited',
      atTime(LIMITED, OVER_MS + 60_001),
      'unlimited',
      { delayMs: 0 },
    ],
    [
      'a trial that starts during a pause does not end it',
      start(PAUSED_AGAIN, TRIAL),
      'paused',
      { delayMs: 4_000, pauses: 2 },
    ],
    [
      'a trial that is throttled does not make the pause longer',
      throttle(start(PAUSED_AGAIN, TRIAL), TRIAL, TRIAL.startMs + 10, { requestedWaitMs: 60_000 }),
      'paused',
      { delayMs: 4_000, pauses: 2 },
    ],
    [
      'a trial that is accepted ends the pause',
      afterAccept(start(PAUSED_AGAIN, TRIAL), TRIAL, TRIAL.startMs + 10),
      'limited',
      { pauses: 2 },
    ],
    [
      'a probe that is not answered for 2.5 s is followed by another probe',
      atTime(PROBING, OVER_MS + 2_500),
      'paused',
      { pauses: 1 },
    ],
    [
      'a probe that is accepted after another one has followed it ends the pause',
      afterAccept(atTime(PROBING, OVER_MS + 2_500), PROBE, OVER_MS + 4_000),
      'limited',
      { pauses: 1 },
    ],
    [
      'a minute does not end a pause without a probe',
      atTime(PAUSED, OVER_MS + 60_001),
      'paused',
      { pauses: 1 },
    ],
  ] as const satisfies [
    string,
    AdaptiveRate,
    AdaptiveRate['kind'],
    Partial<ReturnType<typeof summarize>>,
  ][]) {
    it(title, () => {
      assert.equal(after.kind, kind);
      const summary = summarize(after);
      assert.deepEqual(summary, { ...summary, ...others });
    });
  }

  it('the transitions of an adaptive rate do not change the rate that they are given', () => {
    const before = structuredClone(PROBING);
    throttle(PROBING, PROBE, OVER_MS);
    afterAccept(PROBING, PROBE, OVER_MS);
    afterEnd(PROBING, PROBE);
    assert.deepEqual(PROBING, before);
  });
});

/** A rate at the end of its pause or, while it is paused, at the time of its last throttle. */
function summarize(rate: AdaptiveRate) {
  if (rate.kind === 'unlimited')
    return { delayMs: startDelayMs(rate, NOON_MS), pauses: 0, isMeasured: false };
  const nowMs = rate.kind === 'probing' ? rate.probe.startMs : rate.pause.startMs;
  const { count: pauses } = rate.pause;
  return {
    delayMs: startDelayMs(rate, Math.max(nowMs, lastCallMs(rate))),
    pauses,
    isMeasured: rate.isMeasured,
  };
}
/** After the end of a pause, a paused rate waits for its next probe. */
const lastCallMs = (rate: AdaptiveRate) => (rate === PROBE_ENDED || rate === PROBE_REPEATED ? OVER_MS : 0);

describe('a limited rate', () => {
  const rate = LIMITED;

  it('a paused rate does not delay calls longer when the clock was set back', () => {
    assert.equal(delayMs(PAUSED, NOON_MS - 3_600_000), 0);
  });

  it('a limited rate keeps its value over a time without calls', () => {
    const laterMs = OVER_MS + 10_000;
    const intervalMs = 1_000 / ratePerSecond(rate, laterMs);
    assert.equal(delayMs(rate, laterMs), 0);
    const next = start(rate, callAt(laterMs));
    assert.ok(delayMs(next, laterMs) <= intervalMs, `${delayMs(next, laterMs)} of ${intervalMs}`);
  });

  it('a limited rate makes up for timers that are a little late, and for no more', () => {
    const dueMs = OVER_MS + 10 + delayMs(rate, OVER_MS + 10);
    // The second call is late by 30 ms: the third one is on time.
    const intervalMs = 1_000 / ratePerSecond(rate, dueMs + 30);
    const second = start(rate, callAt(dueMs + 30));
    assert.ok(delayMs(second, dueMs + 30) <= intervalMs - 29, `${delayMs(second, dueMs + 30)}`);
    // A call that is late by seconds gains no more.
    const laterIntervalMs = 1_000 / ratePerSecond(second, OVER_MS + 9_000);
    const third = start(second, callAt(OVER_MS + 9_000));
    assert.ok(delayMs(third, OVER_MS + 9_000) > laterIntervalMs - 60);
  });

  it('a guessed rate grows to more than eight times its start while calls are accepted', () => {
    assert.equal(isMeasured(rate), false);
    const before = ratePerSecond(PAUSED, OVER_MS);
    let current: AdaptiveRate = rate;
    for (let nowMs = OVER_MS; nowMs < OVER_MS + 4_000; nowMs += Math.max(1, delayMs(current, nowMs))) {
      current = acceptedAt(current, nowMs);
    }
    assert.ok(ratePerSecond(current, OVER_MS + 4_000) > 8 * before);
  });

  for (const [title, everyMs, measured] of [
    ['a limited rate is measured if calls came as fast as they were allowed', 1, true],
    ['a limited rate is a guess if calls came more slowly than allowed', 4_000, false],
  ] as const) {
    it(title, () => {
      let current: AdaptiveRate = rate;
      let nowMs = OVER_MS + 10;
      for (; nowMs < OVER_MS + 12_000; nowMs += Math.max(everyMs, delayMs(current, nowMs))) {
        current = acceptedAt(current, nowMs);
      }
      const paused = times(2, current, (one) => throttledAt(one, nowMs));
      assert.equal(paused.kind, 'paused');
      assert.equal(isMeasured(paused), measured);
    });
  }

  it('trials begin two seconds after the beginning of a pause, and while none is in force at once', () => {
    assert.equal(trialDelayMs(PAUSED_AGAIN, OVER_MS + 500), 1_500);
    assert.equal(trialDelayMs(PAUSED_AGAIN, OVER_MS + 3_000), 0);
    assert.equal(trialDelayMs(LIMITED, OVER_MS + 20), 0);
  });
});
