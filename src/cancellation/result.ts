import * as v from 'valibot';
import { errorReportSchema } from '../resources/response.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import type { Verdict } from './outcome.ts';
import type { PermanentFailure } from '../validation/failure.ts';
import { resultId } from '../messages/event-ids.ts';
import type { Resource, ResourceIdentity } from '../resources/resource.ts';
import { OUTCOMES } from './outcome.ts';
import type { FinishableCancellation } from './cancellation.ts';
import { senderEntries } from '../messages/request.ts';
import type { SenderFields } from '../messages/request.ts';
import { count, shortText, timestamp } from '../validation/schema.ts';
import type { TraceContext } from '../messages/trace-context.ts';

/** The data of the one result event of a request. `docs/schemas/result.json` is generated from its schema. */
export type ResultData = v.InferOutput<typeof resultSchema>;

export const resultSchema = v.object({
  requestId: v.string(),
  outcome: v.picklist(OUTCOMES),
  detail: v.string(),
  operation: v.object({
    service: v.optional(v.string()),
    version: v.optional(v.string()),
    name: v.optional(v.string()),
    url: v.optional(v.string()),
    reference: v.optional(shortText(1_024)),
  }),
  cancel: v.object({ attempts: count, acceptedAt: v.optional(timestamp) }),
  confirm: v.object({ checks: count, lastCheckedAt: v.optional(timestamp) }),
  operationError: v.optional(v.object({ code: v.number(), message: v.string() })),
  error: v.optional(errorReportSchema),
  ...senderEntries,
  messageId: v.string(),
  requestedAt: timestamp,
  finishedAt: timestamp,
});

/** The result of a cancellation that has ended. */
export function resultOfCancellation(
  cancellation: FinishableCancellation,
  verdict: Verdict,
  nowMs: number,
): OutgoingEvent {
  const { operation, cancel, confirm, requestId, messageId, echo, requestedAt } = cancellation;
  return resultEvent(
    operation.fullResourceName,
    {
      requestId,
      outcome: verdict.outcome,
      detail: verdict.detail,
      operation: identityOf(operation),
      cancel: { attempts: cancel.attempts, acceptedAt: cancel.acceptedAt },
      confirm,
      operationError: verdict.operationError,
      error: verdict.error,
      ...echo,
      messageId,
      requestedAt,
      finishedAt: new Date(nowMs).toISOString(),
    },
    cancellation.trace,
  );
}

/** The operation of a result, with the URL that was called where the catalog has the operation. */
function identityOf(operation: Resource | ResourceIdentity): ResultData['operation'] {
  const { service, version, name } = operation;
  return { service, version, name, ...('url' in operation && { url: operation.url }) };
}

/** The known fields of a message that never became a cancellation. */
export interface MessageIdentity {
  readonly requestId: string;
  readonly messageId: string;
  /** The operation as the message names it, where that is readable. */
  readonly reference?: string;
  /** The operation that the reference names, where the catalog has it and the policy refused it. */
  readonly operation?: Resource;
  /** Short name of the service that the message names, where the catalog has it. */
  readonly service?: string;
  readonly echo: SenderFields;
  readonly requestedAt: string;
  readonly trace?: TraceContext | undefined;
}

/** The verdict on a message that cannot be handled. */
export function verdictOfRejection({ code, message }: PermanentFailure): Verdict {
  if (code === 'Unsupported')
    return { outcome: 'UNSUPPORTED', detail: `The function called nothing: ${message}.` };
  return {
    outcome: 'REJECTED',
    detail: `Refused before any call: ${message}`,
    error: { type: code, message },
  };
}

/** The result of a message that was refused before any call, or dead-lettered by Pub/Sub. */
export function resultOfMessage(message: MessageIdentity, verdict: Verdict, nowMs: number): OutgoingEvent {
  const { operation } = message;
  const reference = message.reference?.slice(0, 1_024).toWellFormed();
  return resultEvent(
    operation?.fullResourceName ?? message.reference ?? '',
    {
      requestId: message.requestId,
      outcome: verdict.outcome,
      detail: verdict.detail,
      operation:
        operation === undefined
          ? { ...(message.service !== undefined && { service: message.service }), reference }
          : identityOf(operation),
      cancel: { attempts: 0 },
      confirm: { checks: 0 },
      error: verdict.error,
      ...message.echo,
      messageId: message.messageId,
      requestedAt: message.requestedAt,
      finishedAt: new Date(nowMs).toISOString(),
    },
    message.trace,
  );
}

/**
 * @param operation the full resource name, else the reference; together with the request's id, it gives the
 *   id of the event
 */
function resultEvent(operation: string, data: ResultData, trace: TraceContext | undefined): OutgoingEvent {
  return {
    id: resultId(data.requestId, operation),
    type: EVENT_TYPE.result,
    subject: subjectOf(operation, data.requestId),
    time: data.finishedAt,
    trace,
    data,
    attributes: {
      outcome: data.outcome,
      requestId: data.requestId,
      ...(data.operation.service !== undefined && { service: data.operation.service }),
    },
  };
}

/** A subject must not be empty or contain control characters, and has at most 1,024 bytes, as any attribute. */
function subjectOf(operation: string, requestId: string): string {
  const printable = operation.replace(/[^\u0021-\u007e]/g, '_').slice(0, 1_024);
  return printable === '' ? `request/${requestId}` : printable;
}
