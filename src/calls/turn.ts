import type { ServiceResponse, Postponed } from '../resources/response.ts';
import type { Resource } from '../resources/resource.ts';

/**
 * Makes each call when it is its turn. Calls of one kind, to one host, for operations of one project stand in one line,
 * so that a storm of requests backs off together: quotas are counted by project (https://cloud.google.com/docs/quotas).
 */
export type RateLimiter = (
  turn: CallRequest,
  call: () => Promise<ServiceResponse>,
) => Promise<ServiceResponse | Postponed>;

export interface CallRequest {
  /** What a service counts by itself: those that change something, and those that only look. */
  readonly kind: 'cancel' | 'get';
  readonly operation: Resource;
  /** The end of its time in the line, in milliseconds since the epoch: past it, it is postponed. */
  readonly startByMs: number;
  /**
   * The end of the whole cancellation, in milliseconds since the epoch. Nothing is postponed past it: what cannot wait is
   * called at once, so that no request is given up that was never tried.
   */
  readonly deadlineMs: number;
  /** How often it has been postponed before. */
  readonly postponements: number;
  /** Whether the call was made before, in this delivery or an earlier one: then it can wait until the deadline. */
  readonly wasAttempted: boolean;
}
