import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  growthFactor,
  guessedRate,
  isServiceThrottling,
  measuredRate,
  pauseLength,
} from '../../src/calls/control-law.ts';

describe('the length of a pause', () => {
  for (const [title, requestedMs, expected] of [
    ['doubles if the service names no wait', [0, 0], [1, 2, 4, 8, 16, 32, 60, 60]],
    ['grows by four up to the wait that the service asks for', [7_000], [1, 4, 7, 7]],
    ['is never more than a minute', [600_000], [1, 4, 16, 60, 60]],
    ['is the shortest of several waits', [30_000, 400, 0], [0.4, 0.4]],
  ] as const) {
    it(`the length of a pause ${title}`, () => {
      const lengths = expected.map((_, index) => pauseLength(requestedMs, index + 1, 0).pauseMs / 1_000);
      assert.deepEqual(lengths, expected);
    });
  }

  it('jitter makes a pause up to a fifth longer, but not longer than a minute', () => {
    assert.deepEqual(pauseLength([10_000], 3, 0.5), { pauseMs: 11_000, requestedMs: 10_000 });
    assert.equal(pauseLength([], 9, 0.9).pauseMs, 60_000);
  });

  it('a pause has no requested part if the service names no wait', () => {
    assert.equal(pauseLength([0], 1, 0).requestedMs, 0);
  });
});

describe('the detection of a throttling service', () => {
  const responses = (throttled: number, accepted: number, atMs: number) => [
    ...Array.from({ length: throttled }, () => ({ atMs, requestedWaitMs: 0 })),
    ...Array.from({ length: accepted }, () => ({ atMs })),
  ];
  for (const [title, throttled, accepted, isKnown, ageMs, expected] of [
    ['when four operations are throttled', 4, 0, false, 0, true],
    ['not when three operations are throttled', 3, 0, false, 0, false],
    ['when a quarter of the responses are throttled', 4, 12, false, 0, true],
    ['not when less than a quarter of the responses are throttled', 4, 13, false, 0, false],
    ['when two operations are throttled, once it is known to throttle', 2, 30, true, 0, true],
    ['not when one operation is throttled, even once it is known to throttle', 1, 0, true, 0, false],
    ['not because of responses that are older than 10 s', 20, 0, true, 10_001, false],
  ] as const) {
    it(`a service counts as throttling ${title}`, () => {
      assert.equal(isServiceThrottling(responses(throttled, accepted, 0), isKnown, ageMs), expected);
    });
  }
});

describe('a rate', () => {
  it('a rate is guessed from the calls accepted up to the end of the pause, and is at least 1 per second', () => {
    assert.equal(guessedRate({ sinceMs: 0, count: 100 }, 4_000), 25);
    assert.equal(guessedRate({ sinceMs: 0, count: 0 }, 4_000), 1);
  });

  for (const [title, count, idleMs, sentPerSecond, expected] of [
    ['is measured between two throttles', 500, 0, 50, { basePerSecond: 50, isMeasured: true }],
    ['is measured over the time without idle time', 300, 4_000, 50, { basePerSecond: 50, isMeasured: true }],
    ['is at least 0.8 of the rate in force', 500, 0, 100, { basePerSecond: 80, isMeasured: true }],
    ['is a guess after too much idle time', 100, 5_000, 100, { basePerSecond: 20, isMeasured: false }],
    ['is at least 1 per second', 1, 0, 0, { basePerSecond: 1, isMeasured: true }],
  ] as const) {
    it(`a rate ${title}`, () => {
      const accepted = { sinceMs: 0, count };
      assert.deepEqual(measuredRate(accepted, { idleMs, sentPerSecond, nowMs: 10_000 }), expected);
    });
  }

  for (const [title, isMeasured, expected] of [
    ['grows slowly at first and then faster, once it is measured', true, [0.95, 0.973, 1.125, 1.45, 2.55]],
    ['doubles each second while it is a guess', false, [1, 2, 32, 1_024, 1_048_576]],
  ] as const) {
    it(`a rate ${title}`, () => {
      const factors = [0, 1, 5, 10, 20].map((t) => Number(growthFactor(isMeasured, t).toFixed(6)));
      assert.deepEqual(factors, expected);
    });
  }
});
