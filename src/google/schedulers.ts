import type { Publisher, Scheduler } from '../ports.ts';
import type { TasksClient } from './cloud-tasks.ts';

/**
 * Delay by Cloud Tasks: a task publishes the event, through Pub/Sub's own API, at its time.
 *
 * The task is named by the event's id, for a re-check a hash of request, its origin, operation and attempt. A redelivered message that
 * schedules the same event again finds the name taken, also for a while after the task has run, so no second chain
 * begins.
 */
export const createCloudTasksScheduler = (tasks: TasksClient): Scheduler => ({ schedule: tasks.create });

/**
 * Delay by redelivery, with Pub/Sub alone: the event is published at once and carries its time. The function holds an
 * event that is almost due and answers "not yet" to any other; the subscription's retry policy is the delay.
 *
 * For small loads: each "not yet" is a nack, and nacks slow the whole push subscription
 * (https://cloud.google.com/pubsub/docs/push#push_backoff).
 */
export const createRedeliveryScheduler = (publisher: Publisher): Scheduler => ({
  schedule: async (event, _dueMs, delivery) => {
    await publisher.publish('rechecks', event, delivery);
    return 'now';
  },
});
