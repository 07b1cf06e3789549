import { setTimeout as sleep } from 'node:timers/promises';
import { aRecheck, aRequest, startFunction } from './function.ts';
import type { Backend, RunningFunction } from './function.ts';
import type { Variant } from './variants.ts';

/** What is measured, each in a process of its own. */

/** The function gets one core for itself, everything else the other. */
const FUNCTION_CORE = 1;
const PATIENCE_MS = 30_000;

/** From the spawn of the process to its first message handled, in milliseconds. */
export async function measureColdStart(variant: Variant, backend: Backend): Promise<number> {
  const startMs = performance.now();
  const fn = await startFunction(variant, backend, FUNCTION_CORE);
  try {
    await firstTaken(fn, startMs);
    return performance.now() - startMs;
  } finally {
    await fn.close();
  }
}

/** Tries until it listens. */
async function firstTaken(fn: RunningFunction, startMs: number): Promise<void> {
  const message = aRequest();
  for (;;) {
    try {
      await fn.push('requests', message);
      return;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== 'ECONNREFUSED' || performance.now() - startMs > PATIENCE_MS) throw error;
      await sleep(1);
    }
  }
}

export interface Load {
  readonly messagesPerSecond: number;
  readonly cpuMsPerMessage: number;
  readonly peakMb: number;
}

/** Messages, so many at the same time, after as many to warm up as it takes. */
export async function measureLoad(
  variant: Variant,
  backend: Backend,
  options: {
    readonly step: 'request' | 'recheck';
    readonly inFlight: number;
    readonly messages: number;
    readonly warmUp: number;
  },
): Promise<Load> {
  const { step, inFlight, messages, warmUp } = options;
  const target = step === 'request' ? variant.target : (variant.lookTarget ?? variant.target);
  const fn = await startFunction(variant, backend, FUNCTION_CORE, target);
  const isOurs = variant.source === 'dist';
  const make = () => {
    if (step === 'request') return aRequest();
    // The others carry the URL and look at that.
    return isOurs ? aRecheck() : { ...aRequest(), attempt: 3 };
  };
  const topic = step === 'request' ? 'requests' : 'rechecks';
  const send = async (count: number) => {
    let left = count;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        await fn.push(topic, make());
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
  };
  try {
    await firstTaken(fn, performance.now());
    await send(warmUp);
    const [beforeMs, cpuBeforeMs] = [performance.now(), await fn.cpuMs()];
    await send(messages);
    const [wallMs, cpuMs] = [performance.now() - beforeMs, (await fn.cpuMs()) - cpuBeforeMs];
    return {
      messagesPerSecond: (messages / wallMs) * 1_000,
      cpuMsPerMessage: cpuMs / messages,
      peakMb: await fn.peakMb(),
    };
  } finally {
    await fn.close();
  }
}
