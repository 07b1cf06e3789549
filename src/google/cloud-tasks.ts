import type { ServiceResponse } from '../resources/response.ts';
import { sendWithRetry } from '../calls/send-with-retry.ts';
import { isTransient } from '../resources/response.ts';
import { attributesOf } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { mapMaybe } from './maybe-promise.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { Failure } from '../validation/failure.ts';
import type { Clock, Scheduler } from '../ports.ts';
import type { HttpClient } from './http.ts';
import { CLOUD_PLATFORM } from './access-tokens.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { TopicNameOf } from './pubsub-publisher.ts';

/** A client of one queue of Cloud Tasks. Its tasks publish to the topic of the re-checks (google/cloud/tasks/v2). */
export interface TasksClient {
  /**
   * Ensures that a task with the event's id as its name publishes the event, no sooner than `dueMs` (milliseconds
   * since the epoch). A task of that name that exists, or existed until recently, counts.
   *
   * @throws Failure `Unavailable` when the task could not be created in time
   */
  create: Scheduler['schedule'];
  /**
   * Gets the task with this id; the answer is 404 where no such task is waiting.
   *
   * @param view `FULL` shows the task's HTTP request, with its body
   */
  get: (id: string, view?: 'FULL') => Promise<ServiceResponse>;
}

interface TasksClientOptions {
  readonly http: HttpClient;
  readonly accessTokens: AccessTokens;
  readonly topicNameOf: TopicNameOf;
  /** Base URL of the calls, with `{host}` for the host. */
  readonly endpoint: string;
  /** `projects/{project}/locations/{location}/queues/{queue}` */
  readonly queue: string;
  /** The service account whose token a task publishes with; the function's own where undefined. */
  readonly serviceAccount: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** Adds to an event the proof that this system made it. */
  readonly sign: (event: OutgoingEvent) => OutgoingEvent;
}

export function createTasksClient(options: TasksClientOptions): TasksClient {
  const { http, accessTokens, topicNameOf, endpoint, queue, clock, random, sign } = options;
  const url = `${endpoint.replaceAll('{host}', 'cloudtasks.googleapis.com')}/v2/${queue}/tasks`;

  const send = (
    method: 'GET' | 'POST',
    to: string,
    timeoutMs: number,
    body?: string,
  ): MaybePromise<ServiceResponse> =>
    mapMaybe(accessTokens.token([CLOUD_PLATFORM]), (token) =>
      http.send({
        method,
        url: to,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        // Cloud Tasks answers with the whole task that it got.
        ...(body !== undefined && { body, onlyStatus: true }),
        timeoutMs,
      }),
    );

  return {
    create: async (event, dueMs, delivery) => {
      const topicName = topicNameOf('rechecks', delivery);
      const topic = typeof topicName === 'string' ? topicName : await topicName;
      const account = options.serviceAccount ?? accessTokens.account();
      const serviceAccount = typeof account === 'string' ? account : await account;
      const body = JSON.stringify({ task: taskOf(sign(event), dueMs, { queue, topic, serviceAccount }) });
      const { result } = await sendWithRetry(
        {
          attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
          send: async (timeoutMs) => send('POST', url, timeoutMs, body),
          retry: {
            // The task's name makes a second attempt harmless, even if the first one was received.
            isRetryable: isTransient,
            endMs: clock.now() + BUDGET_MS,
            minAttemptMs: ATTEMPT_TIMEOUT_MS,
            maxAttempts: MAX_ATTEMPTS,
          },
        },
        { clock, random },
      );
      if (result.kind === 'ok') return 'now';
      if (result.error.httpStatus === 409) return 'before';
      // Created, with an answer that cannot be read.
      if (result.kind === 'failed' && result.reason === 'unreadable') return 'now';
      throw new Failure('Unavailable', `could not schedule the message: ${result.error.message}`);
    },
    get: async (id, view) => {
      const query = view === undefined ? '' : `?responseView=${view}`;
      return send('GET', `${url}/${id}${query}`, ATTEMPT_TIMEOUT_MS);
    },
  };
}

const PUBSUB = 'https://www.googleapis.com/auth/pubsub';
const ATTEMPT_TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 3;
/**
 * Time for all attempts, including waits and tokens, so that the delivery ends within its ack deadline of 60 s. If the
 * service asks for a longer wait, the creation fails, and the next delivery tries again.
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
      // A topic's id may contain a percent sign, which would begin an escape in a URL.
      url: `https://pubsub.googleapis.com/v1/${topic.replaceAll('%', '%25')}:publish`,
      headers: { 'content-type': 'application/json' },
      body: base64(JSON.stringify({ messages: [message] })),
      oauthToken: { serviceAccountEmail: serviceAccount, scope: PUBSUB },
    },
  };
}
