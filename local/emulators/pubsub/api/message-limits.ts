import { invalidArgument } from '../status-error.ts';
import { messageSizeBytes } from '../broker/stored-message.ts';
import type { PubsubMessage } from '../wire-types.ts';

// cloud.google.com/pubsub/quotas#resource_limits.
const maxMessages = 1_000;
const maxRequestBytes = 10 * 1024 * 1024;
const maxAttributes = 100;
const maxKeyBytes = 256;
const maxValueBytes = 1_024;

/** INVALID_ARGUMENT unless the service would accept these messages in one Publish call. */
export function checkMessages(messages: readonly PubsubMessage[]): void {
  if (messages.length < 1 || messages.length > maxMessages) {
    throw invalidArgument(
      `A publish request has 1 to ${maxMessages} messages; this one has ${messages.length}.`,
    );
  }
  let requestBytes = 0;
  for (const message of messages) {
    checkAttributes(message);
    requestBytes += messageSizeBytes(message);
  }
  if (requestBytes > maxRequestBytes) {
    throw invalidArgument(`Request payload size exceeds the limit: ${maxRequestBytes} bytes.`);
  }
}

function checkAttributes({ data, attributes }: PubsubMessage) {
  const entries = Object.entries(attributes);
  if (data.length === 0 && entries.length === 0) {
    throw invalidArgument('One or more messages are empty: each needs data or at least one attribute.');
  }
  if (entries.length > maxAttributes) {
    throw invalidArgument(
      `A message has at most ${maxAttributes} attributes; this one has ${entries.length}.`,
    );
  }
  for (const [key, value] of entries) {
    // The client libraries themselves send "googclient_…"; every other "goog" is reserved.
    const isReserved = key.startsWith('goog') && !key.startsWith('googclient_');
    const keyBytes = Buffer.byteLength(key);
    if (keyBytes < 1 || keyBytes > maxKeyBytes || isReserved) {
      throw invalidArgument(
        `The key of an attribute has 1 to ${maxKeyBytes} bytes and does not begin with "goog": "${key}".`,
      );
    }
    if (Buffer.byteLength(value) > maxValueBytes) {
      throw invalidArgument(`The value of attribute "${key}" is longer than ${maxValueBytes} bytes.`);
    }
  }
}
