import type { ServiceResponse } from '../../src/resources/response.ts';
import type { Failure } from '../../src/validation/failure.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { resourceKinds } from '../../src/resources/kinds.ts';
import type { Collection, PageRequest, Resource } from '../../src/resources/resource.ts';
import type {
  Scheduled,
  Scheduler,
  ResourceApi,
  DeliveryProject,
  OwnProject,
  Publisher,
  TopicKind,
} from '../../src/ports.ts';
import { NOON_MS } from './virtual-time.ts';
import { newCancellation } from '../../src/cancellation/cancellation.ts';
import type { Cancellation } from '../../src/cancellation/cancellation.ts';
import type { ResultData } from '../../src/cancellation/result.ts';

/** Fakes of the ports: each does what its port promises, and records its calls. */

export { createFakeClock, NOON_MS } from './virtual-time.ts';

export interface Published {
  readonly topic: TopicKind;
  readonly event: OutgoingEvent;
}

export function createFakePublisher() {
  const published: Published[] = [];
  let failure: Failure | undefined;
  let failAfter = 0;
  return {
    published,
    /** Makes every publish fail once `after` events were published. */
    failWith: (error: Failure, after = 0) => {
      failure = error;
      failAfter = after;
    },
    heal: () => void (failure = undefined),
    publish: (topic: TopicKind, event: OutgoingEvent) => {
      if (failure !== undefined && published.length >= failAfter) return Promise.reject(failure);
      published.push({ topic, event });
      return Promise.resolve();
    },
    results: () =>
      published.filter(({ topic }) => topic === 'results').map(({ event }) => event.data as ResultData),
  } satisfies Publisher & Record<string, unknown>;
}

/** Gives the answers in order, then the last one again and again; throws those that are errors. `calls` has methods and URLs. */
export function createFakeResourceApi(answers: {
  readonly cancel?: readonly ServiceResponse[];
  readonly get?: readonly (ServiceResponse | Error)[];
  /** By the requested URL, without the parameters of the collection. */
  readonly list?: (url: string, collection: Collection) => ServiceResponse;
}) {
  const calls: string[] = [];
  const next = (list: readonly (ServiceResponse | Error)[] | undefined, made: number) => {
    const answer = list?.[Math.min(made, list.length - 1)];
    if (answer === undefined) throw new Error('no answer was prepared for this call');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const made = (method: string) => calls.filter((call) => call.startsWith(method)).length;
  return {
    calls,
    cancel: (operation: Resource) => {
      const answer = next(answers.cancel, made('POST'));
      calls.push(`POST ${operation.url}:cancel`);
      return answer;
    },
    get: (operation: Resource) => {
      const answer = next(answers.get, made('GET'));
      calls.push(`GET ${operation.url}`);
      return answer;
    },
    list: async (collection: Collection, { pageToken }: PageRequest) => {
      const { host, path } = collection;
      const query = pageToken === undefined ? '' : `?pageToken=${pageToken}`;
      // An exception of the function rejects the promise.
      const answer = await Promise.resolve(`https://${host}/${path}${query}`).then((url) =>
        answers.list?.(url, collection),
      );
      if (answer === undefined) throw new Error('no answer was prepared for this list');
      calls.push(`LIST https://${host}/${path}${query}`);
      return answer;
    },
  } satisfies ResourceApi & Record<string, unknown>;
}

export function createFakeScheduler() {
  const sent: { event: OutgoingEvent; dueMs: number }[] = [];
  let failure: Failure | undefined;
  return {
    sent,
    failWith: (error: Failure | undefined) => void (failure = error),
    schedule: (event: OutgoingEvent, dueMs: number) => {
      if (failure !== undefined) return Promise.reject(failure);
      const isNew = sent.every((one) => one.event.id !== event.id);
      sent.push({ event, dueMs });
      return Promise.resolve<Scheduled>(isNew ? 'now' : 'before');
    },
  } satisfies Scheduler & Record<string, unknown>;
}

export const fakeOwnProject: OwnProject = {
  id: () => Promise.resolve('my-project'),
  names: () => Promise.resolve(['my-project', '123456789012']),
};

/** A delivery, for calls that need no more of it than the own project. */
export const DELIVERY: DeliveryProject = { ownProject: fakeOwnProject };

export const NAME = 'projects/my-project/locations/us-central1/operations/o1';
export const URL_OF_NAME = `https://notebooks.googleapis.com/v2/${NAME}`;

export const anOperation = (changes: Partial<Resource> = {}): Resource => ({
  service: 'notebooks',
  version: 'v2',
  name: NAME,
  project: 'my-project',
  host: 'notebooks.googleapis.com',
  url: URL_OF_NAME,
  fullResourceName: `//notebooks.googleapis.com/${NAME}`,
  calls: {
    cancel: { method: 'POST', path: `v2/${NAME}:cancel` },
    get: { method: 'GET', path: `v2/${NAME}` },
  },
  auth: {
    scopes: ['https://www.googleapis.com/auth/cloud-platform', 'https://www.googleapis.com/auth/notebooks'],
    tokenScopes: [
      'https://www.googleapis.com/auth/notebooks',
      'https://www.googleapis.com/auth/cloud-platform',
    ],
    delegated: false,
  },
  kind: resourceKinds.longrunning,
  ...changes,
});

export const aCancellation = (changes: Partial<Cancellation> = {}): Cancellation => ({
  ...newCancellation({
    request: {
      requestId: 'r1',
      reference: { name: NAME },
      dryRun: false,
      echo: { reason: 'budget spent', requestedBy: 'finops', labels: { team: 'a' } },
    },
    operation: anOperation(),
    messageId: 'm1',
    origin: 'origin-1',
    requestedAt: new Date(NOON_MS).toISOString(),
    defaultConfirmWithinMs: 900_000,
    nowMs: NOON_MS,
  }),
  ...changes,
});

/** An answer with a JSON body. */
export const answered = (
  httpStatus: number,
  json?: unknown,
  others: { retryAfter?: string } = {},
): ServiceResponse => ({
  kind: 'answered',
  httpStatus,
  ...(json !== undefined && { json }),
  ...others,
});

/** An error as Google's APIs answer it. */
export const status = (
  httpStatus: number,
  name: string,
  details: unknown[] = [],
  retryAfter?: string,
): ServiceResponse =>
  answered(
    httpStatus,
    { error: { code: httpStatus, status: name, message: `${name} it is`, details } },
    retryAfter === undefined ? {} : { retryAfter },
  );

export const OK = answered(200, {});
export const RUNNING = answered(200, { name: NAME, metadata: {} });
export const DONE_CANCELLED = answered(200, {
  name: NAME,
  done: true,
  error: { code: 1, message: 'cancelled' },
});
export const DONE_SUCCEEDED = answered(200, { name: NAME, done: true, response: {} });
