import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryEventStore } from '../../src/google/memory-event-store.ts';
import { createTaskEventStore } from '../../src/google/task-event-store.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { attributesOf } from '../../src/messages/cloud-event.ts';
import { prove } from '../../src/messages/proof.ts';
import type { Scheduled } from '../../src/ports.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { answered, createFakeClock, DELIVERY, NOON_MS, status } from '../support/fakes.ts';

const KEY = 'the key of this deployment alone'.repeat(2);
const NOT_FOUND = answered(404, { error: { code: 404, status: 'NOT_FOUND', message: 'no such task' } });

const eventOf = (id: string, data: unknown): OutgoingEvent => ({
  id,
  type: 'lro-cancel.run-list.v1',
  subject: 's',
  time: new Date(NOON_MS).toISOString(),
  data,
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A task in its full view, as Cloud Tasks shows it. */
function fullTask(event: OutgoingEvent): ServiceResponse {
  const message = { data: base64(JSON.stringify(event.data)), attributes: attributesOf(event) };
  const httpRequest = { httpMethod: 'POST', body: base64(JSON.stringify({ messages: [message] })) };
  return answered(200, { name: `q/tasks/${event.id}`, httpRequest, view: 'FULL' });
}

/** A store whose queue gives one answer to every look, with the looks that were made. */
function prepare(answer: ServiceResponse, messageKeys: readonly string[] = []) {
  const looks: unknown[] = [];
  const tasks = {
    create: () => Promise.resolve<Scheduled>('before'),
    get: (...look: unknown[]) => {
      looks.push(look);
      return Promise.resolve(answer);
    },
  };
  return { store: createTaskEventStore({ tasks, clock: createFakeClock(), messageKeys }), looks };
}

describe('an event that Cloud Tasks stores', () => {
  it('an event is read from the full view of its waiting task', async () => {
    const { store, looks } = prepare(fullTask(eventOf('a', { one: ['ü', 2] })));
    assert.deepEqual(await store.get('a'), { one: ['ü', 2] });
    assert.deepEqual(looks, [['a', 'FULL']]);
    assert.equal(await store.put(eventOf('a', {}), NOON_MS, DELIVERY), 'before');
  });

  it('no event is read where no such task waits', async () =>
    assert.equal(await prepare(NOT_FOUND).store.get('a'), undefined));

  for (const [title, answer] of [
    ['the queue is busy', status(503, 'UNAVAILABLE')],
    ['there are too many calls', status(429, 'RESOURCE_EXHAUSTED')],
    ['the answer cannot be read', { kind: 'answered', httpStatus: 200, bodyProblem: 'not JSON' }],
    ['the call is refused for a reason that is not known', status(400, 'INVALID_ARGUMENT')],
  ] as const) {
    it(`the message waits while ${title}`, async () => {
      await assert.rejects(prepare(answer).store.get('a'), { code: 'Unavailable' });
    });
  }

  it('a function that may not look into its queue says which roles it needs', async () => {
    await assert.rejects(prepare(status(403, 'PERMISSION_DENIED')).store.get('a'), {
      code: 'ValueError',
      message: /needs roles\/cloudtasks\.viewer and roles\/cloudtasks\.enqueuer/,
    });
  });

  for (const [title, body] of [
    ['without a body', undefined],
    ['whose body is no JSON', base64('hello')],
    ['that publishes nothing', base64(JSON.stringify({ messages: [] }))],
    ['that publishes no JSON', base64(JSON.stringify({ messages: [{ data: base64('hello') }] }))],
    ['that publishes a text', base64(JSON.stringify({ messages: 'hello' }))],
  ] as const) {
    it(`no event is read from a task ${title}`, async () => {
      assert.equal(await prepare(answered(200, { httpRequest: { body } })).store.get('a'), undefined);
    });
  }

  it('with keys, an event is read only with its proof: others may create tasks in the queue', async () => {
    const event = eventOf('a', { one: 1 });
    const proven = prove(event, [KEY]);
    const read = (answer: ServiceResponse) => prepare(answer, ['a newer key'.repeat(4), KEY]).store.get('a');
    assert.deepEqual(await read(fullTask(proven)), { one: 1 });
    assert.equal(await read(fullTask(event)), undefined);
    assert.equal(await read(fullTask({ ...proven, data: { one: 2 } })), undefined);
    assert.equal(await read(fullTask({ ...proven, id: 'b' })), undefined);
  });
});

describe('an event that an instance stores', () => {
  it('an event is read until its time is over, and the first of its id stays', async () => {
    const clock = createFakeClock();
    const store = createMemoryEventStore(clock);
    assert.equal(await store.put(eventOf('a', { one: 1 }), NOON_MS + 1_000, DELIVERY), 'now');
    assert.equal(await store.put(eventOf('a', { one: 2 }), NOON_MS + 9_000, DELIVERY), 'before');
    assert.deepEqual([await store.get('a'), await store.get('b')], [{ one: 1 }, undefined]);
    clock.advance(1_000);
    assert.equal(await store.get('a'), undefined);
    assert.equal(await store.put(eventOf('a', { one: 3 }), NOON_MS + 9_000, DELIVERY), 'now');
  });

  it('the oldest event leaves where there are more than 1,000, or more than 32 MiB', async () => {
    const store = createMemoryEventStore(createFakeClock());
    const put = (id: string, data: unknown) => store.put(eventOf(id, data), NOON_MS + 1, DELIVERY);
    for (let n = 0; n <= 1_000; n += 1) await put(`small-${n}`, n);
    assert.deepEqual([await store.get('small-0'), await store.get('small-1')], [undefined, 1]);
    const megabyte = 'a'.repeat(1024 * 1024);
    for (let n = 0; n < 33; n += 1) await put(`large-${n}`, megabyte);
    assert.equal(await store.get('small-1000'), undefined);
    assert.deepEqual(
      await Promise.all([0, 1, 2, 32].map(async (n) => (await store.get(`large-${n}`)) !== undefined)),
      [false, false, true, true],
    );
  });
});
