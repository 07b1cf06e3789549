import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { table } from '../../local/table.ts';

const HEADER = ['trigger', 'sweep', 'dry run', 'found', 'requested', 'left alone', 'what it shows'];
const ROWS = [
  ['budget-100', 'stop-training', 'yes', '2', '2', '', 'at 100 %, as a dry run'],
  [
    'nightly',
    'nightly',
    'no',
    '5',
    '1',
    '1 done, 1 excluded, 1 tooYoung, 1 undated',
    'a scheduler, with an exclusion',
  ],
];

describe('a table for a terminal', () => {
  it('a table that fits has a line for each row', () =>
    assert.equal(table(['a', 'long'], [['one', 'x']], 80), ['a    long', '───  ────', 'one  x'].join('\n')));

  it('a table of many columns fits 80 columns and loses no word of any', () => {
    const text = table(HEADER, ROWS, 80);
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
    for (const word of [...HEADER, ...ROWS.flat()].flatMap((cell) => cell.split(' '))) {
      assert.ok(text.includes(word), word);
    }
  });

  it('a word that is wider than its column goes on in the next line', () => {
    const text = table(['name'], [['abcdefghijklmnop']], 10);
    assert.equal(text, ['name', '──────────', 'abcdefghij', 'klmnop'].join('\n'));
  });
});
