import type { ErrorReport, CallResult, Postponed, FailureReason } from '../resources/response.ts';
import { recheckDelayMs, RECHECK_CAP_MS } from '../calls/backoff.ts';
import { seconds } from '../validation/duration.ts';
import type { ResourceError, ResourceState } from '../resources/resource-state.ts';
import type { Outcome } from './outcome.ts';
import type { Cancellation, FinishableCancellation } from './cancellation.ts';

/**
 * What to do next in the cancellation of an operation. Pure: given the cancellation and what an answer means, one
 * decision follows, which the story performs.
 */
export type Decision =
  /** POST {name}:cancel. */
  | { readonly kind: 'cancel'; readonly cancellation: Cancellation }
  /** GET {name}. */
  | { readonly kind: 'get'; readonly cancellation: Cancellation }
  /** Go on with the cancellation at this time, through a delayed message. */
  | { readonly kind: 'recheck'; readonly cancellation: Cancellation; readonly dueMs: number }
  | Finish<Cancellation>;

/** Publish the result. */
export interface Finish<Finished extends FinishableCancellation = FinishableCancellation> {
  readonly kind: 'finish';
  readonly cancellation: Finished;
  readonly verdict: Verdict;
}

/** How a cancellation ended. */
export interface Verdict {
  readonly outcome: Outcome;
  /** One sentence for a person. */
  readonly detail: string;
  readonly operationError?: ResourceError;
  readonly error?: ErrorReport | undefined;
}

/** The first thing to do when a cancellation starts, or goes on after a delay. */
export function nextStep(cancellation: Cancellation): Decision {
  if (cancellation.step === 'cancel') return { kind: 'cancel', cancellation };
  if (cancellation.operation.calls.get !== undefined) return { kind: 'get', cancellation };
  return cancellation.step === 'preview'
    ? finish(
        cancellation,
        'DRY_RUN',
        `Would have cancelled it; its state is unknown, because ${cancellation.operation.service} offers no GET.`,
      )
    : finish(
        cancellation,
        'UNCONFIRMED',
        `The cancel was accepted; ${cancellation.operation.service} offers no GET to confirm it with.`,
      );
}

/** After the POST, with `attempts` tries made in this delivery. */
export function afterCancel(
  before: Cancellation,
  meaning: CallResult | Postponed,
  attempts: number,
  nowMs: number,
): Decision {
  const cancellation: Cancellation = {
    ...before,
    cancel: { ...before.cancel, attempts: before.cancel.attempts + attempts },
  };
  if (meaning.kind === 'ok') {
    const acceptedAt = new Date(nowMs).toISOString();
    const accepted: Cancellation = {
      ...cancellation,
      step: 'confirm',
      attempt: 0,
      postponements: 0,
      cancel: { ...cancellation.cancel, acceptedAt },
    };
    return accepted.operation.calls.get !== undefined ? recheck(accepted, nowMs) : nextStep(accepted);
  }
  if (meaning.kind === 'postponed') return postponed(cancellation, nowMs, meaning.waitMs);
  if (meaning.kind === 'retryable') {
    // A quota that does not refill soon is not hammered.
    const minimumMs = Math.max(meaning.minimumWaitMs, meaning.quotaExhausted ? RECHECK_CAP_MS : 0);
    if (nowMs + minimumMs < cancellation.deadlineMs) return recheck(cancellation, nowMs, minimumMs);
    const tries = `${cancellation.cancel.attempts} ${cancellation.cancel.attempts === 1 ? 'try' : 'tries'}`;
    const wait = minimumMs > 0 ? `, and the next may be made no sooner than in ${seconds(minimumMs)}` : '';
    return finish(
      cancellation,
      'ERROR',
      `Gave up after ${tries}${wait}: ${meaning.error.message}`,
      meaning.error,
    );
  }
  const { error, reason } = meaning;
  switch (reason) {
    case 'failed-precondition':
    case 'no-answer':
    case 'unreadable': {
      // It may be done already, or a cancel may be under way, this one or an earlier delivery's: look before
      // saying anything.
      const doubtful: Cancellation = {
        ...cancellation,
        step: 'confirm',
        attempt: 0,
        postponements: 0,
        cancel: { ...cancellation.cancel, refusal: error },
      };
      return doubtful.operation.calls.get !== undefined
        ? { kind: 'get', cancellation: doubtful }
        : finishUnaccepted(doubtful, error);
    }
    case 'unimplemented':
      return finish(
        cancellation,
        'UNSUPPORTED',
        `The service cannot cancel this operation: ${error.message}`,
        error,
      );
    case 'not-found':
    case 'denied':
    case 'no-such-method':
    case 'server-error':
    case 'other':
      return finishRefused(cancellation, reason, error);
  }
}

/** After the GET. */
export function afterGet(before: Cancellation, meaning: CallResult | Postponed, nowMs: number): Decision {
  if (meaning.kind === 'postponed') return postponed(before, nowMs, meaning.waitMs);
  const checks = before.confirm.checks + 1;
  const cancellation: Cancellation = {
    ...before,
    confirm: { checks, lastCheckedAt: new Date(nowMs).toISOString() },
  };
  if (meaning.kind === 'ok') {
    const state = cancellation.operation.kind.readState(meaning.body);
    if (state.kind !== 'unreadable') return afterState(cancellation, state, nowMs);
    return getAgain(cancellation, { type: 'HttpError', httpStatus: 200, message: state.problem }, nowMs);
  }
  if (meaning.kind === 'retryable')
    return getAgain(cancellation, meaning.error, nowMs, meaning.minimumWaitMs);
  const { error, reason } = meaning;
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
      return finishRefused(cancellation, reason, error);
  }
}

function afterState(
  cancellation: Cancellation,
  state: Exclude<ResourceState, { kind: 'unreadable' }>,
  nowMs: number,
): Decision {
  const ended = cancellation.cancel.acceptedAt === undefined ? 'It had ended already' : 'It has ended';
  if (cancellation.step === 'preview') {
    const detail =
      state.kind === 'running'
        ? 'Would have cancelled it; it is running.'
        : `Nothing to cancel: it is done (${state.kind}).`;
    return finish(cancellation, 'DRY_RUN', detail, undefined, 'error' in state ? state.error : undefined);
  }
  switch (state.kind) {
    case 'cancelled':
      return finish(cancellation, 'CANCELLED', `${ended}: cancelled.`, undefined, state.error);
    case 'failed':
      return finish(
        cancellation,
        'FAILED',
        `${ended} with another error: ${state.error.message || `code ${state.error.code}`}`,
        undefined,
        state.error,
      );
    case 'succeeded':
      return finish(cancellation, 'SUCCEEDED', `${ended}: it finished despite the cancel.`);
    case 'running':
      break;
  }
  const { refusal } = cancellation.cancel;
  if (refusal !== undefined && !state.cancellationRequested) {
    return isPatient(refusal) && nowMs < cancellation.deadlineMs
      ? recheck(cancellation, nowMs)
      : finishUnaccepted(cancellation, refusal);
  }
  // An earlier cancel is under way, perhaps our own of a delivery that died: see how that ends.
  const underWay: Cancellation = { ...cancellation, cancel: { ...cancellation.cancel, refusal: undefined } };
  if (nowMs < cancellation.deadlineMs) return recheck(underWay, nowMs);
  return finish(
    underWay,
    'UNCONFIRMED',
    `${accepted(cancellation)}, but the operation was still running at the deadline.`,
  );
}

/**
 * Whether a refused cancel is worth waiting for: after FAILED_PRECONDITION an earlier delivery's cancel may
 * be under way, which not every service tells in its metadata, and a hasty ERROR would contradict the result
 * that this delivery leads to.
 */
const isPatient = (refusal: ErrorReport) => refusal.status === 'FAILED_PRECONDITION';

/** The GET said nothing of the operation: look again, as long as there is time. */
function getAgain(cancellation: Cancellation, error: ErrorReport, nowMs: number, minimumMs = 0): Decision {
  const { refusal } = cancellation.cancel;
  const worthWaiting = refusal === undefined || isPatient(refusal);
  if (worthWaiting && nowMs < cancellation.deadlineMs) return recheck(cancellation, nowMs, minimumMs);
  if (refusal !== undefined) return finishUnaccepted(cancellation, refusal);
  if (cancellation.step === 'preview') {
    return finish(cancellation, 'ERROR', `The operation could not be looked at: ${error.message}`, error);
  }
  return finish(
    cancellation,
    'UNCONFIRMED',
    `${accepted(cancellation)}, but the operation could not be looked at: ${error.message}`,
    error,
  );
}

/** The cancel was not accepted as far as anybody knows, and the operation was not seen done. */
function finishUnaccepted(cancellation: Cancellation, refusal: ErrorReport): Decision {
  const what = isPatient(refusal)
    ? 'The service refused the cancel, or one that it took before is still under way, and the operation was not seen to end'
    : 'There was no usable answer to the cancel, and whether the service took it is not known';
  return finish(cancellation, 'ERROR', `${what}: ${refusal.message}`, refusal);
}

const accepted = ({ cancel }: Cancellation) =>
  cancel.acceptedAt === undefined ? 'A cancel was under way already' : 'The cancel was accepted';

function withoutGet(cancellation: Cancellation, error: ErrorReport): Decision {
  if (cancellation.step === 'preview') {
    return finish(
      cancellation,
      'DRY_RUN',
      'Would have cancelled it; its state is unknown, because the service offers no GET for it.',
      error,
    );
  }
  const { refusal } = cancellation.cancel;
  return refusal === undefined
    ? finish(
        cancellation,
        'UNCONFIRMED',
        `${accepted(cancellation)}; the service offers no GET to confirm it with.`,
        error,
      )
    : finishUnaccepted(cancellation, refusal);
}

/**
 * The settings forbid a cancellation that they had allowed, or this revision's catalog does not know its
 * operation: whatever was done by then is told.
 */
export const finishForbidden = (cancellation: FinishableCancellation, why: string): Finish =>
  finish(
    cancellation,
    'ERROR',
    `It cannot be followed here any more: ${why}${afterAcceptance(cancellation)}`,
    {
      type: 'ValueError',
      message: why,
    },
  );

const afterAcceptance = ({ cancel: { acceptedAt } }: FinishableCancellation) =>
  acceptedAt === undefined ? '' : ` The cancel had been accepted at ${acceptedAt}.`;

/** A refusal that means the same whether it answers the POST or the GET. */
function finishRefused(cancellation: Cancellation, reason: FailureReason, error: ErrorReport): Decision {
  const after = afterAcceptance(cancellation);
  switch (reason) {
    case 'not-found':
      return finish(
        cancellation,
        'NOT_FOUND',
        `There is no such operation (any more): ${error.message}${after}`,
        error,
      );
    case 'denied':
      return finish(cancellation, 'DENIED', `The service denied access: ${error.message}${after}`, error);
    case 'failed-precondition':
    case 'unimplemented':
    case 'no-such-method':
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
    case 'other':
      return finish(
        cancellation,
        'ERROR',
        `The service answered with an error: ${error.message}${after}`,
        error,
      );
  }
}

/** Goes on after the schedule's delay, at least after what was asked for, never past the deadline. */
function recheck(cancellation: Cancellation, nowMs: number, minimumMs = 0): Decision {
  // Whoever writes a re-check can count as they like; that makes none come sooner than the first.
  const steps = Math.max(0, cancellation.attempt - cancellation.postponements);
  const delayMs = Math.max(recheckDelayMs(steps), minimumMs);
  const dueMs = Math.max(nowMs, Math.min(nowMs + delayMs, cancellation.deadlineMs));
  return { kind: 'recheck', cancellation: { ...cancellation, attempt: cancellation.attempt + 1 }, dueMs };
}

/** The same step again, when it is its turn: another message, and none of those that the step's delays are counted by. */
function postponed(cancellation: Cancellation, nowMs: number, waitMs: number): Decision {
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
  error?: ErrorReport,
  operationError?: ResourceError,
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
