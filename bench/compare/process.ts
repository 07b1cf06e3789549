import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Processes that are pinned to a core each, so that none takes the time of another. */
export interface Pinned {
  readonly child: ChildProcess;
  /** CPU time until now, in milliseconds, all threads together. */
  cpuMs(): Promise<number>;
  /** Peak resident memory until now, in megabytes. */
  peakMb(): Promise<number>;
  close(): Promise<void>;
}

/** Of one tick, in milliseconds: what Linux counts CPU time in (sysconf, _SC_CLK_TCK). */
export const TICK_MS = 10;

export function startPinned(
  core: number,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Pinned {
  const child = spawn('taskset', ['-c', String(core), process.execPath, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? '', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (process.env.BENCH_DEBUG !== undefined) child.stderr.pipe(process.stderr);
  else child.stderr.resume();
  return {
    child,
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    peakMb: () => peakMbOf(child.pid ?? 0),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** CPU time of a process until now, in milliseconds, all threads together. */
export async function cpuMsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // utime and stime, the 14th and 15th of all fields (proc(5)).
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS;
}

/** Peak resident memory of a process until now, in megabytes. */
export async function peakMbOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1]) / 1_024;
}

/** The first line that a process writes, as JSON. */
export async function firstLine<T>({ child }: Pinned): Promise<T> {
  if (child.stdout === null) throw new Error('its output is not read');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) return JSON.parse(line) as T;
  throw new Error('it ended without a line');
}
