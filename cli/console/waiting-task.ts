import type { TaskPurpose, WaitingTask } from '../../local/page/model/waiting-task.ts';
import { parseRecheck } from '../../src/cancellation/recheck.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { describeCause } from '../../src/sweeps/cause.ts';
import { parseSweepRun } from '../../src/sweeps/run-state.ts';
import { isObject } from '../../src/validation/schema.ts';
import { isPermanent } from '../../src/validation/failure.ts';
import { shownText } from '../../src/validation/shown-text.ts';
import { readCarried } from './carried-message.ts';
import type { CarriedMessage } from './carried-message.ts';

type Json = Readonly<Record<string, unknown>>;

/** The clock of this machine may be behind that of the function, which refuses what comes from the future. */
const CLOCK_TOLERANCE_MS = 300_000;
const MAX_SHOWN_BYTES = 512;

const object = (value: unknown): Json => (isObject(value) ? value : {});
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const shown = (value: string) => shownText(value, MAX_SHOWN_BYTES);
const msOf = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time));

/**
 * Reads a task (google/cloud/tasks/v2/task.proto, `Task`), and the message that it publishes, where it is shown.
 *
 * @param nowMs the time, in milliseconds since the epoch
 */
export function readWaitingTask(task: Json, nowMs: number): WaitingTask {
  const { name, scheduleTime, dispatchCount, lastAttempt, httpRequest } = task;
  const lastAnswer = text(object(object(lastAttempt).responseStatus).message);
  const dueMs = Date.parse(text(scheduleTime));
  const waiting = {
    id: shown(text(name).split('/').at(-1) ?? ''),
    dueMs: Number.isNaN(dueMs) ? nowMs : dueMs,
    attempts: typeof dispatchCount === 'number' ? dispatchCount : 0,
    ...(lastAnswer !== '' && { lastAnswer: shown(lastAnswer) }),
  };
  const carried = messageOf(object(httpRequest));
  return { ...waiting, ...(carried === undefined ? { purpose: 'unknown' } : purposeOf(carried, nowMs)) };
}

/** The message in the body of a call of `topics.publish`. */
function messageOf({ body }: Json): CarriedMessage | undefined {
  try {
    const { messages } = object(JSON.parse(Buffer.from(text(body), 'base64').toString()) as unknown);
    const [message] = Array.isArray(messages) ? (messages as unknown[]) : [];
    if (!isObject(message)) return undefined;
    const attributes = Object.entries(object(message.attributes)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return readCarried({
      id: 'task',
      attributes: Object.fromEntries(attributes),
      bytes: Buffer.from(text(message.data), 'base64'),
    });
  } catch {
    return undefined;
  }
}

function purposeOf(carried: CarriedMessage, nowMs: number): Pick<WaitingTask, 'purpose' | 'request' | 'run'> {
  const { kind = 'unknown' } = carried;
  try {
    if (kind === 'recheck') return { purpose: kind, request: readRequest(carried, nowMs) };
    if (kind === 'sweep-run') return { purpose: kind, run: readRun(carried, nowMs) };
  } catch (error) {
    // Of another version, or of somebody else.
    if (!isPermanent(error)) throw error;
    return { purpose: 'unknown' };
  }
  return { purpose: isPurpose(kind) ? kind : 'unknown' };
}

const isPurpose = (kind: string): kind is TaskPurpose =>
  ['approval', 'run-list', 'idempotency-record'].includes(kind);

function readRequest({ data, context, traceId }: CarriedMessage, nowMs: number) {
  const { cancellation } = parseRecheck(data(), resolve, nowMs + CLOCK_TOLERANCE_MS, context.trace);
  const { requestId, messageId, operation, requestedAt, step, cancel, confirm } = cancellation;
  const acceptedAtMs = msOf(cancel.acceptedAt);
  const lastCheckedAtMs = msOf(confirm.lastCheckedAt);
  const refusal = cancel.refusal?.error.message;
  return {
    requestId,
    messageId,
    operation: operation.fullResourceName,
    requestedAtMs: Date.parse(requestedAt),
    step,
    posts: cancel.attempts,
    gets: confirm.checks,
    ...(acceptedAtMs !== undefined && { acceptedAtMs }),
    ...(lastCheckedAtMs !== undefined && { lastCheckedAtMs }),
    ...(refusal !== undefined && { refusal: shown(refusal) }),
    ...(traceId !== undefined && { traceId }),
  };
}

function readRun({ data, context, traceId }: CarriedMessage, nowMs: number) {
  const { run } = parseSweepRun(data(), nowMs + CLOCK_TOLERANCE_MS, context.trace);
  const { runId, sweep, cause, startedAt, tally } = run;
  return {
    runId,
    sweep,
    cause: shown(describeCause(cause)),
    startedAtMs: Date.parse(startedAt),
    found: tally.found,
    requested: tally.requested,
    ...(traceId !== undefined && { traceId }),
  };
}
