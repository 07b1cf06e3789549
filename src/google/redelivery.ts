import type { Scheduler, Publisher } from '../ports.ts';

/**
 * Delay by redelivery, with Pub/Sub alone: the re-check is published at once, and carries the time before
 * which it is of no use. One that is almost due is held by the function; for any other it answers "not yet",
 * and the subscription's retry policy is the delay.
 *
 * For small loads: each "not yet" is a nack, and nacks slow the whole push subscription
 * (https://cloud.google.com/pubsub/docs/push#push_backoff).
 */
export const createRedelivery = (publisher: Publisher): Scheduler => ({
  schedule: (event, _dueMs, messageProject) => publisher.publish('rechecks', event, messageProject),
});
