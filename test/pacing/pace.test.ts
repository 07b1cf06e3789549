import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meaningOf } from '../../src/core/answer.ts';
import { createPace } from '../../src/core/pace.ts';
import { NOON_MS, OK, status } from '../fakes.ts';

const REFUSED = meaningOf(status(429, 'RESOURCE_EXHAUSTED', [], '1'), NOON_MS);
const TAKEN = meaningOf(OK, NOON_MS);

/** A pace that was closed at `NOON_MS`, and opened a second later. */
function createLearntPace() {
  const pace = createPace(() => 0);
  for (const operation of ['a', 'b', 'c', 'd']) pace.begin(operation, NOON_MS)(REFUSED, NOON_MS);
  assert.equal(pace.waitMs(NOON_MS), 1_000);
  return pace;
}

describe('a pace that was learnt', () => {
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
    const eachMs = pace.waitMs(openMs + 10) + 10;
    // The second comes late by 30 ms: the third keeps its time.
    pace.begin('f', openMs + eachMs + 30);
    assert.ok(pace.waitMs(openMs + eachMs + 30) < eachMs - 25);
    pace.begin('g', openMs + 5_000);
    assert.ok(pace.waitMs(openMs + 5_000) > 0);
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
