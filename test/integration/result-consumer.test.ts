import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

describe('the example of a consumer of results', () => {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem();
  });
  after(() => system.close());

  it('the example consumer acts once on each operation that was not cancelled, and on nothing else', async (test) => {
    if ((process.env.PUBSUB_EMULATOR_HOST ?? '') !== '') {
      test.skip('this Pub/Sub keeps filters and does not apply them');
      return;
    }
    const consumer = spawn(
      process.execPath,
      ['--import=./local/loopback.ts', 'docs/examples/result-consumer/consumer.ts'],
      {
        env: {
          PATH: process.env.PATH,
          METADATA_SERVER_DETECTION: 'none',
          PUBSUB_EMULATOR_HOST: system.pubsubHost,
          RESULTS_TOPIC: system.topology.topics.results,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const lines: string[] = [];
    let heard: () => void = () => undefined;
    createInterface({ input: consumer.stdout }).on('line', (line) => {
      lines.push(line);
      heard();
    });
    try {
      const name = `projects/${system.topology.projectId}/subscriptions/lro-cancel-not-cancelled`;
      while (!(await system.pubsub.subscription(name).exists())[0]);
      system.services.add(inNotebooks('ends'), {});
      await system.request({ operation: inNotebooks('ends'), requestId: 'cancelled' });
      await system.resultOf('cancelled');
      await system.request({ operation: inNotebooks('gone'), requestId: 'gone' });
      const { attributes, data } = await system.resultOf('gone');
      // Simulates a result that the function publishes a second time.
      await system.pubsub.topic(system.topology.topics.results).publishMessage({ json: data, attributes });
      // An end replaces what was said without having seen one, and not the reverse.
      for (const outcome of ['UNCONFIRMED', 'SUCCEEDED', 'ERROR', 'FAILED']) {
        const result = { ...data, requestId: 'sent-twice', outcome };
        const context = { ...attributes, 'ce-id': 'sent-twice', outcome };
        await system.pubsub
          .topic(system.topology.topics.results)
          .publishMessage({ json: result, attributes: context });
        const isActedOn = outcome === 'UNCONFIRMED' || outcome === 'SUCCEEDED';
        while (isActedOn && !lines.some((line) => line.startsWith(`${outcome} sent-twice:`))) {
          await new Promise<void>((resolve) => (heard = resolve));
        }
      }
      await system.request({ operation: 'nothing', requestId: 'refused' });
      while (!lines.some((line) => line.includes(' refused:'))) {
        await new Promise<void>((resolve) => (heard = resolve));
      }
      const outcomes = lines.map((line) => line.split(':')[0]).sort();
      assert.deepEqual(outcomes, [
        ...['NOT_FOUND gone', 'REJECTED refused', 'SUCCEEDED sent-twice', 'UNCONFIRMED sent-twice'],
      ]);
    } finally {
      const ended = once(consumer, 'exit');
      consumer.kill('SIGTERM');
      await ended;
    }
  });
});
