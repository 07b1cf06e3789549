import { toMs, type RetryPolicy } from '../wire-types.ts';

// The meaning of an absent field (pubsub.proto, RetryPolicy).
const defaultMinimumMs = 10_000;
const defaultMaximumMs = 600_000;

/**
 * "Redelivered at once" still takes a moment, so that an endpoint which only ever nacks does not spin a core.
 */
export const redeliveryFloorMs = 15;

/** Limits of the time for which a message rests before it is delivered again. */
export interface RetryBackOff {
  readonly minimumMs: number;
  readonly maximumMs: number;
}

/** The backoff a subscription's policy asks for; without a policy, none. */
export function retryBackOff(policy: RetryPolicy | null): RetryBackOff {
  if (policy === null) return { minimumMs: 0, maximumMs: 0 };
  const { minimumBackoff, maximumBackoff } = policy;
  const minimumMs = minimumBackoff === null ? defaultMinimumMs : toMs(minimumBackoff);
  const maximumMs = maximumBackoff === null ? defaultMaximumMs : toMs(maximumBackoff);
  return { minimumMs, maximumMs };
}

/**
 * The rest after the n-th failed delivery of a message: the minimum, doubled with each failure, up to the
 * maximum. The service calls it best effort and adds jitter; here it is exact, so that local runs repeat.
 */
export function redeliveryDelayMs({ minimumMs, maximumMs }: RetryBackOff, failedDeliveries: number): number {
  const doublings = Math.min(failedDeliveries - 1, 30);
  return Math.max(redeliveryFloorMs, Math.min(minimumMs * 2 ** doublings, maximumMs));
}
