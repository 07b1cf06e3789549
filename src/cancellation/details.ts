import { describeState } from '../resources/resource-state.ts';
import type { ReadableState, ResourceError } from '../resources/resource-state.ts';
import type { ResourceDescription } from '../resources/description.ts';
import type { ErrorReport } from '../resources/response.ts';
import type { Cancellation, FinishableCancellation, Refusal } from './cancellation.ts';
import { cancelCallOf, nounOf } from './words.ts';

/** The sentences by which a result tells a person how its request ended. */

export function previewed(
  cancellation: Cancellation,
  state: ReadableState,
  { type, verb, target, createTime }: ResourceDescription,
): string {
  const { project } = cancellation.operation;
  const facts = [
    type,
    verb !== undefined && `verb ${verb}`,
    target !== undefined && `target ${target}`,
    createTime !== undefined && `since ${createTime}`,
    project !== undefined && `project ${project}`,
  ].filter((fact) => typeof fact === 'string');
  const noun = nounOf(cancellation);
  const resource = facts.length === 0 ? `the ${noun}` : `the ${noun} (${facts.join(', ')})`;
  if (state.kind !== 'running') {
    return `Would have had nothing to cancel: ${resource} is done: ${describeState(state)}.`;
  }
  return state.cancellationRequested
    ? `Would have cancelled ${resource}, which is running and being cancelled already.`
    : `Would have cancelled ${resource}, which is running.`;
}

export const previewedWithoutGet = (cancellation: Cancellation) =>
  `Would have cancelled the ${nounOf(cancellation)}. Its state is unknown, because ${cancellation.operation.service} offers no GET for it.`;

export const previewedInVain = (cancellation: Cancellation, error: ErrorReport) =>
  `The ${nounOf(cancellation)} could not be read: the GET was answered with ${quoteError(error)}.`;

/** @param endedBefore whether it had ended before the cancel was sent, by the time that the service gives */
export function cancelled(cancellation: Cancellation, endedBefore: boolean): string {
  const noun = nounOf(cancellation);
  const { acceptedAt, refusal } = cancellation.cancel;
  if (endedBefore) {
    return `The ${noun} had been cancelled already, before this request.${answerTo(cancellation)}`;
  }
  if (acceptedAt !== undefined) return `The ${noun} was cancelled.`;
  if (refusal === undefined) return `The ${noun} was cancelled, by a cancel that was under way already.`;
  return cancellation.confirm.sawRunning === true || !isRefused(refusal)
    ? `The ${noun} was cancelled.${answerTo(cancellation)}`
    : `The ${noun} had been cancelled already.${answerTo(cancellation)}`;
}

/** @param endedBefore whether it had ended before the cancel was sent, by the time that the service gives */
export function succeeded(cancellation: Cancellation, endedBefore: boolean): string {
  const noun = nounOf(cancellation);
  const { acceptedAt, refusal } = cancellation.cancel;
  if (endedBefore) return `The ${noun} had finished already, before this request.${answerTo(cancellation)}`;
  if (acceptedAt !== undefined) return `The ${noun} finished despite the cancel.`;
  if (refusal === undefined) return `The ${noun} finished despite a cancel that was under way.`;
  return cancellation.confirm.sawRunning === true
    ? `The ${noun} has finished.${answerTo(cancellation)}`
    : `The ${noun} is done: it finished before a cancel took effect.${answerTo(cancellation)}`;
}

/**
 * The end of an operation whose service has one word for "cancelled" and "completed".
 *
 * @param word the service's own, as `DONE`
 */
export function endedEitherWay(cancellation: Cancellation, word: string): string {
  const { cancel, confirm } = cancellation;
  const noun = nounOf(cancellation);
  const done =
    cancel.acceptedAt === undefined
      ? `The ${noun} is done`
      : `The cancel was accepted, and the ${noun} is done`;
  const seen = confirm.sawCancelling === true ? ' An earlier GET showed that a cancel was under way.' : '';
  return `${done}. The service says ${word}, which means cancelled or completed, and does not tell which.${seen}${answerTo(cancellation)}`;
}

/** @param endedBefore whether it had ended before the cancel was sent, by the time that the service gives */
export function failed(
  cancellation: Cancellation,
  { code, message }: ResourceError,
  endedBefore: boolean,
): string {
  const noun = nounOf(cancellation);
  const { acceptedAt, refusal } = cancellation.cancel;
  const reason = message === '' ? `code ${code}` : message;
  const hadFailed = `The ${noun} had failed already, with another error than CANCELLED: ${reason}`;
  const failed = `The ${noun} failed with another error than CANCELLED: ${reason}`;
  if (refusal === undefined) return endedBefore ? hadFailed : failed;
  if (acceptedAt !== undefined) return failed;
  return `${sentence(cancellation.confirm.sawRunning === true ? failed : hadFailed)}${answerTo(cancellation)}`;
}

export const stillRunning = (cancellation: Cancellation) =>
  `${acceptance(cancellation)}, but the ${nounOf(cancellation)} was still running at the deadline.`;

export const notRead = (cancellation: Cancellation, error: ErrorReport) =>
  `${acceptance(cancellation)}, but the ${nounOf(cancellation)} could not be read: the GET was answered with ${quoteError(error)}.`;

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
export const refused = (cancellation: Cancellation, refusal: Refusal, seen: LastGet): string =>
  `${summaryOf(cancellation, refusal)} ${answerOf(cancellation, refusal)} ${seenOf(cancellation, seen)}`;

function summaryOf(cancellation: Cancellation, { reason, count, retryAt }: Refusal): string {
  const { attempts } = cancellation.cancel;
  switch (reason) {
    case 'unimplemented':
      return `The service cannot cancel this ${nounOf(cancellation)}.`;
    case 'no-such-method':
    case 'not-found':
      return `The service does not serve the cancel of this ${nounOf(cancellation)}.`;
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
function answerOf(cancellation: FinishableCancellation, { error, count }: Refusal): string {
  const call = `${count === 1 ? '' : 'last '}${cancelCallOf(cancellation)}`;
  return error.type === 'HttpError'
    ? `The ${call} was answered with ${quoteError(error)}.`
    : sentence(`The ${call} got no answer: ${error.message}`);
}

/** The same behind another sentence; empty where the cancel was accepted. */
const answerTo = (cancellation: Cancellation): string => {
  const { refusal } = cancellation.cancel;
  return refusal === undefined ? '' : ` ${answerOf(cancellation, refusal)}`;
};

function seenOf(cancellation: Cancellation, seen: LastGet): string {
  const noun = nounOf(cancellation);
  switch (seen.kind) {
    case 'running':
      return `The last GET showed the ${noun} running, and no cancel under way.`;
    case 'succeeded':
      return seen.sharedWord === undefined
        ? `The ${noun} is done already: a GET showed that it finished.`
        : `The ${noun} is done already: a GET showed ${describeState(seen)}.`;
    case 'cancelled':
      return `The ${noun} is done already: a GET showed that it was cancelled.`;
    case 'failed':
      return `The ${noun} is done already: a GET showed that it failed: ${seen.error.message || `code ${seen.error.code}`}`;
    case 'not-found':
      return `A GET found no such ${noun}: ${quoteError(seen.error)}.`;
    case 'unread':
      return `The last GET did not show the ${noun}: ${quoteError(seen.error)}.`;
    case 'no-get':
      return `${cancellation.operation.service} offers no GET that would show its state.`;
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

/** With a period at its end: messages of services have one, or none. */
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

const times = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

export function notFound(cancellation: Cancellation, error: ErrorReport): string {
  const [location] = Object.values(cancellation.operation.calls.cancel.query ?? {}).flat();
  const elsewhere =
    location === undefined
      ? ''
      : ` in the location ${location}; name another one in region if it is elsewhere`;
  return `The service knows no such ${nounOf(cancellation)}${elsewhere}: it does not exist, or has expired. It answered ${quoteError(error)}.${priorAcceptance(cancellation)}`;
}

/** The service does not find the job, which says nothing as long as its location is not known. */
export const withoutLocation = (cancellation: Cancellation, error: ErrorReport) =>
  `Which location? The service finds the ${nounOf(cancellation)} with its location only: name that in region. It answered ${quoteError(error)}.`;

export const denied = (cancellation: Cancellation, error: ErrorReport) =>
  `The service denied access to the ${cancellation.step === 'cancel' ? cancelCallOf(cancellation) : 'GET'}: ${quoteError(error)}.${priorAcceptance(cancellation)}`;

/** The settings or the catalog do not allow the operation any more. */
export const forbidden = (cancellation: FinishableCancellation, reason: string) =>
  `This deployment may not handle the ${nounOf(cancellation)} any more: ${reason}${priorAcceptance(cancellation)}`;

const acceptance = ({ cancel }: FinishableCancellation) =>
  cancel.acceptedAt === undefined ? 'A cancel was under way already' : 'The cancel was accepted';

const priorAcceptance = (cancellation: FinishableCancellation) => {
  const { acceptedAt, refusal } = cancellation.cancel;
  if (acceptedAt !== undefined) return ` The cancel had been accepted at ${acceptedAt}.`;
  return refusal === undefined || refusal.reason === 'not-found' ? '' : ` ${answerOf(cancellation, refusal)}`;
};
