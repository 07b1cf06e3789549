import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Memory of a process that is idle and has collected its garbage, in megabytes. */
export interface SettledMemory {
  readonly residentMb: number;
  /** Objects, and buffers beside the heap. */
  readonly inUseMb: number;
}

/** Asks processes for their memory. */
interface MemoryReader {
  /** Variables that a process is started with to be asked. */
  readonly env: Readonly<Record<string, string>>;
  read(pid: number): Promise<SettledMemory>;
  close(): Promise<void>;
}

/** Work that continues after an answer, such as writing buffered log lines, has ended by then. */
const IDLE_MS = 500;
const PATIENCE_MS = 10_000;
const MB = 1_024 * 1_024;

export async function createMemoryReader(): Promise<MemoryReader> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-memory-'));
  const file = join(directory, 'memory.json');
  return {
    env: { MEMORY_FILE: file, NODE_OPTIONS: '--expose-gc --import=./bench/compare/collect-garbage.ts' },
    read: async (pid) => {
      await rm(file, { force: true });
      await sleep(IDLE_MS);
      process.kill(pid, 'SIGUSR2');
      const { rss, heapUsed, external } = await untilWritten(file);
      return { residentMb: rss / MB, inUseMb: (heapUsed + external) / MB };
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function untilWritten(file: string): Promise<NodeJS.MemoryUsage> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as NodeJS.MemoryUsage;
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await sleep(20);
    }
  }
}
