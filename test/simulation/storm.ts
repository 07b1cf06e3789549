import { table, tableWidth } from '../../local/table.ts';
import { measureStorm } from '../../bench/compare/storm.ts';
import { readOptions, wholeNumber } from '../../local/options.ts';

/**
 * `npm run storm`: many requests at once, for a service that takes few cancels a second: how long the built function needs until
 * each has its result, and how many calls. Exits 1 where one is lost.
 *
 * `npm run storm -- --requests 5000 --per-second 50 --instances 1`
 */
const options = readOptions(
  'Usage: npm run storm -- [--requests 5000] [--per-second 50] [--instances 1] [--concurrency 80] [--retry-after yes|no] [--window-ms 60000] [--patience-seconds 1000]',
  {
    requests: '5000',
    'per-second': '50',
    instances: '1',
    concurrency: '80',
    'retry-after': 'yes',
    'window-ms': '',
    'patience-seconds': '1000',
  },
);
const number = (name: keyof typeof options) => wholeNumber(name, options[name]);
if (!['yes', 'no'].includes(options['retry-after'])) {
  console.error(`--retry-after must be yes or no, not ${JSON.stringify(options['retry-after'])}`);
  process.exit(2);
}
const storm = await measureStorm({
  requests: number('requests'),
  perSecond: number('per-second'),
  instances: number('instances'),
  concurrency: number('concurrency'),
  retryAfter: options['retry-after'] === 'yes',
  ...(options['window-ms'] !== '' && { windowMs: number('window-ms') }),
  patienceMs: number('patience-seconds') * 1_000,
});
const rows = [
  ['results', storm.results],
  ...[...storm.outcomes].sort().map(([outcome, count]) => [`  ${outcome}`, count]),
  ['lost', storm.lost],
  ['duplicates', storm.duplicates],
  ['seconds to the last result', storm.seconds.toFixed(1)],
  ['  at best', storm.idealSeconds.toFixed(1)],
  ['seconds to the last cancel accepted', storm.acceptedSeconds.toFixed(1)],
  ['POSTs', storm.posts],
  ['  refused', storm.refused],
  ['  for each operation', storm.postsPerOperation.toFixed(2)],
  ['pushes turned away', storm.turnedAway],
].map((row) => row.map(String));
console.log(table(['', 'measured'], rows, tableWidth()));
if (storm.lost > 0) process.exitCode = 1;
