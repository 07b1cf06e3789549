import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawChart } from './chart/draw.ts';
import { mergeResults } from './chart/merge.ts';
import { renewPage } from './chart/page.ts';
import type { Results } from './compare/report.ts';

/**
 * `node bench/chart.ts [results.json …]`: draws what `npm run bench` has measured as docs/performance.svg, and writes
 * it into docs/performance.md. Without a file, the newest of bench/results/; of several, each adds its measures, or replaces them.
 */
const RESULTS = 'bench/results';
const CHART = 'docs/performance.svg';
const PAGE = 'docs/performance.md';

const files = process.argv.slice(2);
const option = files.find((file) => file.startsWith('-'));
if (option !== undefined) endWith(`Unknown option '${option}'\nUsage: node bench/chart.ts [results.json …]`);
const [first, ...others] = await Promise.all((files.length > 0 ? files : await newest()).map(read));
if (first === undefined) endWith(`There is nothing in ${RESULTS} yet: npm run bench`);
const results = mergeResults(first, ...others);
await writeFile(CHART, drawChart(results));
await writeFile(PAGE, renewPage(await readFile(PAGE, 'utf8'), results));
console.log(`Written to ${CHART} and ${PAGE}`);

async function newest(): Promise<readonly string[]> {
  const names = await readdir(RESULTS).catch(() => []);
  // They are named by their time.
  const last = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1);
  return last === undefined ? [] : [join(RESULTS, last)];
}

async function read(file: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    return endWith(`${file}: ${(error as Error).message}`);
  }
}

function endWith(message: string): never {
  console.error(message);
  process.exit(2);
}
