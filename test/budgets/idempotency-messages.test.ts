import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributesOf } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import type { Scheduled } from '../../src/ports.ts';
import { createTaskIdempotencyStore } from '../../src/google/task-idempotency-store.ts';
import { answered, createFakeClock, DELIVERY } from '../support/fakes.ts';
import { createTestApp, pushBody } from '../support/test-app.ts';

/** The app with an idempotency store whose queue only records its tasks. */
function prepare() {
  const created: { event: OutgoingEvent; dueMs: number }[] = [];
  const tasks = {
    create: (event: OutgoingEvent, dueMs: number) => {
      created.push({ event, dueMs });
      return Promise.resolve<Scheduled>('now');
    },
    get: () => Promise.resolve(answered(404, { error: { status: 'NOT_FOUND', message: 'x' } })),
  };
  const idempotencyStore = createTaskIdempotencyStore({ tasks, clock: createFakeClock() });
  return { app: createTestApp({ idempotencyStore }), idempotencyStore, created };
}

describe('the message of an idempotency record', () => {
  for (const [title, dead] of [
    ['when it is due', {}],
    ['as a dead letter', { CloudPubSubDeadLetterSourceSubscription: 'lro-cancel-rechecks-push' }],
  ] as const) {
    it(`an idempotency record that arrives ${title} is renewed and publishes nothing`, async () => {
      const { app, idempotencyStore, created } = prepare();
      await idempotencyStore.put('key', DELIVERY);
      const [first, second] = created;
      assert.ok(first && second);
      assert.equal(created.length, 2);
      await app.handle(pushBody(first.event.data, { ...attributesOf(first.event), ...dead }));
      const third = created[2];
      assert.ok(third, 'there is a task for the window after the next');
      assert.ok(third.dueMs > second.dueMs);
      assert.deepEqual(app.publisher.published, []);
    });
  }

  for (const [title, change] of [
    ['of a window in the far future', { window: 999_999_999 }],
    ['of a window after the next', { window: 4_000 }],
    ['with too many renewals', { renewals: 999_999_999 }],
    ['without a key', { key: undefined }],
  ] as const) {
    it(`an idempotency record ${title} is answered with REJECTED and not renewed`, async () => {
      const { app, idempotencyStore, created } = prepare();
      await idempotencyStore.put('key', DELIVERY);
      const event = created[0]?.event;
      assert.ok(event);
      await app.handle(pushBody({ ...(event.data as object), ...change }, attributesOf(event)));
      assert.equal(created.length, 2);
      assert.equal(app.publisher.results()[0]?.outcome, 'REJECTED');
    });
  }
});
