import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  startEmbeddedPubSub,
  type EmbeddedPubSub,
} from '../../../../local/emulators/pubsub/embedded-pubsub.ts';

let pubsub: EmbeddedPubSub;

before(async () => {
  pubsub = await startEmbeddedPubSub();
});

after(() => pubsub.close());

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Calls the REST API; the body is sent as JSON, or as it is if it is a string. */
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${pubsub.restUrl}/v1/projects/p/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function ok(method: string, path: string, body?: unknown) {
  const answer = await call(method, path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

describe('the REST API', () => {
  it('the REST API creates, shows, lists and deletes a topic', async () => {
    const topic = { name: 'projects/p/topics/shown', labels: { a: 'b' }, state: 'ACTIVE' };
    assert.deepEqual(await ok('PUT', 'topics/shown', { labels: { a: 'b' } }), topic);
    assert.deepEqual(await ok('GET', 'topics/shown'), topic);
    assert.deepEqual((await ok('GET', 'topics')).topics, [topic]);
    assert.deepEqual(await ok('DELETE', 'topics/shown'), {});
    assert.equal((await call('GET', 'topics/shown')).status, 404);
  });

  it('the REST API creates and shows a subscription with every setting in the JSON of protobuf', async () => {
    await ok('PUT', 'topics/settings');
    const given = {
      topic: 'projects/p/topics/settings',
      pushConfig: { pushEndpoint: 'http://127.0.0.1:9/', attributes: { 'x-goog-version': 'v1' } },
      ackDeadlineSeconds: 20,
      retryPolicy: { minimumBackoff: '0.2s', maximumBackoff: '600s' },
      deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/settings', maxDeliveryAttempts: 7 },
      messageRetentionDuration: '600s',
      expirationPolicy: { ttl: '86400s' },
      filter: 'attributes:a',
      labels: { a: 'b' },
    };
    const name = 'projects/p/subscriptions/settings';
    assert.deepEqual(await ok('PUT', 'subscriptions/settings', given), { ...given, name, state: 'ACTIVE' });
    assert.deepEqual(await ok('GET', 'subscriptions/settings'), { ...given, name, state: 'ACTIVE' });
    assert.deepEqual(await ok('GET', 'topics/settings/subscriptions'), { subscriptions: [name] });
    await ok('DELETE', 'subscriptions/settings');
    assert.deepEqual(await ok('GET', 'topics/settings/subscriptions'), {});
  });

  it('the REST API publishes, pulls, nacks and acknowledges a message', async () => {
    await ok('PUT', 'topics/flow');
    await ok('PUT', 'subscriptions/flow', { topic: 'projects/p/topics/flow' });
    const message = { data: Buffer.from('hé').toString('base64'), attributes: { key: 'välue' } };
    const { messageIds } = await ok('POST', 'topics/flow:publish', { messages: [message] });
    const pull = async () => {
      const { receivedMessages } = await ok('POST', 'subscriptions/flow:pull', { maxMessages: 10 });
      return (receivedMessages as { ackId: string; message: Record<string, unknown> }[])[0]!;
    };
    const first = await pull();
    assert.deepEqual(
      { ...first.message, publishTime: 0 },
      { ...message, messageId: (messageIds as string[])[0], publishTime: 0 },
    );
    assert.match(String(first.message.publishTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    await ok('POST', 'subscriptions/flow:modifyAckDeadline', {
      ackIds: [first.ackId],
      ackDeadlineSeconds: 0,
    });
    const { ackId } = await pull();
    await ok('POST', 'subscriptions/flow:acknowledge', { ackIds: [ackId] });
    const rest = await ok('POST', 'subscriptions/flow:pull', { maxMessages: 10, returnImmediately: true });
    assert.deepEqual(rest, {});
  });

  it('the REST API changes the settings that a mask names, and the push endpoint', async () => {
    await ok('PUT', 'topics/change');
    await ok('PUT', 'subscriptions/change', { topic: 'projects/p/topics/change', ack_deadline_seconds: 30 });
    const subscription = {
      ackDeadlineSeconds: 40,
      retryPolicy: { minimumBackoff: '1s', maximumBackoff: '2s' },
    };
    const changed = await ok('PATCH', 'subscriptions/change', { subscription, updateMask: 'retryPolicy' });
    assert.equal(changed.ackDeadlineSeconds, 30);
    assert.deepEqual(changed.retryPolicy, subscription.retryPolicy);
    const pushConfig = { pushEndpoint: 'http://127.0.0.1:9/moved' };
    await ok('POST', 'subscriptions/change:modifyPushConfig', { pushConfig });
    assert.deepEqual((await ok('GET', 'subscriptions/change')).pushConfig, pushConfig);
  });

  it('the REST API lists page by page, each topic once', async () => {
    const ids = ['page-a', 'page-b', 'page-c'];
    for (const id of ids) await ok('PUT', `../paged/topics/${id}`);
    const listed: string[] = [];
    let pageToken = '';
    do {
      const page = await ok(
        'GET',
        `../paged/topics?pageSize=2&pageToken=${encodeURIComponent(pageToken)}&alt=json`,
      );
      listed.push(...(page.topics as { name: string }[]).map(({ name }) => name));
      pageToken = (page.nextPageToken as string | undefined) ?? '';
    } while (pageToken !== '');
    assert.deepEqual(
      listed,
      ids.map((id) => `projects/paged/topics/${id}`),
    );
  });

  it('the REST API accepts a percent-encoded name', async () => {
    await ok('PUT', 'topics/with%2Bplus');
    assert.equal((await ok('GET', 'topics/with+plus')).name, 'projects/p/topics/with+plus');
  });

  const refused: [string, [string, string, unknown?], number, string, RegExp][] = [
    ['a topic that is absent', ['GET', 'topics/absent'], 404, 'NOT_FOUND', /topics\/absent/],
    ['an invalid name', ['PUT', 'topics/1'], 400, 'INVALID_ARGUMENT', /Invalid \[topics\] name/],
    ['a path without a method', ['GET', 'nothing'], 404, 'NOT_FOUND', /no method GET/],
    ['a path that is not encoded', ['GET', 'topics/%zz'], 400, 'INVALID_ARGUMENT', /percent-encoded/],
    ['a method that is not offered', ['GET', 'snapshots'], 501, 'UNIMPLEMENTED', /does not offer/],
    ['a method without a body', ['POST', 'topics/t-t:publish'], 404, 'NOT_FOUND', /topics\/t-t/],
    [
      'JSON that is cut off',
      ['POST', 'topics/t-t:publish', '{"messages":['],
      400,
      'INVALID_ARGUMENT',
      /Invalid JSON/,
    ],
    [
      'JSON that is not an object',
      ['PUT', 'topics/t-t', '[]'],
      400,
      'INVALID_ARGUMENT',
      /expected an object/,
    ],
    [
      'a field that does not exist',
      ['PUT', 'topics/t-t', { lables: {} }],
      400,
      'INVALID_ARGUMENT',
      /"lables"/,
    ],
    [
      'data that is not base64',
      ['POST', 'topics/t-t:publish', { messages: [{ data: '{"a":1}' }] }],
      400,
      'INVALID_ARGUMENT',
      /'messages\[0\]\.data': expected base64/,
    ],
    [
      'a duration without its unit',
      ['PUT', 'subscriptions/s-s', { retryPolicy: { minimumBackoff: '10' } }],
      400,
      'INVALID_ARGUMENT',
      /'retryPolicy.minimumBackoff': expected a duration/,
    ],
    [
      'attributes that are not strings',
      ['POST', 'topics/t-t:publish', { messages: [{ attributes: { a: 1 } }] }],
      400,
      'INVALID_ARGUMENT',
      /'messages\[0\]\.attributes\["a"\]': expected a string/,
    ],
    [
      'a number in words',
      ['PUT', 'subscriptions/s-s', { ackDeadlineSeconds: 'soon' }],
      400,
      'INVALID_ARGUMENT',
      /expected an integer/,
    ],
  ];
  for (const [what, [method, path, body], code, status, message] of refused) {
    it(`the REST API refuses ${what}`, async () => {
      const answer = await call(method, path, body);
      assert.equal(answer.status, code);
      const { error } = answer.body as { error: { code: number; status: string; message: string } };
      assert.deepEqual({ code: error.code, status: error.status }, { code, status });
      assert.match(error.message, message);
    });
  }

  it('the REST API refuses a body that is too large', async () => {
    const answer = await call('POST', 'topics/t-t:publish', ' '.repeat(13 * 1024 * 1024)).catch(
      (error: unknown) => error,
    );
    // The server closes the connection of a client that continues to send, so the client may see that in
    // place of the answer.
    if (answer instanceof Error) assert.match(String(answer.cause), /EPIPE|ECONNRESET|closed/);
    else assert.match(JSON.stringify((answer as Answer).body), /exceeds the limit/);
  });

  it('a pull that waits is answered NOT_FOUND when its subscription is deleted', async () => {
    await ok('PUT', 'topics/gone');
    await ok('PUT', 'subscriptions/gone', { topic: 'projects/p/topics/gone' });
    const waiting = call('POST', 'subscriptions/gone:pull', { maxMessages: 1 });
    await ok('GET', 'topics');
    await ok('DELETE', 'subscriptions/gone');
    assert.equal((await waiting).status, 404);
  });

  for (const [how, method, path, body] of [
    ['modifyPushConfig', 'POST', ':modifyPushConfig', (pushConfig: object) => ({ pushConfig })],
    [
      'an update',
      'PATCH',
      '',
      (pushConfig: object) => ({ subscription: { pushConfig }, updateMask: 'pushConfig' }),
    ],
  ] as const) {
    it(`messages that were published before are pushed once ${how} sets the endpoint`, async (t) => {
      const id = `pushed-by-${method.toLowerCase()}`;
      await ok('PUT', `topics/${id}`);
      await ok('PUT', `subscriptions/${id}`, { topic: `projects/p/topics/${id}` });
      await ok('POST', `topics/${id}:publish`, { messages: [{ attributes: { a: 'b' } }] });
      const server = createServer((_, response) => response.writeHead(204).end());
      t.after(() => {
        server.close().closeAllConnections();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const pushed = once(server, 'request', { signal: AbortSignal.timeout(5_000) });
      const pushEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      await ok(method, `subscriptions/${id}${path}`, body({ pushEndpoint }));
      await pushed;
    });
  }

  it('a pull that waits gets a message as soon as it is published', async () => {
    await ok('PUT', 'topics/wake');
    await ok('PUT', 'subscriptions/wake', { topic: 'projects/p/topics/wake' });
    const waiting = ok('POST', 'subscriptions/wake:pull', { maxMessages: 1 });
    await ok('POST', 'topics/wake:publish', { messages: [{ attributes: { a: 'b' } }] });
    assert.equal(((await waiting).receivedMessages as unknown[]).length, 1);
  });
});

describe('an embedded Pub/Sub', () => {
  it('the embedded Pub/Sub closes at once, even while a pull waits', async () => {
    const closing = await startEmbeddedPubSub();
    const url = `${closing.restUrl}/v1/projects/p`;
    await fetch(`${url}/topics/topic`, { method: 'PUT' });
    const body = JSON.stringify({ topic: 'projects/p/topics/topic' });
    await fetch(`${url}/subscriptions/waited`, { method: 'PUT', body });
    const waiting = fetch(`${url}/subscriptions/waited:pull`, { method: 'POST', body: '{"maxMessages":1}' });
    // A call that comes after it has been answered: the pull is waiting by then.
    await fetch(`${url}/topics`);
    await closing.close();
    const outcome = await waiting.then(
      ({ status }) => status,
      () => 'hung up',
    );
    assert.ok(outcome === 503 || outcome === 'hung up', String(outcome));
    await assert.rejects(fetch(`${url}/topics`));
  });

  it('the embedded Pub/Sub does not start on a port that is taken', async () => {
    const port = Number(new URL(pubsub.restUrl).port);
    await assert.rejects(startEmbeddedPubSub({ restPort: port }), { code: 'EADDRINUSE' });
    await assert.rejects(startEmbeddedPubSub({ grpcPort: port }), /EADDRINUSE|No address added/);
  });
});
