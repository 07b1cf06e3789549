import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { parseRecheck, recheckEvent } from '../../src/cancellation/recheck.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { createCloudTasksScheduler } from '../../src/google/schedulers.ts';
import { createTasksClient } from '../../src/google/cloud-tasks.ts';
import type { HttpClient, HttpRequest } from '../../src/google/http.ts';
import { answered, DELIVERY, aCancellation, NOON_MS, status } from '../support/fakes.ts';
import { readEvent } from '../support/events.ts';

const QUEUE = 'projects/my-project/locations/us-central1/queues/rechecks';
const DUE_MS = NOON_MS + 5_000;
const event = recheckEvent(
  aCancellation({ step: 'confirm', attempt: 1, cancel: { attempts: 1 } }),
  DUE_MS,
  NOON_MS,
);

/** A scheduler on a fake of Cloud Tasks that gives these answers in order, and then repeats the last. */
function prepare(answers: readonly ServiceResponse[], serviceAccount?: string) {
  const sent: HttpRequest[] = [];
  const slept: number[] = [];
  const http: HttpClient = {
    send: (request) => {
      sent.push(request);
      return Promise.resolve(answers[Math.min(sent.length, answers.length) - 1] ?? answered(500));
    },
    close: () => undefined,
  };
  const tasks = createTasksClient({
    sign: (event) => event,
    http,
    accessTokens: {
      token: (scopes) => Promise.resolve(`token for ${scopes.join(' ')}`),
      account: () => Promise.resolve('own@my-project.iam.gserviceaccount.com'),
    },
    topicNameOf: async (kind, { ownProject }) => `projects/${await ownProject.id()}/topics/${kind}%2`,
    endpoint: 'https://{host}',
    queue: QUEUE,
    serviceAccount,
    clock: { now: () => NOON_MS, sleep: (ms) => Promise.resolve(void slept.push(ms)) },
    random: () => 0.5,
  });
  const scheduler = createCloudTasksScheduler(tasks);
  return { sent, slept, send: () => scheduler.schedule(event, DUE_MS, DELIVERY) };
}

interface CreateTask {
  readonly task: {
    readonly name: string;
    readonly scheduleTime: string;
    readonly httpRequest: Readonly<Record<string, unknown>> & { readonly body: string };
  };
}

const CREATED = answered(200, { name: 'x' });

describe('a re-check by Cloud Tasks', () => {
  it('a re-check becomes a task that publishes it at its due time with the OAuth token of the account', async () => {
    const { sent, send } = prepare([CREATED], 'tasks@my-project.iam.gserviceaccount.com');
    await send();
    const [request] = sent;
    assert.equal(request?.url, `https://cloudtasks.googleapis.com/v2/${QUEUE}/tasks`);
    assert.deepEqual([request.method, request.timeoutMs], ['POST', 3_000]);
    assert.equal(
      request.headers.authorization,
      'Bearer token for https://www.googleapis.com/auth/cloud-platform',
    );
    const { task } = JSON.parse(request.body ?? '') as CreateTask;
    const { body, ...rest } = task.httpRequest;
    assert.equal(task.scheduleTime, new Date(DUE_MS).toISOString());
    assert.deepEqual(rest, {
      httpMethod: 'POST',
      url: 'https://pubsub.googleapis.com/v1/projects/my-project/topics/rechecks%252:publish',
      headers: { 'content-type': 'application/json' },
      oauthToken: {
        serviceAccountEmail: 'tasks@my-project.iam.gserviceaccount.com',
        scope: 'https://www.googleapis.com/auth/pubsub',
      },
    });
    const { messages } = JSON.parse(Buffer.from(body, 'base64').toString()) as {
      messages: { data: string; attributes: Record<string, string> }[];
    };
    assert.equal(messages.length, 1);
    const { data = '', attributes = {} } = messages[0] ?? {};
    assert.deepEqual([attributes['ce-type'], attributes['ce-id']], ['lro-cancel.recheck.v1', event.id]);
    // The published message carries the whole cancellation.
    const pushed = readEvent({
      id: '1',
      source: '//pubsub.googleapis.com/projects/my-project/topics/rechecks',
      type: 'google.cloud.pubsub.topic.v1.messagePublished',
      specversion: '1.0',
      data: { message: { data, attributes, messageId: '1' } },
    });
    assert.ok(pushed.payload.kind === 'bytes');
    const json = JSON.parse(Buffer.from(pushed.payload.bytes).toString()) as unknown;
    assert.equal(parseRecheck(json, resolve, NOON_MS).dueMs, DUE_MS);
  });

  it('the id of a task is the same only for the same attempt of the same cancellation, whatever its step', () => {
    const idOf = (changes: Parameters<typeof aCancellation>[0]) =>
      recheckEvent(
        aCancellation({ step: 'confirm', attempt: 1, cancel: { attempts: 1 }, ...changes }),
        DUE_MS,
        NOON_MS + 1,
      ).id;
    assert.deepEqual([idOf({}), idOf({ step: 'cancel' })], [event.id, event.id]);
    assert.match(event.id, /^[0-9a-f]{32}$/);
    for (const changes of [{ requestId: 'r2' }, { attempt: 2 }, { origin: 'another' }] as const) {
      assert.notEqual(idOf(changes), event.id);
    }
  });

  it('a task publishes with the own account if the settings name none', async () => {
    const { sent, send } = prepare([CREATED]);
    await send();
    assert.match(sent[0]?.body ?? '', /"serviceAccountEmail":"own@my-project/);
  });

  it('a task that an earlier delivery created counts as scheduled: ALREADY_EXISTS is a success', async () => {
    const { sent, send } = prepare([status(409, 'ALREADY_EXISTS')]);
    await send();
    assert.equal(sent.length, 1);
  });

  for (const [title, first, waitMs] of [
    ['429', status(429, 'RESOURCE_EXHAUSTED'), 250],
    ['503 with Retry-After', status(503, 'UNAVAILABLE', [], '2'), 2_250],
    ['500', status(500, 'INTERNAL'), 250],
    ['no answer', { kind: 'no-answer', timedOut: true, problem: 'x' }, 250],
    ['no connection', { kind: 'not-sent', problem: 'x' }, 250],
  ] as const) {
    it(`creating a task is tried again after ${title}`, async () => {
      const { sent, slept, send } = prepare([first, CREATED]);
      await send();
      assert.equal(sent.length, 2);
      assert.deepEqual(slept, [waitMs]);
    });
  }

  for (const [title, answers, tries] of [
    ['three tries', [status(503, 'UNAVAILABLE')], 3],
    [
      'one try whose Retry-After exceeds the time that is left',
      [status(429, 'RESOURCE_EXHAUSTED', [], '30')],
      1,
    ],
    ['one try that was denied', [status(403, 'PERMISSION_DENIED')], 1],
    ['one try with an invalid argument', [status(400, 'INVALID_ARGUMENT')], 1],
    ['one try for a missing queue', [status(404, 'NOT_FOUND')], 1],
  ] as const) {
    it(`scheduling fails as Unavailable, for a redelivery, after ${title}`, async () => {
      const { sent, send } = prepare(answers);
      await assert.rejects(send(), { name: 'Failure', code: 'Unavailable', message: /^could not schedule/ });
      assert.equal(sent.length, tries);
    });
  }
});
