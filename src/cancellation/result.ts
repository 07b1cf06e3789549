import * as v from 'valibot';
import { identityOf } from '../catalog/canonical-name.ts';
import { errorReportSchema } from '../resources/response.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import type { Verdict } from './outcome.ts';
import { resultId } from '../messages/event-ids.ts';
import type { Resource, ResourceIdentity } from '../resources/resource.ts';
import { OUTCOMES } from './outcome.ts';
import type { FinishableCancellation } from './cancellation.ts';
import { senderEntries } from '../messages/sender-fields.ts';
import { count, shortText, timestamp } from '../validation/schema.ts';
import type { TraceContext } from '../messages/trace-context.ts';

/** The data of the one result event of a request. `docs/schemas/result.json` is generated from its schema. */
export type ResultData = v.InferOutput<typeof resultSchema>;

const namedEntries = {
  service: v.optional(v.string()),
  version: v.optional(v.string()),
  name: v.optional(v.string()),
  url: v.optional(v.string()),
  reference: v.optional(shortText(1_024)),
};

/** Either `operation` or `job` is there, as the request named one or the other. */
export const resultSchema = v.object({
  requestId: v.string(),
  outcome: v.picklist(OUTCOMES),
  detail: v.string(),
  operation: v.optional(v.object(namedEntries)),
  job: v.optional(v.object({ ...namedEntries, kind: v.optional(v.string()), state: v.optional(v.string()) })),
  cancel: v.object({ attempts: count, acceptedAt: v.optional(timestamp) }),
  confirm: v.object({ checks: count, lastCheckedAt: v.optional(timestamp) }),
  description: v.optional(
    v.object({
      type: v.optional(v.string()),
      verb: v.optional(v.string()),
      target: v.optional(v.string()),
      createTime: v.optional(timestamp),
    }),
  ),
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
    { name: operation.fullResourceName, identity: identityOf(operation) },
    {
      requestId,
      outcome: verdict.outcome,
      detail: verdict.detail,
      ...resourceOf(operation, confirm.jobState),
      cancel: { attempts: cancel.attempts, acceptedAt: cancel.acceptedAt },
      confirm: { checks: confirm.checks, lastCheckedAt: confirm.lastCheckedAt },
      description: verdict.description,
      operationError: verdict.operationError,
      error: verdict.error,
      ...echo,
      messageId,
      requestedAt,
      finishedAt: new Date(nowMs).toISOString(),
    },
    { dryRun: cancellation.step === 'preview', trace: cancellation.trace },
  );
}

/**
 * The operation or job of a result, with the URL that was called where the catalog has it.
 *
 * @param state the state of a job, where a GET showed it
 */
export function resourceOf(
  resource: Resource | ResourceIdentity,
  state?: string,
): Pick<ResultData, 'operation' | 'job'> {
  const { service, version, name, job: kind } = resource;
  const url = 'url' in resource ? { url: resource.url } : {};
  if (kind === undefined) return { operation: { service, version, name, ...url } };
  return { job: { service, version, kind, name, ...url, ...(state !== undefined && { state }) } };
}

/**
 * @param about the full resource name, else the reference, and what stands for it in ids: together with the request's id and
 *   whether it is a dry run, that gives the id of the event
 */
export function resultEvent(
  { name, identity }: { readonly name: string; readonly identity: string },
  data: ResultData,
  { dryRun, trace }: { readonly dryRun: boolean; readonly trace: TraceContext | undefined },
): OutgoingEvent {
  return {
    id: resultId(data.requestId, identity, dryRun),
    type: EVENT_TYPE.result,
    subject: subjectOf(name, data.requestId),
    time: data.finishedAt,
    trace,
    data,
    attributes: {
      outcome: data.outcome,
      requestId: data.requestId,
      ...serviceAndKindOf(data),
    },
  };
}

function serviceAndKindOf({ operation, job }: ResultData): Readonly<Record<string, string>> {
  const service = (operation ?? job)?.service;
  const kind = job === undefined ? 'operations' : job.kind;
  return { ...(service !== undefined && { service }), ...(kind !== undefined && { kind }) };
}

/** A subject must not be empty or contain control characters, and has at most 1,024 bytes, as any attribute. */
function subjectOf(operation: string, requestId: string): string {
  const printable = operation.slice(0, 1_024).replace(/[^\u0021-\u007e]/g, '_');
  return printable === '' ? `request/${requestId}` : printable;
}
