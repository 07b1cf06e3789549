import { hash } from 'node:crypto';
import { canonicalName } from '../catalog/canonical-name.ts';

/**
 * An id that is the same whenever it is made of the same parts: 128 bits of SHA-256, in hexadecimal, evenly
 * spread. Parts are length-prefixed, so that no two lists of parts read alike.
 */
function idOf(...parts: readonly string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** What tells a dry run from the real one: the real one's ids have no such part. */
const modeOf = (dryRun: boolean) => (dryRun ? ['dry-run'] : []);

/** The one id of a request's result, however often it is published. A dry run and a real request have two. */
export const resultId = (requestId: string, operation: string, dryRun: boolean) =>
  idOf('result', requestId, canonicalName(operation), ...modeOf(dryRun));

/**
 * The origin of a request: identifies the chain of re-checks that the request begins.
 *
 * @param message the id by which every repetition of one sending is known, and no other sending
 */
export const originOf = (...message: readonly string[]) => idOf('origin', ...message);

/**
 * The id of one re-check. A redelivered message schedules its re-check again under the same id, also where the services
 * answer otherwise than at the first delivery and the next step is another.
 *
 * @param origin the origin of the request, by which two requests with one `requestId` have a chain each. Absent in
 *   re-checks of older revisions
 */
export const recheckId = (
  requestId: string,
  operation: string,
  attempt: number,
  dryRun: boolean,
  origin: string | undefined,
) =>
  idOf(
    'recheck',
    requestId,
    canonicalName(operation),
    String(attempt),
    ...modeOf(dryRun),
    ...(origin === undefined ? [] : ['origin', origin]),
  );

/**
 * The id of one of the requests that a request with `operations` becomes. A redelivered request publishes them again under
 * the same ids; a request that is sent again, with another origin, publishes others.
 */
export const childRequestId = (requestId: string, reference: string, dryRun: boolean, origin: string) =>
  idOf('request', requestId, reference, ...modeOf(dryRun), 'origin', origin);

/** An id for a message without a usable one, so that it is answered too. The text must tell it from other messages. */
export const unidentifiedId = (text: string) => `unidentified-${idOf('unidentified', text)}`;

/** Longest id that a request can have, in characters. */
const MAX_REQUEST_ID_LENGTH = 128;

/**
 * The identity of a CloudEvent. Two events are the same only if their source and their id are
 * (https://github.com/cloudevents/spec/blob/main/cloudevents/spec.md#id). It begins with the id, by which people search;
 * a source is a URI-reference, which has no space, so the last space separates the two.
 */
export function eventIdentity(id: string, source: string | undefined): string {
  if (source === undefined || source === '' || id.length > MAX_REQUEST_ID_LENGTH) return id;
  const both = `${id} ${source}`;
  return both.length <= MAX_REQUEST_ID_LENGTH && /^[\u0021-\u007e]+$/.test(source)
    ? both
    : `event-${idOf('event', id, source)}`;
}

/** The id of one run of a sweep: the same whenever the same cause starts it again. */
export const sweepRunId = (...cause: readonly string[]) => idOf('sweep-run', ...cause);

/** The id of the request that a run makes for an operation. */
export const sweepRequestId = (runId: string, operation: string, dryRun: boolean) =>
  `sweep-${idOf('sweep-request', runId, canonicalName(operation), dryRun ? 'dry' : 'live')}`;

/** The id of the message that continues a run. A redelivered message starts no second chain of messages. */
export const sweepStepId = (runId: string, step: number) => idOf('sweep-step', runId, String(step));

/** The one id of a run's report. */
export const sweepReportId = (runId: string) => idOf('sweep-report', runId);

/** A hash that differs between two versions of the same settings. */
export const fingerprintOf = (text: string) => idOf('fingerprint', text);

/** The id of the idempotency record that keeps a key for one window of time. */
export const idempotencyRecordId = (key: string, window: number) =>
  idOf('idempotency-record', key, String(window));

/**
 * The id of an entry of a run's list.
 *
 * @param entry the kind of the entry, and what tells it from others of its kind
 */
export const runListEntryId = (runId: string, ...entry: readonly string[]) =>
  idOf('run-list', runId, ...entry);

/** The id of the message that continues the approval of a run. */
export const approvalStepId = (runId: string, step: number) => idOf('approval-step', runId, String(step));

/** The id of the request that the approval of a run makes in place of one of its dry run. */
export const approvedRequestId = (dryRequestId: string) => `sweep-${idOf('approved-request', dryRequestId)}`;

/** The one id of the report of a run's approval. */
export const approvalReportId = (runId: string) => idOf('approval-report', runId);
