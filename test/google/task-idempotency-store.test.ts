import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Scheduled } from '../../src/ports.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { createTaskIdempotencyStore } from '../../src/google/task-idempotency-store.ts';
import { answered, createFakeClock, DELIVERY, status } from '../support/fakes.ts';

const DAY_MS = 24 * 3_600_000;
const NOT_FOUND = answered(404, { error: { code: 404, status: 'NOT_FOUND', message: 'no such task' } });

/** A fake queue that keeps tasks until they are due, and then delivers each as a message. */
function prepare(lateHours = 0) {
  const clock = createFakeClock();
  const waiting = new Map<string, { event: OutgoingEvent; dueMs: number }>();
  const inDelivery: { data: unknown; atMs: number }[] = [];
  let answer: ServiceResponse | undefined;
  const tasks = {
    create: (event: OutgoingEvent, dueMs: number) => {
      assert.ok(dueMs <= clock.now() + 30 * DAY_MS, 'Cloud Tasks takes no task for later than 30 days');
      waiting.set(event.id, { event, dueMs });
      return Promise.resolve<Scheduled>('now');
    },
    get: (id: string) =>
      Promise.resolve(answer ?? (waiting.has(id) ? answered(200, { name: id }) : NOT_FOUND)),
  };
  const idempotencyStore = createTaskIdempotencyStore({ tasks, clock });
  return {
    clock,
    idempotencyStore,
    waiting,
    answerWith: (given: ServiceResponse) => void (answer = given),
    /** Lets time pass, an hour at a time, while the function renews records. */
    live: async (days: number) => {
      for (let hour = 0; hour < days * 24; hour += 1) {
        clock.advance(3_600_000);
        for (const [id, { event, dueMs }] of [...waiting]) {
          if (dueMs > clock.now()) continue;
          // A task is deleted when it is sent, even if its message is delivered later.
          waiting.delete(id);
          inDelivery.push({
            data: JSON.parse(JSON.stringify(event.data)) as unknown,
            atMs: clock.now() + lateHours * 3_600_000,
          });
        }
        for (const message of [...inDelivery]) {
          if (message.atMs > clock.now()) continue;
          inDelivery.splice(inDelivery.indexOf(message), 1);
          await idempotencyStore.renew(message.data, DELIVERY);
        }
      }
    },
  };
}

describe('an idempotency record in Cloud Tasks', () => {
  it('a record exists once it was put, and no other does', async () => {
    const { idempotencyStore } = prepare();
    assert.equal(await idempotencyStore.has('a'), false);
    await idempotencyStore.put('a', DELIVERY);
    assert.equal(await idempotencyStore.has('a'), true);
    assert.equal(await idempotencyStore.has('b'), false);
  });

  it('a record exists at every hour of a year, although no task waits for longer than 30 days', async () => {
    const { idempotencyStore, live, waiting } = prepare();
    await idempotencyStore.put('a', DELIVERY);
    for (let hour = 0; hour < 366 * 24; hour += 1) {
      await live(1 / 24);
      assert.equal(await idempotencyStore.has('a'), true, `after ${hour / 24} days`);
    }
    assert.ok(waiting.size <= 2);
  });

  it('a record exists although its messages are delivered almost two weeks late', async () => {
    const { idempotencyStore, live } = prepare(13 * 24);
    await idempotencyStore.put('a', DELIVERY);
    for (let day = 0; day < 120; day += 1) {
      await live(1);
      assert.equal(await idempotencyStore.has('a'), true, `after ${day} days`);
    }
  });

  it('a record exists as soon as it was put, even just before the end of a window', async () => {
    const { idempotencyStore, clock, live } = prepare();
    for (let hour = 0; hour < 15 * 24; hour += 1) {
      const key = `at-${hour}`;
      await idempotencyStore.put(key, DELIVERY);
      assert.equal(await idempotencyStore.has(key), true);
      clock.advance(1);
      await live(1 / 24);
      assert.equal(await idempotencyStore.has(key), true);
    }
  });

  it('a record expires, so that it is not renewed forever', async () => {
    const { idempotencyStore, live, waiting } = prepare();
    await idempotencyStore.put('a', DELIVERY);
    await live(500);
    assert.equal(waiting.size, 0);
  });

  it('a lookup throws transient errors, so that the message is redelivered', async () => {
    const { idempotencyStore, answerWith } = prepare();
    for (const answer of [
      status(503, 'UNAVAILABLE'),
      status(500, 'INTERNAL'),
      status(429, 'RESOURCE_EXHAUSTED'),
    ]) {
      answerWith(answer);
      await assert.rejects(idempotencyStore.has('a'), /could not get the task of an idempotency record/);
    }
  });

  it('a lookup that is not allowed returns the reason', async () => {
    const { idempotencyStore, answerWith } = prepare();
    answerWith(status(403, 'PERMISSION_DENIED'));
    assert.deepEqual(await idempotencyStore.has('a'), { unknown: 'PERMISSION_DENIED it is' });
  });

  it('the store refuses to renew a message that is not a record', async () => {
    const { idempotencyStore } = prepare();
    await assert.rejects(idempotencyStore.renew({ key: 'a' }, DELIVERY), {
      code: 'ValueError',
      path: ['window'],
    });
  });
});
