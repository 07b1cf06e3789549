import { parseResourceName } from '../resource-names.ts';
import type { PublishedMessage, StoredMessage } from './stored-message.ts';
import type { Subscription } from '../wire-types.ts';

/**
 * The copy that goes to the dead letter topic: the message with where it comes from, in the attributes of
 * cloud.google.com/pubsub/docs/dead-letter-topics#track-delivery-attempts.
 */
export function deadLetterOf(
  source: Subscription,
  message: StoredMessage,
  attempts: number,
): PublishedMessage {
  const { projectId, shortName } = parseResourceName(source.name, 'subscriptions');
  return {
    data: message.data,
    orderingKey: message.orderingKey,
    attributes: {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
      CloudPubSubDeadLetterSourceSubscription: shortName,
      CloudPubSubDeadLetterSourceSubscriptionProject: projectId,
      // The service writes "+00:00", not "Z".
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishTimeMs)
        .toISOString()
        .replace('Z', '+00:00'),
    },
  };
}
