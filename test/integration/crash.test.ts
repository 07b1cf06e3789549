import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFunctionProcess } from '../../local/function-process.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';

async function until(condition: () => boolean, description: string): Promise<void> {
  const deadline = Date.now() + 100_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `never came true: ${description}`);
    await sleep(10);
  }
}

/**
 * Google's emulator (0.8.20) has messages that it never delivers again after their subscriber died with the push.
 * With delay by redelivery nearly every request is in such a push when the function is killed.
 */
const forgetsPushes = (process.env.PUBSUB_EMULATOR_HOST ?? '') !== '';

describe('a function that is killed', () => {
  for (const delay of ['redelivery', 'cloud-tasks'] as const) {
    const skip =
      delay === 'redelivery' && forgetsPushes && "Google's emulator forgets pushes of a killed subscriber";
    it(
      `a function that is killed repeatedly still ends every request in one result (${delay})`,
      { skip },
      async () => {
        const system = await startTestSystem({ delay, backoff: { minimumSeconds: 0.5, maximumSeconds: 2 } });
        try {
          const ids = Array.from({ length: 40 }, (_, n) => `r${n}`);
          for (const [index, id] of ids.entries()) {
            system.services.add(inNotebooks(id), {
              onCancel: index % 4 === 0 ? 'succeeded' : 'cancelled',
              afterMs: index % 3 === 0 ? 4_000 : 100,
              cancelFaults: index % 5 === 0 ? [{ kind: 'UNAVAILABLE' }] : [],
            });
          }
          await Promise.all(ids.map((id) => system.request({ operation: inNotebooks(id), requestId: id })));
          const posts = () => system.services.requests({ method: 'POST' }).length;
          const gets = () => system.services.requests({ method: 'GET' }).length;

          await until(() => posts() >= 5, 'five cancels are under way');
          await system.fn.kill();
          await system.fn.restart();
          await until(() => gets() >= 5, 'five operations were requested by GET');
          await system.fn.kill();
          await system.fn.restart();

          for (const [index, id] of ids.entries()) {
            const { data } = await system.resultOf(id);
            assert.equal(data.outcome, index % 4 === 0 ? 'SUCCEEDED' : 'CANCELLED', `${id}: ${data.detail}`);
          }
          for (const [id, results] of system.results) {
            assert.equal(
              new Set(results.map(({ attributes }) => attributes['ce-id'])).size,
              1,
              `${id} has one result id`,
            );
            assert.equal(new Set(results.map(({ data }) => data.outcome)).size, 1, `${id} has one outcome`);
          }
        } finally {
          await system.close();
        }
      },
    );
  }
});

describe('a request for 1,000 operations', () => {
  it('a request for 1,000 operations whose function is killed ends in 1,000 results, none of them twice', async () => {
    const system = await startTestSystem({ backoff: { minimumSeconds: 0.5, maximumSeconds: 2 } });
    try {
      const many = Array.from({ length: 1_000 }, (_, n) => inNotebooks(`of-a-thousand-${n}`));
      for (const url of many) system.services.add(url);
      await system.request({ operations: many, requestId: 'thousand', dryRun: true });
      const gets = () => system.services.requests({ method: 'GET' }).length;
      await until(() => gets() > 0, 'the first have begun');
      await system.fn.kill();
      await system.fn.restart();
      const seen = () => (system.results.get('thousand') ?? []).map(({ data }) => data.operation?.url);
      await until(() => new Set(seen()).size === many.length, 'each has its result');
      const ids = new Set(system.results.get('thousand')?.map(({ attributes }) => attributes['ce-id']));
      assert.equal(ids.size, many.length);
    } finally {
      await system.close();
    }
  });
});

describe('a function that is asked to end, by SIGTERM', () => {
  it('a function that gets SIGTERM ends at once and leaves its deliveries to redelivery, without loss or partial results', async () => {
    const backoff = { minimumSeconds: 0.5, maximumSeconds: 2 };
    const system = await startTestSystem({ backoff });
    try {
      // One request waits for a service that throttles it, one for an answer, and one becomes many.
      system.services.add(inNotebooks('throttled'), {
        cancelFaults: [{ kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 8 }],
      });
      system.services.add(inNotebooks('slow'), { cancelFaults: [{ kind: 'slow', delayMs: 5_000 }] });
      const many = Array.from({ length: 300 }, (_, n) => inNotebooks(`one-of-many-${n}`));
      for (const url of many) system.services.add(url);
      const posts = (id: string) =>
        system.services.requests({ method: 'POST' }).some(({ url }) => url.includes(id));
      await system.request({ operation: inNotebooks('throttled'), requestId: 'throttled' });
      await system.request({ operation: inNotebooks('slow'), requestId: 'slow' });
      await until(() => posts('throttled') && posts('slow'), 'both cancels are under way');
      await system.request({ operations: many, requestId: 'many', dryRun: true });
      await until(() => system.services.requests({ method: 'GET' }).length > 0, 'the many have begun');

      const startMs = Date.now();
      await system.fn.close();
      assert.ok(Date.now() - startMs < 5_000, 'Cloud Run waits for ten seconds');
      assert.deepEqual(system.results.get('throttled') ?? [], []);
      await system.fn.restart();

      for (const id of ['throttled', 'slow']) {
        assert.equal((await system.resultOf(id)).data.outcome, 'CANCELLED');
        const ids = new Set(system.results.get(id)?.map(({ attributes }) => attributes['ce-id']));
        assert.equal(ids.size, 1);
      }
      const seen = () => new Set((system.results.get('many') ?? []).map(({ data }) => data.operation?.url));
      await until(() => seen().size === many.length, 'each of the many has its result');
      const ids = new Set(system.results.get('many')?.map(({ attributes }) => attributes['ce-id']));
      assert.equal(ids.size, many.length);
    } finally {
      await system.close();
    }
  });
});

describe('a message that keeps failing', () => {
  it('a message that keeps failing is given up by Pub/Sub, and answered with ERROR and DeadLetter', async () => {
    const backoff = { minimumSeconds: 0.2, maximumSeconds: 1 };
    const system = await startTestSystem({ requestDeliveryAttempts: 5, backoff });
    try {
      // No instance runs until the request is a dead letter; then one takes the dead letter.
      await system.fn.kill();
      const deadLetters = await system.copyOf('deadLetters');
      await system.request({ operation: inNotebooks('given-up'), requestId: 'given-up' });
      await until(() => deadLetters() > 0, 'the request is a dead letter');
      await system.fn.restart();
      const { data, attributes } = await system.resultOf('given-up');
      assert.deepEqual([data.outcome, data.error?.type], ['ERROR', 'DeadLetter']);
      assert.equal(
        attributes['ce-subject'],
        inNotebooks('given-up').replace('https:', '').replace('/v2/', '/'),
      );
      assert.equal(data.cancel.attempts, 0);
    } finally {
      await system.close();
    }
  });
});

describe('a re-check that waits longer than Pub/Sub redelivers', () => {
  it('a re-check that Pub/Sub gives up while it waits is scheduled again, and ends in its result', async () => {
    // Each "not yet" counts as a delivery: with five of them, a re-check that is due in 32 s is given up
    // several times.
    const backoff = { minimumSeconds: 0.2, maximumSeconds: 1 };
    const system = await startTestSystem({ delay: 'redelivery', recheckDeliveryAttempts: 5, backoff });
    try {
      system.services.add(inNotebooks('patient'), {
        cancelFaults: [{ kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 32 }],
      });
      await system.request({ operation: inNotebooks('patient'), requestId: 'patient' });
      const { data } = await system.resultOf('patient');
      assert.deepEqual([data.outcome, data.cancel.attempts], ['CANCELLED', 2]);
      assert.ok(
        system.logLines.some((line) =>
          line.includes('The re-check was dead-lettered while it waited; it is scheduled again'),
        ),
      );
    } finally {
      await system.close();
    }
  });
});

describe('a function with invalid settings', () => {
  it('a function with invalid settings does not start, and logs the name of each variable', async () => {
    await assert.rejects(
      startFunctionProcess({ environment: { CONFIRM_WITHIN: 'soon', ALLOWED_SERVICES: 'notebook' } }),
      (error: Error) => {
        // The log is JSON, with a line for each mistake.
        const lines = error.message.split('\n').filter((line) => line.startsWith('{'));
        assert.deepEqual(
          lines.map((line) => (JSON.parse(line) as { message: string }).message.split(' ')[0]),
          ['ALLOWED_SERVICES:', 'CONFIRM_WITHIN:'],
        );
        return true;
      },
    );
  });
});
