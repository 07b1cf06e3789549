import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { table, tableWidth } from '../../local/table.ts';

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

  it('a column is never narrower than its longest word while others have room to give', () => {
    const text = table(['name', 'text'], [['abcdefghijklmnop', 'one two three four five six']], 30);
    assert.deepEqual(text.split('\n'), [
      'name              text',
      '────────────────  ────────────',
      'abcdefghijklmnop  one two',
      '                  three four',
      '                  five six',
    ]);
  });

  for (const width of [60, 40, 24]) {
    it(`a table whose words do not fit ${width} columns has a block for each row, and loses nothing`, () => {
      const lines = table(HEADER, ROWS, width).split('\n');
      for (const line of lines) assert.ok(line.length <= width, line);
      assert.equal(lines.filter((line) => line === '').length, ROWS.length - 1);
      const found = lines.map((line) => line.slice('what it shows  '.length)).join('');
      const text = ROWS.flat().join('');
      assert.equal(found.replaceAll(' ', ''), text.replaceAll(' ', ''));
    });
  }

  it('a block names the column of each line', () =>
    assert.deepEqual(
      table(
        ['id', 'what it shows'],
        [
          ['a', 'abcdefghijklmnopq'],
          ['b', ''],
        ],
        20,
      ).split('\n'),
      [
        'id             a',
        'what it shows  abcde',
        '               fghij',
        '               klmno',
        '               pq',
        '',
        'id             b',
        'what it shows',
      ],
    ));
});

describe('the width of a table', () => {
  for (const [title, stream, environment, expected] of [
    ['a terminal of 132 columns has 132', { isTTY: true, columns: 132 }, {}, 132],
    ['a terminal that does not tell its columns has 80', { isTTY: true, columns: 0 }, {}, 80],
    [
      'a terminal of 60 columns has 60, whatever COLUMNS says',
      { isTTY: true, columns: 60 },
      { COLUMNS: '99' },
      60,
    ],
    ['a pipe has 80', { isTTY: false, columns: 0 }, {}, 80],
    ['a pipe has those of COLUMNS', { isTTY: false, columns: 0 }, { COLUMNS: '60' }, 60],
    ['a pipe with COLUMNS that is no number has 80', { isTTY: false, columns: 0 }, { COLUMNS: 'wide' }, 80],
  ] as const) {
    it(title, () => assert.equal(tableWidth(stream, environment), expected));
  }
});
