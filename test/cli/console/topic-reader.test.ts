import type { PubSub } from '@google-cloud/pubsub';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readTopic } from '../../../cli/console/topic-reader.ts';
import { startEmbeddedPubSub } from '../../../local/emulators/pubsub/embedded-pubsub.ts';
import { createPubSubClient } from '../../../local/pubsub-client.ts';

let embedded: Awaited<ReturnType<typeof startEmbeddedPubSub>>;
let pubsub: PubSub;
before(async () => {
  embedded = await startEmbeddedPubSub();
  pubsub = createPubSubClient(embedded.emulatorHost, 'p');
});
after(async () => {
  await pubsub.close();
  await embedded.close();
});

const topicOf = (id: string) => `projects/p/topics/${id}`;
const subscriptionsOf = async (id: string) => {
  const [subscriptions] = await pubsub.topic(topicOf(id)).getSubscriptions();
  return subscriptions;
};

/** Reads a topic, and keeps what it is told. */
function reading(id: string) {
  const events: string[] = [];
  const waiting = new Set<() => void>();
  const tell = (event: string) => {
    events.push(event);
    for (const check of waiting) check();
  };
  const reader = readTopic({
    pubsub,
    topic: topicOf(id),
    emulatorHost: embedded.emulatorHost,
    onMessage: ({ data }) => tell(`message ${data.toString()}`),
    onState: (problem) => tell(problem === undefined ? 'reads' : `problem ${problem}`),
    retryMs: 10,
  });
  /** Resolves when an event has come that begins in this way. */
  const until = (start: string, count = 1) =>
    new Promise<string>((resolve) => {
      const check = () => {
        const found = events.filter((event) => event.startsWith(start));
        if (found.length < count) return;
        waiting.delete(check);
        resolve(found[count - 1] ?? '');
      };
      waiting.add(check);
      check();
    });
  return { reader, until, events };
}

describe('the topics of the console', () => {
  it('a topic is read from the first attempt on, and its subscription is deleted at the end', async () => {
    await pubsub.createTopic(topicOf('there'));
    const { reader, until, events } = reading('there');
    await reader.attempted;
    assert.deepEqual(events, ['reads']);
    const [subscription, ...others] = await subscriptionsOf('there');
    assert.match(subscription?.name ?? '', /\/subscriptions\/lro-cancel-client-console-[0-9a-f]{16}$/);
    assert.equal(others.length, 0);
    await pubsub.topic(topicOf('there')).publishMessage({ data: Buffer.from('one') });
    assert.equal(await until('message'), 'message one');
    await reader.close();
    assert.deepEqual(await subscriptionsOf('there'), []);
  });

  it('a topic that is not there is named, and read as soon as it is', async () => {
    const { reader, until } = reading('later');
    await reader.attempted;
    assert.match(await until('problem'), /^problem There is no topic projects\/p\/topics\/later\./);
    await pubsub.createTopic(topicOf('later'));
    await until('reads');
    await pubsub.topic(topicOf('later')).publishMessage({ data: Buffer.from('one') });
    assert.equal(await until('message'), 'message one');
    await reader.close();
  });

  it('a subscription that somebody deletes is made again', async () => {
    await pubsub.createTopic(topicOf('again'));
    const { reader, until } = reading('again');
    await reader.attempted;
    const [first] = await subscriptionsOf('again');
    await first?.delete();
    assert.match(await until('problem'), /Pub\/Sub refused to receive|There is no/);
    await until('reads', 2);
    const [second] = await subscriptionsOf('again');
    assert.notEqual(second?.name, first?.name);
    await pubsub.topic(topicOf('again')).publishMessage({ data: Buffer.from('one') });
    assert.equal(await until('message'), 'message one');
    await reader.close();
    assert.deepEqual(await subscriptionsOf('again'), []);
  });
});
