import { contextOf, readData } from '../messages/cloud-event.ts';
import { readMessage } from '../messages/message.ts';
import { isProven } from '../messages/proof.ts';
import { classify, isAbsent } from '../resources/response.ts';
import { Failure } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import type { Clock, EventStore } from '../ports.ts';
import type { TasksClient } from './cloud-tasks.ts';

/**
 * A store in the queue of Cloud Tasks that delays re-checks: a waiting task is an event, whose time is the end of its
 * keeping. A task shows its body only in its full view, to callers with `cloudtasks.tasks.get` and
 * `cloudtasks.tasks.fullView`, as roles/cloudtasks.viewer and roles/cloudtasks.enqueuer have them
 * (https://cloud.google.com/iam/docs/roles-permissions/cloudtasks).
 */
export function createTaskEventStore({
  tasks,
  clock,
  messageKeys,
}: {
  readonly tasks: TasksClient;
  readonly clock: Pick<Clock, 'now'>;
  /** With keys, a task whose message has no proof is none of this store: others may create tasks in the queue. */
  readonly messageKeys: readonly string[];
}): EventStore {
  return {
    put: tasks.create,
    get: async (id) => {
      const result = classify(await tasks.get(id, 'FULL'), clock.now());
      if (result.kind === 'ok') return readEvent(result.body, messageKeys);
      if (isAbsent(result)) return undefined;
      const { message } = result.error;
      if (!(result.kind === 'failed' && result.reason === 'denied')) {
        throw new Failure('Unavailable', `could not get a waiting task: ${message}`);
      }
      throw new Failure(
        'ValueError',
        `the function may not read its queue: it needs roles/cloudtasks.viewer and roles/cloudtasks.enqueuer there (${message})`,
      );
    },
  };
}

/** The data of the message that a task publishes, as `taskOf` of `cloud-tasks.ts` writes it; undefined for any other. */
function readEvent(task: unknown, messageKeys: readonly string[]): unknown {
  if (!isObject(task) || !isObject(task.httpRequest)) return undefined;
  const published = readPublished(task.httpRequest.body);
  if (published === undefined) return undefined;
  const message = readMessage({ message: { ...published, messageId: 'task' } }, () => 'task');
  const read = readData(message);
  return read.ok && isProven(message, contextOf(message), messageKeys) ? read.data : undefined;
}

function readPublished(body: unknown): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(String(body), 'base64').toString('utf8'));
    const [message] = isObject(json) && Array.isArray(json.messages) ? (json.messages as unknown[]) : [];
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
