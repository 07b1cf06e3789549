import type { ServiceResponse } from '../../../src/resources/response.ts';
import type { HttpRequest } from '../../../src/google/http.ts';
import type { ChosenEffect } from '../cancel-effect.ts';
import type { Chaos } from './chaos.ts';
import { isJobForm, JOB_FORMS, targetOf, type JobForm, type State } from './jobs.ts';
import { APPROVED_LIST } from './approvals.ts';
import { LIST } from './sweeps.ts';
import type { World } from '../../support/virtual-time.ts';

/** The life of an operation. */
export interface Life {
  readonly onCancel: ChosenEffect;
  /** Time from its cancel to the effect. */
  readonly afterMs: number;
  /** Ends by itself at this time, if it has not before. */
  readonly endsAtMs: number;
  /** The form in which a GET shows it. */
  readonly form: Form;
  /** Until this time the service refuses to cancel it, because of the state that it is in. */
  readonly refusesUntilMs: number;
  /** Whether such a refusal asks to come back later. */
  readonly asksToComeBack: boolean;
  /** Time of its creation, where the service shows it. */
  readonly createdMs?: number;
}

/**
 * `worded`: a word in the metadata tells how it ended, beside a response (translate). `flagged`: another field than the
 * usual ones tells that a cancel is under way (logging). `none`: the service has no GET.
 */
export type Form = 'longrunning' | 'worded' | 'flagged' | 'container' | 'none' | JobForm;

/** A call that a service got, with its answer. */
export interface ServiceRequest {
  readonly method: string;
  readonly url: string;
  /** The operation or job that it is about. */
  readonly target: string;
  readonly isCancel: boolean;
  readonly atMs: number;
  readonly answer: ServiceResponse;
}

/** The services that own the operations. */
export interface Services {
  /** Adds an operation by its URL. */
  add(url: string, life: Life): void;
  /** Carries a request out, and gives its answer and the delay of that. */
  call(request: HttpRequest): { readonly answer: ServiceResponse; readonly delayMs: number };
  /** Time of the first GET that showed an operation as cancelled. */
  shownCancelledAt(url: string): number | undefined;
  /** The present state of an operation. */
  stateOf(url: string): State | undefined;
  /** Every request so far. */
  readonly requests: readonly ServiceRequest[];
}

export function createServices(world: World, chaos: Chaos): Services {
  const lives = new Map<string, Life & { cancelledAtMs?: number }>();
  const shown = new Map<string, number>();
  const requests: ServiceRequest[] = [];

  function stateOf(url: string): State | undefined {
    const life = lives.get(url);
    if (life === undefined) return undefined;
    const endsMs = life.cancelledAtMs === undefined ? Infinity : life.cancelledAtMs + life.afterMs;
    if (life.endsAtMs <= world.now() && life.endsAtMs <= endsMs) return 'succeeded';
    if (endsMs > world.now() || life.onCancel === 'never-ends') return 'running';
    return life.onCancel === 'vanishes' ? 'gone' : life.onCancel;
  }

  /** When an operation came into the state that it is in. */
  function sinceMs(url: string): number {
    const { endsAtMs = Infinity, cancelledAtMs = Infinity, afterMs = 0 } = lives.get(url) ?? {};
    const endMs = Math.min(endsAtMs, cancelledAtMs + afterMs);
    return endMs <= world.now() ? endMs : Math.min(cancelledAtMs, world.now());
  }

  function cancel(url: string): ServiceResponse {
    const life = lives.get(url);
    const state = stateOf(url);
    if (life === undefined || state === 'gone') return errorOf(404, 'NOT_FOUND');
    if (state !== 'running') return errorOf(400, world.pick(['FAILED_PRECONDITION', 'INVALID_ARGUMENT']));
    if (life.refusesUntilMs > world.now()) {
      return life.asksToComeBack ? COME_BACK : errorOf(400, 'FAILED_PRECONDITION');
    }
    life.cancelledAtMs ??= world.now();
    return OK;
  }

  function get(url: string): ServiceResponse {
    const state = stateOf(url);
    const { form, cancelledAtMs } = lives.get(url) ?? { form: 'longrunning' };
    if (form === 'none') return { kind: 'answered', httpStatus: 404, bodyProblem: 'a page' };
    if (state === undefined || state === 'gone') return errorOf(404, 'NOT_FOUND');
    if (state === 'cancelled' && !shown.has(url)) shown.set(url, world.now());
    const cancelRequested = cancelledAtMs !== undefined;
    const json = isJobForm(form)
      ? JOB_FORMS[form].body({ state, cancelRequested, sinceMs: sinceMs(url) }, url)
      : bodyOf(form, url, state, cancelRequested);
    return { kind: 'answered', httpStatus: 200, json };
  }

  /** Two operations a page, and more where there are many. */
  function list(url: string): ServiceResponse {
    const [parent = ''] = url.split('?');
    const from = Number(new URL(url).searchParams.get('pageToken') ?? '0');
    // A place in the list stays what it is, whatever goes before it.
    const all = [...lives].filter(([one]) => one.startsWith(`${parent}/`));
    const pageSize = all.length > 20 ? 60 : 2;
    const there = all.slice(from, from + pageSize).filter(([one]) => stateOf(one) !== 'gone');
    const operations = there.map(([one, { createdMs }]) => ({
      name: one.slice(one.indexOf('projects/')),
      metadata: { createTime: new Date(createdMs ?? 0).toISOString() },
      ...(stateOf(one) !== 'running' && { done: true }),
    }));
    const nextPageToken = from + pageSize < all.length ? String(from + pageSize) : undefined;
    return { kind: 'answered', httpStatus: 200, json: { operations, nextPageToken } };
  }

  return {
    add: (url, life) => void lives.set(url, life),
    stateOf,
    shownCancelledAt: (url) => shown.get(url),
    requests,
    call: ({ method, url }) => {
      const { target, isCancel } = targetOf(method, url);
      const isList = LISTS.some((list) => url === list || url.startsWith(`${list}?`));
      const act = () => (isList ? list(url) : isCancel ? cancel(target) : get(target));
      const atMs = world.now();
      const answered = world.chance(chaos.apiFault)
        ? faultOf(world, act, isList)
        : { answer: act(), delayMs: latencyOf(world) };
      requests.push({ method, url, target, isCancel, atMs, answer: answered.answer });
      return answered;
    },
  };
}

const LISTS = [LIST, APPROVED_LIST];
const OK: ServiceResponse = { kind: 'answered', httpStatus: 200, json: {} };
const latencyOf = (world: World) => world.between(5, 300);

const errorOf = (httpStatus: number, status: string, retryAfter?: string): ServiceResponse => ({
  kind: 'answered',
  httpStatus,
  json: { error: { code: httpStatus, status, message: status } },
  ...(retryAfter !== undefined && { retryAfter }),
});

const quotaExceeded: ServiceResponse = {
  kind: 'answered',
  httpStatus: 429,
  json: {
    error: {
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' }],
    },
  },
};

const rateLimited: ServiceResponse = {
  kind: 'answered',
  httpStatus: 403,
  json: {
    error: {
      code: 403,
      status: 'PERMISSION_DENIED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED' }],
    },
  },
};

const COME_BACK: ServiceResponse = {
  kind: 'answered',
  httpStatus: 400,
  json: {
    error: {
      code: 400,
      status: 'FAILED_PRECONDITION',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' }],
    },
  },
};

const CALL_TIMEOUT_MS = 10_000;

/** A fault of a service or the network in place of an answer. */
function faultOf(
  world: World,
  act: () => ServiceResponse,
  isList: boolean,
): { answer: ServiceResponse; delayMs: number } {
  const quick = (answer: ServiceResponse) => ({ answer, delayMs: latencyOf(world) });
  const isApplied = world.chance(0.5);
  switch (world.between(0, 15)) {
    case 0:
      return quick(
        errorOf(429, 'RESOURCE_EXHAUSTED', world.chance(0.5) ? `${world.between(0, 60)}` : undefined),
      );
    case 1:
      return quick(errorOf(503, 'UNAVAILABLE'));
    case 9:
      return quick(quotaExceeded);
    case 10:
      return quick(world.chance(0.1) ? errorOf(403, 'PERMISSION_DENIED') : errorOf(503, 'UNAVAILABLE'));
    case 2:
      return quick(errorOf(500, 'INTERNAL'));
    // An answer that says nothing: the call may have been carried out.
    case 12:
      if (isApplied) act();
      return quick(
        world.pick([errorOf(409, 'ABORTED'), errorOf(504, 'DEADLINE_EXCEEDED'), errorOf(500, 'UNKNOWN')]),
      );
    case 13:
      if (isApplied) act();
      return quick({ kind: 'answered', httpStatus: world.pick([408, 425, 499]), bodyProblem: 'a page' });
    case 14:
      return quick(isList ? errorOf(500, 'INTERNAL') : errorOf(400, 'INVALID_ARGUMENT'));
    // A rate limit that looks like a denial.
    case 15:
      return quick(rateLimited);
    case 3:
      return quick({ kind: 'not-sent', problem: 'ECONNREFUSED' });
    case 4:
      if (isApplied) act();
      return {
        answer: { kind: 'no-answer', timedOut: true, problem: 'no answer within 10 s' },
        delayMs: CALL_TIMEOUT_MS,
      };
    case 5:
      if (isApplied) act();
      return quick({ kind: 'no-answer', timedOut: false, problem: 'ECONNRESET' });
    case 6:
      if (isApplied) act();
      return quick({ kind: 'answered', httpStatus: 200, bodyProblem: 'HTML' });
    case 7:
      return quick({ kind: 'answered', httpStatus: 502, bodyProblem: 'HTML' });
    case 8:
      return quick({
        kind: 'answered',
        httpStatus: 200,
        // Any object could be a list of nothing.
        json: world.pick<unknown>([[], 'x', isList ? 0 : { done: 'yes', state: 'JOB_STATE_NEW' }, null]),
      });
    default:
      return { answer: act(), delayMs: world.between(1_000, 9_000) };
  }
}

function bodyOf(
  form: Exclude<Form, 'none' | JobForm>,
  url: string,
  state: State,
  cancelRequested: boolean,
): unknown {
  const error = { cancelled: { code: 1, message: 'cancelled' }, failed: { code: 13, message: 'broke' } };
  const how = state === 'cancelled' || state === 'failed' ? { error: error[state] } : {};
  if (form === 'container') {
    const running = cancelRequested ? 'ABORTING' : 'RUNNING';
    return { name: 'o', status: state === 'running' ? running : 'DONE', ...how };
  }
  if (form === 'worded') {
    if (state === 'running') {
      return { name: url, metadata: { state: cancelRequested ? 'CANCELLING' : 'RUNNING' } };
    }
    const isResponse = state === 'succeeded' || state === 'cancelled';
    const metadata = { state: state.toUpperCase() };
    return { name: url, done: true, metadata, ...(isResponse ? { response: {} } : how) };
  }
  if (state === 'running') {
    const flag = form === 'flagged' ? 'cancellationRequested' : 'cancelRequested';
    return { name: url, metadata: { [flag]: cancelRequested } };
  }
  return { name: url, done: true, ...how, ...(state === 'succeeded' && { response: {} }) };
}
