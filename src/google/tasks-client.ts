import type { ServiceResponse } from '../resources/response.ts';
import { classify } from '../resources/response.ts';
import { retryWaitMs } from '../calls/backoff.ts';
import { attributesOf } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { mapMaybe } from './maybe-promise.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { Failure } from '../validation/failure.ts';
import type { Clock, Scheduler } from '../ports.ts';
import type { HttpClient } from './http.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { TopicNameOf } from './pubsub-publisher.ts';

/** A queue of Cloud Tasks, whose tasks publish to the topic of the re-checks (google/cloud/tasks/v2). */
export interface TasksClient {
  /**
   * Makes sure that there is a task named by the event's id that publishes the event, no sooner than `dueMs`;
   * one that is there already, or was until a while ago, is enough.
   *
   * @throws Failure `Unavailable` when that could not be done in time
   */
  create: Scheduler['schedule'];
  /** Whether a task waits under a name, as the service answers it. */
  get: (id: string) => Promise<ServiceResponse>;
}

export interface TasksClientOptions {
  readonly http: HttpClient;
  readonly ownTokens: AccessTokens;
  readonly topicNameOf: TopicNameOf;
  /** Where calls go, with `{host}` for the host. */
  readonly endpoint: string;
  /** `projects/{project}/locations/{location}/queues/{queue}` */
  readonly queue: string;
  /** Whose token a task publishes with; the function's own where undefined. */
  readonly serviceAccount: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

export function createTasksClient(options: TasksClientOptions): TasksClient {
  const { http, ownTokens, topicNameOf, endpoint, queue, clock, random } = options;
  const url = `${endpoint.replaceAll('{host}', 'cloudtasks.googleapis.com')}/v2/${queue}/tasks`;

  const send = (method: 'GET' | 'POST', to: string, body?: string): MaybePromise<ServiceResponse> =>
    mapMaybe(ownTokens.token([CLOUD_PLATFORM]), (token) =>
      http.send({
        method,
        url: to,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body }),
        timeoutMs: TRY_TIMEOUT_MS,
      }),
    );

  return {
    create: async (event, dueMs, delivery) => {
      const topicName = topicNameOf('rechecks', delivery);
      const topic = typeof topicName === 'string' ? topicName : await topicName;
      const account = options.serviceAccount ?? ownTokens.account();
      const serviceAccount = typeof account === 'string' ? account : await account;
      const body = JSON.stringify({ task: taskOf(event, dueMs, { queue, topic, serviceAccount }) });
      const endMs = clock.now() + BUDGET_MS;
      for (let tries = 1; ; tries += 1) {
        const answer = await send('POST', url, body);
        if (isThere(answer)) return;
        if (tries === MAX_TRIES || !isPassing(answer)) {
          throw new Failure('Unavailable', `could not schedule the re-check: ${problemOf(answer)}`);
        }
        const meaning = classify(answer, clock.now());
        const minimumMs = meaning.kind === 'retryable' ? meaning.minimumWaitMs : 0;
        const waitMs = retryWaitMs(tries, random(), minimumMs);
        if (clock.now() + waitMs + TRY_TIMEOUT_MS > endMs) {
          throw new Failure('Unavailable', `could not schedule the re-check in time: ${problemOf(answer)}`);
        }
        await clock.sleep(waitMs);
      }
    },
    get: async (id) => send('GET', `${url}/${id}`),
  };
}

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const PUBSUB = 'https://www.googleapis.com/auth/pubsub';
const TRY_TIMEOUT_MS = 3_000;
const MAX_TRIES = 3;
/**
 * All tries, waits and tokens included: with what came before, a delivery ends within its ack deadline of 60 s.
 * What asks for more time is left to another delivery.
 */
const BUDGET_MS = 15_000;

const base64 = (text: string) => Buffer.from(text).toString('base64');

function taskOf(
  event: OutgoingEvent,
  dueMs: number,
  { queue, topic, serviceAccount }: { queue: string; topic: string; serviceAccount: string },
) {
  const message = { data: base64(JSON.stringify(event.data)), attributes: attributesOf(event) };
  return {
    name: `${queue}/tasks/${event.id}`,
    scheduleTime: new Date(dueMs).toISOString(),
    httpRequest: {
      httpMethod: 'POST',
      // A topic's id may hold a percent sign, which in a URL would begin an escape.
      url: `https://pubsub.googleapis.com/v1/${topic.replaceAll('%', '%25')}:publish`,
      headers: { 'content-type': 'application/json' },
      body: base64(JSON.stringify({ messages: [message] })),
      oauthToken: { serviceAccountEmail: serviceAccount, scope: PUBSUB },
    },
  };
}

/** Whether the task is there now: created, or taken by an earlier delivery. */
const isThere = (answer: ServiceResponse) =>
  answer.kind === 'answered' &&
  ((answer.httpStatus >= 200 && answer.httpStatus < 300) || answer.httpStatus === 409);

/** Whether trying again may help. That a try without an answer was taken, the name tells the next. */
const isPassing = (answer: ServiceResponse) =>
  answer.kind !== 'answered' || answer.httpStatus === 429 || answer.httpStatus >= 500;

const problemOf = (answer: ServiceResponse) => {
  const meaning = classify(answer, 0);
  return meaning.kind === 'ok' ? 'an answer that cannot be read' : meaning.error.message;
};
