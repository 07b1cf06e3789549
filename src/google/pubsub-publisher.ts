import type { PubSub, Topic } from '@google-cloud/pubsub';
import { attributesOf } from '../core/cloud-event.ts';
import { Failure, messageOf } from '../core/failure.ts';
import type { OwnProject, Publisher, TopicKind } from '../core/ports.ts';

/** A publish that has not been taken after this long fails, and with it the delivery: Pub/Sub brings the message back. */
const PUBLISH_TIMEOUT_MS = 15_000;

/**
 * Publishes through Google's client library, which honours PUBSUB_EMULATOR_HOST, batches what is published at the same time and
 * retries what passes. Loaded when the first message is published.
 */
export function createPubSubPublisher(options: {
  readonly topics: Readonly<Record<TopicKind, string>>;
  /** Where topics live that the settings name without a project. */
  readonly ownProject: OwnProject;
  /** PUBSUB_EMULATOR_HOST is set: there is nobody to identify to. */
  readonly usesEmulator: boolean;
}): Publisher & { close(): Promise<void> } {
  const { topics, ownProject, usesEmulator } = options;
  let client: Promise<PubSub> | undefined;
  const open = new Map<string, Topic>();

  const topicOf = async (kind: TopicKind, near: string | undefined) => {
    const setting = topics[kind];
    const name = setting.includes('/') ? setting : `projects/${await ownProject.id(near)}/topics/${setting}`;
    client ??= connect(name.split('/')[1] ?? '', usesEmulator);
    const pubsub = await client;
    let topic = open.get(name);
    if (topic === undefined) {
      topic = pubsub.topic(name, {
        // The function waits for each publish, so what waits for a fuller batch is latency.
        batching: { maxMessages: 100, maxMilliseconds: 2 },
        gaxOpts: { timeout: PUBLISH_TIMEOUT_MS },
      });
      open.set(name, topic);
    }
    return topic;
  };

  return {
    publish: async (kind, event, near) => {
      try {
        const topic = await topicOf(kind, near);
        await withTimeout(topic.publishMessage({ json: event.data, attributes: attributesOf(event) }));
      } catch (cause) {
        throw new Failure('Unavailable', `could not publish to ${topics[kind]}: ${messageOf(cause)}`, {
          cause,
        });
      }
    },
    close: async () => {
      if (client !== undefined) await (await client).close();
    },
  };
}

async function connect(projectId: string, usesEmulator: boolean): Promise<PubSub> {
  const { PubSub } = await import('@google-cloud/pubsub');
  if (!usesEmulator) return new PubSub({ projectId });
  // Without a client of its own, the library looks for a metadata server even here, and holds up the first publish.
  const { PassThroughClient } = await import('google-auth-library');
  return new PubSub({ projectId, authClient: new PassThroughClient() });
}

/** The library retries for up to ten minutes on its own account, longer than a delivery lasts. */
async function withTimeout<T>(publishing: Promise<T>): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`not taken within ${PUBLISH_TIMEOUT_MS / 1000} s`));
  }, PUBLISH_TIMEOUT_MS);
  try {
    return await Promise.race([publishing, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
