import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

const run = promisify(execFile);

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const TRACESTATE = 'congo=t61rcWkgMzE';

describe('another program that sends CloudEvents', { concurrency: true }, () => {
  let system: TestSystem;
  before(async () => {
    // A CloudEvent over HTTP does not name the project, as a topic does.
    const projectId = `test-${randomBytes(6).toString('hex')}`;
    system = await startTestSystem({ projectId, settings: { GOOGLE_CLOUD_PROJECT: projectId } });
  });
  after(() => system.close());

  for (const mode of ['binary', 'structured']) {
    for (const way of ['Pub/Sub', 'HTTP']) {
      it(`a program that sends a ${mode} CloudEvent by ${way} gets its result under the id and in the trace of the event`, async () => {
        const id = `${mode}-by-${way === 'HTTP' ? 'http' : 'pubsub'}`;
        const url = inNotebooks(id);
        system.services.add(url, { afterMs: 500 });
        const event = {
          id,
          source: '/approvals/7',
          type: 'lro-cancel.request.v1',
          data: { operation: url, reason: 'not approved' },
          traceparent: TRACEPARENT,
          tracestate: TRACESTATE,
        };
        const to =
          way === 'HTTP'
            ? ['--function', system.fn.url]
            : ['--topic', `${system.restUrl}/v1/${system.topology.topics.requests}`];
        await run(
          process.execPath,
          ['test/integration/send-cloudevent.ts', '--mode', mode, '--event', JSON.stringify(event), ...to],
          { timeout: 30_000 },
        );
        const { attributes, data } = await system.resultOf(`${id} /approvals/7`);
        assert.equal(data.outcome, 'CANCELLED', data.detail);
        assert.equal(data.reason, 'not approved');
        // The cancel and the GET were two deliveries: the re-check carried the trace.
        assert.equal(data.confirm.checks, 1);
        assert.deepEqual(
          [attributes['ce-traceparent'], attributes['ce-tracestate']],
          [TRACEPARENT, TRACESTATE],
        );
      });
    }
  }

  it('a CloudEvent of the type of triggers is read as a trigger', async () => {
    const event = {
      id: 'trigger-1',
      source: '/x',
      type: 'lro-cancel.trigger.v1',
      data: { sweep: 'unheard-of' },
    };
    await run(
      process.execPath,
      ['test/integration/send-cloudevent.ts', '--event', JSON.stringify(event), '--function', system.fn.url],
      { timeout: 30_000 },
    );
    const { data } = await system.resultOf('trigger-1 /x');
    assert.match(data.detail, /"unheard-of" is not a sweep/);
  });
});
