import { fuzz } from './fuzz/run.ts';
import { readOptions, wholeNumber } from '../../local/options.ts';

/**
 * `npm run fuzz`: odd messages and odd answers of services through the real handler. Exits 1 where it crashed,
 * retried without an end, called what is not in the catalog, or left a message without its one result.
 *
 * `-- --messages 200000 --seed 1` chooses how many and which.
 */
const options = readOptions('Usage: npm run fuzz -- [--messages 200000] [--seed 1]', {
  messages: '200000',
  seed: '1',
});
const messages = wholeNumber('messages', options.messages);
const seed = wholeNumber('seed', options.seed);
const startMs = performance.now();
const report = await fuzz(seed, messages);
const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
const outcomes = Object.entries(report.outcomes).sort(([a], [b]) => (a < b ? -1 : 1));
console.log(`${report.messages} messages in ${seconds} s, ${report.calls} calls answered oddly:`);
console.log(`  results: ${outcomes.map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
for (const violation of report.violations) console.log(`\n${violation}`);
if (report.violations.length > 0) {
  console.log(`\nRepeat it with: npm run fuzz -- --messages ${messages} --seed ${seed}`);
  process.exitCode = 1;
} else {
  console.log('Every message ended in its one result, and nothing was called that should not be.');
}
