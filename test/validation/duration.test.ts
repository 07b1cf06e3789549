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
    it(`the duration ${text} is read as ${durationMs} ms`, () =>
      assert.equal(parseDurationMs(text), durationMs));
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
    it(`the text ${JSON.stringify(text.slice(0, 20))} is refused as a duration`, () =>
      assert.equal(parseDurationMs(text), undefined));
  }
});

describe('confirmWithin', () => {
  it('confirmWithin can be up to 30 days', () =>
    assert.equal(parseConfirmWithinMs('confirmWithin', '2592000s'), 2_592_000_000));

  itRefuses(REFUSED_DURATIONS, (text) => `confirmWithin refuses ${text}, with the path of its field`);
});
