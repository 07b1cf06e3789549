import { cloudEvent } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { EVENT_TYPE } from '../../src/core/cloud-event.ts';
import { Failure } from '../../src/core/failure.ts';
import { logFailures } from '../../src/log.ts';
import { DONE_CANCELLED, NAME, NOON_MS, OK, RUNNING, status, URL_OF_NAME } from '../fakes.ts';
import { createStory, pushBody } from '../story.ts';

/** The story behind the real framework, over HTTP: what Pub/Sub and Eventarc send, and what they get for an answer. */
let story: ReturnType<typeof createStory>;
let server: Server;
let url: string;

before(async () => {
  cloudEvent(
    'contract',
    logFailures((event: unknown) => story.handle(event)),
  );
  server = getTestServer('contract');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const REQUESTS = 'projects/my-project/topics/lro-cancel-requests';
const RECHECKS = 'projects/my-project/topics/lro-cancel-rechecks';
const DEAD_LETTERS = 'projects/my-project/topics/lro-cancel-dead-letters';

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}

const CONTEXT = { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-source': '/me', 'ce-type': EVENT_TYPE.request };

describe('a request is taken, cancelled and acknowledged', () => {
  const request = { operation: URL_OF_NAME };
  for (const [title, path, body, headers, requestId] of [
    ['as plain JSON by push', REQUESTS, pushBody(request), {}, '4711'],
    ['with a path before the topic', `x/${REQUESTS}`, pushBody(request), {}, '4711'],
    ['as a binary CloudEvent', REQUESTS, pushBody(request, CONTEXT), {}, 'e1'],
    [
      'as a structured CloudEvent',
      REQUESTS,
      pushBody(
        { specversion: '1.0', id: 'e2', source: '/me', type: EVENT_TYPE.request, data: request },
        { 'content-type': 'application/cloudevents+json' },
      ),
      {},
      'e2',
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
    ['as a CloudEvent posted in binary mode', '', request, CONTEXT, 'e1'],
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
      'e3',
    ],
  ] as const) {
    it(title, async () => {
      story = createStory({ answers: { cancel: [OK] } });
      assert.equal(await post(path, body, headers), 204);
      assert.deepEqual(story.operations.calls, [`POST ${URL_OF_NAME}:cancel`]);
      const [sent] = story.later.sent;
      assert.equal((sent?.event.data as { requestId: string }).requestId, requestId);
      assert.equal(sent?.dueMs, NOON_MS + 5_000);
    });
  }
});

describe('a message that is no good is answered with REJECTED, acknowledged, and calls nobody', () => {
  const other = 'projects/other-project/locations/us-central1/operations/o1';
  const of = (changes: object) => ({ operation: NAME, service: 'notebooks', ...changes });
  for (const [title, data, type, message] of [
    ['not JSON', 'cancel it', 'ValueError', /^data: is not JSON/],
    ['empty', '', 'ValueError', /^data: missing/],
    ['attributes only', undefined, 'ValueError', /^data: missing/],
    ['an array', [], 'TypeError', /^data: must be a JSON object, not an array/],
    ['a string', '"x"', 'TypeError', /^data: must be a JSON object, not a string/],
    ['an unknown field', of({ dryrun: true }), 'ValueError', /^dryrun: unknown field/],
    ['a wrong type', of({ dryRun: 'yes' }), 'TypeError', /^dryRun: must be true or false/],
    ['an unknown service', of({ service: 'notebook' }), 'ValueError', /^service: "notebook"/],
    ['a version that there is not', of({ version: 'v3' }), 'ValueError', /^version: /],
    ['a missing version', of({ service: 'dialogflow' }), 'ValueError', /^version: missing/],
    [
      'a missing region',
      of({ operation: 'operations/o1', service: 'aiplatform' }),
      'ValueError',
      /^region: missing/,
    ],
    [
      'a host that is not listed',
      { operation: `https://evil.example/v2/${NAME}` },
      'ValueError',
      /^operation: the host "evil.example"/,
    ],
    ['a path with ..', of({ operation: `projects/../${NAME}` }), 'ValueError', /^operation: /],
    ['10,000 characters', of({ operation: `${NAME}${'x'.repeat(10_000)}` }), 'ValueError', /^operation: has/],
    [
      'an entitlement',
      of({ operation: 'accounts/A/customers/C/entitlements/E', service: 'cloudchannel' }),
      'ValueError',
      /^operation: /,
    ],
    ['no operations', { operations: [] }, 'ValueError', /^operations: /],
    [
      '1,001 operations',
      { operations: Array.from({ length: 1_001 }, (_, n) => `o${n}`) },
      'ValueError',
      /^operations: /,
    ],
    ['operation and operations', of({ operations: [NAME] }), 'ValueError', /^operations: /],
    ['confirmWithin: 0s', of({ confirmWithin: '0s' }), 'ValueError', /^confirmWithin: /],
    [
      'another project',
      of({ operation: other }),
      'ValueError',
      /^operation: the project "other-project" is not allowed/,
    ],
    [
      'a name without a project',
      of({ operation: 'operations/o1', service: 'cloudchannel' }),
      'ValueError',
      /carries no project/,
    ],
  ] as const satisfies [string, unknown, string, RegExp][]) {
    it(title, async () => {
      story = createStory({ allowedServices: ['*'] });
      assert.equal(await post(REQUESTS, pushBody(data, data === undefined ? { a: 'b' } : undefined)), 204);
      const [result, ...more] = story.publisher.results();
      assert.deepEqual([result?.outcome, result?.error?.type, more.length], ['REJECTED', type, 0]);
      assert.match(result?.error?.message ?? '', message);
      assert.deepEqual([result?.messageId, result?.requestId], ['4711', '4711']);
      assert.deepEqual([story.operations.calls, story.later.sent], [[], []]);
    });
  }

  it('names the operation that the policy forbids', async () => {
    story = createStory();
    await post(REQUESTS, pushBody({ operation: other, service: 'notebooks' }));
    const [published] = story.publisher.published;
    assert.ok(published !== undefined);
    assert.equal(published.event.subject, `//notebooks.googleapis.com/${other}`);
    assert.equal(published.event.attributes?.service, 'notebooks');
  });

  it('repeats what the request said, so that its sender knows it', async () => {
    story = createStory();
    await post(
      REQUESTS,
      pushBody({ operation: 'nonsense', requestId: 'mine', reason: 'r', labels: { a: 'b' } }),
    );
    const [result] = story.publisher.results();
    assert.deepEqual(
      [result?.requestId, result?.reason, result?.labels, result?.operation, result?.messageId],
      ['mine', 'r', { a: 'b' }, { reference: 'nonsense' }, '4711'],
    );
  });

  it('is answered under the same id when it comes again', async () => {
    const ids = [];
    for (let count = 0; count < 2; count += 1) {
      story = createStory();
      await post(REQUESTS, pushBody('nonsense'));
      ids.push(story.publisher.published[0]?.event.id);
    }
    assert.equal(ids[0], ids[1]);
  });

  it('even a body that is not of Pub/Sub', async () => {
    story = createStory();
    assert.equal(await post('', { hello: 'world' }), 204);
    assert.match(story.publisher.results()[0]?.requestId ?? '', /^unidentified-/);
  });
});

describe('a re-check', () => {
  /** The re-check that a request leaves behind. */
  async function afterRequest(answers: Parameters<typeof createStory>[0]) {
    story = createStory(answers);
    await post(REQUESTS, pushBody({ operation: URL_OF_NAME }));
    const [sent] = story.later.sent;
    assert.ok(sent !== undefined);
    return pushBody(JSON.parse(JSON.stringify(sent.event.data)), {
      'ce-specversion': '1.0',
      'ce-id': sent.event.id,
      'ce-type': sent.event.type,
    });
  }

  it('that is not due for long is not acknowledged, and calls nobody', async () => {
    const recheck = await afterRequest({
      answers: { cancel: [status(429, 'RESOURCE_EXHAUSTED', [], '60')] },
    });
    assert.equal(await post(RECHECKS, recheck), 500);
    assert.equal(story.operations.calls.length, 1);
    story.clock.advance(49_999);
    assert.equal(await post(RECHECKS, recheck), 500);
  });

  it('that is almost due is held until its time', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    story.clock.advance(1_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.deepEqual(story.clock.slept, [4_000]);
    assert.deepEqual(
      story.publisher.results().map(({ outcome }) => outcome),
      ['CANCELLED'],
    );
  });

  it('that shows the operation running leads to the next', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK], get: [RUNNING] } });
    story.clock.advance(5_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.equal(story.later.sent[1]?.dueMs, NOON_MS + 15_000);
    assert.deepEqual(story.publisher.results(), []);
  });

  it('that comes twice is answered twice, under one id', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    story.clock.advance(5_000);
    await post(RECHECKS, recheck);
    await post(RECHECKS, recheck);
    const ids = story.publisher.published.map(({ event }) => event.id);
    assert.equal(ids.length, 2);
    assert.equal(new Set(ids).size, 1);
  });

  it('that somebody forged reaches no other host and no other resource', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK] } });
    const data = JSON.parse(Buffer.from(recheck.message.data ?? '', 'base64').toString()) as {
      operation: object;
    };
    for (const changes of [
      { name: 'accounts/A/customers/C/entitlements/E' },
      { service: 'evil.example' },
      { name: '//evil.example/o' },
    ]) {
      const forged = { ...data, operation: { ...data.operation, ...changes } };
      story.clock.advance(10_000);
      assert.equal(await post(RECHECKS, pushBody(forged, recheck.message.attributes)), 204);
      assert.equal(story.publisher.results().at(-1)?.outcome, 'REJECTED');
    }
    assert.equal(story.operations.calls.length, 1);
  });

  it('goes on with the cancel where that was throttled', async () => {
    const recheck = await afterRequest({
      answers: { cancel: [status(429, 'RESOURCE_EXHAUSTED', [], '60'), OK] },
    });
    assert.equal(story.later.sent[0]?.dueMs, NOON_MS + 60_000);
    story.clock.advance(60_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.equal(story.operations.calls.filter((call) => call.startsWith('POST')).length, 2);
    assert.equal((story.later.sent[1]?.event.data as { step: string }).step, 'confirm');
  });
});

describe('a request for several operations', () => {
  const operations = ['o1', 'o2', 'o1'].map(
    (id) => `projects/my-project/locations/us-central1/operations/${id}`,
  );

  it('is published again as one for each, under stable ids, and cancels nothing itself', async () => {
    const published = [];
    for (let count = 0; count < 2; count += 1) {
      story = createStory();
      assert.equal(await post(REQUESTS, pushBody({ operations, service: 'notebooks' })), 204);
      published.push(
        story.publisher.published.map(({ topic, event }) => ({ topic, id: event.id, data: event.data })),
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
    assert.deepEqual(story.operations.calls, []);
  });
});

describe('a dead letter', () => {
  const marks = {
    CloudPubSubDeadLetterSourceDeliveryCount: '20',
    CloudPubSubDeadLetterSourceSubscription: 'lro-cancel-requests-push',
  };

  it('is answered with ERROR, and calls nobody', async () => {
    story = createStory();
    assert.equal(
      await post(DEAD_LETTERS, pushBody({ operation: URL_OF_NAME, requestId: 'mine' }, marks)),
      204,
    );
    const [result] = story.publisher.results();
    assert.deepEqual(
      [result?.outcome, result?.error?.type, result?.requestId, result?.operation.url],
      ['ERROR', 'DeadLetter', 'mine', URL_OF_NAME],
    );
    assert.match(result?.detail ?? '', /after 20 deliveries by the subscription lro-cancel-requests-push/);
    assert.deepEqual(story.operations.calls, []);
  });

  it('of a re-check is answered under the id of its request', async () => {
    story = createStory({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    await post(REQUESTS, pushBody({ operation: URL_OF_NAME }));
    const [sent] = story.later.sent;
    const attributes = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-type': EVENT_TYPE.recheck };
    story.clock.advance(5_000);
    await post(RECHECKS, pushBody(sent?.event.data, attributes));
    await post(DEAD_LETTERS, pushBody(sent?.event.data, { ...attributes, ...marks }));
    const [result, dead] = story.publisher.published;
    assert.equal(result?.event.id, dead?.event.id);
    assert.equal((dead?.event.data as { cancel: { attempts: number } }).cancel.attempts, 1);
  });

  it('that cannot be read is answered all the same', async () => {
    story = createStory();
    assert.equal(await post(DEAD_LETTERS, pushBody('nonsense', marks)), 204);
    assert.deepEqual(
      story.publisher.results().map(({ outcome, requestId }) => [outcome, requestId]),
      [['ERROR', '4711']],
    );
  });
});

describe('what passes with time is not acknowledged', () => {
  it('a result that cannot be published', async () => {
    story = createStory({ answers: { cancel: [status(404, 'NOT_FOUND')] } });
    story.publisher.failWith(new Failure('Unavailable', 'no Pub/Sub'));
    assert.equal(await post(REQUESTS, pushBody({ operation: URL_OF_NAME })), 500);
  });

  it('a rejection that cannot be published', async () => {
    story = createStory();
    story.publisher.failWith(new Failure('Unavailable', 'no Pub/Sub'));
    assert.equal(await post(REQUESTS, pushBody('nonsense')), 500);
  });
});

describe('what the function publishes itself', () => {
  it('is ignored when it comes back, so that nothing answers itself for ever', async () => {
    story = createStory();
    const attributes = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-type': EVENT_TYPE.result };
    assert.equal(await post(REQUESTS, pushBody({ outcome: 'CANCELLED' }, attributes)), 204);
    assert.equal(await post('projects/my-project/topics/lro-cancel-results', pushBody({})), 204);
    assert.deepEqual(story.publisher.published, []);
  });
});

describe('a trigger', () => {
  it('is answered with REJECTED while no sweep is configured', async () => {
    story = createStory();
    assert.equal(
      await post('projects/my-project/topics/lro-cancel-triggers', pushBody({ sweep: 'nightly' })),
      204,
    );
    assert.deepEqual(
      story.publisher.results().map(({ outcome }) => outcome),
      ['REJECTED'],
    );
  });
});
