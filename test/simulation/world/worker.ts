import { parentPort, workerData } from 'node:worker_threads';
import { runSeed } from './run.ts';
import type { RunReport } from './run.ts';

/** Runs a share of the seeds. */
const { first, count } = workerData as { first: number; count: number };
const reports: RunReport[] = [];
for (let seed = first; seed < first + count; seed += 1) {
  // The trace is left out, because a report on many runs does not show it.
  reports.push({ ...(await runSeed(seed)), trace: '' });
}
parentPort?.postMessage(reports);
