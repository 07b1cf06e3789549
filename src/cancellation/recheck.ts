import * as v from 'valibot';
import { errorReportSchema, FAILURE_REASONS } from '../resources/response.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { MAX_CONFIRM_WITHIN_MS } from '../validation/duration.ts';
import { isPermanent } from '../validation/failure.ts';
import type { PermanentFailure } from '../validation/failure.ts';
import { recheckId } from '../messages/event-ids.ts';
import { readDelay } from '../messages/delay.ts';
import { MAX_MESSAGE_ID_LENGTH } from '../messages/message.ts';
import type { Resource, ResourceIdentity } from '../resources/resource.ts';
import { checkClaims } from './recheck-claims.ts';
import type { Cancellation, FinishableCancellation, Refusal } from './cancellation.ts';
import { identityOf } from '../catalog/canonical-name.ts';
import type { Reference } from '../catalog/reference.ts';
import { requestIdSchema } from '../messages/request.ts';
import { senderEntries } from '../messages/sender-fields.ts';
import { count, parseWith, shortText, timestamp } from '../validation/schema.ts';
import type { TraceContext } from '../messages/trace-context.ts';

/**
 * The re-check message carries a cancellation to a later delivery. It names service, version and name, never a
 * host: the operation is looked up in the catalog and checked against the policy again, so that a forged
 * message can do no more than a request.
 */

/** In characters; a state of a job is a word. */
const MAX_STATE_LENGTH = 256;

// Unknown fields are ignored: during a deployment, an older revision reads what a newer one wrote.
const recheckSchema = v.object({
  requestId: requestIdSchema,
  messageId: shortText(MAX_MESSAGE_ID_LENGTH),
  // Older revisions do not write it.
  origin: v.optional(shortText(64)),
  operation: v.object({
    service: shortText(64),
    version: shortText(64),
    name: shortText(1_024),
    region: v.optional(shortText(64)),
    regionalEndpoint: v.optional(v.boolean()),
    /** The kind of a job; absent for operations. */
    job: v.optional(shortText(64)),
  }),
  ...senderEntries,
  requestedAt: timestamp,
  deadline: timestamp,
  notBefore: timestamp,
  step: v.picklist(['cancel', 'confirm', 'preview']),
  attempt: count,
  // Older revisions do not write the optional fields.
  delays: v.optional(count, 0),
  postponements: v.optional(count, 0),
  cancel: v.object({
    attempts: count,
    acceptedAt: v.optional(timestamp),
    refusal: v.optional(
      v.object({
        ...errorReportSchema.entries,
        reason: v.optional(v.picklist([...FAILURE_REASONS, 'throttled']), 'other'),
        count: v.optional(count, 1),
        retryAt: v.optional(timestamp),
      }),
    ),
  }),
  confirm: v.object({
    checks: count,
    lastCheckedAt: v.optional(timestamp),
    sawRunning: v.optional(v.boolean()),
    sawCancelling: v.optional(v.boolean()),
    jobState: v.optional(shortText(MAX_STATE_LENGTH)),
  }),
});

type WireRefusal = NonNullable<v.InferOutput<typeof recheckSchema>['cancel']['refusal']>;

const writeRefusal = ({ error, ...refusal }: Refusal): WireRefusal => ({ ...error, ...refusal });
const readRefusal = ({ reason, count, retryAt, ...error }: WireRefusal): Refusal => ({
  error,
  reason,
  count,
  ...(retryAt !== undefined && { retryAt }),
});

type RecheckOperation = v.InferOutput<typeof recheckSchema>['operation'];

/**
 * The message that continues a cancellation no sooner than `dueMs`. Its id is the same whenever it is written again.
 */
export function recheckEvent(
  cancellation: FinishableCancellation,
  dueMs: number,
  nowMs: number,
): OutgoingEvent {
  const { operation, echo, deadlineMs, trace, cancel, ...state } = cancellation;
  const { service, version, name, region, regionalEndpoint, job } = operation;
  const { refusal } = cancel;
  const data: v.InferInput<typeof recheckSchema> = {
    ...state,
    ...echo,
    cancel: { ...cancel, refusal: refusal === undefined ? undefined : writeRefusal(refusal) },
    operation: { service, version, name, region, regionalEndpoint, job },
    deadline: new Date(deadlineMs).toISOString(),
    notBefore: new Date(dueMs).toISOString(),
  };
  return {
    id: recheckId(
      cancellation.requestId,
      identityOf(operation),
      cancellation.attempt,
      cancellation.step === 'preview',
      cancellation.origin,
    ),
    type: EVENT_TYPE.recheck,
    subject: operation.fullResourceName,
    time: new Date(nowMs).toISOString(),
    trace,
    data,
  };
}

/** A re-check message, read. */
export type Recheck = (
  | { readonly cancellation: Cancellation; readonly resolutionFailure?: undefined }
  /** The catalog of this revision no longer has the operation, so the cancellation ends with this reason. */
  | { readonly cancellation: FinishableCancellation; readonly resolutionFailure: PermanentFailure }
) & {
  /** When it is due, in milliseconds since the epoch. */
  readonly dueMs: number;
};

/**
 * Reads the data of a re-check message.
 *
 * @param resolve looks the operation up in the catalog, which decides the host and path of every call
 * @param nowMs the time, in milliseconds since the epoch. A deadline that is farther ahead than any cancellation
 *   lives was not written by this system
 * @param trace the trace context of the event
 * @throws Failure that names the field, for a message that this system did not write
 */
export function parseRecheck(
  data: unknown,
  resolve: (reference: Reference) => Resource,
  nowMs: number,
  trace?: TraceContext,
): Recheck {
  const fields = parseWith(recheckSchema, data, 'data');
  const { operation, notBefore, deadline, reason, requestedBy, labels, cancel, ...state } = fields;
  const { refusal, ...progress } = cancel;
  const { dueMs, deadlineMs } = readDelay({ notBefore, deadline }, nowMs, {
    maxAheadMs: MAX_CONFIRM_WITHIN_MS,
    maxAhead: '30 days',
  });
  const followedCancel = refusal === undefined ? progress : { ...progress, refusal: readRefusal(refusal) };
  checkClaims({ ...state, cancel: followedCancel }, nowMs);
  const followed = {
    ...state,
    cancel: followedCancel,
    echo: { reason, requestedBy, labels },
    deadlineMs,
    ...(trace !== undefined && { trace }),
  };
  try {
    const { job, ...named } = operation;
    const reference = { ...named, isJob: job !== undefined, fields: FIELDS };
    return { cancellation: { ...followed, operation: resolve(reference) }, dueMs };
  } catch (resolutionFailure) {
    if (!isPermanent(resolutionFailure)) throw resolutionFailure;
    return { cancellation: { ...followed, operation: namedIn(operation) }, dueMs, resolutionFailure };
  }
}

const FIELDS = {
  operation: ['operation', 'name'],
  service: ['operation', 'service'],
  version: ['operation', 'version'],
  region: ['operation', 'region'],
};

const namedIn = ({ region, regionalEndpoint, job, ...named }: RecheckOperation): ResourceIdentity => ({
  ...named,
  ...(region !== undefined && { region }),
  ...(regionalEndpoint !== undefined && { regionalEndpoint }),
  ...(job !== undefined && { job }),
  fullResourceName: `//${named.service}.googleapis.com/${named.name}`,
});
