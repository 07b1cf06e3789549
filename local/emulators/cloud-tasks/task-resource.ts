import type { JsonObject } from '../google-apis/rpc-status.ts';
import type { PresentTask } from './present-tasks.ts';

/**
 * The task as it is shown (google/cloud/tasks/v2/task.proto, `Task` in its basic view): when it is sent, or
 * sent again, when it was created, truncated to the second, and how often it has been sent.
 */
export function taskResource({ name, nextMs, createdMs, dispatched }: PresentTask): JsonObject {
  return {
    name,
    scheduleTime: new Date(nextMs).toISOString(),
    createTime: new Date(Math.floor(createdMs / 1000) * 1000).toISOString(),
    ...(dispatched > 0 && { dispatchCount: dispatched }),
    view: 'BASIC',
  };
}
