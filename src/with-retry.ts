import { meaningOf } from './core/answer.ts';
import type { Answer, Meaning } from './core/answer.ts';
import { retryWaitMs } from './core/backoff.ts';
import type { Clock } from './core/ports.ts';

/** A try that has less time than this is not worth starting. */
const SHORTEST_TRY_MS = 1_000;

/** One call, asked again for as long as that may help and there is time. */
export interface RetriedCall {
  readonly call: (timeoutMs: number) => Promise<Answer>;
  /** How long one try may take. */
  readonly tryTimeoutMs: number;
  /** When the last try has to be over, in milliseconds since the epoch; the first has its full time. */
  readonly endMs: number;
  readonly isWorthRetrying: (meaning: Meaning) => boolean;
  readonly onRetry: (meaning: Meaning, waitMs: number, attempts: number) => void;
}

export type WithRetry = (options: RetriedCall) => Promise<{ meaning: Meaning; attempts: number }>;

/**
 * Retries with exponential back-off and full jitter, and waits at least as long as the service asks. What asks
 * for more time than there is comes back as it is.
 */
export function createWithRetry({
  clock,
  random,
}: {
  readonly clock: Clock;
  readonly random: () => number;
}): WithRetry {
  return async ({ call, tryTimeoutMs, endMs, isWorthRetrying, onRetry }) => {
    let timeoutMs = tryTimeoutMs;
    for (let attempts = 1; ; attempts += 1) {
      const meaning = meaningOf(await call(timeoutMs), clock.now());
      if (!isWorthRetrying(meaning)) return { meaning, attempts };

      const minimumMs = meaning.kind === 'try-again' ? meaning.minimumWaitMs : 0;
      const waitMs = retryWaitMs(attempts, random(), minimumMs);
      if (clock.now() + waitMs + SHORTEST_TRY_MS > endMs) return { meaning, attempts };
      onRetry(meaning, waitMs, attempts);
      await clock.sleep(waitMs);
      timeoutMs = Math.min(tryTimeoutMs, endMs - clock.now());
      // A sleep can last longer than it should.
      if (timeoutMs < SHORTEST_TRY_MS) return { meaning, attempts };
    }
  };
}
