import type { ResultData } from '../../../src/cancellation/result.ts';
import type { SweepReport } from '../../../src/sweeps/report.ts';
import { keyOfRequest, namedIn, NEXT, newLife, subjectOf, toneOfOutcome } from './request-life.ts';
import type { RequestLife, Step } from './request-life.ts';
import { keyOfRun } from './run-life.ts';
import type { RunLife } from './run-life.ts';
import type { WaitingRequest, WaitingRun } from './waiting-task.ts';
import { counted, timeOfDay } from './words.ts';

/**
 * Lives of requests and runs of a deployed system. Its log is not read: a life is made of what a message says at once, the
 * times of its request, POST, last GET and end.
 */

/** The facts that a result and a re-check share. */
interface Progress {
  readonly requestedAtMs: number;
  readonly posts: number;
  readonly acceptedAtMs?: number | undefined;
  readonly refusal?: string | undefined;
  readonly gets: number;
  readonly lastCheckedAtMs?: number | undefined;
}

function stepsOf({
  requestedAtMs,
  posts,
  acceptedAtMs,
  refusal,
  gets,
  lastCheckedAtMs,
}: Progress): readonly Step[] {
  const attempts = `after ${counted(posts, 'attempt')}`;
  const steps: Step[] = [
    { kind: 'accepted', tone: 'info', atMs: requestedAtMs, title: 'Requested', text: '' },
  ];
  if (acceptedAtMs !== undefined)
    steps.push({
      kind: 'post',
      tone: 'good',
      atMs: acceptedAtMs,
      title: 'POST',
      text: `accepted, ${attempts}`,
    });
  else if (posts > 0)
    steps.push({
      kind: 'post',
      tone: 'bad',
      atMs: requestedAtMs,
      title: 'POST',
      text: `not accepted, ${attempts}${refusal === undefined ? '' : `: ${refusal}`}`,
    });
  if (lastCheckedAtMs !== undefined)
    steps.push({
      kind: 'get',
      tone: 'info',
      atMs: lastCheckedAtMs,
      title: 'GET',
      text: gets > 1 ? `the last of ${gets}` : '',
    });
  return steps.sort((a, b) => a.atMs - b.atMs);
}

const msOf = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time));

/** The operation that a subject names; undefined where it stands for a request whose operation is not known. */
const operationOf = (subject: string, requestId: string) =>
  subject === '' || subject === `request/${requestId}` ? undefined : subject;

/** The life that a result tells. */
export function lifeOfResult(
  result: ResultData,
  { subject, traceId }: { readonly subject: string; readonly traceId: string | undefined },
): RequestLife {
  const { requestId, outcome, detail, cancel, confirm, requestedAt, finishedAt } = result;
  const [firstMs, endMs] = [Date.parse(requestedAt), Date.parse(finishedAt)];
  const made = stepsOf({
    requestedAtMs: firstMs,
    posts: cancel.attempts,
    acceptedAtMs: msOf(cancel.acceptedAt),
    refusal: result.error?.message,
    gets: confirm.checks,
    lastCheckedAtMs: msOf(confirm.lastCheckedAt),
  });
  const end: Step = {
    kind: 'result',
    tone: toneOfOutcome(outcome),
    atMs: endMs,
    title: outcome,
    text: detail,
  };
  const named = newLife(requestId, operationOf(subject, requestId), firstMs);
  const service = named.service ?? namedIn(result)?.service;
  return {
    ...named,
    ...(service !== undefined && { service }),
    ...(traceId !== undefined && { traceId }),
    status: outcome,
    ended: true,
    lastMs: Math.max(firstMs, endMs),
    posts: cancel.attempts,
    gets: confirm.checks,
    steps: [...made, end],
    detail,
    result,
  };
}

/** The key of the life that a re-check is of. */
export const keyOfWaiting = ({ requestId, operation }: WaitingRequest) =>
  keyOfRequest(requestId, subjectOf(operation));

/**
 * The life of a request whose re-check waits until it is due.
 *
 * @param before the life so far: a request that is sent again has the result of its first sending
 */
export function lifeOfWaiting(
  request: WaitingRequest,
  dueMs: number,
  before: RequestLife | undefined,
): RequestLife {
  const { requestId, operation, requestedAtMs, step, posts, gets, traceId } = request;
  const made = stepsOf(request);
  const lastMs = made.at(-1)?.atMs ?? requestedAtMs;
  const next = NEXT[step] ?? step;
  const text = `for the check at ${timeOfDay(dueMs)}; then ${next}`;
  const result = before?.result;
  return {
    ...newLife(requestId, subjectOf(operation), requestedAtMs),
    ...(traceId !== undefined && { traceId }),
    status: 'Waiting',
    lastMs,
    posts,
    gets,
    steps: [...made, { kind: 'wait', tone: 'wait', atMs: lastMs, title: 'Waits', text, untilMs: dueMs }],
    ...(result !== undefined && { result }),
  };
}

/** A request whose re-check has left the queue: the function has it, and schedules another or publishes the result. */
export const afterLeaving = (life: RequestLife): RequestLife => ({ ...life, status: 'Checking' });

/** The run that a report tells. */
export function runOfReport(report: SweepReport, cause: string, traceId: string | undefined): RunLife {
  const { runId, sweep, startedAt, finishedAt } = report;
  const [firstMs, endMs] = [Date.parse(startedAt), Date.parse(finishedAt)];
  const isApproval = report.approved !== undefined;
  return {
    key: keyOfRun(runId, isApproval),
    runId,
    sweep,
    isApproval,
    cause: sentence(cause),
    ...(!isApproval && { messageId: report.cause.messageId }),
    ended: true,
    firstMs,
    lastMs: Math.max(firstMs, endMs),
    steps: [],
    report,
    ...(traceId !== undefined && { traceId }),
  };
}

/** The run of a sweep whose next message waits until it is due. */
export function runOfWaiting(run: WaitingRun, dueMs: number): RunLife {
  const { runId, sweep, cause, startedAtMs, found, requested, traceId } = run;
  const text = `${found} found and ${requested} requested so far; continues at ${timeOfDay(dueMs)}`;
  return {
    key: keyOfRun(runId, false),
    runId,
    sweep,
    isApproval: false,
    cause: sentence(cause),
    ended: false,
    firstMs: startedAtMs,
    lastMs: startedAtMs,
    steps: [{ atMs: startedAtMs, text, bad: false }],
    ...(traceId !== undefined && { traceId }),
  };
}

/** A clause as the beginning of a sentence. */
const sentence = (clause: string) => clause.charAt(0).toUpperCase() + clause.slice(1);
