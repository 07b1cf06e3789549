import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { Failure } from '../../src/validation/failure.ts';
import { PUBLISH_TIMEOUT_MS } from '../../src/google/pubsub-publisher.ts';
import { DONE_CANCELLED, NOON_MS, OK, status, URL_OF_NAME } from '../support/fakes.ts';
import { pushBody } from '../support/test-app.ts';
import { RECHECKS, REQUESTS, startFramework } from './framework.ts';
import type { App } from './framework.ts';

const framework = await startFramework();
const { post } = framework;
let app: App;

const CONTEXT = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': '/me', 'ce-type': EVENT_TYPE.request };

describe('a request', () => {
  const request = { operation: URL_OF_NAME };
  for (const [title, path, body, headers, requestId] of [
    ['as plain JSON by push', REQUESTS, pushBody(request), {}, '4711'],
    ['with a path before the topic', `x/${REQUESTS}`, pushBody(request), {}, '4711'],
    ['as a binary CloudEvent', REQUESTS, pushBody(request, CONTEXT), {}, 'e1 /me'],
    [
      'as a structured CloudEvent',
      REQUESTS,
      pushBody(
        { specversion: '1.0', id: 'e2', source: '/me', type: EVENT_TYPE.request, data: request },
        { 'content-type': 'application/cloudevents+json' },
      ),
      {},
      'e2 /me',
    ],
    ['with an id of its own', REQUESTS, pushBody({ ...request, requestId: 'mine' }, CONTEXT), {}, 'mine'],
    [
      'by an Eventarc trigger',
      '',
      pushBody(request),
      {
        'ce-id': '4711',
        'ce-source': `//pubsub.googleapis.com/${REQUESTS}`,
        'ce-specversion': '1.0',
        'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
      },
      '4711',
    ],
    ['as a CloudEvent posted in binary mode', '', request, CONTEXT, 'e1 /me'],
    [
      'as a CloudEvent posted in structured mode',
      '',
      {
        specversion: '1.0',
        id: 'e3',
        source: '/me',
        type: EVENT_TYPE.request,
        datacontenttype: 'application/json',
        data: request,
      },
      { 'content-type': 'application/cloudevents+json' },
      'e3 /me',
    ],
  ] as const) {
    it(`a request ${title} is cancelled and acknowledged`, async () => {
      app = framework.startApp({ answers: { cancel: [OK] } });
      assert.equal(await post(path, body, headers), 204);
      assert.deepEqual(app.resourceApi.calls, [`POST ${URL_OF_NAME}:cancel`]);
      const [sent] = app.scheduler.sent;
      assert.equal((sent?.event.data as { requestId: string }).requestId, requestId);
      assert.equal(sent?.dueMs, NOON_MS + 5_000);
    });
  }
});

describe('a request in an event with an overlong id', () => {
  it('a request in an event with an overlong id schedules a re-check that can be read', async () => {
    app = framework.startApp({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    const headers = { ...CONTEXT, 'ce-id': 'x'.repeat(5_000) };
    assert.equal(await post('', { operation: URL_OF_NAME, requestId: 'mine' }, headers), 204);
    const [sent] = app.scheduler.sent;
    app.clock.advance(5_000);
    const attributes = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-type': EVENT_TYPE.recheck };
    assert.equal(await post(RECHECKS, pushBody(sent?.event.data, attributes)), 204);
    assert.deepEqual(
      app.publisher.results().map(({ outcome, requestId }) => [outcome, requestId]),
      [['CANCELLED', 'mine']],
    );
  });
});

describe('a request for several operations', () => {
  const operations = ['o1', 'o2', 'o1'].map(
    (id) => `projects/my-project/locations/us-central1/operations/${id}`,
  );

  it('a request for several operations is published as one request for each, with stable ids, and calls no service', async () => {
    const published = [];
    for (let count = 0; count < 2; count += 1) {
      app = framework.startApp();
      assert.equal(await post(REQUESTS, pushBody({ operations, service: 'notebooks' })), 204);
      published.push(
        app.publisher.published.map(({ topic, event }) => ({ topic, id: event.id, data: event.data })),
      );
    }
    assert.deepEqual(published[0], published[1]);
    assert.deepEqual(
      published[0]?.map(({ topic, data }) => ({ topic, data })),
      operations.slice(0, 2).map((operation) => ({
        topic: 'requests',
        data: { operation, service: 'notebooks', requestId: '4711' },
      })),
    );
    assert.deepEqual(app.resourceApi.calls, []);
  });
});

describe('a request for several operations that is published only in part', () => {
  it('a request for several operations that is published only in part is not acknowledged, and keeps the ids of its children', async () => {
    const operations = Array.from(
      { length: 250 },
      (_, n) => `projects/my-project/locations/us-central1/operations/o${n}`,
    );
    const ids = new Set<string>();
    for (const failAfter of [120, Infinity]) {
      app = framework.startApp();
      app.publisher.failWith(new Failure('Unavailable', 'no Pub/Sub'), failAfter);
      assert.equal(
        await post(REQUESTS, pushBody({ operations, service: 'notebooks' })),
        failAfter === Infinity ? 204 : 500,
      );
      for (const { event } of app.publisher.published) ids.add(event.id);
    }
    assert.equal(app.publisher.published.length, 250);
    assert.equal(ids.size, 250);
  });
});

describe('a message whose result cannot be published', () => {
  it('a request is not acknowledged while its result cannot be published', async () => {
    app = framework.startApp({ answers: { cancel: [status(404, 'NOT_FOUND')] } });
    app.publisher.failWith(new Failure('Unavailable', 'no Pub/Sub'));
    assert.equal(await post(REQUESTS, pushBody({ operation: URL_OF_NAME })), 500);
  });

  it('a rejected message is not acknowledged while its rejection cannot be published', async () => {
    app = framework.startApp();
    app.publisher.failWith(new Failure('Unavailable', 'no Pub/Sub'));
    assert.equal(await post(REQUESTS, pushBody('nonsense')), 500);
  });
});

describe('a delivery', () => {
  it('a delivery never lasts longer than its ack deadline of 60 s, however slow the services are', async () => {
    // Every attempt and every GET takes its whole timeout; the rest of the 60 s is for the publish.
    const timeout = { kind: 'no-answer', timedOut: true, problem: '' } as const;
    for (const cancel of [[status(503, 'UNAVAILABLE')], [timeout], [status(400, 'FAILED_PRECONDITION')]]) {
      app = framework.startApp({ answers: { cancel, get: [timeout] }, everyCallTakesItsTime: true });
      await post(REQUESTS, pushBody({ operation: URL_OF_NAME }));
      const [sent] = app.scheduler.sent;
      const firstMs = app.clock.now() - NOON_MS;
      assert.ok(firstMs + PUBLISH_TIMEOUT_MS < 60_000, `${firstMs}`);
      if (sent === undefined) continue;
      app.clock.advance(sent.dueMs - app.clock.now() - 9_999);
      const againMs = app.clock.now();
      const attributes = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-type': EVENT_TYPE.recheck };
      await post(RECHECKS, pushBody(sent.event.data, attributes));
      assert.ok(app.clock.now() - againMs + PUBLISH_TIMEOUT_MS < 60_000, `${app.clock.now() - againMs}`);
    }
  });
});
