import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createCollector } from '../../local/collector.ts';
import { startLocalSystem } from '../../local/system.ts';
import type { LocalSystem } from '../../local/system.ts';
import { FUNCTION_CORE } from './measures.ts';
import { cpuMsOf, peakMbOf } from './process.ts';
import { createMemoryReader } from './settled-memory.ts';

/**
 * The cost of a sweep for each operation, of a short list and of a long one. The lists come page by page from
 * the simulated services; the sweep continues by messages, as when it is deployed. None of the operations is
 * old enough, so requests add no cost.
 */
interface SweepCost {
  readonly operations: number;
  readonly cpuMsPerOperation: number;
  /** Resident at the highest during the sweep, in megabytes. */
  readonly peakMb: number;
  /** Memory in use afterwards. */
  readonly inUseMb: number;
}

/**
 * A short sweep takes a fraction of a second, so this number of sweeps is measured together, beside ticks of
 * 10 ms.
 */
const SHORT_SWEEPS = 5;
const PATIENCE_MS = 300_000;

const parentOf = (place: string) => `projects/my-project/locations/${place}`;
const sweepOf = (place: string) => ({
  targets: [{ service: 'notebooks', version: 'v2', parents: [parentOf(place)] }],
  olderThan: '86400s',
  limit: 20,
});

/** Sweeps a tenth of the operations, as often as it takes to measure, and then all of them, in one process. */
export async function measureSweeps(upTo: number): Promise<readonly [SweepCost, SweepCost]> {
  const memory = await createMemoryReader();
  try {
    const SWEEPS = JSON.stringify({ short: sweepOf('short'), long: sweepOf('long') });
    const system = await startLocalSystem({ settings: { SWEEPS, ...memory.env }, delay: 'cloud-tasks' });
    try {
      const pid = system.fn.pid();
      await promisify(execFile)('taskset', ['-acp', String(FUNCTION_CORE), String(pid)]);
      const sweep = createSweeper(system);
      const measure = async (place: string, operations: number, times: number): Promise<SweepCost> => {
        await memory.read(pid);
        await forgetPeak(pid);
        const beforeMs = await cpuMsOf(pid);
        for (let time = 0; time < times; time += 1) await sweep(place, operations);
        const cpuMsPerOperation = ((await cpuMsOf(pid)) - beforeMs) / (operations * times);
        const peakMb = await peakMbOf(pid);
        const { inUseMb } = await memory.read(pid);
        return { operations, cpuMsPerOperation, peakMb, inUseMb };
      };
      const few = Math.ceil(upTo / 10);
      addOperations(system, 'short', few);
      addOperations(system, 'long', upTo);
      // For the code to be compiled.
      for (let time = 0; time < SHORT_SWEEPS; time += 1) await sweep('short', few);
      return [await measure('short', few, SHORT_SWEEPS), await measure('long', upTo, 1)];
    } finally {
      await system.close();
    }
  } finally {
    await memory.close();
  }
}

function addOperations(system: LocalSystem, place: string, count: number): void {
  for (let id = 0; id < count; id += 1) {
    system.services.add(`https://notebooks.googleapis.com/v2/${parentOf(place)}/operations/o${id}`, {
      ageMs: 60_000,
    });
  }
}

/** Starts a sweep, and waits for its report, which must count every operation. */
function createSweeper(system: LocalSystem): (sweep: string, operations: number) => Promise<void> {
  const collector = createCollector({ patienceMs: PATIENCE_MS });
  collector.attach(system);
  const { reports } = collector;
  return async (sweep, operations) => {
    const before = reports.length;
    await system.trigger({ sweep });
    if (!(await collector.until(() => reports.length > before))) throw new Error(`${sweep}: no report`);
    const { found, detail } = reports.at(-1)?.data ?? {};
    if (found !== operations)
      throw new Error(`${sweep}: found ${found ?? 0} of ${operations}: ${detail ?? ''}`);
  };
}

/** Resets the peak of resident memory to the current value (proc(5), clear_refs). */
async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}
