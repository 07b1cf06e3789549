import { describeState } from '../resources/resource-state.ts';
import type { ReadableState, ResourceError } from '../resources/resource-state.ts';
import type { ResourceDescription } from '../resources/description.ts';
import type { Resource } from '../resources/resource.ts';
import type { ErrorReport } from '../resources/response.ts';
import type { Cancellation, FinishableCancellation, Refusal } from './cancellation.ts';

/** The sentences by which a result tells a person how its request ended. */

export function previewed(
  { project }: Pick<Resource, 'project'>,
  state: ReadableState,
  { type, verb, target, createTime }: ResourceDescription,
): string {
  const facts = [
    type,
    verb !== undefined && `verb ${verb}`,
    target !== undefined && `target ${target}`,
    createTime !== undefined && `since ${createTime}`,
    project !== undefined && `project ${project}`,
  ].filter((fact) => typeof fact === 'string');
  const operation = facts.length === 0 ? 'the operation' : `the operation (${facts.join(', ')})`;
  if (state.kind !== 'running') {
    return `Would have had nothing to cancel: ${operation} is done: ${describeState(state)}.`;
  }
  return state.cancellationRequested
    ? `Would have cancelled ${operation}, which is running and being cancelled already.`
    : `Would have cancelled ${operation}, which is running.`;
}

export const previewedWithoutGet = (service: string) =>
  `Would have cancelled the operation. Its state is unknown, because ${service} offers no GET for it.`;

export const previewedInVain = (error: ErrorReport) =>
  `The operation could not be read: the GET was answered with ${quoteError(error)}.`;

export function cancelled(cancellation: Cancellation): string {
  const { acceptedAt, refusal } = cancellation.cancel;
  if (acceptedAt !== undefined) return 'The operation was cancelled.';
  if (refusal === undefined) return 'The operation was cancelled, by a cancel that was under way already.';
  return cancellation.confirm.sawRunning === true || !isRefused(refusal)
    ? `The operation was cancelled. ${answerOf(refusal)}`
    : `The operation had been cancelled already. ${answerOf(refusal)}`;
}

export function succeeded({ cancel, confirm }: Cancellation): string {
  const { acceptedAt, refusal } = cancel;
  if (acceptedAt !== undefined) return 'The operation finished despite the cancel.';
  if (refusal === undefined) return 'The operation finished despite a cancel that was under way.';
  return confirm.sawRunning === true
    ? `The operation has finished. ${answerOf(refusal)}`
    : `The operation is done: it finished before a cancel took effect. ${answerOf(refusal)}`;
}

/**
 * The end of an operation whose service has one word for "cancelled" and "completed".
 *
 * @param word the service's own, as `DONE`
 */
export function endedEitherWay({ cancel, confirm }: Cancellation, word: string): string {
  const { acceptedAt, refusal } = cancel;
  const done =
    acceptedAt === undefined ? 'The operation is done' : 'The cancel was accepted, and the operation is done';
  const seen = confirm.sawCancelling === true ? ' An earlier GET showed that a cancel was under way.' : '';
  const answer = refusal === undefined ? '' : ` ${answerOf(refusal)}`;
  return `${done}. The service says ${word}, which means cancelled or completed, and does not tell which.${seen}${answer}`;
}

export function failed({ cancel, confirm }: Cancellation, { code, message }: ResourceError): string {
  const { acceptedAt, refusal } = cancel;
  const reason = message === '' ? `code ${code}` : message;
  if (acceptedAt !== undefined || refusal === undefined) {
    return `The operation failed with another error than CANCELLED: ${reason}`;
  }
  return confirm.sawRunning === true
    ? `The operation failed with another error than CANCELLED: ${reason}. ${answerOf(refusal)}`
    : `The operation had failed already, with another error than CANCELLED: ${reason}. ${answerOf(refusal)}`;
}

export const stillRunning = (cancellation: Cancellation) =>
  `${acceptance(cancellation)}, but the operation was still running at the deadline.`;

export const notRead = (cancellation: Cancellation, error: ErrorReport) =>
  `${acceptance(cancellation)}, but the operation could not be read: the GET was answered with ${quoteError(error)}.`;

export const unconfirmable = (cancellation: Cancellation) =>
  `${acceptance(cancellation)}; ${cancellation.operation.service} offers no GET to confirm it with.`;

/** What the last GET showed of an operation whose cancel was refused. */
export type LastGet =
  | { readonly kind: 'running' | 'cancelled' }
  | { readonly kind: 'succeeded'; readonly sharedWord?: string }
  | { readonly kind: 'failed'; readonly error: ResourceError }
  | { readonly kind: 'not-found' | 'unread'; readonly error: ErrorReport }
  | { readonly kind: 'no-get' };

/** The end of a request whose cancel is not known to have been accepted: what was asked, answered, and seen at last. */
export const refused = ({ operation, cancel }: Cancellation, refusal: Refusal, seen: LastGet): string =>
  `${summaryOf(refusal, cancel.attempts)} ${answerOf(refusal)} ${seenOf(seen, operation.service)}`;

function summaryOf({ reason, count, retryAt }: Refusal, attempts: number): string {
  switch (reason) {
    case 'unimplemented':
      return 'The service cannot cancel this operation.';
    case 'no-such-method':
    case 'not-found':
      return 'The service does not serve the cancel of this operation.';
    case 'throttled': {
      const wait = retryAt === undefined ? '' : `; the service asks to wait until ${retryAt}`;
      return `Gave up after ${times(attempts, 'attempt')}${wait}.`;
    }
    case 'no-answer':
    case 'server-error':
    case 'unreadable':
      return 'It is not known whether the service accepted the cancel.';
    case 'failed-precondition':
    case 'other':
    case 'denied':
      return count === 1
        ? 'The service refused the cancel.'
        : `The service refused the cancel every time, ${times(count, 'time')}.`;
  }
}

/** The last answer to the POST, as a sentence that says what it was the answer to. */
const answerOf = ({ error, count }: Refusal): string =>
  error.type === 'HttpError'
    ? `The ${count === 1 ? '' : 'last '}POST :cancel was answered with ${quoteError(error)}.`
    : `The ${count === 1 ? '' : 'last '}POST :cancel got no answer: ${error.message}.`;

function seenOf(seen: LastGet, service: string): string {
  switch (seen.kind) {
    case 'running':
      return 'The last GET showed the operation running, and no cancel under way.';
    case 'succeeded':
      return seen.sharedWord === undefined
        ? 'The operation is done already: a GET showed that it finished.'
        : `The operation is done already: a GET showed ${describeState(seen)}.`;
    case 'cancelled':
      return 'The operation is done already: a GET showed that it was cancelled.';
    case 'failed':
      return `The operation is done already: a GET showed that it failed: ${seen.error.message || `code ${seen.error.code}`}`;
    case 'not-found':
      return `A GET found no such operation: ${quoteError(seen.error)}.`;
    case 'unread':
      return `The last GET did not show the operation: ${quoteError(seen.error)}.`;
    case 'no-get':
      return `${service} offers no GET that would show its state.`;
  }
}

/** Whether the service said no, rather than nothing. */
const isRefused = ({ reason }: Refusal) =>
  reason === 'failed-precondition' || reason === 'other' || reason === 'unimplemented';

/** An error with its status, and its message in quotation marks where it is the service's own. */
function quoteError({ type, httpStatus, status, message }: ErrorReport): string {
  if (type !== 'HttpError' || message.startsWith(`HTTP ${httpStatus}`)) return message;
  return `HTTP ${httpStatus}${status === undefined ? '' : ` ${status}`} "${message}"`;
}

const times = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

export const notFound = (cancellation: Cancellation, error: ErrorReport) =>
  `The service knows no such operation: it does not exist, or has expired. It answered ${quoteError(error)}.${priorAcceptance(cancellation)}`;

export const denied = (cancellation: Cancellation, error: ErrorReport) =>
  `The service denied access to the ${cancellation.step === 'cancel' ? 'POST :cancel' : 'GET'}: ${quoteError(error)}.${priorAcceptance(cancellation)}`;

/** The settings or the catalog do not allow the operation any more. */
export const forbidden = (cancellation: FinishableCancellation, reason: string) =>
  `This deployment may not handle the operation any more: ${reason}${priorAcceptance(cancellation)}`;

const acceptance = ({ cancel }: FinishableCancellation) =>
  cancel.acceptedAt === undefined ? 'A cancel was under way already' : 'The cancel was accepted';

const priorAcceptance = ({ cancel: { acceptedAt, refusal } }: FinishableCancellation) => {
  if (acceptedAt !== undefined) return ` The cancel had been accepted at ${acceptedAt}.`;
  return refusal === undefined || refusal.reason === 'not-found' ? '' : ` ${answerOf(refusal)}`;
};
