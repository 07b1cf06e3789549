import type { Scheduler } from '../ports.ts';
import type { TasksClient } from './tasks-client.ts';

/**
 * Delay by Cloud Tasks: a task that publishes the re-check, by Pub/Sub's own API, when its time has come.
 *
 * The task is named by the re-check's id, a hash of request, operation, step and attempt. A redelivered
 * message that schedules the same again finds the name taken, also for a while after the task has run, and
 * no second chain begins.
 */
export const createCloudTasks = (tasks: TasksClient): Scheduler => ({ schedule: tasks.create });
