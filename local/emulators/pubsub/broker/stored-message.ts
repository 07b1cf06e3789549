import { fromMs, type PubsubMessage } from '../wire-types.ts';

/** A message as its publisher gives it; the broker adds id and time. */
export type PublishedMessage = Pick<PubsubMessage, 'data' | 'attributes' | 'orderingKey'>;

/** A message as the broker keeps it, one copy for all subscriptions. */
export interface StoredMessage extends Readonly<PublishedMessage> {
  /** Decimal, and greater than those of messages published before. */
  readonly messageId: string;
  readonly publishTimeMs: number;
  /** Size that counts against flow control. */
  readonly sizeBytes: number;
}

/** Stamps a published message. */
export function createStoredMessage(
  messageId: string,
  publishTimeMs: number,
  { data, attributes, orderingKey }: PublishedMessage,
): StoredMessage {
  const sizeBytes = messageSizeBytes({ data, attributes });
  return { messageId, publishTimeMs, data, attributes, orderingKey, sizeBytes };
}

/** The bytes of a message that the limits and flow control are about: data and attributes. */
export function messageSizeBytes({
  data,
  attributes,
}: Pick<PublishedMessage, 'data' | 'attributes'>): number {
  let sizeBytes = data.length;
  for (const [key, value] of Object.entries(attributes)) {
    sizeBytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  return sizeBytes;
}

/** The message as a puller receives it. */
export function toPubsubMessage(message: StoredMessage): PubsubMessage {
  const { messageId, data, attributes, orderingKey, publishTimeMs } = message;
  return { messageId, data, attributes, orderingKey, publishTime: fromMs(publishTimeMs) };
}
