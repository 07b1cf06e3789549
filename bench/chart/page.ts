import { MAX_OTHER_SHARE } from '../compare/quiet.ts';
import { shown, tableOf } from '../compare/report.ts';
import type { Results } from '../compare/report.ts';
import { checkAims } from './aims.ts';
import type { CheckedAim } from './aims.ts';

/** The part of docs/performance.md that a run renews stands between these lines. */
const START = '<!-- What follows is written by npm run bench -- --page -->';
const END = '<!-- end of what is written by npm run bench -->';

/** Writes what was measured into the page: how, all medians, and the aims beside them. */
export function renewPage(page: string, results: Results): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start === -1 || end < start) throw new Error(`the page has no lines ${START} and ${END}`);
  return [page.slice(0, start) + START, partOf(results), page.slice(end)].join('\n\n');
}

function partOf(results: Results): string {
  const aims = [...checkAims(results.rows).map(lineOf), ...bundleLine(results.bundle ?? {})];
  return [
    wrapped(methodOf(results)),
    `\`\`\`\n${tableOf(results.rows)}\n\`\`\``,
    ['| measure | of | aim | measured |', '| --- | --- | --- | --- |', ...aims].join('\n'),
  ].join('\n\n');
}

function methodOf({ date, machine, rows, messages, warmUp, otherShare }: Results): string {
  // Merged runs may differ.
  const counts = rows.map(({ values }) => values.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const rounds = fewest === most ? most : `${fewest} to ${most}`;
  const day = new Date(date).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  const on = `${machine.cores} cores of ${machine.cpu}, with Node ${machine.node.replace(/^v/, '')}`;
  const after = warmUp === undefined ? '' : `, after ${warmUp.toLocaleString('en')} to warm up`;
  const text = `Measured on ${day}, on ${on}: medians and ranges of ${rounds} rounds with ${messages.toLocaleString('en')} messages each${after}.`;
  if (otherShare === undefined) return text;
  const share = `Other processes took ${(otherShare * 100).toFixed(1)} % of the CPU of the machine`;
  return otherShare > MAX_OTHER_SHARE
    ? `${text} ${share}, so it was not quiet: only ratios can be compared.`
    : `${text} ${share}, so it was quiet.`;
}

const lineOf = ({ measure, variant, text, ratios, isMet }: CheckedAim) => {
  const values = ratios.map((ratio) => `${shown(ratio)} ×`).join(' and ');
  return `| ${measure} | ${variant} | ${text} | ${isMet ? `**${values}**` : `${values}, **missed**`} |`;
};

/** Larger than a first request needs: it reads index.js, and the library for tokens where it needs one. */
const MAX_BUNDLE_MB = 1.8;

function bundleLine(bundle: Readonly<Record<string, number>>): readonly string[] {
  const sizes = Object.entries(bundle);
  if (sizes.length === 0) return [];
  const inMb = (bytes: number) => (bytes / 1e6).toFixed(2);
  const totalMb = inMb(sizes.reduce((sum, [, bytes]) => sum + bytes, 0));
  const files = sizes.map(([file, bytes]) => `${file} ${inMb(bytes)}`).join(', ');
  const verdict = Number(totalMb) <= MAX_BUNDLE_MB ? `**${totalMb} MB**` : `${totalMb} MB, **missed**`;
  return [`| bundle | ours | at most ${MAX_BUNDLE_MB} MB | ${verdict}: ${files} |`];
}

/** Prose in lines of at most 100 characters. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && line.length <= 100) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.join('\n');
}
