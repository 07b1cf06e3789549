import { RECHECK_CAP_MS } from '../calls/backoff.ts';
import type { ResourceDescription } from '../resources/description.ts';
import type { ReadableState, ResourceError } from '../resources/resource-state.ts';
import type { JobFacts } from '../resources/resource.ts';
import type { CallResult, ErrorReport, FailureReason, Postponed } from '../resources/response.ts';
import { ATTEMPT_TIMEOUT_MS } from './call-limits.ts';
import type { Cancellation, FinishableCancellation, Refusal } from './cancellation.ts';
import * as details from './details.ts';
import type { LastGet } from './details.ts';
import { finish, postpone, recheck } from './decision.ts';
import type { Decision, Finish, Timing } from './decision.ts';
import { isUnsupported, isWorthWatching, mayPass, refusalOf } from './refusal.ts';

/**
 * Makes the decisions. The functions of this module are pure: a cancellation and the result of a call lead to one decision,
 * which `perform.ts` performs. `refusal.ts` says what follows from an answer that is no proof.
 */

/** The first decision of a delivery: when a cancellation starts, and when a re-check resumes it. */
export function nextStep(cancellation: Cancellation, timing: Timing): Decision {
  if (cancellation.step === 'cancel') return { kind: 'cancel', cancellation };
  return hasGet(cancellation) ? { kind: 'get', cancellation } : withoutGet(cancellation, timing);
}

/** The decision after the cancel was sent. `attempts` counts the attempts of this delivery. */
export function afterCancel(
  before: Cancellation,
  result: CallResult | Postponed,
  attempts: number,
  timing: Timing,
): Decision {
  const { nowMs } = timing;
  const cancel = { ...before.cancel, attempts: before.cancel.attempts + attempts };
  const cancellation: Cancellation = { ...before, cancel };
  switch (result.kind) {
    case 'ok': {
      const acceptedAt = new Date(nowMs).toISOString();
      const accepted = toConfirm({ ...cancellation, cancel: { attempts: cancel.attempts, acceptedAt } });
      return hasGet(accepted) ? recheck(accepted, timing) : withoutGet(accepted, timing);
    }
    case 'postponed':
      return postpone(cancellation, nowMs, result.waitMs);
    case 'retryable': {
      const { error, minimumWaitMs, quotaExhausted } = result;
      // A quota that does not refill soon is asked for at the longest interval only.
      const minimumMs = Math.max(minimumWaitMs, quotaExhausted ? RECHECK_CAP_MS : 0);
      return nowMs + minimumMs < cancellation.deadlineMs
        ? recheck(cancellation, timing, minimumMs)
        : afterRefusal(cancellation, refusalOf(before.cancel, 'throttled', error, minimumMs, nowMs), timing);
    }
    case 'failed': {
      const { reason, error, minimumWaitMs } = result;
      if (reason === 'denied') return denied(cancellation, error);
      return afterRefusal(
        cancellation,
        refusalOf(before.cancel, reason, error, minimumWaitMs, nowMs),
        timing,
      );
    }
  }
}

/**
 * No acceptance, and no proof either: the operation may be done already, or a cancel may be under way, this one or that of
 * an earlier delivery. A GET shows it.
 */
function afterRefusal(before: Cancellation, refusal: Refusal, timing: Timing): Decision {
  const refused = { ...before, cancel: { ...before.cancel, refusal } };
  const cancellation = { ...toConfirm(refused), delays: refusal.count - 1 };
  return hasGet(cancellation) ? { kind: 'get', cancellation } : withoutGet(cancellation, timing);
}

/** The decision after the operation was read. */
export function afterGet(before: Cancellation, result: CallResult | Postponed, timing: Timing): Decision {
  const { nowMs } = timing;
  if (result.kind === 'postponed') return postpone(before, nowMs, result.waitMs);
  const { checks } = before.confirm;
  const { kind } = before.operation;
  const facts = result.kind === 'ok' ? (kind.readJob?.(result.body) ?? {}) : {};
  const confirm = {
    ...before.confirm,
    checks: checks + 1,
    lastCheckedAt: new Date(nowMs).toISOString(),
    ...(facts.state !== undefined && { jobState: facts.state }),
  };
  const cancellation: Cancellation = { ...before, confirm };
  switch (result.kind) {
    case 'ok': {
      const state = kind.readState(result.body);
      if (state.kind === 'unreadable') {
        const error: ErrorReport = { type: 'HttpError', httpStatus: 200, message: state.problem };
        return getAgain(cancellation, error, timing);
      }
      return cancellation.step === 'preview'
        ? preview(cancellation, state, kind.describe(result.body))
        : afterState(cancellation, state, facts, timing);
    }
    case 'retryable':
      return getAgain(cancellation, result.error, timing, result.minimumWaitMs);
    case 'failed':
      return afterFailedGet(cancellation, result.reason, result, timing);
  }
}

function afterFailedGet(
  cancellation: Cancellation,
  reason: FailureReason,
  { error, minimumWaitMs }: { readonly error: ErrorReport; readonly minimumWaitMs: number },
  timing: Timing,
): Decision {
  const { refusal } = cancellation.cancel;
  const unsupported = refusal !== undefined && isUnsupported(refusal);
  switch (reason) {
    case 'not-found':
      return unsupported
        ? finishRefused(cancellation, refusal, { kind: 'not-found', error })
        : notFound(cancellation, error);
    case 'denied':
      return unsupported
        ? finishRefused(cancellation, refusal, { kind: 'unread', error })
        : denied(cancellation, error);
    case 'unimplemented':
      return withoutGet(cancellation, timing, error);
    case 'failed-precondition':
    case 'no-such-method':
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
    case 'other':
      return getAgain(cancellation, error, timing, minimumWaitMs);
  }
}

/** A job whose location is not known may be there all the same: its sender has to name the location. */
function notFound(cancellation: Cancellation, error: ErrorReport): Finish<Cancellation> {
  const { operation, cancel } = cancellation;
  return operation.lacksLocation === true && cancel.acceptedAt === undefined
    ? finish(cancellation, 'REJECTED', details.withoutLocation(cancellation, error), { error })
    : finish(cancellation, 'NOT_FOUND', details.notFound(cancellation, error), { error });
}

/** The end of a dry run. */
const preview = (
  cancellation: Cancellation,
  state: ReadableState,
  description: ResourceDescription,
): Finish<Cancellation> =>
  finish(cancellation, 'DRY_RUN', details.previewed(cancellation, state, description), {
    description,
    ...('error' in state && { operationError: state.error }),
  });

function afterState(
  before: Cancellation,
  state: ReadableState,
  { endedAtMs, note }: JobFacts,
  timing: Timing,
): Decision {
  if (state.kind === 'running') return afterRunning(before, state.cancellationRequested, timing);
  const { refusal } = before.cancel;
  const operationError = 'error' in state ? { operationError: state.error } : {};
  // A service that does not offer the cancel did not do it: only an operation that is cancelled all the same says more.
  if (refusal !== undefined && isUnsupported(refusal) && state.kind !== 'cancelled') {
    return finishRefused(before, refusal, state, operationError);
  }
  const endedBefore = hadEndedBefore(before, endedAtMs);
  const noted = (detail: string) => (note === undefined ? detail : `${detail} ${note}`);
  switch (state.kind) {
    case 'cancelled':
      return finish(before, 'CANCELLED', noted(details.cancelled(before, endedBefore)), operationError);
    case 'failed':
      return finish(
        before,
        'FAILED',
        noted(details.failed(before, state.error, endedBefore)),
        operationError,
      );
    case 'succeeded':
      return finish(
        before,
        'SUCCEEDED',
        state.sharedWord === undefined
          ? noted(details.succeeded(before, endedBefore))
          : details.endedEitherWay(before, state.sharedWord),
      );
  }
}

/**
 * Whether a job had ended before its cancel was sent: many services accept the cancel of a job that is done, and cancel jobs
 * by themselves. The only attempt was sent no longer than its timeout before it was accepted; of several attempts, one that
 * was not known to be accepted may have had its effect.
 */
function hadEndedBefore(
  { cancel, confirm, requestedAt }: Cancellation,
  endedAtMs: number | undefined,
): boolean {
  if (endedAtMs === undefined || confirm.sawRunning === true) return false;
  const { attempts, acceptedAt } = cancel;
  if (acceptedAt === undefined) return endedAtMs < Date.parse(requestedAt);
  const acceptedMs = Date.parse(acceptedAt);
  const requestedMs = Math.min(Date.parse(requestedAt), acceptedMs);
  return endedAtMs < (attempts === 1 ? Math.max(requestedMs, acceptedMs - ATTEMPT_TIMEOUT_MS) : requestedMs);
}

function afterRunning(before: Cancellation, cancellationRequested: boolean, timing: Timing): Decision {
  const confirm = {
    ...before.confirm,
    sawRunning: true,
    ...(cancellationRequested && { sawCancelling: true }),
  };
  const { refusal, ...cancel } = before.cancel;
  const cancellation: Cancellation = { ...before, confirm };
  const isBeforeDeadline = timing.nowMs < cancellation.deadlineMs;
  if (refusal !== undefined && !cancellationRequested) {
    const resumed = isBeforeDeadline ? cancelAgain(cancellation, refusal, timing) : undefined;
    if (resumed !== undefined) return resumed;
    // The operation may still end, or show a cancel under way that got no answer.
    return isBeforeDeadline && isWorthWatching(refusal)
      ? recheck(cancellation, timing)
      : finishRefused(cancellation, refusal, { kind: 'running' });
  }
  // A cancel is under way, perhaps our own of a delivery that died: the next re-checks show how it ends.
  const underWay: Cancellation = { ...cancellation, cancel };
  if (isBeforeDeadline) return recheck(underWay, timing);
  return finish(underWay, 'UNCONFIRMED', details.stillRunning(cancellation));
}

/** The GET said nothing about the operation: it is repeated until the deadline. */
function getAgain(cancellation: Cancellation, error: ErrorReport, timing: Timing, minimumMs = 0): Decision {
  const { refusal } = cancellation.cancel;
  if (refusal !== undefined && isUnsupported(refusal)) {
    return finishRefused(cancellation, refusal, { kind: 'unread', error });
  }
  if (timing.nowMs < cancellation.deadlineMs) return recheck(cancellation, timing, minimumMs);
  if (refusal !== undefined) return finishRefused(cancellation, refusal, { kind: 'unread', error });
  return cancellation.step === 'preview'
    ? finish(cancellation, 'ERROR', details.previewedInVain(cancellation, error), { error })
    : finish(cancellation, 'UNCONFIRMED', details.notRead(cancellation, error), { error });
}

/** The service offers no GET, or says that it does not implement it: `error` is its answer. */
function withoutGet(cancellation: Cancellation, timing: Timing, error?: ErrorReport): Decision {
  const { step, cancel, deadlineMs } = cancellation;
  const { refusal } = cancel;
  if (step === 'preview') {
    return finish(cancellation, 'DRY_RUN', details.previewedWithoutGet(cancellation), { error });
  }
  if (refusal === undefined) {
    return finish(cancellation, 'UNCONFIRMED', details.unconfirmable(cancellation), { error });
  }
  if (refusal.reason === 'not-found') {
    return notFound(cancellation, refusal.error);
  }
  const resumed = timing.nowMs < deadlineMs ? cancelAgain(cancellation, refusal, timing) : undefined;
  return resumed ?? finishRefused(cancellation, refusal, { kind: 'no-get' });
}

/** Sends the cancel again after a while; undefined where that is in vain, or where no time is left for it. */
function cancelAgain(cancellation: Cancellation, refusal: Refusal, timing: Timing): Decision | undefined {
  if (!mayPass(refusal, cancellation.operation.job !== undefined)) return undefined;
  const { retryAt, count } = refusal;
  const minimumMs = retryAt === undefined ? 0 : Date.parse(retryAt) - timing.nowMs;
  const resumed = recheck({ ...cancellation, step: 'cancel', delays: count - 1 }, timing, minimumMs);
  return resumed.dueMs < cancellation.deadlineMs ? resumed : undefined;
}

/** The cancel is not known to be accepted, and the operation is not known to have ended by it. */
function finishRefused(
  cancellation: Cancellation,
  refusal: Refusal,
  seen: LastGet,
  { operationError }: { operationError?: ResourceError } = {},
): Finish<Cancellation> {
  const outcome = isUnsupported(refusal) ? 'UNSUPPORTED' : 'ERROR';
  const detail = details.refused(cancellation, refusal, seen);
  return finish(cancellation, outcome, detail, {
    error: refusal.error,
    ...(operationError && { operationError }),
  });
}

const denied = (cancellation: Cancellation, error: ErrorReport): Finish<Cancellation> =>
  finish(cancellation, 'DENIED', details.denied(cancellation, error), { error });

/** The settings forbid a cancellation that they had allowed, or the catalog of this revision does not know its operation. */
export const finishForbidden = (cancellation: FinishableCancellation, reason: string): Finish =>
  finish(cancellation, 'ERROR', details.forbidden(cancellation, reason), {
    error: { type: 'ValueError', message: reason },
  });

const hasGet = ({ operation }: Cancellation) => operation.calls.get !== undefined;

const toConfirm = (cancellation: Cancellation): Cancellation => ({
  ...cancellation,
  step: 'confirm',
  delays: 0,
  postponements: 0,
});
