import { jsonAnswer, statusAnswer, type WholeAnswer } from '../google-apis/answer.ts';
import type { PresentTask } from './present-tasks.ts';
import { taskResource, type TaskView } from './task-resource.ts';

/** `ListTasksRequest` (google/cloud/tasks/v2/cloudtasks.proto): a page has at most this many. */
const MAX_PAGE_SIZE = 1_000;

/** A page of the tasks of a queue, ordered by their names; a token is the name of the last task of the page before. */
export function listTasks(
  tasks: readonly PresentTask[],
  view: TaskView,
  query: URLSearchParams,
): WholeAnswer {
  const size = Number(query.get('pageSize') ?? MAX_PAGE_SIZE);
  const token = query.get('pageToken') ?? '';
  const after = Buffer.from(token, 'base64url').toString();
  if (!Number.isSafeInteger(size) || size < 0)
    return statusAnswer('INVALID_ARGUMENT', `Invalid value at 'page_size' (TYPE_INT32), "${String(size)}"`);
  if (token !== '' && !after.includes('/tasks/'))
    return statusAnswer('INVALID_ARGUMENT', 'Invalid value for page_token.');
  const rest = tasks.filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = rest.slice(0, Math.min(size === 0 ? MAX_PAGE_SIZE : size, MAX_PAGE_SIZE));
  const last = page.at(-1);
  return jsonAnswer(200, {
    ...(page.length > 0 && { tasks: page.map((task) => taskResource(task, view)) }),
    ...(last !== undefined &&
      page.length < rest.length && { nextPageToken: Buffer.from(last.name).toString('base64url') }),
  });
}
