import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { recheckEvent } from '../../src/cancellation/recheck.ts';
import { attributesOf } from '../../src/messages/cloud-event.ts';
import { aCancellation } from '../support/fakes.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';

describe('with Cloud Tasks', () => {
  it('a request that is sent five times is answered five times, under one result id', async () => {
    const system = await startTestSystem({
      delay: 'cloud-tasks',
      settings: { MESSAGE_KEYS: randomBytes(32).toString('hex') },
    });
    try {
      system.services.add(inNotebooks('many'), { afterMs: 100 });
      const publish = () => system.request({ operation: inNotebooks('many'), requestId: 'many' });
      await Promise.all(Array.from({ length: 5 }, publish));
      const deadline = Date.now() + 60_000;
      const results = () => system.results.get('many') ?? [];
      while (results().length < 5 && Date.now() < deadline) await sleep(20);
      assert.deepEqual(
        results().map(({ data }) => data.outcome),
        Array.from({ length: 5 }, () => 'CANCELLED'),
      );
      assert.equal(new Set(results().map(({ attributes }) => attributes['ce-id'])).size, 1);
      assert.deepEqual([...system.tasks.dispatches().values()], [1, 1, 1, 1, 1]);
    } finally {
      await system.close();
    }
  });

  it('a re-check that somebody else publishes is refused where MESSAGE_KEYS are set', async () => {
    const system = await startTestSystem({
      delay: 'cloud-tasks',
      settings: { MESSAGE_KEYS: randomBytes(32).toString('hex') },
    });
    try {
      const claims: Parameters<typeof aCancellation>[0] = {
        step: 'confirm',
        attempt: 1,
        cancel: { attempts: 1, acceptedAt: new Date().toISOString() },
      };
      const { data, ...event } = recheckEvent(aCancellation(claims), Date.now(), Date.now());
      const forged = { ...(data as object), requestId: 'forged', deadline: new Date().toISOString() };
      const attributes = attributesOf({ ...event, data: forged });
      await system.pubsub.topic(system.topology.topics.rechecks).publishMessage({ json: forged, attributes });
      const { outcome, detail } = (await system.resultOf('forged')).data;
      assert.equal(outcome, 'REJECTED');
      assert.match(detail, /ce-proof/);
      assert.deepEqual(system.services.requests({}), []);
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
      const deadline = Date.now() + 60_000;
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
