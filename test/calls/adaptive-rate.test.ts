import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/resources/response.ts';
import { createAdaptiveRate } from '../../src/calls/adaptive-rate.ts';
import { NOON_MS, OK, status } from '../support/fakes.ts';

const REFUSED = classify(status(429, 'RESOURCE_EXHAUSTED', [], '1'), NOON_MS);
const TAKEN = classify(OK, NOON_MS);

/** A pace that was closed at `NOON_MS`, and opened a second later. */
function createLearntPace() {
  const pace = createAdaptiveRate(() => 0);
  for (const operation of ['a', 'b', 'c', 'd']) pace.begin(operation, NOON_MS)(REFUSED, NOON_MS);
  assert.equal(pace.waitMs(NOON_MS), 1_000);
  return pace;
}

describe('a pace that was learned', () => {
  it('is not waited for longer when the clock was set back', () => {
    const pace = createLearntPace();
    assert.equal(pace.waitMs(NOON_MS - 3_600_000), 0);
  });

  it('lets a call that comes after a pause go at the rate that it had', () => {
    const pace = createLearntPace();
    const openMs = NOON_MS + 1_000;
    pace.begin('e', openMs)(TAKEN, openMs + 10);
    const laterMs = openMs + 10_000;
    const eachMs = 1_000 / pace.perSecond(laterMs);
    assert.equal(pace.waitMs(laterMs), 0);
    pace.begin('f', laterMs);
    assert.ok(pace.waitMs(laterMs) <= eachMs, `${pace.waitMs(laterMs)} of ${eachMs}`);
  });

  it('makes up for timers that are a little late, and no more', () => {
    const pace = createLearntPace();
    const openMs = NOON_MS + 1_000;
    pace.begin('e', openMs)(TAKEN, openMs + 10);
    const dueMs = openMs + 10 + pace.waitMs(openMs + 10);
    // The second comes late by 30 ms: the third keeps its time.
    const eachMs = 1_000 / pace.perSecond(dueMs + 30);
    pace.begin('f', dueMs + 30);
    assert.ok(pace.waitMs(dueMs + 30) <= eachMs - 29, `${pace.waitMs(dueMs + 30)}`);
    // One that comes late by seconds gains no more.
    const laterEachMs = 1_000 / pace.perSecond(openMs + 9_000);
    pace.begin('g', openMs + 9_000);
    assert.ok(pace.waitMs(openMs + 9_000) > laterEachMs - 60);
  });

  it('is slow to begin with only until it has shown that more is taken', () => {
    const pace = createLearntPace();
    assert.equal(pace.isMeasured, false);
    const before = pace.perSecond(NOON_MS + 1_000);
    pace.begin('e', NOON_MS + 1_000)(TAKEN, NOON_MS + 1_010);
    for (let nowMs = NOON_MS + 1_000; nowMs < NOON_MS + 5_000; nowMs += Math.max(1, pace.waitMs(nowMs))) {
      pace.begin('x', nowMs)(TAKEN, nowMs);
    }
    assert.ok(pace.perSecond(NOON_MS + 5_000) > 8 * before);
  });

  for (const [title, everyMs, isMeasured] of [
    ['is measured where calls came as fast as they might', 1, true],
    ['is a guess where they came more slowly', 4_000, false],
  ] as const) {
    it(title, () => {
      const pace = createLearntPace();
      pace.begin('e', NOON_MS + 1_000)(TAKEN, NOON_MS + 1_010);
      let nowMs = NOON_MS + 1_010;
      for (; nowMs < NOON_MS + 13_000; nowMs += Math.max(everyMs, pace.waitMs(nowMs))) {
        pace.begin('x', nowMs)(TAKEN, nowMs);
      }
      for (const operation of ['f', 'g']) pace.begin(operation, nowMs)(REFUSED, nowMs);
      assert.equal(pace.isMeasured, isMeasured);
    });
  }

  it('is idle when it was forgotten and nothing is under way', () => {
    const pace = createLearntPace();
    const openMs = NOON_MS + 1_000;
    const end = pace.begin('e', openMs);
    assert.equal(pace.isIdle(openMs + 100_000), false);
    end(TAKEN, openMs + 10);
    assert.equal(pace.isIdle(openMs + 20), false);
    assert.equal(pace.isIdle(openMs + 100_000), true);
  });
});
