import type { ErrorReport, Meaning, Postponed, Refusal } from './answer.ts';
import { recheckDelayMs, RECHECK_CAP_MS } from './backoff.ts';
import { seconds } from './duration.ts';
import { readOperationState } from './operation-state.ts';
import type { OperationError, OperationState } from './operation-state.ts';
import type { Outcome } from './outcome.ts';
import type { Pursuit } from './pursuit.ts';

/**
 * What to do next in the pursuit of an operation. Pure: given the pursuit and what an answer means, one
 * decision follows, which the story performs.
 */
export type Decision =
  /** POST {name}:cancel. */
  | { readonly kind: 'cancel'; readonly pursuit: Pursuit }
  /** GET {name}. */
  | { readonly kind: 'look'; readonly pursuit: Pursuit }
  /** Go on with the pursuit at this time, through a delayed message. */
  | { readonly kind: 'recheck'; readonly pursuit: Pursuit; readonly dueMs: number }
  /** Publish the result. */
  | { readonly kind: 'finish'; readonly pursuit: Pursuit; readonly verdict: Verdict };

/** How a pursuit ended. */
export interface Verdict {
  readonly outcome: Outcome;
  /** One sentence for a person. */
  readonly detail: string;
  readonly operationError?: OperationError;
  readonly error?: ErrorReport | undefined;
}

/** The first thing to do when a pursuit starts, or goes on after a delay. */
export function nextStep(pursuit: Pursuit): Decision {
  if (pursuit.step === 'cancel') return { kind: 'cancel', pursuit };
  if (pursuit.operation.get !== undefined) return { kind: 'look', pursuit };
  return pursuit.step === 'preview'
    ? finish(
        pursuit,
        'DRY_RUN',
        `Would have cancelled it; its state is unknown, because ${pursuit.operation.service} offers no GET.`,
      )
    : finish(
        pursuit,
        'UNCONFIRMED',
        `The cancel was accepted; ${pursuit.operation.service} offers no GET to confirm it with.`,
      );
}

/** After the POST, with `attempts` tries made in this delivery. */
export function afterCancel(
  before: Pursuit,
  meaning: Meaning | Postponed,
  attempts: number,
  nowMs: number,
): Decision {
  const pursuit: Pursuit = {
    ...before,
    cancel: { ...before.cancel, attempts: before.cancel.attempts + attempts },
  };
  if (meaning.kind === 'ok') {
    const acceptedAt = new Date(nowMs).toISOString();
    const accepted: Pursuit = {
      ...pursuit,
      step: 'confirm',
      attempt: 0,
      postponements: 0,
      cancel: { ...pursuit.cancel, acceptedAt },
    };
    return accepted.operation.get !== undefined ? recheck(accepted, nowMs) : nextStep(accepted);
  }
  if (meaning.kind === 'postponed') return postponed(pursuit, nowMs, meaning.waitMs);
  if (meaning.kind === 'try-again') {
    // A quota that does not refill soon is not hammered.
    const minimumMs = Math.max(meaning.minimumWaitMs, meaning.quotaExhausted ? RECHECK_CAP_MS : 0);
    if (nowMs + minimumMs < pursuit.deadlineMs) return recheck(pursuit, nowMs, minimumMs);
    const tries = `${pursuit.cancel.attempts} ${pursuit.cancel.attempts === 1 ? 'try' : 'tries'}`;
    const wait = minimumMs > 0 ? `, and the next may be made no sooner than in ${seconds(minimumMs)}` : '';
    return finish(pursuit, 'ERROR', `Gave up after ${tries}${wait}: ${meaning.error.message}`, meaning.error);
  }
  const { error, reason } = meaning;
  switch (reason) {
    case 'failed-precondition':
    case 'no-answer':
    case 'unreadable': {
      // It may be done already, or a cancel may be under way, this one or an earlier delivery's: look before
      // saying anything.
      const doubtful: Pursuit = {
        ...pursuit,
        step: 'confirm',
        attempt: 0,
        postponements: 0,
        cancel: { ...pursuit.cancel, refusal: error },
      };
      return doubtful.operation.get !== undefined
        ? { kind: 'look', pursuit: doubtful }
        : finishUnaccepted(doubtful, error);
    }
    case 'unimplemented':
      return finish(
        pursuit,
        'UNSUPPORTED',
        `The service cannot cancel this operation: ${error.message}`,
        error,
      );
    case 'not-found':
    case 'denied':
    case 'no-such-method':
    case 'server-error':
    case 'other':
      return finishRefused(pursuit, reason, error);
  }
}

/** After the GET. */
export function afterLook(before: Pursuit, meaning: Meaning | Postponed, nowMs: number): Decision {
  if (meaning.kind === 'postponed') return postponed(before, nowMs, meaning.waitMs);
  const checks = before.confirm.checks + 1;
  const pursuit: Pursuit = { ...before, confirm: { checks, lastCheckedAt: new Date(nowMs).toISOString() } };
  if (meaning.kind === 'ok') {
    const state = readOperationState(pursuit.operation.state, meaning.body);
    if (state.kind !== 'unreadable') return afterSeeing(pursuit, state, nowMs);
    return lookAgain(pursuit, { type: 'HttpError', httpStatus: 200, message: state.problem }, nowMs);
  }
  if (meaning.kind === 'try-again') return lookAgain(pursuit, meaning.error, nowMs, meaning.minimumWaitMs);
  const { error, reason } = meaning;
  switch (reason) {
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
      return lookAgain(pursuit, error, nowMs);
    case 'unimplemented':
    case 'no-such-method':
      return withoutGet(pursuit, error);
    case 'not-found':
    case 'denied':
    case 'failed-precondition':
    case 'other':
      return finishRefused(pursuit, reason, error);
  }
}

function afterSeeing(
  pursuit: Pursuit,
  state: Exclude<OperationState, { kind: 'unreadable' }>,
  nowMs: number,
): Decision {
  const ended = pursuit.cancel.acceptedAt === undefined ? 'It had ended already' : 'It has ended';
  if (pursuit.step === 'preview') {
    const detail =
      state.kind === 'running'
        ? 'Would have cancelled it; it is running.'
        : `Nothing to cancel: it is done (${state.kind}).`;
    return finish(pursuit, 'DRY_RUN', detail, undefined, 'error' in state ? state.error : undefined);
  }
  switch (state.kind) {
    case 'cancelled':
      return finish(pursuit, 'CANCELLED', `${ended}: cancelled.`, undefined, state.error);
    case 'failed':
      return finish(
        pursuit,
        'FAILED',
        `${ended} with another error: ${state.error.message || `code ${state.error.code}`}`,
        undefined,
        state.error,
      );
    case 'succeeded':
      return finish(pursuit, 'SUCCEEDED', `${ended}: it finished despite the cancel.`);
    case 'running':
      break;
  }
  const { refusal } = pursuit.cancel;
  if (refusal !== undefined && !state.cancellationRequested) {
    return isPatient(refusal) && nowMs < pursuit.deadlineMs
      ? recheck(pursuit, nowMs)
      : finishUnaccepted(pursuit, refusal);
  }
  // An earlier cancel is under way, perhaps our own of a delivery that died: see how that ends.
  const underWay: Pursuit = { ...pursuit, cancel: { ...pursuit.cancel, refusal: undefined } };
  if (nowMs < pursuit.deadlineMs) return recheck(underWay, nowMs);
  return finish(
    underWay,
    'UNCONFIRMED',
    `${accepted(pursuit)}, but the operation was still running at the deadline.`,
  );
}

/**
 * Whether a refused cancel is worth waiting for: after FAILED_PRECONDITION an earlier delivery's cancel may
 * be under way, which not every service tells in its metadata, and a hasty ERROR would contradict the result
 * that this delivery leads to.
 */
const isPatient = (refusal: ErrorReport) => refusal.status === 'FAILED_PRECONDITION';

/** The GET said nothing of the operation: look again, as long as there is time. */
function lookAgain(pursuit: Pursuit, error: ErrorReport, nowMs: number, minimumMs = 0): Decision {
  const { refusal } = pursuit.cancel;
  const worthWaiting = refusal === undefined || isPatient(refusal);
  if (worthWaiting && nowMs < pursuit.deadlineMs) return recheck(pursuit, nowMs, minimumMs);
  if (refusal !== undefined) return finishUnaccepted(pursuit, refusal);
  if (pursuit.step === 'preview') {
    return finish(pursuit, 'ERROR', `The operation could not be looked at: ${error.message}`, error);
  }
  return finish(
    pursuit,
    'UNCONFIRMED',
    `${accepted(pursuit)}, but the operation could not be looked at: ${error.message}`,
    error,
  );
}

/** The cancel was not accepted as far as anybody knows, and the operation was not seen done. */
function finishUnaccepted(pursuit: Pursuit, refusal: ErrorReport): Decision {
  const what = isPatient(refusal)
    ? 'The service refused the cancel, or one that it took before is still under way, and the operation was not seen to end'
    : 'There was no usable answer to the cancel, and whether the service took it is not known';
  return finish(pursuit, 'ERROR', `${what}: ${refusal.message}`, refusal);
}

const accepted = ({ cancel }: Pursuit) =>
  cancel.acceptedAt === undefined ? 'A cancel was under way already' : 'The cancel was accepted';

function withoutGet(pursuit: Pursuit, error: ErrorReport): Decision {
  if (pursuit.step === 'preview') {
    return finish(
      pursuit,
      'DRY_RUN',
      'Would have cancelled it; its state is unknown, because the service offers no GET for it.',
      error,
    );
  }
  const { refusal } = pursuit.cancel;
  return refusal === undefined
    ? finish(
        pursuit,
        'UNCONFIRMED',
        `${accepted(pursuit)}; the service offers no GET to confirm it with.`,
        error,
      )
    : finishUnaccepted(pursuit, refusal);
}

/**
 * The settings forbid a pursuit that they had allowed, or this revision's catalogue does not know its
 * operation: whatever was done by then is told.
 */
export const finishForbidden = (pursuit: Pursuit, why: string): Decision =>
  finish(pursuit, 'ERROR', `It cannot be followed here any more: ${why}${afterAcceptance(pursuit)}`, {
    type: 'ValueError',
    message: why,
  });

const afterAcceptance = ({ cancel: { acceptedAt } }: Pursuit) =>
  acceptedAt === undefined ? '' : ` The cancel had been accepted at ${acceptedAt}.`;

/** A refusal that means the same whether it answers the POST or the GET. */
function finishRefused(pursuit: Pursuit, reason: Refusal, error: ErrorReport): Decision {
  const after = afterAcceptance(pursuit);
  switch (reason) {
    case 'not-found':
      return finish(
        pursuit,
        'NOT_FOUND',
        `There is no such operation (any more): ${error.message}${after}`,
        error,
      );
    case 'denied':
      return finish(pursuit, 'DENIED', `The service denied access: ${error.message}${after}`, error);
    case 'failed-precondition':
    case 'unimplemented':
    case 'no-such-method':
    case 'server-error':
    case 'no-answer':
    case 'unreadable':
    case 'other':
      return finish(pursuit, 'ERROR', `The service answered with an error: ${error.message}${after}`, error);
  }
}

/** Goes on after the schedule's delay, at least after what was asked for, never past the deadline. */
function recheck(pursuit: Pursuit, nowMs: number, minimumMs = 0): Decision {
  // Whoever writes a re-check can count as they like; that makes none come sooner than the first.
  const steps = Math.max(0, pursuit.attempt - pursuit.postponements);
  const delayMs = Math.max(recheckDelayMs(steps), minimumMs);
  const dueMs = Math.max(nowMs, Math.min(nowMs + delayMs, pursuit.deadlineMs));
  return { kind: 'recheck', pursuit: { ...pursuit, attempt: pursuit.attempt + 1 }, dueMs };
}

/** The same step again, when it is its turn: another message, and none of those that the step's delays are counted by. */
function postponed(pursuit: Pursuit, nowMs: number, waitMs: number): Decision {
  const { attempt, postponements } = pursuit;
  return {
    kind: 'recheck',
    pursuit: { ...pursuit, attempt: attempt + 1, postponements: postponements + 1 },
    dueMs: Math.round(nowMs + waitMs),
  };
}

function finish(
  pursuit: Pursuit,
  outcome: Outcome,
  detail: string,
  error?: ErrorReport,
  operationError?: OperationError,
): Decision {
  return {
    kind: 'finish',
    pursuit,
    verdict: {
      outcome,
      detail,
      ...(error !== undefined && { error }),
      ...(operationError !== undefined && { operationError }),
    },
  };
}
