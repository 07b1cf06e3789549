import { byMeasure, median, rangeOf, shown } from '../compare/report.ts';
import type { Results, Row } from '../compare/report.ts';
import { limitOf } from './aims.ts';
import type { Limit } from './aims.ts';

/**
 * Draws what was measured as SVG: a group of bars for each measure, with the median, the range as a whisker, and a dashed
 * line where the aim is. Every group has a scale of its own, from zero. Readable where the page is light and where it is
 * dark; text is text.
 */
export function drawChart({ date, machine, rows }: Pick<Results, 'date' | 'machine' | 'rows'>): string {
  const columns = columnsOf(rows);
  const caption =
    'Bars are medians, whiskers the range of all rounds, dashed lines the aims. Each measure has its own scale, from zero.';
  const source = `${date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node.replace(/^v/, '')}`;
  const parts = [textAt(MARGIN, MARGIN + 8, caption, 'note'), textAt(MARGIN, MARGIN + 26, source, 'note')];
  let y = MARGIN + 44;
  for (const group of byMeasure(rows)) {
    const drawn = drawGroup(group, y, columns);
    parts.push(...drawn.parts);
    y = drawn.bottom + GROUP_GAP;
  }
  const height = y - GROUP_GAP + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">`,
    '<title id="title">Performance: the function beside a floor, a peer and Google’s client</title>',
    `<desc id="desc">${escaped(describe(rows))}</desc>`,
    STYLE,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const WIDTH = 900;
const MARGIN = 20;
const BAR = 14;
const LINE = 22;
const GROUP_GAP = 26;
/** Of a character, at most, in text of 13 px. */
const CHARACTER = 7.5;

/** Text takes its colors, like all else, from the scheme that the reader has. */
const STYLE = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.measure { font-weight: 600; }
.note { fill: #59636e; font-size: 12px; }
.page { fill: #ffffff; }
.bar { fill: #9aa4af; }
.ours { fill: #0969da; }
.whisker { stroke: #1f2328; fill: none; }
.aim { stroke: #bc4c00; stroke-width: 2; stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.note { fill: #9198a1; }
.page { fill: #0d1117; }
.bar { fill: #656c76; }
.ours { fill: #4493f8; }
.whisker { stroke: #e6edf3; }
.aim { stroke: #f0883e; }
}
</style>`;

/** Left and right end of the bars: names stand before them, values behind, and neither is ever drawn over. */
interface Columns {
  readonly left: number;
  readonly right: number;
}

function columnsOf(rows: readonly Row[]): Columns {
  const widest = (texts: readonly string[]) => CHARACTER * Math.max(0, ...texts.map((text) => text.length));
  return {
    left: Math.ceil(MARGIN + widest(rows.map(({ variant }) => variant)) + 8),
    right: Math.floor(WIDTH - MARGIN - widest(rows.map(valueText)) - 12),
  };
}

const valueText = ({ values, unit }: Row) =>
  values.length === 1
    ? `${shown(median(values))} ${unit}`
    : `${shown(median(values))} ${unit} (${rangeOf(values)})`;

function drawGroup(rows: readonly Row[], top: number, { left, right }: Columns) {
  const limit = limitOf(rows);
  const most = Math.max(limit?.value ?? 0, ...rows.flatMap(({ values }) => values));
  const width = (value: number) => rounded((value / most) * (right - left));
  const parts = [textAt(MARGIN, top + 12, rows[0]?.measure ?? '', 'measure')];
  let y = top + LINE;
  if (limit !== undefined) {
    parts.push(textAt(MARGIN, y + 10, `aim: ${limit.text}`, 'note'));
    y += LINE;
  }
  const first = y;
  for (const row of rows) {
    const low = rounded(left + width(Math.min(...row.values)));
    const high = rounded(left + width(Math.max(...row.values)));
    const middle = y + BAR / 2;
    parts.push(
      textAt(MARGIN, y + 11, row.variant),
      `<rect class="${isOurs(row) ? 'bar ours' : 'bar'}" x="${left}" y="${y}" width="${width(median(row.values))}" height="${BAR}"/>`,
      ...(row.values.length > 1
        ? [
            `<path class="whisker" d="M${low} ${middle}H${high}M${low} ${middle - 3}v6M${high} ${middle - 3}v6"/>`,
          ]
        : []),
      textAt(WIDTH - MARGIN, y + 11, valueText(row), 'value', 'end'),
    );
    y += LINE;
  }
  const bottom = y - LINE + BAR;
  if (limit !== undefined) parts.push(drawAim(limit, left + width(limit.value), first - 3, bottom + 3));
  return { parts, bottom };
}

function drawAim({ text, value }: Limit, x: number, top: number, bottom: number): string {
  const title = `<title>${escaped(`${text}: ${shown(value)}`)}</title>`;
  return `<path class="aim" d="M${rounded(x)} ${top}V${bottom}">${title}</path>`;
}

/** In a comparison of a process with itself, all bars are ours. */
const isOurs = ({ variant, measure }: Row) => /\bours\b/.test(variant) || /^(growth|sweep),/.test(measure);

function textAt(x: number, y: number, text: string, kind?: string, anchor?: 'end'): string {
  const attributes = [
    ...(kind === undefined ? [] : [`class="${kind}"`]),
    `x="${x}" y="${y}"`,
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
  ].join(' ');
  return `<text ${attributes}>${escaped(text)}</text>`;
}

/** The same for whoever does not see it. */
const describe = (rows: readonly Row[]) =>
  byMeasure(rows)
    .map((group) => {
      const values = group.map((row) => `${row.variant} ${valueText(row)}`).join('; ');
      const limit = limitOf(group);
      return `${group[0]?.measure ?? ''}: ${values}${limit === undefined ? '' : `; aim: ${limit.text}`}.`;
    })
    .join(' ');

const rounded = (value: number) => Math.round(value * 10) / 10;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
