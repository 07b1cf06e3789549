import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createBroker } from '../../../../local/emulators/pubsub/broker/broker.ts';
import { createPush, maxOutstandingPushes } from '../../../../local/emulators/pubsub/push/push.ts';
import type { Subscription } from '../../../../local/emulators/pubsub/wire-types.ts';
import { eventually } from './eventually.ts';
import { createVirtualTime } from '../../../support/virtual-time.ts';
import { sampleMessage, sampleSubscription, sampleTopic } from './wire-samples.ts';

const topic = 'projects/p/topics/topic';
const afterOneSecond = {
  minimumBackoff: { seconds: '1', nanos: 0 },
  maximumBackoff: { seconds: '1', nanos: 0 },
};

interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

async function startEndpoint(t: TestContext, answer: (arrived: Arrived) => void) {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      arrived.push({ request, response, body });
      answer({ request, response, body });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { arrived, server, url: `http://127.0.0.1:${port}/projects/p/topics/t?k=v` };
}

function setUp(t: TestContext, options: { readonly outstanding?: number } = {}) {
  const clock = createVirtualTime();
  const push = createPush(options);
  const broker = createBroker({ clock, onSubscription: push.start });
  broker.addTopic(sampleTopic());
  t.after(() => {
    broker.close();
    push.close();
  });
  const subscribe = (pushEndpoint: string, settings: Partial<Subscription> = {}) =>
    broker.addSubscription(sampleSubscription({ pushConfig: { pushEndpoint, attributes: {} }, ...settings }));
  return { clock, broker, push, subscribe };
}

describe('the push', () => {
  it('the push POSTs the wrapped message as the service does', async (t) => {
    const { clock, broker, subscribe } = setUp(t);
    const { arrived, url } = await startEndpoint(t, ({ response }) => response.writeHead(204).end());
    clock.advance(Date.parse('2026-11-20T11:34:04.342Z'));
    subscribe(url);
    broker.publish(topic, [sampleMessage('hé', { key: 'value' })]);
    await eventually(() => arrived.length === 1);
    const { request, body } = arrived[0]!;
    assert.equal(request.method, 'POST');
    assert.equal(request.url, '/projects/p/topics/t?k=v');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(body), {
      message: {
        data: 'aMOp',
        attributes: { key: 'value' },
        messageId: '1',
        message_id: '1',
        publishTime: '2026-11-20T11:34:04.342Z',
        publish_time: '2026-11-20T11:34:04.342Z',
      },
      subscription: 'projects/p/subscriptions/subscription',
    });
  });

  it('the push leaves out empty data and attributes, and counts attempts under a dead letter policy', async (t) => {
    const { clock, broker, subscribe } = setUp(t);
    const { arrived, url } = await startEndpoint(t, ({ response }) => {
      response.writeHead(arrived.length > 2 ? 204 : 500).end();
    });
    const deadLetterPolicy = { deadLetterTopic: topic, maxDeliveryAttempts: 5 };
    subscribe(url, { deadLetterPolicy, retryPolicy: afterOneSecond });
    broker.publish(topic, [sampleMessage('', { only: 'attributes' }), sampleMessage('only data')]);
    await eventually(() => clock.dueInMs().join() === '1000,1000');
    clock.advance(1_000);
    await eventually(() => arrived.length === 4 && clock.dueInMs().length === 0);
    const bodies = arrived.map(
      ({ body }) =>
        JSON.parse(body) as { message: { data?: string; attributes?: object }; deliveryAttempt: number },
    );
    for (const { message } of bodies) assert.notEqual('data' in message, 'attributes' in message);
    assert.deepEqual(
      bodies.map(({ deliveryAttempt }) => deliveryAttempt),
      [1, 1, 2, 2],
    );
  });

  const answers: [number, boolean][] = [
    [200, true],
    [201, true],
    [202, true],
    [203, false],
    [204, true],
    [206, false],
    [301, false],
    [400, false],
    [404, false],
    [429, false],
    [500, false],
    [503, false],
  ];
  for (const [status, isAck] of answers) {
    it(`the push takes an HTTP ${status} for ${isAck ? 'an ack' : 'a nack'}`, async (t) => {
      const { clock, broker, subscribe } = setUp(t);
      const { arrived, url } = await startEndpoint(t, ({ response }) =>
        response.writeHead(status).end('body'),
      );
      subscribe(url, { retryPolicy: afterOneSecond });
      broker.publish(topic, [sampleMessage('x')]);
      assert.deepEqual(clock.dueInMs(), [10_000], 'leased until the ack deadline');
      // Of an acked message nothing is left; a nacked one rests.
      await eventually(() => clock.dueInMs().join() === (isAck ? '' : '1000'));
      assert.equal(arrived.length, 1);
    });
  }

  it('the push takes an HTTP 102 for an ack before the response arrives', async (t) => {
    const { clock, broker, subscribe } = setUp(t);
    const { arrived, url } = await startEndpoint(t, ({ response }) => response.writeProcessing());
    subscribe(url);
    broker.publish(topic, [sampleMessage('x')]);
    await eventually(() => arrived.length === 1 && clock.dueInMs().length === 0);
  });

  it('the push aborts a request without an answer at the ack deadline, and pushes the message again', async (t) => {
    const { clock, broker, subscribe } = setUp(t);
    let hungUp = 0;
    const { arrived, url } = await startEndpoint(t, ({ request, response }) => {
      if (arrived.length > 1) response.writeHead(204).end();
      else request.socket.on('close', () => (hungUp += 1));
    });
    subscribe(url);
    broker.publish(topic, [sampleMessage('x')]);
    await eventually(() => arrived.length === 1);
    clock.advance(9_999);
    assert.equal(hungUp, 0);
    clock.advance(1);
    await eventually(() => hungUp === 1);
    clock.advance(1_000);
    await eventually(() => arrived.length === 2 && clock.dueInMs().length === 0);
  });

  it('the push keeps to its default number of requests under way, and continues as answers arrive', async (t) => {
    const { broker, subscribe } = setUp(t);
    let isHolding = true;
    const { arrived, url } = await startEndpoint(t, ({ response }) => {
      if (!isHolding) response.writeHead(204).end();
    });
    const subscription = subscribe(url);
    const publish = (count: number) => {
      broker.publish(
        topic,
        Array.from({ length: count }, () => sampleMessage('x')),
      );
    };
    publish(maxOutstandingPushes - 1);
    publish(11);
    await eventually(() => arrived.length === maxOutstandingPushes);
    const more = { maxMessages: 1, maxBytes: Infinity, ackDeadlineMs: 10_000 };
    const [waiting] = subscription.queue.take(more);
    assert.equal(
      waiting?.message.messageId,
      String(maxOutstandingPushes + 1),
      'the next one had not been taken',
    );

    isHolding = false;
    for (const { response } of [...arrived]) response.writeHead(204).end();
    await eventually(() => arrived.length === maxOutstandingPushes + 9);
  });

  it('the push has as many requests under way as its setting allows', async (t) => {
    const { broker, subscribe } = setUp(t, { outstanding: 3 });
    const { arrived, url } = await startEndpoint(t, () => {});
    const subscription = subscribe(url);
    broker.publish(
      topic,
      Array.from({ length: 4 }, () => sampleMessage('x')),
    );
    await eventually(() => arrived.length === 3);
    const more = { maxMessages: 2, maxBytes: Infinity, ackDeadlineMs: 10_000 };
    assert.equal(subscription.queue.take(more).length, 1, 'one had not been taken');
  });

  it('the push retries an endpoint that is down by the backoff, and then uses the new endpoint', async (t) => {
    const { clock, broker, subscribe } = setUp(t);
    const down = await startEndpoint(t, () => {});
    await new Promise((resolve) => down.server.close(resolve));
    const subscription = subscribe(down.url, { retryPolicy: afterOneSecond });
    const isResting = () => clock.dueInMs().join() === '1000';
    broker.publish(topic, [sampleMessage('x')]);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await eventually(isResting);
      clock.advance(1_000);
    }
    const { arrived, url } = await startEndpoint(t, ({ response }) => response.writeHead(204).end());
    await eventually(isResting);
    subscription.settings = { ...subscription.settings, pushConfig: { pushEndpoint: url, attributes: {} } };
    clock.advance(1_000);
    await eventually(() => arrived.length === 1 && clock.dueInMs().length === 0);
  });

  it('the push closes its connections when the subscription is deleted', async (t) => {
    const { broker, subscribe } = setUp(t);
    let hungUp = 0;
    const { arrived, url } = await startEndpoint(t, ({ request }) => {
      request.socket.on('close', () => (hungUp += 1));
    });
    subscribe(url);
    broker.publish(topic, [sampleMessage('x')]);
    await eventually(() => arrived.length === 1);
    broker.deleteSubscription('projects/p/subscriptions/subscription');
    await eventually(() => hungUp === 1);
  });
});
