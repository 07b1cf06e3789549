import * as v from 'valibot';
import { EVENT_TYPE } from './cloud-event.ts';
import type { OutgoingEvent } from './cloud-event.ts';
import { recheckId } from './identity.ts';
import type { Operation } from './operation.ts';
import type { Pursuit } from './pursuit.ts';
import type { Reference } from './reference.ts';
import { echoEntries, requestIdSchema } from './request.ts';
import { parseWith } from './schema.ts';

/**
 * The re-check message: a pursuit on its way to a later delivery. It names service, version and name, never a host: what comes
 * back is looked up in the catalogue and checked against the policy again, so that a forged one can do no more than a request.
 */

const timestamp = v.pipe(v.string(), v.isoTimestamp('must be an RFC 3339 timestamp'));
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0, 'must not be negative'));

const errorReportSchema = v.strictObject({
  type: v.picklist(['HttpError', 'ConnectionError', 'TimeoutError', 'TypeError', 'ValueError', 'DeadLetter']),
  httpStatus: v.optional(count),
  status: v.optional(v.string()),
  message: v.string(),
});

const recheckSchema = v.strictObject({
  requestId: requestIdSchema,
  messageId: v.string(),
  operation: v.strictObject({
    service: v.string(),
    version: v.string(),
    name: v.string(),
    region: v.optional(v.string()),
  }),
  ...echoEntries,
  requestedAt: timestamp,
  deadline: timestamp,
  notBefore: timestamp,
  step: v.picklist(['cancel', 'confirm', 'preview']),
  attempt: count,
  cancel: v.strictObject({
    attempts: count,
    acceptedAt: v.optional(timestamp),
    refusal: v.optional(errorReportSchema),
  }),
  confirm: v.strictObject({ checks: count, lastCheckedAt: v.optional(timestamp) }),
});

/** The message that continues a pursuit no sooner than `dueMs`. Its id is the same whoever writes it again. */
export function recheckEvent(pursuit: Pursuit, dueMs: number, nowMs: number): OutgoingEvent {
  const { operation, echo, deadlineMs, ...state } = pursuit;
  const { service, version, name, region } = operation;
  const data: v.InferInput<typeof recheckSchema> = {
    ...state,
    ...echo,
    operation: { service, version, name, region },
    deadline: new Date(deadlineMs).toISOString(),
    notBefore: new Date(dueMs).toISOString(),
  };
  return {
    id: recheckId(pursuit.requestId, operation.fullResourceName, pursuit.step, pursuit.attempt),
    type: EVENT_TYPE.recheck,
    subject: operation.fullResourceName,
    time: new Date(nowMs).toISOString(),
    data,
  };
}

/** A re-check message, read: everything but the operation, which the catalogue has yet to confirm. */
export interface Recheck {
  readonly reference: Reference;
  readonly dueMs: number;
  /** The pursuit that goes on, once the operation is resolved. */
  readonly resume: (operation: Operation) => Pursuit;
}

/**
 * Reads the data of a re-check message.
 *
 * @throws Failure that names the field, for a message that this system did not write
 */
export function parseRecheck(data: unknown): Recheck {
  const fields = parseWith(recheckSchema, data, 'data');
  const { operation: written, notBefore, deadline, reason, requestedBy, labels, ...state } = fields;
  const { region, ...reference } = written;
  return {
    reference: { ...reference, ...(region !== undefined && { region }) },
    dueMs: Date.parse(notBefore),
    resume: (operation) => ({
      ...state,
      operation,
      echo: { reason, requestedBy, labels },
      deadlineMs: Date.parse(deadline),
    }),
  };
}
