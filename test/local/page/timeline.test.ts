import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newLife } from '../../../local/page/model/request-life.ts';
import type { RequestLife, Step } from '../../../local/page/model/request-life.ts';
import { stepsByCall, timelineOf } from '../../../local/page/model/timeline.ts';
import { duration } from '../../../local/page/model/words.ts';

const step = (kind: Step['kind'], atMs: number, more: Partial<Step> = {}): Step => ({
  kind,
  tone: 'info',
  atMs,
  title: kind,
  text: 'text',
  ...more,
});
const life = (steps: readonly Step[], ended: boolean): RequestLife => ({
  ...newLife('r', undefined, 1_000),
  steps,
  ended,
  lastMs: steps.at(-1)?.atMs ?? 1_000,
});

describe('the timeline of a request', () => {
  it('each call has a mark at its time, and each wait a bar until the next step', () => {
    const calls = [{ atMs: 2_000, method: 'POST', status: 429 }];
    const steps = [
      step('accepted', 1_000),
      step('post', 2_100, { calls, untilMs: 9_000 }),
      step('post', 6_000),
      step('result', 11_000),
    ];
    const { marks, now } = timelineOf(life(steps, true), 99_000);
    assert.deepEqual(
      marks.map(({ kind, at, to }) => [kind, at, to]),
      [
        ['accepted', 0, undefined],
        ['post', 0.1, undefined],
        ['wait', 0.11, 0.5],
        ['post', 0.5, undefined],
        ['result', 1, undefined],
      ],
    );
    assert.equal(marks[1]?.label, 'post: 429, text');
    assert.equal(now, undefined);
  });

  it('a request that waits shows now and the wait to come', () => {
    const { marks, now, endMs } = timelineOf(life([step('wait', 1_000, { untilMs: 6_000 })], false), 2_000);
    assert.equal(endMs, 6_000);
    assert.equal(now, 0.2);
    assert.deepEqual(
      marks.map(({ at, to }) => [at, to]),
      [[0, 1]],
    );
  });

  it('a wait far ahead does not push what has happened into one place', () => {
    const { now } = timelineOf(life([step('wait', 1_000, { untilMs: 9_000_000 })], false), 61_000);
    assert.ok((now ?? 0) > 0.4);
  });

  it('every timeline has two to seven ticks at round times', () => {
    for (let lengthMs = 400; lengthMs < 3e9; lengthMs *= 1.7) {
      const steps = [step('accepted', 1_000), step('result', 1_000 + lengthMs)];
      const { ticks } = timelineOf(life(steps, true), 0);
      assert.ok(ticks.length >= 2 && ticks.length <= 7, `${lengthMs}: ${ticks.length}`);
    }
  });
});

describe('the steps of a request', () => {
  const call = (atMs: number, method: string, status = 200) => ({ atMs, method, status });

  it('each call has a step at its own time, and the line of the log stands beside the last', () => {
    const steps = [
      step('accepted', 1_000),
      step('post', 1_300, { text: 'accepted', calls: [call(1_200, 'POST')] }),
      step('wait', 1_310, { untilMs: 6_000 }),
      step('get', 6_100, {
        tone: 'good',
        text: 'cancelled',
        calls: [call(1_100, 'GET'), call(6_050, 'GET')],
      }),
    ];
    assert.deepEqual(
      stepsByCall(steps).map(({ kind, atMs, text, tone, calls }) => [kind, atMs, text, tone, calls?.length]),
      [
        ['accepted', 1_000, 'text', 'info', undefined],
        ['get', 1_100, '', 'info', 1],
        ['post', 1_200, 'accepted', 'info', 1],
        ['wait', 1_310, 'text', 'info', undefined],
        ['get', 6_050, 'cancelled', 'good', 1],
      ],
    );
  });

  it('the steps have their calls at the times at which the timeline has them', () => {
    const steps = [
      step('accepted', 1_000),
      step('get', 6_100, { calls: [call(1_000, 'GET', 503), call(6_000, 'GET')] }),
      step('result', 11_000),
    ];
    const { marks } = timelineOf(life(steps, true), 0);
    assert.deepEqual(
      marks.map(({ at }) => 1_000 + at * 10_000),
      stepsByCall(steps).map(({ atMs }) => atMs),
    );
  });

  it('no call comes before the message that led to it, whose line of the log is read later', () => {
    const steps = [step('accepted', 1_005), step('post', 1_010, { calls: [call(1_000, 'POST')] })];
    assert.deepEqual(
      stepsByCall(steps).map(({ kind, atMs }) => [kind, atMs]),
      [
        ['accepted', 1_005],
        ['post', 1_005],
      ],
    );
  });
});

describe('a duration', () => {
  for (const [ms, text] of [
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_000, '1.0 s'],
    [59_940, '59.9 s'],
    [59_990, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
  ] as const) {
    it(`${ms} ms is ${text}`, () => assert.equal(duration(ms), text));
  }
});
