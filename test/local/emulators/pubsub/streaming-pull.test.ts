import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  serveStreamingPull,
  type PullStream,
} from '../../../../local/emulators/pubsub/api/streaming-pull.ts';
import { createBroker } from '../../../../local/emulators/pubsub/broker/broker.ts';
import type {
  ReceivedMessage,
  StreamingPullRequest,
  Subscription,
} from '../../../../local/emulators/pubsub/wire-types.ts';
import { createVirtualTime } from '../../../support/virtual-time.ts';
import { sampleMessage, sampleSubscription, sampleTopic } from './wire-samples.ts';

const topic = 'projects/p/topics/topic';
const subscription = 'projects/p/subscriptions/subscription';

const empty: StreamingPullRequest = {
  subscription: '',
  ackIds: [],
  modifyDeadlineSeconds: [],
  modifyDeadlineAckIds: [],
  streamAckDeadlineSeconds: 0,
  maxOutstandingMessages: '0',
  maxOutstandingBytes: '0',
};

function setUp(settings: Partial<Subscription> = {}) {
  const clock = createVirtualTime();
  const broker = createBroker({ clock, onSubscription: () => {} });
  broker.addTopic(sampleTopic());
  broker.addSubscription(sampleSubscription(settings));
  const publish = (...texts: string[]) => {
    broker.publish(
      topic,
      texts.map((text) => sampleMessage(text)),
    );
  };
  return {
    clock,
    broker,
    publish,
    open: (request?: Partial<StreamingPullRequest>) => openStream(broker, request),
  };
}

/** A client that opens a stream with this first request. */
function openStream(
  broker: Parameters<typeof serveStreamingPull>[0],
  first: Partial<StreamingPullRequest> = {},
) {
  const received: ReceivedMessage[] = [];
  const client = { isWritable: true, failure: undefined as Error | undefined, isEnded: false };
  let request: Parameters<PullStream['onRequest']>[0] = () => {};
  let drain = () => {};
  let close = () => {};
  serveStreamingPull(broker, {
    send: (response) => {
      received.push(...(response as { receivedMessages: ReceivedMessage[] }).receivedMessages);
      return client.isWritable;
    },
    onRequest: (callback) => (request = callback),
    onDrain: (callback) => (drain = callback),
    onClosed: (callback) => (close = callback),
    end: () => (client.isEnded = true),
    fail: (error) => (client.failure = error),
  });
  request({ ...empty, subscription, streamAckDeadlineSeconds: 10, ...first });
  return {
    client,
    received,
    request: (later: Partial<StreamingPullRequest>) => {
      request({ ...empty, ...later });
    },
    drain: () => {
      drain();
    },
    close: () => {
      close();
    },
    texts: () => received.map(({ message }) => Buffer.from(message.data).toString()),
  };
}

describe('a streaming pull', () => {
  it('a streaming pull sends the messages that are ready, and those that come', () => {
    const { publish, open } = setUp();
    publish('there');
    const { texts } = open();
    publish('comes');
    assert.deepEqual(texts(), ['there', 'comes']);
  });

  it('a streaming pull sends no more messages than the client can hold, until they are acked or nacked', () => {
    const { publish, open } = setUp();
    publish('a', 'b', 'c', 'd');
    const { texts, received, request } = open({ maxOutstandingMessages: '2' });
    assert.deepEqual(texts(), ['a', 'b']);
    request({ ackIds: [received[0]!.ackId] });
    assert.deepEqual(texts(), ['a', 'b', 'c']);
    request({ modifyDeadlineAckIds: [received[1]!.ackId], modifyDeadlineSeconds: [0] });
    assert.deepEqual(texts(), ['a', 'b', 'c', 'd']);
  });

  it('a streaming pull sends no more bytes than the client can hold, but at least one message', () => {
    const { publish, open } = setUp();
    publish('longer', 'xy', 'z');
    const { texts, received, request } = open({ maxOutstandingBytes: '3' });
    assert.deepEqual(texts(), ['longer']);
    request({ ackIds: [received[0]!.ackId] });
    assert.deepEqual(texts(), ['longer', 'xy', 'z']);
  });

  it('a streaming pull extends the deadline that its client modifies, and lets the others expire', () => {
    const { clock, publish, open } = setUp();
    publish('kept', 'missed');
    const { texts, received, request } = open();
    request({ modifyDeadlineAckIds: [received[0]!.ackId], modifyDeadlineSeconds: [60] });
    clock.advance(11_000);
    assert.deepEqual(texts(), ['kept', 'missed', 'missed']);
  });

  it('a streaming pull leases by the deadline of its stream, also after that has changed', () => {
    const { clock, publish, open } = setUp({ ackDeadlineSeconds: 600 });
    const { request } = open({ streamAckDeadlineSeconds: 10 });
    publish('a');
    request({ streamAckDeadlineSeconds: 30 });
    publish('b');
    assert.deepEqual(clock.dueInMs(), [10_000, 30_000]);
  });

  it('a streaming pull waits for a client that reads too slowly', () => {
    const { publish, open } = setUp();
    const { client, texts, drain } = open();
    client.isWritable = false;
    publish('a');
    publish('b');
    assert.deepEqual(texts(), ['a']);
    drain();
    assert.deepEqual(texts(), ['a', 'b']);
  });

  it('two streaming pulls of one subscription share its messages', () => {
    const { publish, open } = setUp();
    const [first, second] = [open(), open()];
    for (const text of ['a', 'b', 'c', 'd']) publish(text);
    assert.deepEqual(first.texts(), ['a', 'c']);
    assert.deepEqual(second.texts(), ['b', 'd']);
  });

  it('a streaming pull counts delivery attempts only under a dead letter policy', () => {
    const counted = setUp({ deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts: 5 } });
    counted.publish('a');
    assert.equal(counted.open().received[0]?.deliveryAttempt, 1);
    const uncounted = setUp();
    uncounted.publish('a');
    assert.equal(uncounted.open().received[0]?.deliveryAttempt, 0);
  });

  it('a streaming pull stops when its client leaves, and its messages go to the next client', () => {
    const { clock, publish, open } = setUp();
    const left = open();
    publish('a');
    left.close();
    assert.ok(left.client.isEnded);
    const next = open();
    publish('b');
    clock.advance(11_000);
    assert.deepEqual(left.texts(), ['a']);
    assert.deepEqual(new Set(next.texts()), new Set(['a', 'b']));
  });

  it('a streaming pull fails with NOT_FOUND when its subscription is deleted', () => {
    const { broker, open } = setUp();
    const { client } = open();
    broker.deleteSubscription(subscription);
    assert.equal((client.failure as { status?: string } | undefined)?.status, 'NOT_FOUND');
  });

  const refused: [string, Partial<StreamingPullRequest>, string][] = [
    ['a subscription that does not exist', { subscription: 'projects/p/subscriptions/absent' }, 'NOT_FOUND'],
    ['a stream without a deadline', { streamAckDeadlineSeconds: 0 }, 'INVALID_ARGUMENT'],
    ['a deadline above 600 s', { streamAckDeadlineSeconds: 601 }, 'INVALID_ARGUMENT'],
    ['deadlines without ack ids', { modifyDeadlineSeconds: [10] }, 'INVALID_ARGUMENT'],
  ];
  for (const [what, request, status] of refused) {
    it(`a streaming pull refuses ${what}`, () => {
      const { client } = setUp().open(request);
      assert.equal((client.failure as { status?: string } | undefined)?.status, status);
    });
  }

  it('a streaming pull refuses a subscription that pushes', () => {
    const { open } = setUp({ pushConfig: { pushEndpoint: 'http://127.0.0.1:1/', attributes: {} } });
    assert.equal((open().client.failure as { status?: string } | undefined)?.status, 'FAILED_PRECONDITION');
  });
});
