import type { PubSub, Topic } from '@google-cloud/pubsub';
import { attributesOf } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { Failure } from '../validation/failure.ts';
import type { DeliveryProject, Publisher, TopicKind } from '../ports.ts';
import { withTimeout } from './timeout.ts';
import { mapMaybe } from './maybe-promise.ts';
import type { MaybePromise } from './maybe-promise.ts';

/**
 * A publish fails after this time, and with it the delivery, which Pub/Sub repeats. The library itself would retry for ten
 * minutes, longer than a delivery lasts.
 */
export const PUBLISH_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** The full name of a topic, `projects/{project}/topics/{topic}`. */
export type TopicNameOf = (kind: TopicKind, delivery: DeliveryProject) => MaybePromise<string>;

/** Topics that the settings name by a short id are in the function's own project. */
export const createTopicNames =
  (topics: Readonly<Record<TopicKind, string>>): TopicNameOf =>
  (kind, { ownProject }) => {
    const setting = topics[kind];
    if (setting.includes('/')) return setting;
    return mapMaybe(ownProject.id(), (project) => `projects/${project}/topics/${setting}`);
  };

/**
 * Publishes through Google's client library, which honors PUBSUB_EMULATOR_HOST, batches what is published at
 * the same time and retries what passes. Loaded when the first message is published.
 */
export function createPubSubPublisher(options: {
  readonly topicNameOf: TopicNameOf;
  /** Whether PUBSUB_EMULATOR_HOST is set, so that no credential is needed. */
  readonly usesEmulator: boolean;
}): Publisher {
  const { topicNameOf, usesEmulator } = options;
  let client: Promise<PubSub> | undefined;
  let open = new Map<string, Topic>();

  const drop = () => {
    // Publishes that are in flight on the old client fail by themselves.
    client?.then((pubsub) => pubsub.close()).catch(() => undefined);
    client = undefined;
    open = new Map();
  };

  const connect = (projectId: string) =>
    withTimeout(load(projectId, usesEmulator), CONNECT_TIMEOUT_MS, 'the connection to Pub/Sub').catch(
      (error: unknown) => {
        client = undefined;
        throw error;
      },
    );

  const openTopic = async (name: string): Promise<Topic> => {
    const pubsub = await (client ??= connect(name.split('/')[1] ?? ''));
    const topic =
      open.get(name) ??
      pubsub.topic(name, {
        // The function waits for each publish, so waiting for a fuller batch is latency.
        batching: { maxMessages: 100, maxMilliseconds: 2 },
        gaxOpts: { timeout: PUBLISH_TIMEOUT_MS },
      });
    open.set(name, topic);
    return topic;
  };

  const publish = async (kind: TopicKind, event: OutgoingEvent, delivery: DeliveryProject) => {
    const named = topicNameOf(kind, delivery);
    const name = typeof named === 'string' ? named : await named;
    const topic = open.get(name) ?? (await openTopic(name));
    await topic.publishMessage({ json: event.data, attributes: attributesOf(event) });
  };

  return {
    publish: async (kind, event, delivery) => {
      try {
        await withTimeout(publish(kind, event, delivery), PUBLISH_TIMEOUT_MS, 'the publish');
      } catch (cause) {
        // The library keeps a connection that failed to be set up for ever; only an answer of Pub/Sub proves that the
        // connection works.
        if (!(cause instanceof Failure) && !isAnswerOfPubSub(cause)) drop();
        throw Failure.from(cause, 'Unavailable', `could not publish to the topic of ${kind}`);
      }
    },
  };
}

async function load(projectId: string, usesEmulator: boolean): Promise<PubSub> {
  const [{ PubSub }, { GoogleAuth, PassThroughClient }] = await Promise.all([
    import('@google-cloud/pubsub'),
    import('google-auth-library'),
  ]);
  // Without an auth client, the library looks for a metadata server even here, and delays the first publish.
  if (usesEmulator) return new PubSub({ projectId, authClient: new PassThroughClient() });
  // Credentials first: the library does not recover from missing ones, and rejects a promise without a handler.
  const authClient = await new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/pubsub'] }).getClient();
  await authClient.getAccessToken();
  return new PubSub({ projectId, authClient });
}

/** Errors of gRPC carry a status code, from 1 to 16 (https://grpc.io/docs/guides/status-codes/). */
function isAnswerOfPubSub(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' && code >= 1 && code <= 16;
}
