import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pushBody } from '../support/test-app.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/** In one that runs on, and in one that ends: either way the message is not acknowledged, and is delivered again. */
describe('an error that the built function does not expect', () => {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem({
      settings: { NODE_ENV: 'production', NODE_OPTIONS: '--import=./test/integration/injected-errors.ts' },
    });
  });
  after(() => system.close());

  /** Delivers a request, as Pub/Sub does; gives the status, or undefined where the connection broke. */
  async function deliver(id: string, way?: string): Promise<number | undefined> {
    const body = JSON.stringify(pushBody({ operation: inNotebooks(id), requestId: id }));
    const headers = { 'content-type': 'application/json', ...(way !== undefined && { 'x-error': way }) };
    const url = `${system.fn.url}/${system.topology.topics.requests}`;
    return fetch(url, { method: 'POST', headers, body }).then(
      ({ status }) => status,
      () => undefined,
    );
  }
  const isAlive = () =>
    fetch(`${system.fn.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  async function untilEnded(): Promise<void> {
    const deadlineMs = Date.now() + 20_000;
    while (await isAlive()) {
      assert.ok(Date.now() < deadlineMs, 'the process ends');
      await sleep(20);
    }
  }
  const idsOf = (id: string) =>
    new Set(system.results.get(id)?.map(({ attributes }) => attributes['ce-id'])).size;

  for (const [way, status, ends] of [
    ['in the handler', 500, false],
    ['in a callback', 500, true],
    ['in a promise that nothing awaits', 500, true],
    ['in a callback after the answer', 204, true],
    ['in a promise after the answer', 204, true],
  ] as const) {
    const life = ends ? 'ends the process' : 'leaves the process alive';
    it(`an error ${way} is answered with ${status} and ${life}, and the request has one result`, async () => {
      const id = way.replaceAll(' ', '-');
      // An error while the cancel is under way meets a message in flight.
      system.services.add(inNotebooks(id), { cancelFaults: [{ kind: 'slow', delayMs: 500 }] });
      assert.equal(await deliver(id, way), status);
      if (ends) {
        await untilEnded();
        await system.fn.kill();
        await system.fn.restart();
      }
      assert.ok(await isAlive());
      if (status !== 204) assert.equal(await deliver(id), 204);
      assert.equal((await system.resultOf(id)).data.outcome, 'CANCELLED');
      assert.equal(idsOf(id), 1);
      assert.ok(system.logLines.some((line) => line.includes('an injected error')));
    });
  }

  it('no message is handled in a domain of Node', () => {
    assert.ok(system.results.size > 0);
    assert.deepEqual(
      system.logLines.filter((line) => line.includes('a domain was made')),
      [],
    );
  });
});
