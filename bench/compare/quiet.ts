import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { TICK_MS } from './process.ts';

/**
 * The share of the machine's CPU that other processes take while something is measured: their user, system and
 * interrupt time, and the time that a hypervisor gave to other machines (proc(5), /proc/stat and /proc/[pid]/stat).
 */
export interface QuietCheck {
  /** From 0 to 1, from the start of the check. Every process that was started since then must have ended. */
  otherShare(): Promise<number>;
}

/** Above this share a run says more about the machine than about what it measured. */
export const MAX_OTHER_SHARE = 0.03;

export async function startQuietCheck(): Promise<QuietCheck> {
  const before = await read();
  return {
    otherShare: async () => {
      const after = await read();
      const otherMs = after.busyMs - before.busyMs - (after.ownMs - before.ownMs);
      return Math.max(0, otherMs / ((after.wallMs - before.wallMs) * availableParallelism()));
    },
  };
}

async function read() {
  const [machine, own] = await Promise.all([
    readFile('/proc/stat', 'utf8'),
    readFile('/proc/self/stat', 'utf8'),
  ]);
  return { busyMs: busyMsOf(machine), ownMs: ownMsOf(own), wallMs: performance.now() };
}

/** Time in which the machine was neither idle nor waited for a disk. */
export function busyMsOf(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
    /^cpu +(.*)/.exec(stat)?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * TICK_MS;
}

/** Time of a process and of all its children that have ended. */
export function ownMsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime and cstime, the 14th to the 17th of all fields.
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * TICK_MS;
}
