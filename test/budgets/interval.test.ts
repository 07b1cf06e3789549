import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { intervalOf, isAhead } from '../../src/budgets/interval.ts';

/** Midnight of December in Google's time zone, where daylight saving time is over. */
const DECEMBER = '2026-12-01T08:00:00Z';
const DECEMBER_MS = Date.parse(DECEMBER);
const HOUR_MS = 3_600_000;

describe('the interval of a budget', () => {
  it('an interval that begins later than clocks and daylight saving time explain has not begun', () => {
    const december = intervalOf({ costIntervalStart: DECEMBER });
    assert.deepEqual(
      [-20 * 24, -3, -2, -1, 0, 24].map((hours) => isAhead(december, DECEMBER_MS + hours * HOUR_MS)),
      [true, true, false, false, false, false],
    );
  });

  it('an interval without its start is the month in which its notification was sent', () => {
    const december = intervalOf({}, '2026-12-24T12:00:00.000Z');
    assert.equal(december.key, '2026-12');
    assert.equal(isAhead(december, Date.UTC(2026, 10, 20)), true);
    assert.equal(isAhead(december, Date.UTC(2026, 11, 1)), false);
  });

  it('an interval whose start cannot be read is known by its text', () => {
    assert.deepEqual(intervalOf({ costIntervalStart: 'soon' }), { key: 'soon', startMs: undefined });
    assert.equal(isAhead(intervalOf({ costIntervalStart: 'soon' }), 0), false);
  });
});
