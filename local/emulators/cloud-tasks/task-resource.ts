import type { JsonObject } from '../google-apis/rpc-status.ts';
import type { PresentTask } from './present-tasks.ts';

/** `Task.View`: the basic one leaves out everything that can be large or secret. */
export type TaskView = 'BASIC' | 'FULL';

/** The view that a call asks for (`response_view`); undefined for a text that names none. */
export function readView(text: string | null): TaskView | undefined {
  if (text === null || text === 'VIEW_UNSPECIFIED') return 'BASIC';
  return text === 'BASIC' || text === 'FULL' ? text : undefined;
}

/**
 * The task as it is shown (google/cloud/tasks/v2/task.proto, `Task`): when it is sent, or sent again, when it was created,
 * truncated to the second, and how often it has been sent. The full view has its HTTP request, with the body in base64.
 */
export function taskResource(task: PresentTask, view: TaskView): JsonObject {
  const { name, nextMs, createdMs, dispatched } = task;
  return {
    name,
    scheduleTime: new Date(nextMs).toISOString(),
    createTime: new Date(Math.floor(createdMs / 1000) * 1000).toISOString(),
    ...(dispatched > 0 && { dispatchCount: dispatched }),
    ...(view === 'FULL' && {
      httpRequest: {
        url: task.url,
        httpMethod: 'POST',
        headers: { ...task.headers, 'User-Agent': 'Google-Cloud-Tasks' },
        body: task.body.toString('base64'),
        oauthToken: { ...task.oauthToken },
      },
    }),
    view,
  };
}
