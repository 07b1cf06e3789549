import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { classify, isAbsent, isTransient } from '../resources/response.ts';
import { Failure, valueFailure } from '../validation/failure.ts';
import { idempotencyRecordId } from '../messages/event-ids.ts';
import { MAX_RENEWALS, parseIdempotencyRecord } from '../budgets/idempotency-store.ts';
import type { IdempotencyRecord } from '../budgets/idempotency-store.ts';
import type { Clock, DeliveryProject, IdempotencyStore } from '../ports.ts';
import type { TasksClient } from './cloud-tasks.ts';

/**
 * An idempotency store in the queue of Cloud Tasks that delays re-checks: a waiting task is a record. No task waits for
 * longer than 30 days, so time is cut into windows of two weeks, and a key has a task for the current window and one for
 * the next. At the end of its window a task arrives as a message, by which `renew` creates the task of the window after
 * the next: two weeks before it is needed, so that a delayed message leaves no gap.
 */
export function createTaskIdempotencyStore({
  tasks,
  clock,
}: {
  readonly tasks: TasksClient;
  readonly clock: Clock;
}): IdempotencyStore {
  const windowNow = () => Math.floor(clock.now() / WINDOW_MS);
  const createTask = (record: IdempotencyRecord, delivery: DeliveryProject) =>
    tasks.create(recordEvent(record, clock.now()), (record.window + 1) * WINDOW_MS, delivery);

  return {
    has: async (key) => {
      const window = windowNow();
      for (const candidate of [window, window + 1]) {
        const result = classify(await tasks.get(idempotencyRecordId(key, candidate)), clock.now());
        if (result.kind === 'ok') return true;
        if (isAbsent(result)) continue;
        if (isTransient(result)) {
          throw new Failure(
            'Unavailable',
            `could not get the task of an idempotency record: ${result.error.message}`,
          );
        }
        return { unknown: result.error.message };
      }
      return false;
    },
    put: async (key, delivery) => {
      const window = windowNow();
      for (const one of [window, window + 1]) {
        await createTask({ key, window: one, renewals: MAX_RENEWALS }, delivery);
      }
    },
    renew: async (data, delivery) => {
      const { key, window, renewals } = parseIdempotencyRecord(data);
      if (window > windowNow() + 1) throw valueFailure('window', 'must not be later than the next');
      const next = window + 2;
      if (renewals > 0 && next >= windowNow()) {
        await createTask({ key, window: next, renewals: renewals - 1 }, delivery);
      }
    },
  };
}

const WINDOW_MS = 14 * 24 * 3600 * 1000;

function recordEvent(record: IdempotencyRecord, nowMs: number): OutgoingEvent {
  return {
    id: idempotencyRecordId(record.key, record.window),
    type: EVENT_TYPE.idempotencyRecord,
    subject: `idempotency-record/${record.key}`,
    time: new Date(nowMs).toISOString(),
    data: record,
  };
}
