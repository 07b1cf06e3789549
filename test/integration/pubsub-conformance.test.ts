/**
 * The behavior of any Pub/Sub that this project relies on, over the real client library: Google's own
 * emulator where PUBSUB_EMULATOR_HOST names one, else the embedded Pub/Sub. Where the emulator is known to
 * differ from the service, only their common behavior is asserted here, and the rest in
 * test/local/emulators/pubsub.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Message } from '@google-cloud/pubsub';
import { status } from '@grpc/grpc-js';
import { eventually } from '../local/emulators/pubsub/eventually.ts';
import {
  assertRefused,
  idsOf,
  isGooglesEmulator,
  namesIn,
  shortBackOff,
  startPubSubUnderTest,
  textOf,
  type PubSubUnderTest,
} from '../local/emulators/pubsub/pubsub-under-test.ts';

let underTest: PubSubUnderTest;

before(async () => {
  underTest = await startPubSubUnderTest();
});

after(() => underTest.close());

describe('a Pub/Sub', { concurrency: true, timeout: 25_000 }, () => {
  it('Pub/Sub finds and lists topics and subscriptions from their creation to their deletion', async () => {
    const { pubsub, createPair } = underTest;
    const { topic, subscription } = await createPair('listed');
    assert.ok((await namesIn(pubsub.getTopics())).includes(topic.name));
    assert.ok((await namesIn(pubsub.getSubscriptions())).includes(subscription.name));
    assert.deepEqual(await namesIn(topic.getSubscriptions()), [subscription.name]);

    await subscription.delete();
    await topic.delete();
    assert.deepEqual(await subscription.exists(), [false]);
    assert.deepEqual(await topic.exists(), [false]);
  });

  it('Pub/Sub answers ALREADY_EXISTS to the creation of an existing topic or subscription', async () => {
    const { pubsub, createPair } = underTest;
    const { topic, subscription } = await createPair('twice');
    await assert.rejects(pubsub.createTopic(topic.name), { code: status.ALREADY_EXISTS });
    await assert.rejects(topic.createSubscription(subscription.name), { code: status.ALREADY_EXISTS });
  });

  it('Pub/Sub answers NOT_FOUND for a topic or subscription that does not exist', async () => {
    const { projectId, pubsub, subscriber, createPair } = underTest;
    const { topic } = await createPair('present');
    const absent = `projects/${projectId}/subscriptions/absent`;
    const deadLetterTopic = `projects/${projectId}/topics/absent`;
    const refused = {
      publish: () => pubsub.topic('absent').publishMessage({ data: Buffer.from('x') }),
      deleteTopic: () => pubsub.topic('absent').delete(),
      subscribe: () => pubsub.topic('absent').createSubscription('of-absent'),
      deadLetter: () => topic.createSubscription('to-absent', { deadLetterPolicy: { deadLetterTopic } }),
      getSubscription: () => pubsub.subscription('absent').getMetadata(),
      pull: () => subscriber.pull({ subscription: absent, maxMessages: 1 }),
      acknowledge: () => subscriber.acknowledge({ subscription: absent, ackIds: ['1'] }),
    };
    await assertRefused(refused, status.NOT_FOUND);
  });

  it('Pub/Sub answers INVALID_ARGUMENT for invalid names, messages, policies and endpoints', async () => {
    const { pubsub, createPair } = underTest;
    const { topic } = await createPair('valid');
    const tooLong = { minimumBackoff: { seconds: 601 } };
    const reversed = { minimumBackoff: { seconds: 20 }, maximumBackoff: { seconds: 10 } };
    const refused = {
      digitFirst: () => pubsub.createTopic('1-begins-with-a-digit'),
      shortName: () => pubsub.createTopic('ab'),
      emptyMessage: () => topic.publishMessage({ data: Buffer.alloc(0) }),
      longBackOff: () => topic.createSubscription('invalid', { retryPolicy: tooLong }),
      reversedBackOff: () => topic.createSubscription('invalid', { retryPolicy: reversed }),
      noUrl: () => topic.createSubscription('invalid', { pushEndpoint: 'no-url' }),
    };
    await assertRefused(refused, status.INVALID_ARGUMENT);
  });

  it('Pub/Sub delivers data, attributes, an increasing id and the publish time to every subscription', async () => {
    const { createPair, pull } = underTest;
    const { topic, subscription } = await createPair('pulled');
    const [second] = await topic.createSubscription('pulled-too');
    const sentAtMs = Date.now();
    const firstId = await topic.publishMessage({ data: Buffer.from('ünï'), attributes: { key: 'välue' } });
    const secondId = await topic.publishMessage({ attributes: { only: 'attributes' } });
    assert.ok(BigInt(secondId) > BigInt(firstId));

    for (const { name } of [subscription, second]) {
      const received = await pull(name, 2);
      const byId = new Map(received.map(({ message }) => [message?.messageId, message]));
      assert.equal(Buffer.from(byId.get(firstId)?.data as Uint8Array).toString(), 'ünï');
      assert.deepEqual(byId.get(firstId)?.attributes, { key: 'välue' });
      assert.deepEqual(byId.get(secondId)?.attributes, { only: 'attributes' });
      const publishedAtMs = Number(byId.get(firstId)?.publishTime?.seconds) * 1000;
      assert.ok(Math.abs(publishedAtMs - sentAtMs) < 5_000, `published at ${publishedAtMs}`);
    }
  });

  it('Pub/Sub redelivers a nacked message, and not an acknowledged one', async () => {
    const { subscriber, createPair, pull, nack } = underTest;
    const { topic, subscription } = await createPair('nacked');
    const ackedId = await topic.publishMessage({ data: Buffer.from('acked') });
    const nackedId = await topic.publishMessage({ data: Buffer.from('nacked') });
    const received = await pull(subscription.name, 2);
    const ackIdOf = (id: string) => received.find(({ message }) => message?.messageId === id)?.ackId ?? '';

    const { name } = subscription;
    await subscriber.acknowledge({ subscription: name, ackIds: [ackIdOf(ackedId)] });
    await nack(name, ackIdOf(nackedId));
    const again = await pull(name, 1);
    assert.deepEqual(idsOf(again), [nackedId]);
  });

  it('Pub/Sub redelivers a message that was not acknowledged within the deadline, and accepts a late ack', async () => {
    const { subscriber, createPair, pull } = underTest;
    const { topic, subscription } = await createPair('expired', { ackDeadlineSeconds: 10 });
    const id = await topic.publishMessage({ data: Buffer.from('x') });
    const [first] = await pull(subscription.name, 1);
    const pulledAtMs = Date.now();
    const [again] = await pull(subscription.name, 1);
    assert.equal(again?.message?.messageId, id);
    assert.ok(Date.now() - pulledAtMs > 8_000, `redelivered after ${Date.now() - pulledAtMs} ms`);

    await subscriber.acknowledge({ subscription: subscription.name, ackIds: [first?.ackId ?? ''] });
    await subscriber.acknowledge({ subscription: subscription.name, ackIds: [again.ackId!] });
  });

  it('Pub/Sub streams to the client library within its flow control, and redelivers nacked messages', async () => {
    const { pubsub, createPair } = underTest;
    const { topic, subscription } = await createPair('streamed');
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, index) => topic.publishMessage({ data: Buffer.from(String(index)) })),
    );
    const held: Message[] = [];
    const acked = new Set<string>();
    const nacked = new Set<string>();
    let mostHeld = 0;
    const listener = pubsub.subscription(subscription.name, {
      flowControl: { maxMessages: 5, allowExcessMessages: false },
    });
    listener.on('message', (message: Message) => {
      held.push(message);
      mostHeld = Math.max(mostHeld, held.length);
      setImmediate(() => {
        held.splice(held.indexOf(message), 1);
        const isNack = Number(message.data.toString()) % 10 === 0 && !nacked.has(message.id);
        (isNack ? nacked : acked).add(message.id);
        if (isNack) message.nack();
        else message.ack();
      });
    });
    await eventually(() => ids.every((id) => acked.has(id)));
    await listener.close();
    assert.equal(nacked.size, 5);
    assert.ok(mostHeld <= 5, `${mostHeld} at once`);
  });

  it('Pub/Sub pushes a message wrapped in JSON', async () => {
    const { createPair, startEndpoint } = underTest;
    const { pushed, url } = await startEndpoint(() => 204);
    const { topic, subscription } = await createPair('pushed', { pushEndpoint: url });
    const id = await topic.publishMessage({ data: Buffer.from('hello'), attributes: { key: 'value' } });
    const bareId = await topic.publishMessage({ attributes: { only: 'attributes' } });
    await eventually(() => pushed.length === 2);

    const byId = new Map(pushed.map((push) => [push.body.message.messageId, push]));
    const { body, contentType } = byId.get(id)!;
    assert.match(contentType ?? '', /^application\/json/);
    assert.equal(body.subscription, subscription.name);
    assert.equal(body.message.data, Buffer.from('hello').toString('base64'));
    assert.deepEqual(body.message.attributes, { key: 'value' });
    assert.ok(Date.parse(body.message.publishTime) > 0);
    assert.ok(!byId.get(bareId)!.body.message.data, 'a message without data is pushed without data');
  });

  it('Pub/Sub takes 200, 201 and 204 for an ack and an error status for a nack', async () => {
    const { createPair, startEndpoint } = underTest;
    // The service takes 102 and 202 for acks and 203 for a nack; the emulator does not.
    const isAck = (code: number) => code < 300;
    const statuses = [200, 201, 204, 400, 404, 500, 503];
    const attempts = new Map<number, number>();
    const { url } = await startEndpoint(({ body }) => {
      const code = Number(textOf(body));
      attempts.set(code, (attempts.get(code) ?? 0) + 1);
      return attempts.get(code) === 1 ? code : 204;
    });
    const { topic } = await createPair('statuses', { pushEndpoint: url, retryPolicy: shortBackOff });
    await Promise.all(statuses.map((code) => topic.publishMessage({ data: Buffer.from(String(code)) })));
    // When the nacked messages have been redelivered, the acknowledged ones would have been, too.
    await eventually(() => statuses.every((code) => isAck(code) || attempts.get(code) === 2));
    for (const code of statuses) assert.equal(attempts.get(code), isAck(code) ? 1 : 2, `status ${code}`);
  });

  it('Pub/Sub waits for the backoff of the retry policy before it pushes again', async () => {
    const { createPair, startEndpoint } = underTest;
    const { pushed, url } = await startEndpoint(() => (pushed.length < 3 ? 500 : 204));
    const { topic } = await createPair('backed-off', { pushEndpoint: url, retryPolicy: shortBackOff });
    await topic.publishMessage({ data: Buffer.from('x') });
    await eventually(() => pushed.length === 3);
    const pausesMs = pushed.slice(1).map(({ atMs }, index) => atMs - pushed[index]!.atMs);
    // The backoff is best effort, so there is a margin: about the minimum, and not the default of 10 s.
    for (const pauseMs of pausesMs) assert.ok(pauseMs > 150 && pauseMs < 5_000, `paused ${pauseMs} ms`);
  });

  it('Pub/Sub pushes other messages while one push is in progress', async () => {
    const { createPair, startEndpoint } = underTest;
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const done = new Set<string>();
    const { url } = await startEndpoint(async ({ body }) => {
      const text = textOf(body);
      if (text === 'slow') await released;
      done.add(text);
      return 204;
    });
    const { topic } = await createPair('concurrent', { pushEndpoint: url });
    for (const text of ['slow', 'a', 'b', 'c']) await topic.publishMessage({ data: Buffer.from(text) });
    await eventually(() => done.size === 3);
    assert.ok(!done.has('slow'));
    release();
    await eventually(() => done.has('slow'));
  });

  it('Pub/Sub keeps messages while an endpoint is down, and pushes them to its new address', async () => {
    const { createPair, startEndpoint } = underTest;
    const down = await startEndpoint(() => 204);
    await new Promise((resolve) => down.server.close(resolve));
    const { topic, subscription } = await createPair('moved', {
      pushEndpoint: down.url,
      retryPolicy: shortBackOff,
    });
    const ids = await Promise.all(
      ['a', 'b', 'c'].map((text) => topic.publishMessage({ data: Buffer.from(text) })),
    );
    const { pushed, url } = await startEndpoint(() => 204);
    await subscription.modifyPushConfig({ pushEndpoint: url });
    await eventually(() => ids.every((id) => pushed.some(({ body }) => body.message.messageId === id)));
  });

  it('Pub/Sub publishes a message to the dead letter topic after the last attempt, with its source in attributes', async () => {
    const { projectId, createPair, pull, startEndpoint } = underTest;
    const { pushed, url } = await startEndpoint(() => 500);
    const dead = await createPair('dead');
    const { topic, subscription } = await createPair('failing', {
      pushEndpoint: url,
      retryPolicy: shortBackOff,
      deadLetterPolicy: { deadLetterTopic: dead.topic.name, maxDeliveryAttempts: 5 },
    });
    await topic.publishMessage({ data: Buffer.from('poison'), attributes: { key: 'value' } });
    const [letter] = await pull(dead.subscription.name, 1);
    // The number of attempts is best effort: at least as many as in the policy.
    assert.ok(pushed.length >= 5, `${pushed.length} attempts`);
    assert.equal(Buffer.from(letter?.message?.data as Uint8Array).toString(), 'poison');
    const attributes = letter?.message?.attributes ?? {};
    assert.equal(attributes.key, 'value');
    assert.equal(attributes.CloudPubSubDeadLetterSourceDeliveryCount, '5');
    assert.equal(attributes.CloudPubSubDeadLetterSourceSubscription, subscription.name.split('/').at(-1));
    assert.equal(attributes.CloudPubSubDeadLetterSourceSubscriptionProject, projectId);
    assert.ok(Date.parse(attributes.CloudPubSubDeadLetterSourceTopicPublishTime ?? '') > 0);
  });

  it('Pub/Sub counts the attempts of pulled messages under a dead letter policy', async () => {
    const { createPair, pull, nack } = underTest;
    const dead = await createPair('counted-dead');
    const { topic, subscription } = await createPair('counted', {
      deadLetterPolicy: { deadLetterTopic: dead.topic.name, maxDeliveryAttempts: 5 },
    });
    await topic.publishMessage({ data: Buffer.from('x') });
    for (const attempt of [1, 2, 3]) {
      const [received] = await pull(subscription.name, 1);
      assert.equal(received?.deliveryAttempt, attempt);
      await nack(subscription.name, received.ackId ?? '');
    }
  });

  it('Pub/Sub changes the settings of a subscription', async () => {
    const { createPair } = underTest;
    const { subscription } = await createPair('changed');
    await subscription.setMetadata({ ackDeadlineSeconds: 60, retryPolicy: shortBackOff });
    const [{ ackDeadlineSeconds, retryPolicy }] = await subscription.getMetadata();
    assert.equal(ackDeadlineSeconds, 60);
    assert.equal(retryPolicy?.maximumBackoff?.nanos, shortBackOff.maximumBackoff.nanos);
  });

  const noFilters = isGooglesEmulator && "Google's emulator (0.8.20) keeps filters and does not apply them";
  it(
    'Pub/Sub delivers only messages that match the filter of a subscription',
    { skip: noFilters },
    async () => {
      const { createPair, pull } = underTest;
      const { topic, subscription } = await createPair('filtered', { filter: 'attributes.kind = "wanted"' });
      await topic.publishMessage({ attributes: { kind: 'other' } });
      const id = await topic.publishMessage({ attributes: { kind: 'wanted' } });
      const received = await pull(subscription.name, 1);
      assert.deepEqual(idsOf(received), [id]);
    },
  );
});
