import { classify } from '../resources/response.ts';
import type { ServiceResponse, CallResult, Postponed } from '../resources/response.ts';
import { retryWaitMs } from './backoff.ts';
import type { Clock } from '../ports.ts';

/** A try that has less time than this is not worth starting. */
const SHORTEST_TRY_MS = 1_000;

/** One call, asked again for as long as that may help and there is time. */
export interface RetriedCall<Instead> {
  /**
   * Makes it. Where it has to wait for its turn, that is over by `startByMs`, in milliseconds since the epoch, and the
   * time for the try itself is told then.
   */
  readonly call: (timeoutMs: () => number, startByMs: number) => Promise<ServiceResponse | Instead>;
  /** How long one try may take. */
  readonly tryTimeoutMs: number;
  /** When the last try has to be over, in milliseconds since the epoch; the first has its full time. */
  readonly endMs: number;
  readonly isWorthRetrying: (meaning: CallResult) => boolean;
  readonly onRetry: (meaning: CallResult, waitMs: number, attempts: number) => void;
}

export type WithRetry = <Instead extends Postponed>(
  options: RetriedCall<Instead>,
) => Promise<{ meaning: CallResult | Instead; attempts: number }>;

/**
 * Retries with exponential backoff and full jitter, and waits at least as long as the service asks. What asks
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
    let timeoutMs = () => tryTimeoutMs;
    for (let attempts = 1; ; attempts += 1) {
      const answer = await call(timeoutMs, endMs - SHORTEST_TRY_MS);
      if (answer.kind === 'postponed') return { meaning: answer, attempts: attempts - 1 };
      const meaning = classify(answer, clock.now());
      if (!isWorthRetrying(meaning)) return { meaning, attempts };

      const minimumMs = meaning.kind === 'retryable' ? meaning.minimumWaitMs : 0;
      const waitMs = retryWaitMs(attempts, random(), minimumMs);
      if (clock.now() + waitMs + SHORTEST_TRY_MS > endMs) return { meaning, attempts };
      onRetry(meaning, waitMs, attempts);
      await clock.sleep(waitMs);
      timeoutMs = () => Math.max(SHORTEST_TRY_MS, Math.min(tryTimeoutMs, endMs - clock.now()));
      // A sleep can last longer than it should.
      if (clock.now() + SHORTEST_TRY_MS > endMs) return { meaning, attempts };
    }
  };
}
