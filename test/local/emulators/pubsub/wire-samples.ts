import type { PublishedMessage } from '../../../../local/emulators/pubsub/broker/stored-message.ts';
import type { PubsubMessage, Subscription, Topic } from '../../../../local/emulators/pubsub/wire-types.ts';

/** A Topic as the transports decode it. */
export function sampleTopic(topic: Partial<Topic> = {}): Topic {
  return {
    name: 'projects/p/topics/topic',
    labels: {},
    messageRetentionDuration: null,
    schemaSettings: null,
    ingestionDataSourceSettings: null,
    messageTransforms: [],
    state: '',
    ...topic,
  };
}

/** A Subscription as the transports decode it. */
export function sampleSubscription(subscription: Partial<Subscription> = {}): Subscription {
  return {
    name: 'projects/p/subscriptions/subscription',
    topic: 'projects/p/topics/topic',
    pushConfig: null,
    ackDeadlineSeconds: 10,
    retainAckedMessages: false,
    messageRetentionDuration: null,
    labels: {},
    enableMessageOrdering: false,
    enableExactlyOnceDelivery: false,
    expirationPolicy: null,
    filter: '',
    deadLetterPolicy: null,
    retryPolicy: null,
    detached: false,
    bigqueryConfig: null,
    cloudStorageConfig: null,
    bigtableConfig: null,
    messageTransforms: [],
    state: '',
    ...subscription,
  };
}

/** A message with this text. */
export function sampleMessage(text: string, attributes: Record<string, string> = {}): PublishedMessage {
  return { data: Buffer.from(text), attributes, orderingKey: '' };
}

/** The same as a publish request carries it. */
export function samplePublished(message: Partial<PubsubMessage>): PubsubMessage {
  return { ...sampleMessage(''), messageId: '', publishTime: null, ...message };
}
