import type { ResourceError, ResourceState } from '../resources/resource-state.ts';
import type { ErrorReport } from '../resources/response.ts';
import { seconds } from '../validation/duration.ts';
import type { Cancellation, FinishableCancellation } from './cancellation.ts';

/** The sentences by which a result tells a person how its request ended. */

export function previewed(state: Exclude<ResourceState, { kind: 'unreadable' }>): string {
  return state.kind === 'running'
    ? 'Would have cancelled the operation, which is running.'
    : `Would have had nothing to cancel: the operation is done (${state.kind}).`;
}

export const previewedWithoutGet = (service: string) =>
  `Would have cancelled the operation. Its state is unknown, because ${service} offers no GET for it.`;

export const previewedInVain = ({ message }: ErrorReport) => `The operation could not be read: ${message}`;

export const cancelled = (cancellation: Cancellation) =>
  wasAccepted(cancellation) ? 'The operation was cancelled.' : 'The operation had been cancelled already.';

export const succeeded = (cancellation: Cancellation) =>
  wasAccepted(cancellation)
    ? 'The operation finished despite the cancel.'
    : 'The operation has finished, and no cancel of it is known to have been accepted.';

export function failed(cancellation: Cancellation, { code, message }: ResourceError): string {
  const reason = message === '' ? `code ${code}` : message;
  return wasAccepted(cancellation)
    ? `The operation failed with another error: ${reason}`
    : `The operation had failed already, with another error: ${reason}`;
}

export const stillRunning = (cancellation: Cancellation) =>
  `${acceptance(cancellation)}, but the operation was still running at the deadline.`;

export const notRead = (cancellation: Cancellation, { message }: ErrorReport) =>
  `${acceptance(cancellation)}, but the operation could not be read: ${message}`;

export const unconfirmable = (cancellation: Cancellation) =>
  `${acceptance(cancellation)}; ${cancellation.operation.service} offers no GET to confirm it with.`;

/** The service refused the cancel because of the operation's state, until the deadline. */
export const refused = ({ message }: ErrorReport) =>
  `The service refused the cancel, and the operation was not seen to end. Perhaps an earlier cancel is under way: ${message}`;

/** No response tells whether the service accepted the cancel. */
export const unanswered = ({ message }: ErrorReport) =>
  `The cancel got no usable answer, so it is not known whether the service accepted it: ${message}`;

export function gaveUp(attempts: number, minimumWaitMs: number, { message }: ErrorReport): string {
  const wait = minimumWaitMs > 0 ? `; the service asks to wait for another ${seconds(minimumWaitMs)}` : '';
  return `Gave up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${wait}: ${message}`;
}

export const unsupported = ({ message }: ErrorReport) =>
  `The service cannot cancel this operation: ${message}`;

export const notFound = (cancellation: Cancellation, { message }: ErrorReport) =>
  `The operation does not exist, or has expired: ${message}${priorAcceptance(cancellation)}`;

export const denied = (cancellation: Cancellation, { message }: ErrorReport) =>
  `The service denied access: ${message}${priorAcceptance(cancellation)}`;

export const failedCall = (cancellation: Cancellation, { message }: ErrorReport) =>
  `The service answered with an error: ${message}${priorAcceptance(cancellation)}`;

/** The settings or the catalog do not allow the operation any more. */
export const forbidden = (cancellation: FinishableCancellation, reason: string) =>
  `This deployment may not handle the operation any more: ${reason}${priorAcceptance(cancellation)}`;

const wasAccepted = ({ cancel }: FinishableCancellation) => cancel.acceptedAt !== undefined;

const acceptance = (cancellation: Cancellation) =>
  wasAccepted(cancellation) ? 'The cancel was accepted' : 'A cancel was under way already';

const priorAcceptance = ({ cancel: { acceptedAt } }: FinishableCancellation) =>
  acceptedAt === undefined ? '' : ` The cancel had been accepted at ${acceptedAt}.`;
