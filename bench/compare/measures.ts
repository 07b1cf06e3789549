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

export interface Load {
  readonly messagesPerSecond: number;
  readonly cpuMsPerMessage: number;
  readonly peakMb: number;
}

interface LoadOptions {
  readonly step: 'request' | 'recheck';
  readonly inFlight: number;
  readonly messages: number;
  /** Number of messages before those that are measured. */
  readonly warmUp: number;
}

/** Messages of a variant's turn. */
const TURN = 250;

/**
 * Measures messages at a given concurrency. All variants run at the same time and have short turns, one after the other,
 * so that a machine that is slow for some seconds is slow for each of them.
 *
 * @returns the measures in the order of the variants
 * @throws Error when not every message led to its call: then something else was measured, such as refusals
 */
export async function measureLoads(
  variants: readonly Variant[],
  backend: Backend,
  { messages, warmUp, ...options }: LoadOptions,
): Promise<readonly Load[]> {
  const loaded: Loaded[] = [];
  try {
    for (const variant of variants) loaded.push(await startLoaded(variant, backend, options));
    for (const { send } of loaded) await send(warmUp);
    // Connections that were idle meanwhile are closed, and opened again.
    for (const { send } of loaded) await send(TURN);
    const total = loaded.map(() => ({ wallMs: 0, cpuMs: 0 }));
    for (let left = messages; left > 0; left -= TURN) {
      for (const [index, { measure }] of loaded.entries()) {
        const { wallMs, cpuMs } = await measure(Math.min(left, TURN));
        const sum = total[index];
        if (sum === undefined) continue;
        sum.wallMs += wallMs;
        sum.cpuMs += cpuMs;
      }
    }
    return await Promise.all(
      loaded.map(async ({ peakMb }, index) => {
        const { wallMs = NaN, cpuMs = NaN } = total[index] ?? {};
        return {
          messagesPerSecond: (messages / wallMs) * 1_000,
          cpuMsPerMessage: cpuMs / messages,
          peakMb: await peakMb(),
        };
      }),
    );
  } finally {
    await Promise.all(loaded.map(({ close }) => close()));
  }
}

type Loaded = Awaited<ReturnType<typeof startLoaded>>;

/** Starts a variant that is sent messages of one step. */
async function startLoaded(
  variant: Variant,
  backend: Backend,
  { step, inFlight }: Pick<LoadOptions, 'step' | 'inFlight'>,
) {
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
  const call = step === 'request' ? 'posts' : 'gets';
  try {
    await untilFirstTaken(fn, performance.now());
  } catch (error) {
    await fn.close();
    throw error;
  }
  return {
    send,
    measure: async (count: number) => {
      const { [call]: callsBefore } = await countsOf(backend);
      const [beforeMs, cpuBeforeMs] = [performance.now(), await fn.cpuMs()];
      await send(count);
      const [wallMs, cpuMs] = [performance.now() - beforeMs, (await fn.cpuMs()) - cpuBeforeMs];
      const calls = (await countsOf(backend))[call] - callsBefore;
      if (calls < count) throw new Error(`${variant.name}: ${count} messages led to ${calls} ${call}`);
      return { wallMs, cpuMs };
    },
    peakMb: () => fn.peakMb(),
    close: () => fn.close(),
  };
}
