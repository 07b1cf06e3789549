import { RECHECK_CAP_MS, recheckDelayMs } from '../calls/backoff.ts';
import type { ResourceError, ResourceState } from '../resources/resource-state.ts';
import type { CallResult, ErrorReport, FailureReason, Postponed } from '../resources/response.ts';
import type { Cancellation, FinishableCancellation } from './cancellation.ts';
import * as details from './details.ts';
import type { Outcome, Verdict } from './outcome.ts';

/**
 * The next step of a cancellation, as a value. The functions of this module are pure: a cancellation and the result of a
 * call lead to one decision, which `perform.ts` performs.
 */
export type Decision =
  /** Send the cancel, `POST {name}:cancel` as a rule. */
  | { readonly kind: 'cancel'; readonly cancellation: Cancellation }
  /** Read the operation, `GET {name}`. */
  | { readonly kind: 'get'; readonly cancellation: Cancellation }
  /** Resume the cancellation at this time, through a delayed message. */
  | { readonly kind: 'recheck'; readonly cancellation: Cancellation; readonly dueMs: number }
  | Finish<Cancellation>;

/** Publish the result. */
export interface Finish<Finished extends FinishableCancellation = FinishableCancellation> {
  readonly kind: 'finish';
  readonly cancellation: Finished;
  readonly verdict: Verdict;
}

/** The first decision of a delivery: when a cancellation starts, and when a re-check resumes it. */
export function nextStep(cancellation: Cancellation): Decision {
  if (cancellation.step === 'cancel') return { kind: 'cancel', cancellation };
  return hasGet(cancellation) ? { kind: 'get', cancellation } : withoutGet(cancellation);
}

/** The decision after the cancel was sent. `attempts` counts the attempts of this delivery. */
export function afterCancel(
  before: Cancellation,
  result: CallResult | Postponed,
  attempts: number,
  nowMs: number,
): Decision {
  const cancel = { ...before.cancel, attempts: before.cancel.attempts + attempts };
  const cancellation: Cancellation = { ...before, cancel };
  switch (result.kind) {
    case 'ok': {
      const acceptedAt = new Date(nowMs).toISOString();
      const accepted = toConfirm({ ...cancellation, cancel: { ...cancel, acceptedAt } });
      return hasGet(accepted) ? recheck(accepted, nowMs) : withoutGet(accepted);
    }
    case 'postponed':
      return postpone(cancellation, nowMs, result.waitMs);
    case 'retryable': {
      const { error, minimumWaitMs, quotaExhausted } = result;
      // A quota that does not refill soon is asked for at the longest interval only.
      const minimumMs = Math.max(minimumWaitMs, quotaExhausted ? RECHECK_CAP_MS : 0);
      if (nowMs + minimumMs < cancellation.deadlineMs) return recheck(cancellation, nowMs, minimumMs);
      return finish(cancellation, 'ERROR', details.gaveUp(cancel.attempts, minimumMs, error), { error });
    }
    case 'failed':
      return afterFailedCancel(cancellation, result.reason, result.error);
  }
}

function afterFailedCancel(cancellation: Cancellation, reason: FailureReason, error: ErrorReport): Decision {
  switch (reason) {
    case 'failed-precondition':
    case 'no-answer':
    case 'unreadable': {
      // The operation may be done already, or a cancel may be under way: this one, or that of an earlier delivery.
      const doubtful = toConfirm({ ...cancellation, cancel: { ...cancellation.cancel, refusal: error } });
      return hasGet(doubtful) ? { kind: 'get', cancellation: doubtful } : finishDoubtful(doubtful, error);
    }
    case 'unimplemented':
      return finish(cancellation, 'UNSUPPORTED', details.unsupported(error), { error });
    case 'not-found':
    case 'denied':
    case 'no-such-method':
    case 'server-error':
    case 'other':
      return finishFailedCall(cancellation, reason, error);
  }
}

/** The decision after the operation was read. */
export function afterGet(before: Cancellation, result: CallResult | Postponed, nowMs: number): Decision {
  if (result.kind === 'postponed') return postpone(before, nowMs, result.waitMs);
  const confirm = { checks: before.confirm.checks + 1, lastCheckedAt: new Date(nowMs).toISOString() };
  const cancellation: Cancellation = { ...before, confirm };
  switch (result.kind) {
    case 'ok': {
      const state = cancellation.operation.kind.readState(result.body);
      if (state.kind !== 'unreadable') return afterState(cancellation, state, nowMs);
      return getAgain(cancellation, { type: 'HttpError', httpStatus: 200, message: state.problem }, nowMs);
    }
    case 'retryable':
      return getAgain(cancellation, result.error, nowMs, result.minimumWaitMs);
    case 'failed':
      return afterFailedGet(cancellation, result.reason, result.error, nowMs);
  }
}

function afterFailedGet(
  cancellation: Cancellation,
  reason: FailureReason,
  error: ErrorReport,
  nowMs: number,
): Decision {
  switch (reason) {
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
      return getAgain(cancellation, error, nowMs);
    case 'unimplemented':
    case 'no-such-method':
      return withoutGet(cancellation, error);
    case 'not-found':
    case 'denied':
    case 'failed-precondition':
    case 'other':
      return finishFailedCall(cancellation, reason, error);
  }
}

function afterState(
  cancellation: Cancellation,
  state: Exclude<ResourceState, { kind: 'unreadable' }>,
  nowMs: number,
): Decision {
  if (cancellation.step === 'preview') {
    const error = 'error' in state ? { operationError: state.error } : {};
    return finish(cancellation, 'DRY_RUN', details.previewed(state), error);
  }
  switch (state.kind) {
    case 'cancelled':
      return finish(cancellation, 'CANCELLED', details.cancelled(cancellation), {
        operationError: state.error,
      });
    case 'failed':
      return finish(cancellation, 'FAILED', details.failed(cancellation, state.error), {
        operationError: state.error,
      });
    case 'succeeded':
      return finish(cancellation, 'SUCCEEDED', details.succeeded(cancellation));
    case 'running':
      return afterRunning(cancellation, state.cancellationRequested, nowMs);
  }
}

function afterRunning(cancellation: Cancellation, cancellationRequested: boolean, nowMs: number): Decision {
  const isBeforeDeadline = nowMs < cancellation.deadlineMs;
  const { refusal } = cancellation.cancel;
  if (refusal !== undefined && !cancellationRequested) {
    return mayBeUnderWay(refusal) && isBeforeDeadline
      ? recheck(cancellation, nowMs)
      : finishDoubtful(cancellation, refusal);
  }
  // A cancel is under way, perhaps our own of a delivery that died: the next re-checks show how it ends.
  const underWay: Cancellation = { ...cancellation, cancel: { ...cancellation.cancel, refusal: undefined } };
  if (isBeforeDeadline) return recheck(underWay, nowMs);
  return finish(underWay, 'UNCONFIRMED', details.stillRunning(cancellation));
}

/** The GET said nothing about the operation: it is repeated until the deadline. */
function getAgain(cancellation: Cancellation, error: ErrorReport, nowMs: number, minimumMs = 0): Decision {
  const { refusal } = cancellation.cancel;
  const isWorthWaiting = refusal === undefined || mayBeUnderWay(refusal);
  if (isWorthWaiting && nowMs < cancellation.deadlineMs) return recheck(cancellation, nowMs, minimumMs);
  if (refusal !== undefined) return finishDoubtful(cancellation, refusal);
  return cancellation.step === 'preview'
    ? finish(cancellation, 'ERROR', details.previewedInVain(error), { error })
    : finish(cancellation, 'UNCONFIRMED', details.notRead(cancellation, error), { error });
}

/** The service offers no GET, or does not know it: `error` is its answer. */
function withoutGet(cancellation: Cancellation, error?: ErrorReport): Decision {
  const { operation, step, cancel } = cancellation;
  if (step === 'preview') {
    return finish(cancellation, 'DRY_RUN', details.previewedWithoutGet(operation.service), { error });
  }
  return cancel.refusal === undefined
    ? finish(cancellation, 'UNCONFIRMED', details.unconfirmable(cancellation), { error })
    : finishDoubtful(cancellation, cancel.refusal);
}

/** The cancel is not known to be accepted, and the operation was not seen to end. */
const finishDoubtful = (cancellation: Cancellation, refusal: ErrorReport): Decision =>
  finish(
    cancellation,
    'ERROR',
    mayBeUnderWay(refusal) ? details.refused(refusal) : details.unanswered(refusal),
    {
      error: refusal,
    },
  );

/** A failure that means the same in answer to the cancel and to the GET. */
function finishFailedCall(cancellation: Cancellation, reason: FailureReason, error: ErrorReport): Decision {
  switch (reason) {
    case 'not-found':
      return finish(cancellation, 'NOT_FOUND', details.notFound(cancellation, error), { error });
    case 'denied':
      return finish(cancellation, 'DENIED', details.denied(cancellation, error), { error });
    case 'failed-precondition':
    case 'unimplemented':
    case 'no-such-method':
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
    case 'other':
      return finish(cancellation, 'ERROR', details.failedCall(cancellation, error), { error });
  }
}

/** The settings forbid a cancellation that they had allowed, or the catalog of this revision does not know its operation. */
export const finishForbidden = (cancellation: FinishableCancellation, reason: string): Finish =>
  finish(cancellation, 'ERROR', details.forbidden(cancellation, reason), {
    error: { type: 'ValueError', message: reason },
  });

/**
 * Whether a refused cancel is worth waiting for. After FAILED_PRECONDITION the cancel of an earlier delivery may be under
 * way, which not every service shows in its metadata, and a hasty ERROR would contradict the result that this earlier
 * delivery leads to.
 */
const mayBeUnderWay = (refusal: ErrorReport) => refusal.status === 'FAILED_PRECONDITION';

const hasGet = ({ operation }: Cancellation) => operation.calls.get !== undefined;

const toConfirm = (cancellation: Cancellation): Cancellation => ({
  ...cancellation,
  step: 'confirm',
  attempt: 0,
  postponements: 0,
});

/** Resumes after the delay of the schedule, at least after `minimumMs`, and never past the deadline. */
function recheck(cancellation: Cancellation, nowMs: number, minimumMs = 0): Decision {
  // The counts of a forged re-check may be anything: the delay is never shorter than the first of the schedule.
  const steps = Math.max(0, cancellation.attempt - cancellation.postponements);
  const delayMs = Math.max(recheckDelayMs(steps), minimumMs);
  const dueMs = Math.max(nowMs, Math.min(nowMs + delayMs, cancellation.deadlineMs));
  return { kind: 'recheck', cancellation: { ...cancellation, attempt: cancellation.attempt + 1 }, dueMs };
}

/** Repeats the step when its turn comes. That takes a message, and does not count for the delays of the schedule. */
function postpone(cancellation: Cancellation, nowMs: number, waitMs: number): Decision {
  const { attempt, postponements } = cancellation;
  return {
    kind: 'recheck',
    cancellation: { ...cancellation, attempt: attempt + 1, postponements: postponements + 1 },
    dueMs: Math.round(nowMs + waitMs),
  };
}

function finish<Finished extends FinishableCancellation>(
  cancellation: Finished,
  outcome: Outcome,
  detail: string,
  { error, operationError }: { error?: ErrorReport | undefined; operationError?: ResourceError } = {},
): Finish<Finished> {
  return {
    kind: 'finish',
    cancellation,
    verdict: {
      outcome,
      detail,
      ...(error !== undefined && { error }),
      ...(operationError !== undefined && { operationError }),
    },
  };
}
