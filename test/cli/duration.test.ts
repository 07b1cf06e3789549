import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfirmWithin } from '../../cli/duration.ts';
import { parseConfirmWithinMs } from '../../src/validation/duration.ts';

describe('the time of --confirm-within', () => {
  for (const [text, inSeconds] of [
    ['90s', '90s'],
    ['900', '900s'],
    ['15m', '900s'],
    ['2h', '7200s'],
    ['0.5h', '1800s'],
    ['1.5s', '1.5s'],
    ['0.0015s', '0.002s'],
    ['720h', '2592000s'],
  ] as const) {
    it(`${text} is sent as ${inSeconds}, which the function accepts`, () => {
      assert.equal(readConfirmWithin(text), inSeconds);
      assert.ok(parseConfirmWithinMs('confirmWithin', inSeconds) > 0);
    });
  }

  for (const text of [
    'soon',
    '',
    '0s',
    '0.0001s',
    '-5m',
    '15 min',
    '721h',
    '2592001s',
    `${'9'.repeat(400)}h`,
  ])
    it(`${JSON.stringify(text.slice(0, 20))} is refused by the name of the option`, () =>
      assert.throws(() => readConfirmWithin(text), /^Error: --confirm-within must be /));
});
