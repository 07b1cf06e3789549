import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { freePort } from '../../local/free-port.ts';
import { startFrontEnd } from '../../local/front-end.ts';
import type { FrontEnd, FrontEndOptions } from '../../local/front-end.ts';
import { eventually } from './emulators/pubsub/eventually.ts';

interface Held {
  readonly path: string;
  readonly body: string;
  readonly response: ServerResponse;
}

interface Instance {
  readonly held: readonly Held[];
  /** Answers what it has had longest. */
  readonly answer: () => void;
  readonly url: string;
}

/** An instance that answers nothing until it is told to. */
async function startInstance(stack: AsyncDisposableStack): Promise<Instance> {
  const held: Held[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => held.push({ path: request.url ?? '', body, response }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  const answer = () => void held.shift()?.response.writeHead(204).end();
  return { held, answer, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface Started extends AsyncDisposable {
  readonly instances: readonly Instance[];
  readonly frontEnd: FrontEnd;
  /** The status that a request in the end gets. */
  readonly post: (path: string, signal?: AbortSignal) => Promise<number>;
  /** The paths that each instance has. */
  readonly held: () => string[][];
}

async function start(count: number, options: FrontEndOptions): Promise<Started> {
  const stack = new AsyncDisposableStack();
  const instances: Instance[] = [];
  for (let index = 0; index < count; index += 1) instances.push(await startInstance(stack));
  const frontEnd = await startFrontEnd(
    instances.map(({ url }) => url),
    options,
  );
  stack.defer(() => frontEnd.close());
  return {
    instances,
    frontEnd,
    post: async (path, signal) => {
      const init = { method: 'POST', body: `body of ${path}`, ...(signal && { signal }) };
      return (await fetch(`${frontEnd.url}${path}`, init)).status;
    },
    held: () => instances.map(({ held }) => held.map(({ path }) => path)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe('the front end', () => {
  it('the front end gives each request to the instance with the fewest', async () => {
    await using system = await start(2, {});
    const answers = [];
    for (const [index, path] of ['/a', '/b', '/c', '/d'].entries()) {
      answers.push(system.post(path));
      await eventually(() => system.held().flat().length === index + 1);
    }
    assert.deepEqual(system.held(), [
      ['/a', '/c'],
      ['/b', '/d'],
    ]);
    for (const { answer } of [...system.instances, ...system.instances]) answer();
    assert.deepEqual(await Promise.all(answers), [204, 204, 204, 204]);
  });

  it('the front end queues requests while all instances are full, and forwards the oldest first with its body', async () => {
    await using system = await start(1, { concurrency: 1, patienceMs: 60_000 });
    const [instance] = system.instances;
    const answers: Promise<number>[] = [];
    for (const [index, path] of ['/a', '/b', '/c'].entries()) {
      answers.push(system.post(path));
      await eventually(() => system.held().flat().length + system.frontEnd.waiting() === index + 1);
    }
    assert.deepEqual(system.held(), [['/a']]);
    for (const path of ['/b', '/c']) {
      instance?.answer();
      await eventually(() => system.held().flat().includes(path));
      assert.deepEqual(
        instance?.held.map(({ path: held, body }) => [held, body]),
        [[path, `body of ${path}`]],
      );
    }
    instance?.answer();
    assert.deepEqual(await Promise.all(answers), [204, 204, 204]);
    const later = system.post('/d');
    await eventually(() => system.held().flat().includes('/d'));
    instance?.answer();
    assert.equal(await later, 204, 'there is room again');
  });

  it('the front end answers 429 to a request that has waited too long', async () => {
    await using system = await start(1, { concurrency: 1, patienceMs: 50 });
    const first = system.post('/a');
    await eventually(() => system.held().flat().length === 1);
    const startMs = performance.now();
    assert.equal(await system.post('/b'), 429);
    const waitedMs = performance.now() - startMs;
    assert.ok(waitedMs >= 49 && waitedMs < 5_000, `${waitedMs} ms`);
    assert.equal(system.frontEnd.turnedAway(), 1);
    system.instances[0]?.answer();
    assert.equal(await first, 204);
    assert.deepEqual(system.held(), [[]]);
  });

  it('the front end drops a queued request whose caller has gone', async () => {
    await using system = await start(1, { concurrency: 1, patienceMs: 60_000 });
    const first = system.post('/a');
    await eventually(() => system.held().flat().length === 1);
    const leaving = new AbortController();
    const gone = assert.rejects(system.post('/gone', leaving.signal), { name: 'AbortError' });
    await eventually(() => system.frontEnd.waiting() === 1);
    const last = system.post('/b');
    await eventually(() => system.frontEnd.waiting() === 2);
    leaving.abort();
    await gone;
    await eventually(() => system.frontEnd.waiting() === 1);
    system.instances[0]?.answer();
    await eventually(() => system.held().flat().length === 1);
    assert.deepEqual(system.held(), [['/b']]);
    system.instances[0]?.answer();
    assert.deepEqual(await Promise.all([first, last]), [204, 204]);
  });

  it('the front end answers 503 while no instance listens', async () => {
    const frontEnd = await startFrontEnd([`http://127.0.0.1:${await freePort()}`]);
    assert.equal((await fetch(frontEnd.url)).status, 503);
    assert.equal(frontEnd.turnedAway(), 0);
    await frontEnd.close();
  });
});
