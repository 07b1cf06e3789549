import { publishAll } from '../calls/publish-all.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { approvalReportId, approvedRequestId } from '../messages/event-ids.ts';
import { senderOfApproval } from '../messages/sender-fields.ts';
import type { Delivery } from '../ports.ts';
import { valueFailure } from '../validation/failure.ts';
import { scheduleApproval } from './approval.ts';
import type { ApprovalPorts, ApprovalProgress } from './approval.ts';
import { describeCause } from './cause.ts';
import { labelsOf } from './log-labels.ts';
import type { SweepReport } from './report.ts';
import { readEntry, readPart } from './run-list.ts';
import type { ListedRequest, ListEnd, RunApproval } from './run-list.ts';
import { EMPTY_TALLY } from './run-state.ts';
import type { Sweeps } from './sweep.ts';

/** Requests and time after which a delivery hands the approval over to a message, as a delivery of a run does. */
const MAX_REQUESTS_PER_DELIVERY = 100;
const MAX_DELIVERY_MS = 15_000;

/** An approval under way, with what the event store has of it. */
interface Approved {
  readonly progress: ApprovalProgress;
  readonly end: ListEnd;
  readonly approval: RunApproval;
}

/**
 * Publishes requests of an approved dry run, until all are and the report is published, or the approval continues in
 * another delivery. A delivery that is repeated publishes the same requests under the same ids.
 *
 * @throws Failure `ValueError` for a run that was not approved
 */
export async function performApproval(
  resumed: ApprovalProgress,
  sweeps: Sweeps,
  delivery: Delivery,
  ports: ApprovalPorts,
): Promise<void> {
  const { eventStore, publisher, clock, log } = ports;
  const { end, approval } = await readApproved(resumed, ports);
  if (sweeps.get(end.sweep)?.approvable !== true) {
    const problem = 'SWEEPS does not define the sweep with "approvable": true any more';
    return report({ progress: resumed, end, approval }, problem, delivery, ports);
  }
  const endMs = clock.now() + MAX_DELIVERY_MS;
  let progress = resumed;
  while (progress.part !== undefined) {
    const { runId, requested, offset, part: id } = progress;
    const left = MAX_REQUESTS_PER_DELIVERY - (requested - resumed.requested);
    if (left <= 0 || clock.now() >= endMs) {
      await scheduleApproval({ ...progress, step: progress.step + 1 }, delivery, ports);
      const text = `Requested ${requested} of ${end.requested} ${end.noun}s`;
      log('INFO', 'approval.continued', text, labelsOf({ ...end, trace: progress.trace }));
      return;
    }
    const part = await readPart(id, runId, eventStore);
    if (part === undefined) {
      const problem = 'the rest of the list is not kept any more';
      return report({ progress, end, approval }, problem, delivery, ports);
    }
    const portion = part.requests.slice(offset, offset + left);
    const toEvent = (request: ListedRequest) =>
      requestEvent(request, { progress, end, approval }, clock.now());
    await publishAll(publisher, 'requests', portion, toEvent, delivery);
    const published = offset + portion.length;
    progress = {
      ...progress,
      requested: requested + portion.length,
      ...(published < part.requests.length ? { offset: published } : { part: part.previous, offset: 0 }),
    };
  }
  await report({ progress, end, approval }, undefined, delivery, ports);
}

/**
 * Ends an approval whose message Pub/Sub stopped delivering.
 *
 * @throws Failure `ValueError` for a run that was not approved
 */
export async function endDeadApproval(
  progress: ApprovalProgress,
  problem: string,
  delivery: Delivery,
  ports: ApprovalPorts,
): Promise<void> {
  await report({ progress, ...(await readApproved(progress, ports)) }, problem, delivery, ports);
}

async function readApproved(
  { runId }: ApprovalProgress,
  { eventStore }: Pick<ApprovalPorts, 'eventStore'>,
): Promise<Pick<Approved, 'end' | 'approval'>> {
  const approval = await readEntry('approval', runId, eventStore);
  const end = await readEntry('end', runId, eventStore);
  if (approval !== undefined && end !== undefined) return { end, approval };
  throw valueFailure('runId', 'names no run that was approved, or one whose list is not kept any more');
}

/** The request for one operation. It is the same whenever it is published, but for its time. */
function requestEvent(
  { requestId, ...listed }: ListedRequest,
  { progress, end, approval }: Approved,
  nowMs: number,
): OutgoingEvent {
  const { sweep, runId, cause } = end;
  const { requestedBy = senderOfApproval(sweep), reason } = approval;
  const id = approvedRequestId(requestId);
  return {
    id,
    type: EVENT_TYPE.request,
    subject: `sweep/${sweep}`,
    time: new Date(nowMs).toISOString(),
    trace: progress.trace,
    data: {
      ...listed,
      requestId: id,
      requestedBy,
      reason: reason ?? `sweep ${sweep}: its dry run was approved; ${describeCause(cause)}`,
      labels: { sweep, runId },
    },
  };
}

/** Publishes the report of an approval: the second one of its run, with `dryRun` false. */
async function report(
  approved: Approved,
  problem: string | undefined,
  delivery: Delivery,
  { publisher, clock, log }: ApprovalPorts,
): Promise<void> {
  const { progress, end, approval } = approved;
  const { sweep, runId, cause } = end;
  const { requested, trace } = progress;
  const complete = problem === undefined;
  const finishedAt = new Date(clock.now()).toISOString();
  const { approvedAt: at, messageId, requestedBy, reason } = approval;
  const data: SweepReport = {
    sweep,
    runId,
    dryRun: false,
    complete,
    detail: describe(approved, problem),
    ...EMPTY_TALLY,
    found: requested,
    matched: requested,
    requested,
    // The parts of a list are read from the last to the first.
    ...(complete && { operations: end.operations, examples: end.examples }),
    failures: complete ? [] : [{ message: problem }],
    approved: {
      at,
      messageId,
      ...(requestedBy !== undefined && { requestedBy }),
      ...(reason !== undefined && { reason }),
    },
    missingFields: [],
    cause,
    startedAt: at,
    finishedAt,
  };
  const event = {
    id: approvalReportId(runId),
    type: EVENT_TYPE.sweepReport,
    subject: `sweep/${sweep}`,
    time: finishedAt,
    trace,
    data,
    attributes: { sweep, dryRun: 'false', complete: String(complete) },
  };
  await publisher.publish('results', event, delivery);
  const fields = { ...labelsOf({ ...end, trace }), requested, complete };
  log(complete ? 'INFO' : 'WARNING', 'approval.finished', data.detail, fields);
}

function describe({ progress, end, approval }: Approved, problem: string | undefined): string {
  const { requested } = progress;
  const by = approval.requestedBy === undefined ? '' : ` by ${approval.requestedBy}`;
  const found = `${end.requested} ${end.noun}${end.requested === 1 ? '' : 's'}`;
  const sentence = `A dry run that found ${found} was approved${by}; a cancel was requested for ${requested}.`;
  return problem === undefined ? sentence : `${sentence} It ended early: ${problem}.`;
}
