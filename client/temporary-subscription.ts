import type { CreateSubscriptionOptions, Message, PubSub } from '@google-cloud/pubsub';
import { randomBytes } from 'node:crypto';

const DAY_SECONDS = 24 * 3600;

/** How long Pub/Sub may take to create or delete a subscription. */
const CALL_TIMEOUT_MS = 30_000;

const ALREADY_EXISTS = 6;

/** A message as Pub/Sub delivers it. */
export type ReceivedMessage = Pick<Message, 'id' | 'attributes' | 'data' | 'publishTime'>;

/** A subscription that lives as long as its reader. */
export interface TemporarySubscription {
  /** Ends the delivery and deletes the subscription. Can be called again. */
  close(): Promise<void>;
}

/**
 * Creates a subscription and begins to read it. Whatever is published after this resolves is delivered.
 *
 * It is deleted by `close`. Where the process dies before, Pub/Sub deletes it after a day without a reader, the shortest
 * time that Pub/Sub knows (https://cloud.google.com/pubsub/docs/subscription-properties#expiration_period).
 */
export async function openTemporarySubscription({
  pubsub,
  topic,
  name,
  filter,
  onMessage,
  onError,
}: {
  readonly pubsub: PubSub;
  /** Full name of the topic. */
  readonly topic: string;
  /** Beginning of the subscription's name. */
  readonly name: string;
  readonly filter: string;
  /** A message is acknowledged when this resolves; Pub/Sub delivers no more than it may leave open. */
  readonly onMessage: (message: ReceivedMessage) => void | Promise<void>;
  /** Called once, when Pub/Sub gives up the delivery. */
  readonly onError: (error: unknown) => void;
}): Promise<TemporarySubscription> {
  const id = `${name}-${randomBytes(8).toString('hex')}`;
  const settings: CreateSubscriptionOptions = {
    ackDeadlineSeconds: 10,
    messageRetentionDuration: DAY_SECONDS,
    expirationPolicy: { ttl: { seconds: DAY_SECONDS } },
    ...(filter !== '' && { filter }),
    gaxOpts: { timeout: CALL_TIMEOUT_MS },
  };
  await pubsub.createSubscription(topic, id, settings).catch((error: unknown) => {
    // The answer to an earlier attempt was lost: the name is random, so the subscription is this one.
    if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
  });
  const subscription = pubsub.subscription(id);
  subscription.on('message', (message: Message) => {
    void Promise.resolve(onMessage(message)).then(() => message.ack());
  });
  subscription.once('error', onError);
  let closing: Promise<void> | undefined;
  return {
    close: () => (closing ??= closeAndDelete()),
  };

  async function closeAndDelete(): Promise<void> {
    subscription.on('error', () => undefined);
    await subscription.close();
    await subscription.delete({ timeout: CALL_TIMEOUT_MS });
  }
}
