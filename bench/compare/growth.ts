import { sendMessages, startFunction, untilFirstTaken } from './function.ts';
import type { Backend } from './function.ts';
import { FUNCTION_CORE } from './measures.ts';
import { aRequest } from './messages.ts';
import { createMemoryReader } from './settled-memory.ts';
import type { SettledMemory } from './settled-memory.ts';
import type { Variant } from './variants.ts';

/** Compares the cost of a message early and late in the life of a process; an increase means that something grows. */

/** Messages of a process that are measured together, by their number. */
interface Window {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** The window that this one is compared with. */
  readonly since?: string;
}

/**
 * The very first messages, for which code is compiled; then a twentieth of all that ends at a tenth, one that
 * ends at three tenths, and the last one, which are compared. Of 100,000 messages these are 5,000 each, which
 * take seconds, so the ticks of 10 ms in which Linux counts do not matter.
 */
export function windowsOf(upTo: number): readonly Window[] {
  const length = Math.ceil(upTo / 20);
  const before = (end: number) => {
    const to = Math.ceil(end);
    return { title: `at ${numbered(to)}`, from: to - length, to };
  };
  const first = Math.ceil(upTo / 100);
  const warm = before(upTo / 10);
  const since = warm.title;
  return [
    { title: `first ${numbered(first)}`, from: 0, to: first },
    warm,
    { ...before((upTo * 3) / 10), since },
    { ...before(upTo), since },
  ];
}

export const numbered = (count: number) => count.toLocaleString('en');

interface Grown extends SettledMemory {
  readonly window: Window;
  readonly cpuMsPerMessage: number;
}

const IN_FLIGHT = 64;

/** Sends requests, each for an operation of its own, to one process; its memory is read after each window. */
export async function measureGrowth(variant: Variant, backend: Backend, upTo: number): Promise<Grown[]> {
  const memory = await createMemoryReader();
  try {
    const fn = await startFunction(variant, backend, FUNCTION_CORE, variant.target, memory.env);
    try {
      const send = (count: number) =>
        sendMessages(fn, { topic: 'requests', make: aRequest, count, inFlight: IN_FLIGHT });
      // The start is another measure.
      await untilFirstTaken(fn, performance.now());
      const grown: Grown[] = [];
      let sent = 0;
      for (const window of windowsOf(upTo)) {
        const { from, to } = window;
        await send(from - sent);
        const beforeMs = await fn.cpuMs();
        await send(to - from);
        const cpuMsPerMessage = ((await fn.cpuMs()) - beforeMs) / (to - from);
        grown.push({ window, cpuMsPerMessage, ...(await memory.read(fn.child.pid ?? 0)) });
        sent = to;
      }
      return grown;
    } finally {
      await fn.close();
    }
  } finally {
    await memory.close();
  }
}
