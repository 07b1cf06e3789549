import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { readOptions, wholeNumber } from '../../local/options.ts';
import { runSeed } from './world/run.ts';
import type { RunReport } from './world/run.ts';

/**
 * `npm run simulate`: many runs of the whole system in virtual time, each with its own faults, all from a seed.
 * After each run, everything is checked that must always hold. Exits 1 where something did not.
 *
 * `-- --seeds 10000 --from 1` chooses how many and which; `-- --seed 42` replays one, and prints it.
 */
const options = readOptions('Usage: npm run simulate -- [--seeds 10000] [--from 1] | --seed 42', {
  seeds: '10000',
  from: '1',
  seed: '',
});
const MAX_SHOWN = 10;

if (options.seed === '') {
  await runMany(wholeNumber('from', options.from), wholeNumber('seeds', options.seeds));
} else {
  await replay(wholeNumber('seed', options.seed));
}

async function replay(seed: number): Promise<void> {
  const report = await runSeed(seed);
  console.log(JSON.stringify(JSON.parse(report.trace), undefined, 2));
  show([report]);
}

async function runMany(from: number, seeds: number): Promise<void> {
  const startMs = performance.now();
  const workers = Math.max(1, Math.min(availableParallelism(), seeds));
  const reports = await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const first = from + Math.floor((index * seeds) / workers);
      return runInWorker(first, from + Math.floor(((index + 1) * seeds) / workers) - first);
    }),
  );
  const all = reports.flat();
  const sum = (count: (report: RunReport) => number) =>
    all.reduce((total, report) => total + count(report), 0);
  const outcomes = new Map<string, number>();
  for (const { outcomes: counts } of all) {
    for (const [outcome, count] of Object.entries(counts)) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
    }
  }
  console.log(`${all.length} runs in ${((performance.now() - startMs) / 1_000).toFixed(1)} s:`);
  console.log(`  ${sum(({ deliveries }) => deliveries)} deliveries, ${sum(({ deaths }) => deaths)} deaths`);
  console.log(
    `  results: ${[...outcomes]
      .sort()
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', ')}`,
  );
  show(all);
}

/** The seeds are shared out, so that every core has its part. */
function runInWorker(first: number, count: number): Promise<RunReport[]> {
  const worker = new Worker(new URL('world/worker.ts', import.meta.url), {
    workerData: { first, count },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function show(reports: readonly RunReport[]): void {
  const failed = reports.filter(({ violations }) => violations.length > 0);
  for (const { seed, violations } of failed.slice(0, MAX_SHOWN)) {
    console.log(`\nSeed ${seed}; replay it with: npm run simulate -- --seed ${seed}`);
    for (const violation of violations) console.log(`  ${violation}`);
  }
  if (failed.length > 0) {
    console.log(`\nIn ${failed.length} of ${reports.length} runs something did not hold that always must.`);
    process.exitCode = 1;
  } else {
    console.log('Everything held that must always hold.');
  }
}
