import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inNotebooks, startTestSystem } from './test-system.ts';

describe('with Cloud Tasks', () => {
  it('many deliveries of one request make one chain of re-checks and one result', async () => {
    const system = await startTestSystem({ delay: 'cloud-tasks' });
    try {
      system.services.add(inNotebooks('many'), { afterMs: 8_000 });
      const publish = () => system.request({ operation: inNotebooks('many'), requestId: 'many' });
      await Promise.all(Array.from({ length: 5 }, publish));
      await system.resultOf('many');
      // Five chains would have five tasks for each step.
      assert.deepEqual(
        [...system.tasks.dispatches().values()],
        [1, 1],
        'the operation runs for 8 s: one re-check after 5 s, one after 15 s',
      );
      assert.equal(system.services.requests({ method: 'GET' }).length, 2);
      assert.equal(system.results.get('many')?.length, 1);
    } finally {
      await system.close();
    }
  });

  it('a queue that fails and dispatches twice and late loses nothing and adds no second result', async () => {
    const system = await startTestSystem({
      delay: 'cloud-tasks',
      backoff: { minimumSeconds: 0.2, maximumSeconds: 1 },
      tasks: {
        createFaults: [
          { kind: 'UNAVAILABLE', times: 4 },
          { kind: 'reset' },
          { kind: 'INTERNAL', applied: true },
          { kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 1 },
        ],
        duplicateEvery: 1,
        lateMs: 300,
      },
    });
    try {
      const ids = ['a', 'b', 'c', 'd'];
      for (const id of ids) {
        system.services.add(inNotebooks(id), { afterMs: 100 });
        await system.request({ operation: inNotebooks(id), requestId: id });
      }
      for (const id of ids) assert.equal((await system.resultOf(id)).data.outcome, 'CANCELLED');
      // Waits until the second copy of each task has been answered too.
      const gets = () => system.services.requests({ method: 'GET' }).length;
      const deadline = Date.now() + 20_000;
      while (gets() < 2 * ids.length && Date.now() < deadline) await sleep(20);
      assert.ok(gets() >= 2 * ids.length);
      for (const id of ids) {
        const results = system.results.get(id) ?? [];
        assert.equal(new Set(results.map(({ attributes }) => attributes['ce-id'])).size, 1);
        assert.deepEqual(new Set(results.map(({ data }) => data.outcome)), new Set(['CANCELLED']));
      }
    } finally {
      await system.close();
    }
  });

  it('a cancel that exceeds a quota is tried again by a task after the wait that the service asks for', async () => {
    const system = await startTestSystem({ delay: 'cloud-tasks' });
    try {
      system.services.add(inNotebooks('later'), {
        cancelFaults: [{ kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 31 }],
      });
      await system.request({ operation: inNotebooks('later'), requestId: 'later' });
      const { data } = await system.resultOf('later');
      assert.deepEqual([data.outcome, data.cancel.attempts], ['CANCELLED', 2]);
    } finally {
      await system.close();
    }
  });
});
