import { countsOf, sendMessages, startFunction, untilFirstTaken } from './function.ts';
import type { Backend } from './function.ts';
import { aRecheck, aRequest } from './messages.ts';
import type { Variant } from './variants.ts';

/** The measures, each in a process of its own. */

/** The function gets one core for itself, everything else the other. */
export const FUNCTION_CORE = 1;

/** From the spawn of the process to its first message handled, in milliseconds. */
export async function measureColdStart(variant: Variant, backend: Backend): Promise<number> {
  const startMs = performance.now();
  const fn = await startFunction(variant, backend, FUNCTION_CORE);
  try {
    await untilFirstTaken(fn, startMs);
    return performance.now() - startMs;
  } finally {
    await fn.close();
  }
}

interface Load {
  readonly messagesPerSecond: number;
  readonly cpuMsPerMessage: number;
  readonly peakMb: number;
}

/**
 * Measures messages at a given concurrency, after a warm-up of as many as needed.
 *
 * @throws Error when not every message led to its call: then something else was measured, such as refusals
 */
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
    if (step === 'request') return (variant.makeRequest ?? aRequest)();
    // The others carry the URL and look at that.
    return isOurs ? aRecheck() : { ...aRequest(), attempt: 3 };
  };
  const topic = step === 'request' ? 'requests' : 'rechecks';
  const send = (count: number) => sendMessages(fn, { topic, make, count, inFlight });
  try {
    await untilFirstTaken(fn, performance.now());
    await send(warmUp);
    const call = step === 'request' ? 'posts' : 'gets';
    const { [call]: callsBefore } = await countsOf(backend);
    const [beforeMs, cpuBeforeMs] = [performance.now(), await fn.cpuMs()];
    await send(messages);
    const [wallMs, cpuMs] = [performance.now() - beforeMs, (await fn.cpuMs()) - cpuBeforeMs];
    const calls = (await countsOf(backend))[call] - callsBefore;
    if (calls < messages) throw new Error(`${variant.name}: ${messages} messages led to ${calls} ${call}`);
    return {
      messagesPerSecond: (messages / wallMs) * 1_000,
      cpuMsPerMessage: cpuMs / messages,
      peakMb: await fn.peakMb(),
    };
  } finally {
    await fn.close();
  }
}
