import type { ResultData } from '../../../src/cancellation/result.ts';
import type { LogEntry } from './log-entry.ts';
import { nameOfResource, serviceOfResource } from './service-call.ts';
import type { ServiceCall } from './service-call.ts';

/** How a step reads at a glance; the text says the same. */
export type Tone = 'good' | 'info' | 'wait' | 'bad';

export type StepKind = 'published' | 'accepted' | 'post' | 'get' | 'wait' | 'result' | 'note';

/** One step in the life of a request. */
export interface Step {
  readonly kind: StepKind;
  readonly tone: Tone;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** A few words: `POST`, `GET`, `Accepted`. */
  readonly title: string;
  /** A sentence, as the function logs it. */
  readonly text: string;
  /** The HTTP requests that reached the service in this step. */
  readonly calls?: readonly Pick<ServiceCall, 'atMs' | 'method' | 'status'>[];
  /** The time until which the function waits after this step. */
  readonly untilMs?: number;
}

/** The life of one cancel request, as the page shows it. */
export interface RequestLife {
  /** Path of the request behind `#/requests/`: its id, and its operation where that is known. */
  readonly key: string;
  readonly requestId: string;
  /** Full resource name; absent until the request is accepted, and where it is refused. */
  readonly operation?: string;
  readonly service?: string;
  /** The outcome, or what happens now. */
  readonly status: string;
  readonly ended: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly posts: number;
  readonly gets: number;
  readonly steps: readonly Step[];
  readonly detail?: string;
  readonly result?: ResultData;
  /** The trace that the request belongs to, where its messages name one. */
  readonly traceId?: string;
}

const MAX_STEPS = 200;

export const keyOfRequest = (requestId: string, operation: string | undefined) =>
  [requestId, ...(operation === undefined ? [] : [operation])].map(encodeURIComponent).join('/');

/** A full resource name as it stands in a subject (src/cancellation/result.ts). */
export const subjectOf = (operation: string) => operation.slice(0, 1_024).replace(/[^\u0021-\u007e]/g, '_');

/** The life of a request that was not seen before. */
export function newLife(requestId: string, operation: string | undefined, atMs: number): RequestLife {
  const service = operation === undefined ? undefined : serviceOfResource(operation);
  return {
    key: keyOfRequest(requestId, operation),
    requestId,
    ...(operation !== undefined && { operation }),
    ...(service !== undefined && { service }),
    status: 'Queued',
    ended: false,
    firstMs: atMs,
    lastMs: atMs,
    posts: 0,
    gets: 0,
    steps: [],
  };
}

/** The life after a message of the page's own was published. */
export const afterPublishing = (life: RequestLife, atMs: number): RequestLife =>
  withStep(
    life,
    { kind: 'published', tone: 'info', atMs, title: 'Published', text: 'from this page' },
    'Queued',
  );

/**
 * The life after a line of the function's log.
 *
 * @param calls the calls that the line is about
 */
export function afterLogEntry(
  life: RequestLife,
  entry: LogEntry,
  calls: readonly ServiceCall[],
  atMs: number,
): RequestLife {
  const step = stepOf(entry, atMs);
  const shown = calls.map(({ atMs: calledMs, method, status }) => ({ atMs: calledMs, method, status }));
  // Another process of the function may have made them, or a host that is not simulated: then the log alone counts.
  const made = Math.max(shown.length, step.kind === 'post' || step.kind === 'get' ? 1 : 0);
  const next = withStep(
    life,
    shown.length === 0 ? step : { ...step, calls: shown },
    statusAfter(entry, life.status),
  );
  const counted = {
    ...next,
    posts: life.posts + (step.kind === 'post' ? made : 0),
    gets: life.gets + (step.kind === 'get' ? made : 0),
  };
  const outcome = outcomeOf(entry);
  // A note about a request that has ended, such as that of a repeated delivery, does not open it again.
  if (outcome === undefined) return { ...counted, ended: life.ended && next.status === life.status };
  return { ...counted, ended: true, status: outcome, detail: afterColon(entry.message) };
}

/** The life with its result, as it stands on the results topic. */
export function afterResult(life: RequestLife, result: ResultData, atMs: number): RequestLife {
  const service = life.service ?? namedIn(result)?.service;
  return {
    ...life,
    ...(service !== undefined && { service }),
    status: result.outcome,
    ended: true,
    detail: result.detail,
    result,
    posts: Math.max(life.posts, result.cancel.attempts),
    gets: Math.max(life.gets, result.confirm.checks),
    lastMs: Math.max(life.lastMs, life.steps.length === 0 ? atMs : life.lastMs),
  };
}

function withStep(life: RequestLife, step: Step, status: string): RequestLife {
  const all = [...life.steps, step];
  const [first] = all;
  const steps = all.length > MAX_STEPS && first ? [first, ...all.slice(-MAX_STEPS + 1)] : all;
  return { ...life, steps, status, lastMs: step.atMs };
}

function stepOf({ event, message, severity }: LogEntry, atMs: number): Step {
  switch (event) {
    case 'request.accepted':
      return {
        kind: 'accepted',
        tone: 'info',
        atMs,
        title: 'Accepted',
        text: message.replace('Accepted; ', ''),
      };
    case 'request.rejected':
      return { kind: 'result', tone: 'bad', atMs, title: 'Refused', text: message };
    case 'request.fanned-out':
      return { kind: 'result', tone: 'info', atMs, title: 'Split', text: message };
    case 'cancel.retrying': {
      const untilMs = atMs + secondsIn(message) * 1_000;
      return { kind: 'post', tone: 'wait', atMs, title: 'POST', text: withoutCall(message), untilMs };
    }
    case 'cancel.answered': {
      const tone = message.endsWith(': accepted') ? 'good' : 'bad';
      return { kind: 'post', tone, atMs, title: 'POST', text: withoutCall(message) };
    }
    case 'get.answered': {
      const text = withoutCall(message);
      return { kind: 'get', tone: toneOfState(text), atMs, title: 'GET', text };
    }
    case 'call.postponed': {
      const untilMs = atMs + secondsIn(message) * 1_000;
      return { kind: 'wait', tone: 'wait', atMs, title: 'Postponed', text: message, untilMs };
    }
    case 'recheck.scheduled': {
      const [, step, until] = /^Next: (\w+), at (\S+)$/.exec(message) ?? [];
      if (step === undefined || until === undefined) {
        return { kind: 'note', tone: 'info', atMs, title: 'Re-check', text: message };
      }
      const untilMs = Date.parse(until);
      const text = `for ${Math.max(0, (untilMs - atMs) / 1_000).toFixed(1)} s; then ${NEXT[step] ?? step}`;
      return { kind: 'wait', tone: 'wait', atMs, title: 'Waits', text, untilMs };
    }
    case 'result.published': {
      const [outcome = ''] = message.split(':');
      return {
        kind: 'result',
        tone: toneOfOutcome(outcome),
        atMs,
        title: outcome,
        text: afterColon(message),
      };
    }
    case 'dead-letter.answered':
      return { kind: 'result', tone: 'bad', atMs, title: 'Dead letter', text: message };
    default: {
      const tone = severity === 'WARNING' || severity === 'ERROR' ? 'bad' : 'info';
      return { kind: 'note', tone, atMs, title: event, text: message };
    }
  }
}

/** The next step of a re-check, for a person. */
export const NEXT: Readonly<Record<string, string>> = {
  cancel: 'sends the cancel again',
  confirm: 'gets the operation',
  preview: 'gets the operation',
};

function statusAfter({ event, message }: LogEntry, before: string): string {
  switch (event) {
    case 'request.accepted':
      return 'Accepted';
    case 'cancel.retrying':
      return 'Retrying';
    case 'cancel.answered':
      return 'Cancel sent';
    case 'call.postponed':
      return 'Waiting';
    case 'recheck.scheduled':
      // Otherwise an earlier delivery has scheduled it, and the request may be further by now.
      return message.startsWith('Next: ') ? 'Waiting' : before;
    case 'get.answered':
      return 'Confirming';
    default:
      return before;
  }
}

function outcomeOf({ event, fields }: LogEntry): string | undefined {
  if (event === 'result.published') return typeof fields.outcome === 'string' ? fields.outcome : 'ENDED';
  if (event === 'request.rejected') return 'REJECTED';
  if (event === 'request.fanned-out') return 'SPLIT';
  return event === 'dead-letter.answered' ? 'ERROR' : undefined;
}

/** `POST :cancel: trying again in 1 s` → `trying again in 1 s` */
const withoutCall = (message: string) => message.replace(/^[A-Z]+(?: :\w+)?: /, '');
const afterColon = (message: string) => message.replace(/^[A-Z_]+: /, '');
const secondsIn = (message: string) => Number(/(?:in|for) ([\d.]+) s\b/.exec(message)?.[1] ?? 0);

const STATE_TONES: Readonly<Record<string, Tone>> = {
  running: 'wait',
  cancelled: 'good',
  succeeded: 'info',
  failed: 'bad',
};

function toneOfState(state: string): Tone {
  return STATE_TONES[state] ?? 'bad';
}

/** How an outcome, or a status of a life that has not ended, reads at a glance. */
export function toneOfOutcome(status: string): Tone {
  if (status === 'CANCELLED') return 'good';
  if (['SUCCEEDED', 'DRY_RUN', 'SPLIT', 'Accepted', 'Queued'].includes(status)) return 'info';
  if (status === 'UNCONFIRMED' || /[a-z]/.test(status)) return 'wait';
  return 'bad';
}

/** The operation or the job that a result names. */
export const namedIn = ({ operation, job }: ResultData) => operation ?? job;

/** The last part of the operation's name, or what stands for it where the request was refused. */
export function shownNameOf({ operation, result, requestId }: RequestLife): string {
  const named = result && namedIn(result);
  const name = operation === undefined ? (named?.name ?? '') : nameOfResource(operation);
  const reference = name === '' ? (named?.reference ?? '') : name;
  return (
    reference
      .replace(/:cancel$/, '')
      .split('/')
      .at(-1) || requestId
  );
}
