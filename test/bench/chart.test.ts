import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawChart } from '../../bench/chart/draw.ts';
import { mergeResults } from '../../bench/chart/merge.ts';
import type { Results, Row } from '../../bench/compare/report.ts';

const machine = { cpu: 'CPU', cores: 2, kernel: '6', node: 'v24.0.0' };
const resultsOf = (rows: readonly Row[]): Results => ({
  date: '2026-01-02T03:04:05.678Z',
  machine,
  rounds: 1,
  messages: 1,
  rows,
});
const draw = (rows: readonly Row[]) => drawChart(resultsOf(rows));
const row = (measure: string, variant: string, values: readonly number[], since?: string): Row => ({
  measure,
  unit: 'ms',
  variant,
  values,
  ...(since !== undefined && { since }),
});

const COLD = 'cold start, to the first request handled';
const coldStarts = [
  row(COLD, 'framework, no-op', [200]),
  row(COLD, 'ours, cloud-tasks', [210, 220, 260]),
  row(COLD, 'peer', [500]),
];

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const numberIn = (attributes: string, name: string) =>
  Number(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1]);

/** The bars, in the order in which they are drawn. */
const barsOf = (svg: string): readonly Box[] =>
  [...svg.matchAll(/<rect class="bar[^"]*"([^>]*)\/>/g)].map(([, attributes = '']) => {
    const [left, top] = [numberIn(attributes, 'x'), numberIn(attributes, 'y')];
    const [right, bottom] = [left + numberIn(attributes, 'width'), top + numberIn(attributes, 'height')];
    return { left, right, top, bottom };
  });

/** Where text stands: its font is 13 px, and hardly any character is wider than 7.5 px. */
const textsOf = (svg: string): readonly Box[] =>
  [...svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].map(([, attributes = '', text = '']) => {
    const [x, baseline] = [numberIn(attributes, 'x'), numberIn(attributes, 'y')];
    const plain = text.replaceAll(/&\w+;/g, '&');
    const width = plain.length * (attributes.includes('class="note"') ? 6.5 : 7.5);
    const left = attributes.includes('text-anchor="end"') ? x - width : x;
    return { left, right: left + width, top: baseline - 10, bottom: baseline + 3 };
  });

const overlap = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 0.2, `${actual}, not ${expected}`);

describe('the chart', () => {
  it("the chart's bars are as long as their medians", () => {
    const [noop, ours, peer] = barsOf(draw(coldStarts)) as [Box, Box, Box];
    const length = ({ left, right }: Box) => right - left;
    close(length(noop) / length(peer), 200 / 500);
    close(length(ours), (length(peer) * 220) / 500);
    assert.ok(length(peer) > 200);
  });

  it('the chart has a whisker from the lowest to the highest of several rounds', () => {
    const svg = draw(coldStarts);
    const whiskers = [...svg.matchAll(/class="whisker" d="M([\d.]+) [\d.]+H([\d.]+)/g)];
    assert.equal(whiskers.length, 1);
    const { left, right } = barsOf(svg)[2] as Box;
    const [, low, high] = whiskers[0]!.map(Number);
    close(low!, left + ((right - left) * 210) / 500);
    close(high!, left + ((right - left) * 260) / 500);
  });

  for (const [title, rows, aim, aimText] of [
    ['what a start may take', coldStarts, 240, 'at most 1.2 × framework, no-op'],
    [
      'the highest of what a throughput is to be',
      [
        row('request step, 64 in flight', 'floor', [350]),
        row('request step, 64 in flight', 'ours, cloud-tasks', [500]),
        row('request step, 64 in flight', 'peer', [100]),
      ],
      420,
      'at least 1.2 × floor, and 3 × peer',
    ],
    [
      'a tenth more than it was, for what is not to grow',
      [
        row('growth, CPU: ours', 'first 10', [500]),
        row('growth, CPU: ours', 'at 100', [100]),
        row('growth, CPU: ours', 'at 1,000', [105], 'at 100'),
      ],
      110,
      'at most 1.1 × that at 100',
    ],
  ] as const) {
    it(`the chart has the aim at ${title}`, () => {
      const svg = draw(rows);
      const [, x] = /class="aim" d="M([\d.]+) /.exec(svg) ?? [];
      const bars = barsOf(svg);
      const left = bars[0]!.left;
      const longest = Math.max(...bars.map(({ right }) => right)) - left;
      close(Number(x), left + (longest * aim) / 500);
      assert.ok(svg.includes(`>aim: ${aimText}<`));
    });
  }

  it('the chart shows no aim without a rule or a measure to compare with', () => {
    assert.ok(!draw([row('something', 'ours', [1])]).includes('class="aim"'));
    assert.ok(!draw([row(COLD, 'ours', [1])]).includes('class="aim"'));
  });

  it('the chart has no text over other text, over a bar, or outside', () => {
    const long = 'a variant with a very long name, and more';
    const svg = draw([
      ...coldStarts,
      row(COLD, long, [0.001_234, 99_999, 123_456]),
      row('another', 'ours', [1, 2]),
      row('a third', long, [3]),
    ]);
    const [texts, bars] = [textsOf(svg), barsOf(svg)];
    assert.equal(bars.length, 6);
    const boxes = [...texts, ...bars];
    for (const [index, box] of boxes.entries()) {
      assert.ok(box.left >= 0 && box.right <= 900, JSON.stringify(box));
      for (const other of boxes.slice(index + 1)) {
        assert.ok(!overlap(box, other), `${JSON.stringify(box)} and ${JSON.stringify(other)}`);
      }
    }
    const height = numberIn(/<svg([^>]*)>/.exec(svg)?.[1] ?? '', 'height');
    assert.ok(boxes.every(({ bottom }) => bottom <= height));
  });

  it('the chart is well-formed XML for any names', () => {
    const svg = draw([row('a < b & "c"', '</svg><script>', [1, 2]), ...coldStarts]);
    assert.ok(svg.includes('>a &lt; b &amp; &quot;c&quot;</text>'));
    assert.ok(svg.includes('>&lt;/svg&gt;&lt;script&gt;</text>'));
    const open: string[] = [];
    for (const [, end, name = '', whole] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (end === '/') assert.equal(open.pop(), name);
      else if (whole !== '/') open.push(name);
    }
    assert.deepEqual(open, []);
  });

  it('the chart describes itself in words', () => {
    const [, text] = /<desc[^>]*>([^<]*)</.exec(draw(coldStarts)) ?? [];
    assert.match(text ?? '', /^cold start, .*: .*ours, cloud-tasks 220 ms \(210–260\); .*aim: at most 1.2/);
  });
});

describe('results of several runs', () => {
  it("merged results have the later run's values in the place of the earlier ones", () => {
    const first = resultsOf([row('a', 'x', [1]), row('a', 'y', [2]), row('b', 'x', [3])]);
    const second = { ...resultsOf([row('a', 'x', [4]), row('c', 'x', [5])]), date: '2026-02-03' };
    const { rows, date } = mergeResults(first, second);
    assert.deepEqual(rows, [row('a', 'x', [4]), row('b', 'x', [3]), row('c', 'x', [5])]);
    assert.equal(date, '2026-02-03');
  });

  it('merged results were measured on a machine as busy as in the busiest of their runs', () => {
    const [quiet, busy] = [
      { ...resultsOf([]), otherShare: 0.01 },
      { ...resultsOf([]), otherShare: 0.2 },
    ];
    assert.equal(mergeResults(busy, quiet).otherShare, 0.2);
    assert.equal(mergeResults(resultsOf([]), resultsOf([])).otherShare, undefined);
  });
});
