import { EVENT_TYPE } from '../core/cloud-event.ts';
import type { OutgoingEvent } from '../core/cloud-event.ts';
import { meaningOf } from '../core/answer.ts';
import { Failure } from '../core/failure.ts';
import { latchId } from '../core/identity.ts';
import { parseLatch } from '../core/latches.ts';
import type { Latch, Latches } from '../core/latches.ts';
import type { Clock } from '../core/ports.ts';
import type { TasksClient } from './tasks-client.ts';

/**
 * Latches as tasks of Cloud Tasks, which there is anyway: a task that waits says that its key is set. No
 * task waits for longer than 30 days, so time is cut into windows: at the end of its window a latch's task
 * comes as a message, and sets the latch of the next.
 */
export function createTaskLatches({
  tasks,
  clock,
}: {
  readonly tasks: TasksClient;
  readonly clock: Clock;
}): Latches {
  const windowAt = (ms: number) => Math.floor(ms / WINDOW_MS);

  const setIn = (latch: Latch, messageProject: string | undefined) => {
    // Before the window ends, so that there is no time without a latch.
    const dueMs = (latch.window + 1) * WINDOW_MS - OVERLAP_MS;
    return tasks.create(latchEvent(latch, clock.now()), dueMs, messageProject);
  };

  return {
    isSet: async (key) => {
      const window = windowAt(clock.now());
      // Near the end of a window the next one's latch has taken over.
      for (const candidate of [window, window + 1]) {
        const meaning = meaningOf(await tasks.get(latchId(key, candidate)), clock.now());
        if (meaning.kind === 'ok') return true;
        if (
          meaning.kind === 'refused' &&
          (meaning.reason === 'not-found' || meaning.reason === 'no-such-method')
        )
          continue;
        const passes =
          meaning.kind === 'try-again' || meaning.reason === 'no-answer' || meaning.reason === 'server-error';
        if (passes) throw new Failure('Unavailable', `could not look for a task: ${meaning.error.message}`);
        return { unknown: meaning.error.message };
      }
      return false;
    },
    set: (key, messageProject) =>
      setIn({ key, window: windowAt(clock.now()), renewals: MAX_RENEWALS }, messageProject),
    renew: async (data, messageProject) => {
      const { key, window, renewals } = parseLatch(data);
      if (renewals > 0) await setIn({ key, window: window + 1, renewals: renewals - 1 }, messageProject);
    },
  };
}

const DAY_MS = 24 * 3600 * 1000;
/** A task may be at most 30 days ahead (https://cloud.google.com/tasks/docs/quotas). */
const WINDOW_MS = 29 * DAY_MS;
const OVERLAP_MS = 3_600_000;
/** For more than a year, as long as a budget's interval is. */
const MAX_RENEWALS = 13;

function latchEvent(latch: Latch, nowMs: number): OutgoingEvent {
  return {
    id: latchId(latch.key, latch.window),
    type: EVENT_TYPE.latch,
    subject: `latch/${latch.key}`,
    time: new Date(nowMs).toISOString(),
    data: latch,
  };
}
