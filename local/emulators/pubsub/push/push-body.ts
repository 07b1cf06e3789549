import type { Delivery } from '../broker/delivery-queue.ts';

/**
 * The wrapped message that is POSTed (cloud.google.com/pubsub/docs/push#receive_push). As from the service:
 * no "data" without data, no "attributes" without attributes, and `deliveryAttempt` only under a dead letter
 * policy.
 */
export function pushBody(
  { message, attempt }: Pick<Delivery, 'message' | 'attempt'>,
  subscription: { name: string; deadLetterPolicy: object | null },
): string {
  const { data, attributes, messageId, orderingKey } = message;
  const publishTime = new Date(message.publishTimeMs).toISOString();
  return JSON.stringify({
    message: {
      ...(data.length > 0 && { data: Buffer.from(data).toString('base64') }),
      ...(Object.keys(attributes).length > 0 && { attributes }),
      messageId,
      message_id: messageId,
      publishTime,
      publish_time: publishTime,
      ...(orderingKey !== '' && { orderingKey }),
    },
    subscription: subscription.name,
    ...(subscription.deadLetterPolicy !== null && { deliveryAttempt: attempt }),
  });
}
