import type { ErrorReport } from '../resources/response.ts';
import type { CancelProgress, Refusal } from './cancellation.ts';

/**
 * What follows from an answer to the POST that is no acceptance.
 *
 * Only two answers are proof on their own: 401 or 403 (which ends the cancellation before it becomes a refusal), and
 * UNIMPLEMENTED. After every other one a GET shows how the operation is. If it runs and no cancel is under way, the refusal
 * may pass: an operation can be cancelled in some of its states only, a resource that was just created is not known
 * everywhere, and a front end answers in place of a service that is busy. The POST is then sent again, which does no harm,
 * since an operation that is being cancelled stays so.
 */

/** The POSTs that are refused in a row before the function only looks at the operation: the last one 155 s after the first, whatever FIRST_RECHECK_AFTER says. */
const MAX_REFUSALS = 6;
/** The same for a service that knows no such path, or no such operation: its answer does not depend on a state. */
const MAX_UNKNOWN = 2;

/** The refusal that follows on what was known before. */
export function refusalOf(
  { refusal: before }: CancelProgress,
  reason: Refusal['reason'],
  error: ErrorReport,
  minimumWaitMs: number,
  nowMs: number,
): Refusal {
  return {
    reason,
    error,
    count: (before?.count ?? 0) + 1,
    ...(minimumWaitMs > 0 && { retryAt: new Date(nowMs + minimumWaitMs).toISOString() }),
  };
}

/** Whether the service does not offer the cancel at all, which no state of the operation changes. */
export const isUnsupported = ({ reason }: Refusal): boolean => reason === 'unimplemented';

/**
 * Whether the POST is worth sending again, to an operation or job that a GET shows running.
 *
 * @param isJob whether it is a job: one that has just begun cannot be cancelled yet, for as long as its machines are made
 */
export function mayPass({ reason, count, retryAt }: Refusal, isJob: boolean): boolean {
  switch (reason) {
    case 'unimplemented':
    case 'denied':
    case 'throttled':
      // Every attempt until the deadline was throttled: no time is left.
      return false;
    case 'no-such-method':
    case 'not-found':
      return count < MAX_UNKNOWN;
    case 'failed-precondition':
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
    case 'other':
      // A service that asks to come back later is asked until the deadline.
      return isJob || retryAt !== undefined || count < MAX_REFUSALS;
  }
}

/** Whether a GET may yet show that the cancel was accepted, or another one, or that the operation ends. */
export function isWorthWatching({ reason }: Refusal): boolean {
  switch (reason) {
    case 'unimplemented':
    case 'denied':
    case 'throttled':
    case 'no-such-method':
    case 'not-found':
      return false;
    case 'failed-precondition':
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
    case 'other':
      return true;
  }
}
