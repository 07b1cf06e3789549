import type { Source } from '../../local/page/model/records.ts';
import type { WaitingTask } from '../../local/page/model/waiting-task.ts';
import { isObject } from '../../src/validation/schema.ts';
import { shownText } from '../../src/validation/shown-text.ts';
import { adviceOnState } from '../doctor/delivery.ts';
import type { GoogleApi, Unreadable } from '../doctor/google-api.ts';
import { readWaitingTask } from './waiting-task.ts';

const HOST = 'cloudtasks.googleapis.com';
/** Tasks in a call; a call has at most 1,000. With their messages they are some kilobytes each. */
const PAGE_SIZE = 250;
const MAX_PAGES = 4;
/** Time for which messages that may not be read are not asked for again. */
const ASK_AGAIN_MS = 300_000;

/** A reading of the queue. */
export interface QueueReading {
  readonly source: Source;
  /** The soonest first; undefined where they could not be read. */
  readonly tasks?: readonly WaitingTask[];
  /** Whether the queue has no other tasks. */
  readonly isWhole: boolean;
  /** Number of calls that it took. */
  readonly calls: number;
}

/** Reads the queue and its first tasks (google/cloud/tasks/v2/cloudtasks.proto, `GetQueue` and `ListTasks`). Never throws. */
export function createQueueReader({
  api,
  queue,
  now,
}: {
  readonly api: GoogleApi;
  /** Full name. */
  readonly queue: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): () => Promise<QueueReading> {
  let messagesDeniedUntilMs = 0;

  /** A page of the list, with the messages of the tasks where they may be read and are not too large. */
  const readPage = async (pageToken: string | undefined) => {
    const token = pageToken === undefined ? '' : `&pageToken=${encodeURIComponent(pageToken)}`;
    const list = (view: 'FULL' | 'BASIC') =>
      api.get(HOST, `v2/${queue}/tasks?responseView=${view}&pageSize=${PAGE_SIZE}${token}`);
    if (now() < messagesDeniedUntilMs) return { answer: await list('BASIC'), calls: 1 };
    const full = await list('FULL');
    if (full.kind !== 'unreadable' || !['denied', 'too-large'].includes(full.reason))
      return { answer: full, calls: 1 };
    const basic = await list('BASIC');
    if (basic.kind === 'found' && full.reason === 'denied') messagesDeniedUntilMs = now() + ASK_AGAIN_MS;
    return { answer: basic, calls: 2 };
  };

  const problem = (text: string, calls: number): QueueReading => ({
    source: { id: 'queue', state: 'unreadable', text },
    isWhole: false,
    calls,
  });

  return async () => {
    const read = await api.get(HOST, `v2/${queue}`);
    if (read.kind === 'unreadable') return problem(adviceOnUnreadable(queue, read), 1);
    if (read.kind === 'missing') return problem(adviceOnMissing(queue), 1);
    const tasks: WaitingTask[] = [];
    let calls = 1;
    let pageToken: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { answer, calls: made } = await readPage(pageToken);
      calls += made;
      if (answer.kind === 'missing') return problem(adviceOnMissing(queue), calls);
      if (answer.kind === 'unreadable') return problem(adviceOnUnreadable(queue, answer), calls);
      const { tasks: listed, nextPageToken } = answer.body;
      if (Array.isArray(listed))
        for (const one of listed as unknown[]) if (isObject(one)) tasks.push(readWaitingTask(one, now()));
      pageToken = typeof nextPageToken === 'string' && nextPageToken !== '' ? nextPageToken : undefined;
      if (pageToken === undefined) break;
    }
    const { state } = read.body;
    const shownState = typeof state === 'string' ? shownText(state, 64) : 'RUNNING';
    const advice = [
      ...(shownState === 'RUNNING' ? [] : [adviceOnState(queue, shownState)]),
      ...(now() < messagesDeniedUntilMs ? [MESSAGES_DENIED] : []),
    ];
    return {
      source: {
        id: 'queue',
        state: advice.length === 0 ? 'read' : 'degraded',
        text: advice.join(' '),
        queue: {
          name: queue,
          state: shownState,
          readAtMs: now(),
          count: tasks.length,
          hasMore: pageToken !== undefined,
        },
      },
      tasks: tasks.sort((a, b) => a.dueMs - b.dueMs),
      isWhole: pageToken === undefined,
      calls,
    };
  };
}

/** https://cloud.google.com/iam/docs/roles-permissions/cloudtasks */
const MESSAGES_DENIED =
  'Which requests wait is not shown: it needs the permission cloudtasks.tasks.fullView on the queue, which roles/cloudtasks.enqueuer and roles/cloudtasks.admin have.';

const adviceOnMissing = (queue: string) =>
  `There is no ${queue}, so no cancel is confirmed. Name another with --queue, or run lro-cancel doctor.`;

function adviceOnUnreadable(queue: string, { reason, why }: Unreadable): string {
  const [, project = ''] = queue.split('/');
  const told = shownText(why, 500);
  if (reason === 'disabled')
    return `The queue cannot be read, because Cloud Tasks is not switched on (gcloud services enable ${HOST} --project=${project}): ${told}`;
  if (reason === 'denied')
    return `The queue cannot be read: ${told} It needs roles/cloudtasks.viewer on the queue or the project.`;
  return `The queue cannot be read: ${told}`;
}
