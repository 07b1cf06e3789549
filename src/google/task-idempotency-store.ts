import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { classify, isTransient } from '../resources/response.ts';
import type { UnsuccessfulResult } from '../resources/response.ts';
import { Failure, valueFailure } from '../validation/failure.ts';
import { idempotencyRecordId } from '../messages/event-ids.ts';
import { MAX_RENEWALS, parseIdempotencyRecord } from '../budgets/idempotency-store.ts';
import type { IdempotencyRecord } from '../budgets/idempotency-store.ts';
import type { Clock, DeliveryProject, IdempotencyStore } from '../ports.ts';
import type { TasksClient } from './tasks-client.ts';

/**
 * IdempotencyStore as tasks of Cloud Tasks, which there is anyway: a task that waits says that its key is set. No task
 * waits for longer than 30 days, so time is cut into windows of two weeks, and a latch has a task for the window that
 * is and one for the next. At its window's end a task comes as a message, which makes that of the window after
 * the next: two weeks before it is needed, so that no delay of a message leaves a time without a latch.
 */
export function createTaskIdempotencyStore({
  tasks,
  clock,
}: {
  readonly tasks: TasksClient;
  readonly clock: Clock;
}): IdempotencyStore {
  const windowNow = () => Math.floor(clock.now() / WINDOW_MS);
  const setIn = (latch: IdempotencyRecord, delivery: DeliveryProject) =>
    tasks.create(recordEvent(latch, clock.now()), (latch.window + 1) * WINDOW_MS, delivery);

  return {
    has: async (key) => {
      const window = windowNow();
      for (const candidate of [window, window + 1]) {
        const meaning = classify(await tasks.get(idempotencyRecordId(key, candidate)), clock.now());
        if (meaning.kind === 'ok') return true;
        if (isAbsent(meaning)) continue;
        if (isTransient(meaning)) {
          throw new Failure('Unavailable', `could not look for a task: ${meaning.error.message}`);
        }
        return { unknown: meaning.error.message };
      }
      return false;
    },
    put: async (key, delivery) => {
      const window = windowNow();
      for (const one of [window, window + 1]) {
        await setIn({ key, window: one, renewals: MAX_RENEWALS }, delivery);
      }
    },
    renew: async (data, delivery) => {
      const { key, window, renewals } = parseIdempotencyRecord(data);
      if (window > windowNow() + 1) throw valueFailure('window', 'must not be later than the next');
      const next = window + 2;
      if (renewals > 0 && next >= windowNow()) {
        await setIn({ key, window: next, renewals: renewals - 1 }, delivery);
      }
    },
  };
}

const isAbsent = (result: UnsuccessfulResult) =>
  result.kind === 'failed' && (result.reason === 'not-found' || result.reason === 'no-such-method');

const WINDOW_MS = 14 * 24 * 3600 * 1000;

function recordEvent(latch: IdempotencyRecord, nowMs: number): OutgoingEvent {
  return {
    id: idempotencyRecordId(latch.key, latch.window),
    type: EVENT_TYPE.idempotencyRecord,
    subject: `idempotency-record/${latch.key}`,
    time: new Date(nowMs).toISOString(),
    data: latch,
  };
}
