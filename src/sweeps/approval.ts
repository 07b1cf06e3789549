import * as v from 'valibot';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { approvalStepId } from '../messages/event-ids.ts';
import { requestIdSchema } from '../messages/request.ts';
import { checkSenderFields, senderEntries } from '../messages/sender-fields.ts';
import type { TraceContext } from '../messages/trace-context.ts';
import type { Delivery, Ports } from '../ports.ts';
import { quote, valueFailure } from '../validation/failure.ts';
import { count, parseWith, shortText } from '../validation/schema.ts';
import { approvableUntilMs, entryEvent, readEntry } from './run-list.ts';
import type { RunApproval } from './run-list.ts';
import type { Sweeps } from './sweep.ts';

/** The message that approves a dry run: what it found is requested, once. */
export const approvalSchema = v.strictObject({
  approve: requestIdSchema,
  requestedBy: senderEntries.requestedBy,
  reason: senderEntries.reason,
});

/**
 * Reads `{"approve": "7e24…"}`, with `requestedBy` and `reason` as in a request.
 *
 * @throws Failure `TypeError` or `ValueError` that names the field and what it should be
 */
export function parseApproval(data: unknown): v.InferOutput<typeof approvalSchema> {
  const approval = parseWith(approvalSchema, data, 'data');
  const { requestedBy, reason } = approval;
  checkSenderFields({ requestedBy, reason });
  return approval;
}

/** The progress of an approval: all that its next delivery needs besides the list, which the event store keeps. */
export interface ApprovalProgress {
  readonly runId: string;
  /** Number of the message that carries the progress. */
  readonly step: number;
  /** Id of the part whose requests are published; absent when all parts are. */
  readonly part?: string | undefined;
  /** Requests of this part that are published. */
  readonly offset: number;
  /** Requests of all parts that are published. */
  readonly requested: number;
  /** Travels in the context of each event, not in its data. */
  readonly trace?: TraceContext | undefined;
}

export type ApprovalPorts = Pick<Ports, 'publisher' | 'scheduler' | 'eventStore' | 'clock' | 'log'>;

/**
 * Approves the dry run that the data of a message name, and schedules the first delivery of its requests.
 *
 * @throws Failure `TypeError` or `ValueError` that says why the run cannot be approved
 */
export async function approveRun(
  data: unknown,
  sweeps: Sweeps,
  delivery: Delivery,
  ports: ApprovalPorts,
): Promise<void> {
  const { eventStore, clock, log } = ports;
  const { message, context } = delivery;
  const { approve: runId, requestedBy, reason } = parseApproval(data);
  const { sweep, startedAt, last } = await findApprovable(runId, sweeps, ports);

  const approval: RunApproval = {
    entry: 'approval',
    runId,
    startedAt,
    eventId: context.id,
    messageId: message.id,
    approvedAt: new Date(clock.now()).toISOString(),
    ...(requestedBy !== undefined && { requestedBy }),
    ...(reason !== undefined && { reason }),
  };
  const { event, untilMs } = entryEvent(approval, clock.now());
  if ((await eventStore.put(event, untilMs, delivery)) === 'before') {
    const earlier = await readEntry('approval', runId, eventStore);
    if (earlier?.eventId !== context.id) throw valueFailure('approve', describeEarlier(runId, earlier));
  }
  const first = { runId, step: 0, part: last, offset: 0, requested: 0, trace: context.trace };
  await scheduleApproval(first, delivery, ports);
  const by = requestedBy === undefined ? '' : ` by ${quote(requestedBy)}`;
  log('NOTICE', 'approval.accepted', `The dry run of sweep ${sweep} was approved${by}`, {
    sweep,
    runId,
    messageId: message.id,
    trace: context.trace,
  });
}

/** The list of a run that can be approved now. */
async function findApprovable(
  runId: string,
  sweeps: Sweeps,
  { eventStore, clock }: Pick<ApprovalPorts, 'eventStore' | 'clock'>,
) {
  const refuse = (problem: string) => valueFailure('approve', problem);
  const approvable = [...sweeps.values()].filter((sweep) => sweep.approvable).map(({ name }) => name);
  if (approvable.length === 0) {
    throw refuse('no run can be approved: SWEEPS defines no sweep with "approvable": true');
  }
  const begun = await readEntry('begun', runId, eventStore);
  if (begun === undefined) {
    throw refuse(
      `${quote(runId)} is not the id of a run that can be approved; a dry run can be, within a day, of a sweep that SWEEPS defines with "approvable": true: ${approvable.join(', ')}`,
    );
  }
  const { sweep, dryRun } = begun;
  if (!approvable.includes(sweep)) {
    throw refuse(`SWEEPS does not define the sweep ${sweep} with "approvable": true any more`);
  }
  if (!dryRun) {
    throw refuse(`the run ${quote(runId)} of sweep ${sweep} was no dry run: it requested cancels itself`);
  }
  const untilMs = approvableUntilMs(begun);
  if (clock.now() > untilMs) {
    const until = new Date(untilMs).toISOString();
    throw refuse(`the run ${quote(runId)} of sweep ${sweep} is older than a day; it could be until ${until}`);
  }
  const end = await readEntry('end', runId, eventStore);
  if (end !== undefined) return end;
  throw refuse(
    `the run ${quote(runId)} of sweep ${sweep} has not finished, or ended early; its report says when it can be`,
  );
}

function describeEarlier(runId: string, earlier: RunApproval | undefined): string {
  if (earlier === undefined) return `the run ${quote(runId)} was approved before`;
  const { approvedAt, requestedBy } = earlier;
  const by = requestedBy === undefined ? '' : ` by ${quote(requestedBy)}`;
  return `the run ${quote(runId)} was approved before, at ${approvedAt}${by}`;
}

/** Schedules the next delivery of an approval, at once. */
export async function scheduleApproval(
  progress: ApprovalProgress,
  delivery: Delivery,
  { scheduler, clock }: Pick<ApprovalPorts, 'scheduler' | 'clock'>,
): Promise<void> {
  const nowMs = clock.now();
  await scheduler.schedule(approvalEvent(progress, nowMs), nowMs, delivery);
}

const progressSchema = v.object({
  runId: shortText(128),
  step: count,
  part: v.optional(shortText(64)),
  offset: count,
  requested: count,
});

function approvalEvent({ trace, ...data }: ApprovalProgress, nowMs: number): OutgoingEvent {
  return {
    id: approvalStepId(data.runId, data.step),
    type: EVENT_TYPE.approval,
    subject: `run/${data.runId}`,
    time: new Date(nowMs).toISOString(),
    trace,
    data,
  };
}

/**
 * Reads the data of a message that continues an approval. It names no operation and no person: these stand in the event
 * store, so a forged message can do no more than repeat what was approved.
 *
 * @throws Failure that names the field, for a message that this system did not write
 */
export const parseApprovalProgress = (data: unknown, trace: TraceContext | undefined): ApprovalProgress => ({
  ...parseWith(progressSchema, data, 'data'),
  trace,
});
