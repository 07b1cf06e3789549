import { invalidArgument } from '../status-error.ts';
import type { Subscription } from '../wire-types.ts';

// The fields that may change after creation, by pubsub.proto. The filter, the topic and the name may not.
const updates = new Map<string, (given: Subscription) => Partial<Subscription>>([
  ['ack_deadline_seconds', ({ ackDeadlineSeconds }) => ({ ackDeadlineSeconds })],
  ['dead_letter_policy', ({ deadLetterPolicy }) => ({ deadLetterPolicy })],
  ['expiration_policy', ({ expirationPolicy }) => ({ expirationPolicy })],
  ['labels', ({ labels }) => ({ labels })],
  ['message_retention_duration', ({ messageRetentionDuration }) => ({ messageRetentionDuration })],
  ['push_config', ({ pushConfig }) => ({ pushConfig })],
  ['retain_acked_messages', ({ retainAckedMessages }) => ({ retainAckedMessages })],
  ['retry_policy', ({ retryPolicy }) => ({ retryPolicy })],
]);

/**
 * The settings with the masked fields taken from what was given; INVALID_ARGUMENT for a field that is fixed.
 */
export function withUpdates(
  settings: Subscription,
  given: Subscription,
  paths: readonly string[],
): Subscription {
  if (paths.length === 0) throw invalidArgument('The update_mask must name at least one field.');
  return paths.reduce((updated, path) => {
    const update = updates.get(path);
    if (update === undefined) throw invalidArgument(`Invalid update_mask: "${path}" cannot be updated.`);
    return { ...updated, ...update(given) };
  }, settings);
}
