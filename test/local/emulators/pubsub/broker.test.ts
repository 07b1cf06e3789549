import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBroker } from '../../../../local/emulators/pubsub/broker/broker.ts';
import type { LiveSubscription } from '../../../../local/emulators/pubsub/broker/subscription.ts';
import { createVirtualTime } from '../../../support/virtual-time.ts';
import { sampleMessage, sampleSubscription, sampleTopic } from './wire-samples.ts';

const topic = 'projects/p/topics/topic';
const deadLetterTopic = 'projects/p/topics/dead';

function setUp() {
  const clock = createVirtualTime();
  const broker = createBroker({ clock, onSubscription: () => {} });
  broker.addTopic(sampleTopic());
  const subscribe = (id: string, settings: Parameters<typeof sampleSubscription>[0] = {}) =>
    broker.addSubscription(sampleSubscription({ name: `projects/p/subscriptions/${id}`, ...settings }));
  return { clock, broker, subscribe };
}

function take({ queue }: LiveSubscription) {
  return queue.take({ maxMessages: 100, maxBytes: Infinity, ackDeadlineMs: 10_000 });
}

function texts(subscription: LiveSubscription) {
  return take(subscription).map(({ message }) => Buffer.from(message.data).toString());
}

describe('a broker', () => {
  it('every subscription gets its own copy of each message that is published after its creation', () => {
    const { broker, subscribe } = setUp();
    broker.publish(topic, [sampleMessage('early')]);
    const [first, second] = [subscribe('first'), subscribe('second')];
    assert.deepEqual(broker.publish(topic, [sampleMessage('a'), sampleMessage('b')]), ['2', '3']);
    assert.deepEqual(texts(first), ['a', 'b']);
    assert.deepEqual(texts(second), ['a', 'b']);
  });

  it('a subscription does not get messages that its filter does not match', () => {
    const { broker, subscribe } = setUp();
    const filtered = subscribe('filtered', { filter: 'attributes:wanted' });
    broker.publish(topic, [sampleMessage('no'), sampleMessage('yes', { wanted: '1' })]);
    assert.deepEqual(texts(filtered), ['yes']);
  });

  it('a message that failed too often is copied to the dead letter topic, with its origin', () => {
    const { broker, subscribe, clock } = setUp();
    broker.addTopic(sampleTopic({ name: deadLetterTopic }));
    const dead = subscribe('dead', { topic: deadLetterTopic });
    const failing = subscribe('failing', { deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 5 } });
    clock.advance(Date.parse('2026-11-20T11:34:04.342Z'));
    broker.publish(topic, [sampleMessage('poison', { key: 'value' })]);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      failing.queue.settle([take(failing)[0]!.ackId], 'nacked');
      clock.advance(1_000);
    }
    assert.deepEqual(take(failing), []);
    const [{ message } = assert.fail('no dead letter')] = take(dead);
    assert.equal(Buffer.from(message.data).toString(), 'poison');
    assert.deepEqual(message.attributes, {
      key: 'value',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'failing',
      CloudPubSubDeadLetterSourceSubscriptionProject: 'p',
      CloudPubSubDeadLetterSourceTopicPublishTime: '2026-11-20T11:34:04.342+00:00',
    });
  });

  it('the broker continues to deliver a failing message whose dead letter topic was deleted', () => {
    const { broker, subscribe, clock } = setUp();
    broker.addTopic(sampleTopic({ name: deadLetterTopic }));
    const failing = subscribe('failing', { deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 5 } });
    broker.deleteTopic(deadLetterTopic);
    broker.publish(topic, [sampleMessage('poison')]);
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const [delivery] = take(failing);
      assert.equal(delivery?.attempt, attempt);
      failing.queue.settle([delivery.ackId], 'nacked');
      clock.advance(1_000);
    }
  });

  it('a subscription outlives its topic, and gets nothing from a new topic of that name', () => {
    const { broker, subscribe } = setUp();
    const orphan = subscribe('orphan');
    broker.publish(topic, [sampleMessage('before')]);
    broker.deleteTopic(topic);
    broker.addTopic(sampleTopic());
    broker.publish(topic, [sampleMessage('after')]);
    assert.equal(orphan.settings.topic, '_deleted-topic_');
    assert.deepEqual(texts(orphan), ['before']);
  });

  it('a deleted subscription ends with NOT_FOUND, and a new one of its name gets none of its messages', () => {
    const { broker, subscribe, clock } = setUp();
    const deleted = subscribe('again');
    broker.publish(topic, [sampleMessage('a'), sampleMessage('b')]);
    take(deleted);
    broker.deleteSubscription('projects/p/subscriptions/again');
    assert.equal((deleted.ended.reason as { status?: string }).status, 'NOT_FOUND');
    assert.deepEqual(clock.dueInMs(), []);
    assert.deepEqual(texts(subscribe('again')), []);
  });

  it('the broker names the topic or subscription that is missing or exists already', () => {
    const { broker, subscribe } = setUp();
    subscribe('there');
    const notFound = { status: 'NOT_FOUND', message: /absent/ };
    assert.throws(() => broker.publish('absent', [sampleMessage('x')]), notFound);
    assert.throws(() => subscribe('new', { topic: 'absent' }), notFound);
    assert.throws(() => subscribe('there'), { status: 'ALREADY_EXISTS', message: /there/ });
    assert.throws(() => broker.addTopic(sampleTopic()), {
      status: 'ALREADY_EXISTS',
      message: /topics\/topic/,
    });
  });

  it('the broker redelivers ten thousand nacked messages at a cost that is not quadratic', () => {
    const { broker, subscribe } = setUp();
    const subscription = subscribe('many');
    const startedAtMs = performance.now();
    for (let batch = 0; batch < 10; batch += 1) {
      broker.publish(
        topic,
        Array.from({ length: 1_000 }, (_, index) => sampleMessage(`${batch}-${index}`)),
      );
    }
    let settled = 0;
    for (;;) {
      const [delivery] = subscription.queue.take({
        maxMessages: 1,
        maxBytes: Infinity,
        ackDeadlineMs: 10_000,
      });
      if (delivery === undefined) break;
      subscription.queue.settle([delivery.ackId], 'nacked');
      settled += 1;
    }
    assert.equal(settled, 10_000);
    // 30 ms on a slow machine; the square of it would be many seconds.
    assert.ok(performance.now() - startedAtMs < 3_000);
  });
});
