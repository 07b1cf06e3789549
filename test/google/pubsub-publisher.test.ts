import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { createPubSubPublisher, createTopicNames } from '../../src/google/pubsub-publisher.ts';
import { startEmbeddedPubSub } from '../../local/emulators/pubsub/embedded-pubsub.ts';
import type { EmbeddedPubSub } from '../../local/emulators/pubsub/embedded-pubsub.ts';
import { createPubSubClient } from '../../local/pubsub-client.ts';
import { DELIVERY } from '../support/fakes.ts';
import { startFakeMetadataServer } from './fake-metadata-server.ts';

const metadata = await startFakeMetadataServer();
let pubsub: EmbeddedPubSub;
let client: ReturnType<typeof createPubSubClient>;
const unhandled: unknown[] = [];
const collect = (reason: unknown) => void unhandled.push(reason);

before(async () => {
  pubsub = await startEmbeddedPubSub();
  process.env.PUBSUB_EMULATOR_HOST = pubsub.emulatorHost;
  client = createPubSubClient(pubsub.emulatorHost, 'my-project');
  process.on('unhandledRejection', collect);
});
after(async () => {
  await client.close();
  await pubsub.close();
  process.off('unhandledRejection', collect);
});

const event: OutgoingEvent = {
  id: 'i',
  type: EVENT_TYPE.result,
  subject: '//s/o',
  time: 't',
  data: { a: 1 },
};

/** A publisher for a topic of this name, and a function that creates the topic. */
function prepare(name: string, options: { usesEmulator?: boolean; project?: string } = {}) {
  const id = `results-${name}`;
  const setting = options.project === undefined ? id : `projects/${options.project}/topics/${id}`;
  const fullName = options.project === undefined ? `projects/my-project/topics/${id}` : setting;
  const publisher = createPubSubPublisher({
    topicNameOf: createTopicNames({ requests: 'unused', rechecks: 'unused', results: setting }),
    usesEmulator: options.usesEmulator ?? true,
  });
  const createTopic = async () => {
    await client.createTopic(fullName);
    const [subscription] = await client.createSubscription(fullName, `read-${name}`);
    return subscription;
  };
  return { publisher, createTopic };
}

describe('the publisher', () => {
  it('the publisher publishes an event in binary mode', async () => {
    const { publisher, createTopic } = prepare('binary');
    const subscription = await createTopic();
    await publisher.publish('results', event, DELIVERY);
    const message = await new Promise<{ data: Buffer; attributes: Record<string, string>; ack(): void }>(
      (resolve) => {
        subscription.once('message', resolve);
      },
    );
    message.ack();
    assert.deepEqual(JSON.parse(message.data.toString()), { a: 1 });
    assert.equal(message.attributes['ce-type'], EVENT_TYPE.result);
    await subscription.close();
  });

  it('the publisher uses the project of a topic that is named in full', async () => {
    const { publisher, createTopic } = prepare('full', { project: 'other-project' });
    await (await createTopic()).close();
    await publisher.publish('results', event, DELIVERY);
  });

  it('the publisher is Unavailable while the topic is missing, and recovers once it exists', async () => {
    const { publisher, createTopic } = prepare('late');
    await assert.rejects(publisher.publish('results', event, DELIVERY), {
      name: 'Failure',
      code: 'Unavailable',
    });
    await (await createTopic()).close();
    await publisher.publish('results', event, DELIVERY);
  });

  it('the publisher recovers from missing credentials, and leaves no rejected promise unhandled', async () => {
    const { publisher, createTopic } = prepare('credentials', { usesEmulator: false });
    await (await createTopic()).close();
    metadata.mode = 'broken';
    for (let count = 0; count < 2; count += 1) {
      await assert.rejects(publisher.publish('results', event, DELIVERY), { code: 'Unavailable' });
    }
    metadata.mode = 'healthy';
    await publisher.publish('results', event, DELIVERY);
    assert.deepEqual(unhandled, []);
  });

  it('the publisher waits at most five seconds for credentials', async () => {
    const { publisher } = prepare('silent', { usesEmulator: false });
    metadata.mode = 'silent';
    const startMs = Date.now();
    await assert.rejects(publisher.publish('results', event, DELIVERY), { message: /took longer than 5 s/ });
    assert.ok(Date.now() - startMs < 9_000);
    metadata.mode = 'healthy';
  });
});
