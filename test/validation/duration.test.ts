import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { itRefuses } from '../support/refusals.ts';
import { REFUSED_DURATIONS } from '../settings/settings.refusals.ts';
import { parseConfirmWithinMs, parseDurationMs } from '../../src/validation/duration.ts';

describe('a duration', () => {
  for (const [text, durationMs] of [
    ['900s', 900_000],
    ['0.5s', 500],
    ['1.000000001s', 1_000],
    ['-3s', -3_000],
    ['0s', 0],
  ] as const) {
    it(`reads ${text} as ${durationMs} ms`, () => assert.equal(parseDurationMs(text), durationMs));
  }
  for (const text of [
    '',
    '900',
    '15m',
    's',
    '1 s',
    '1e3s',
    'Infinitys',
    '1.s',
    '.5s',
    '0x10s',
    '٣s',
    '9'.repeat(400) + 's',
  ]) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => assert.equal(parseDurationMs(text), undefined));
  }
});

describe('confirmWithin', () => {
  it('takes up to 30 days', () =>
    assert.equal(parseConfirmWithinMs('confirmWithin', '2592000s'), 2_592_000_000));

  itRefuses(REFUSED_DURATIONS, (text) => `refuses ${text}, naming the field`);
});
