import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { checkAims } from '../../bench/chart/aims.ts';
import { renewPage } from '../../bench/chart/page.ts';
import type { Results, Row } from '../../bench/compare/report.ts';

const row = (measure: string, variant: string, values: readonly number[], since?: string): Row => ({
  measure,
  unit: 'ms',
  variant,
  values,
  ...(since !== undefined && { since }),
});
const withoutShare: Results = {
  date: '2026-11-26T23:59:59.000Z',
  machine: { cpu: 'AMD EPYC', cores: 2, kernel: '6', node: 'v24.21.0' },
  rounds: 5,
  messages: 4_000,
  warmUp: 6_000,
  bundle: { 'index.js': 550_000, 'google-cloud-pubsub.js': 950_000 },
  rows: [
    row('request step, 64 in flight', 'floor', [100]),
    row('request step, 64 in flight', 'ours, cloud-tasks', [130, 125, 110]),
    row('request step, 64 in flight', 'ours, redelivery', [85]),
    row('request step, 64 in flight', 'peer', [40]),
  ],
};
const results: Results = { ...withoutShare, otherShare: 0.012_34 };
const PAGE = await readFile('docs/performance.md', 'utf8');
/** The lines that a run writes into the page. */
const written = (changed: Partial<Results> = {}) => {
  const page = renewPage(PAGE, { ...results, ...changed });
  const [, part = ''] = /<!-- What follows[^>]*-->([^]*)<!-- end of/.exec(page) ?? [];
  return part.trim().split('\n');
};
const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the page of the measurements', () => {
  it('the page says when, where and how often was measured, in lines of at most 100 characters', () => {
    const lines = written();
    const text = lines.slice(0, lines.indexOf('')).join(' ');
    assert.equal(
      text,
      'Measured on 26 November 2026, on 2 cores of AMD EPYC, with Node 24.21.0: medians and ranges of 1 to 3 rounds with 4,000 messages each, after 6,000 to warm up. Other processes took 1.2 % of the CPU of the machine, so it was quiet.',
    );
    assert.ok(lines.slice(0, lines.indexOf('')).every(({ length }) => length <= 100));
  });

  it('the page says the number of rounds once where each measure has as many', () => {
    const rows = [row('request step, CPU', 'floor', [1, 2]), row('request step, CPU', 'peer', [3, 4])];
    assert.match(written({ rows })[0] ?? '', /medians and ranges of 2$/);
  });

  for (const [otherShare, end] of [
    [0.03, 'so it was quiet.'],
    [0.031, 'so it was not quiet: only ratios can be compared.'],
    [undefined, 'to warm up.'],
  ] as const) {
    it(`the page of a run beside which others took ${otherShare} of the CPU says "${end}"`, () => {
      const page = renewPage(PAGE, { ...withoutShare, ...(otherShare !== undefined && { otherShare }) });
      assert.ok(page.replaceAll('\n', ' ').includes(`${end}  \`\`\``));
    });
  }

  it('the page has a table with every measurement', () => {
    const lines = written();
    assert.deepEqual(
      lines.slice(lines.indexOf('```') + 3, lines.lastIndexOf('```')).map((line) => line.split(/ {2,}/)),
      [
        ['request step, 64 in flight', 'floor', '100 ms', '100–100', '1.00', '2.50'],
        ['request step, 64 in flight', 'ours, cloud-tasks', '125 ms', '110–130', '1.25', '3.13'],
        ['request step, 64 in flight', 'ours, redelivery', '85.0 ms', '85.0–85.0', '0.85', '2.13'],
        ['request step, 64 in flight', 'peer', '40.0 ms', '40.0–40.0', '0.40', '1.00'],
      ],
    );
  });

  it('the page has a line for every aim, and says which one is missed', () => {
    assert.deepEqual(
      written()
        .filter((line) => line.startsWith('|'))
        .slice(2)
        .map(cellsOf),
      [
        [
          'request step, 64 in flight',
          'ours, cloud-tasks',
          'at least 1.2 × floor, and 3 × peer',
          '**1.25 × and 3.13 ×**',
        ],
        ['request step, 64 in flight', 'ours, redelivery', 'at least 0.9 × floor', '0.850 ×, **missed**'],
        ['bundle', 'ours', 'at most 1.8 MB', '**1.50 MB**: index.js 0.55, google-cloud-pubsub.js 0.95'],
      ],
    );
  });

  it('a bundle above its aim is reported as missed', () => {
    const [line = ''] = written({ bundle: { 'index.js': 1_810_000 } }).slice(-1);
    assert.equal(cellsOf(line)[3], '1.81 MB, **missed**: index.js 1.81');
  });

  it('a page that is written twice is the same, and nothing around it changes', () => {
    const once = renewPage(PAGE, results);
    assert.equal(renewPage(once, results), once);
    const around = (page: string) => page.replace(/(<!-- What follows[^>]*-->)[^]*(<!-- end of)/, '$1$2');
    assert.equal(around(once), around(PAGE));
    assert.notEqual(once, PAGE);
  });

  it('a page without the two lines is refused', () => {
    assert.throws(() => renewPage('# Performance', results), /has no lines/);
  });
});

describe('the aims', () => {
  it('an aim for several variants has a line for each of them', () => {
    const rows = [
      row('storm: time', 'at best', [100]),
      row('storm of 5: time', 'at best', [100]),
      row('storm of 5: time', 'ours, one instance', [107]),
      row('storm of 5: time', 'ours, four, no Retry-After', [131]),
    ];
    assert.deepEqual(
      checkAims(rows).map(({ variant, ratios, isMet }) => [variant, ...ratios, isMet]),
      [
        ['ours, one instance', 1.07, true],
        ['ours, four, no Retry-After', 1.31, false],
      ],
    );
  });

  it('the request step of a job is compared with that of an operation', () => {
    const rows = [
      row('request step, CPU', 'floor', [1]),
      row('request step, CPU', 'ours, cloud-tasks', [0.8]),
      row('request step, CPU', 'ours, a job', [0.9]),
    ];
    const [, job] = checkAims(rows);
    assert.deepEqual(
      [job?.variant, job?.text, job?.isMet],
      ['ours, a job', 'at most 1.1 × ours, cloud-tasks', false],
    );
  });

  it('each later value of one that is not to grow has a line', () => {
    const rows = [
      row('growth, CPU: ours', 'first 10', [5]),
      row('growth, CPU: ours', 'at 100', [2]),
      row('growth, CPU: ours', 'at 300', [2.1], 'at 100'),
      row('growth, CPU: ours', 'at 1,000', [3], 'at 100'),
    ];
    assert.deepEqual(
      checkAims(rows).map(({ variant, text, isMet }) => [variant, text, isMet]),
      [
        ['at 300', 'at most 1.1 × that at 100', true],
        ['at 1,000', 'at most 1.1 × that at 100', false],
      ],
    );
  });

  it('an aim without a measurement to compare with has no line', () => {
    assert.deepEqual(checkAims([row('request step, CPU', 'ours, cloud-tasks', [1])]), []);
  });
});
