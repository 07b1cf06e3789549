import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import { createPageStore } from '../../../local/page/model/page-store.ts';
import type { PageStore } from '../../../local/page/model/page-store.ts';
import type { PageFacts } from '../../../local/page/model/records.ts';
import { createEventStream } from '../../../local/page/server/event-stream.ts';
import { startPageServer } from '../../../local/page/server/page-server.ts';

interface Started extends AsyncDisposable {
  readonly url: string;
  readonly store: PageStore;
  /** Tells of a request that ended. */
  readonly end: (requestId: string) => void;
}

async function start(epoch = 'epoch'): Promise<Started> {
  const store = createPageStore(() => 0);
  const facts = (): PageFacts => ({
    epoch,
    nowMs: 0,
    system: 'local',
    views: ['requests'],
    canPublish: true,
    projectId: 'p',
    topics: { requests: 'r', triggers: 't' },
    sweeps: [],
    budgets: [],
    addresses: {},
  });
  const events = createEventStream({ changes: store.changes, epoch, facts, collectMs: 1 });
  const server = await startPageServer({
    port: 0,
    files: new Map([['/', { type: 'text/html', body: 'the page' }]]),
    actions: new Map([
      [
        '/api/echo',
        (input) => Promise.resolve(input === 'bad' ? { refused: 'Not this.' } : { value: { input } }),
      ],
    ]),
    events,
  });
  return {
    url: server.url,
    store,
    end: (requestId) => {
      const labels = { 'logging.googleapis.com/labels': { requestId } };
      store.onLogLine(
        JSON.stringify({ event: 'result.published', message: 'ERROR: x', outcome: 'ERROR', ...labels }),
      );
      events.notify();
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

interface Event {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly isNew?: boolean; readonly changed?: readonly [string, unknown][] };
}

/** Reads events until one of them fulfills a condition. */
async function readUntil(
  { url }: Started,
  lastEventId: string | undefined,
  isEnough: (event: Event) => boolean,
): Promise<Event[]> {
  const response = await fetch(`${url}events`, {
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  const events: Event[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const [, event, id, data] = /^event: (.*)\nid: (.*)\ndata: (.*)$/.exec(part) ?? [];
      if (event === undefined) continue;
      events.push({ event, id: id ?? '', data: JSON.parse(data ?? '') as Event['data'] });
    }
    if (events.some(isEnough)) break;
  }
  return events;
}

const idsOf = (events: readonly Event[]) =>
  events.flatMap(({ data }) => data.changed ?? []).map(([id]) => id);
const has = (id: string) => (event: Event) => idsOf([event]).includes(id);

describe("the page's server", () => {
  it('a reader that comes again gets what it missed, and nothing twice', async () => {
    await using server = await start();
    server.end('one');
    server.end('two');
    const before = await readUntil(server, undefined, has('request two'));
    assert.equal(before[0]?.data.isNew, true);
    assert.deepEqual(idsOf(before), ['request one', 'request two']);
    server.end('three');
    const after = await readUntil(server, before.at(-1)?.id, has('request three'));
    assert.equal(after[0]?.data.isNew, false);
    assert.deepEqual(idsOf(after), ['request three']);
  });

  it('a reader that was at another server before begins with nothing and gets everything', async () => {
    await using server = await start();
    server.end('one');
    const events = await readUntil(server, 'earlier-7', has('request one'));
    assert.equal(events[0]?.data.isNew, true);
  });

  it('a reader that watches is told at once', async () => {
    await using server = await start();
    const reading = readUntil(server, undefined, has('request one'));
    server.end('one');
    assert.deepEqual(idsOf(await reading), ['request one']);
  });

  it('thousands of requests come in pieces, each once', async () => {
    await using server = await start();
    for (let index = 0; index < 3_000; index += 1) server.end(`r${index}`);
    const events = await readUntil(server, undefined, has('request r2999'));
    assert.equal(idsOf(events).length, 3_000);
    assert.ok(events.length > 5);
  });

  it('every answer allows its own files alone, and is kept by no cache', async () => {
    await using server = await start();
    for (const path of ['', 'nowhere']) {
      const { headers } = await fetch(`${server.url}${path}`);
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; script-src 'self';/);
      assert.equal(headers.get('cache-control'), 'no-store');
    }
  });

  it('a request by another name is refused, for a file, the events and an action', async () => {
    await using server = await start();
    const { port } = new URL(server.url);
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/events'],
      ['POST', '/api/echo'],
    ]) {
      const { promise, resolve } = Promise.withResolvers<number | undefined>();
      const headers = { host: `evil.example:${port}`, 'content-type': 'application/json' };
      request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
      assert.equal(await promise, 403);
    }
  });

  for (const [body, status, answer] of [
    ['"good"', 200, { input: 'good' }],
    ['"bad"', 400, { error: 'Not this.' }],
    ['{', 400, undefined],
    [JSON.stringify('x'.repeat(1_000_001)), 413, { error: 'A request has at most 1000000 bytes.' }],
  ] as const) {
    it(`an action with ${body.slice(0, 20)} is answered with ${status}`, async () => {
      await using server = await start();
      const headers = { 'content-type': 'application/json', origin: new URL(server.url).origin };
      const response = await fetch(`${server.url}api/echo`, { method: 'POST', headers, body });
      assert.equal(response.status, status);
      const json: unknown = await response.json();
      if (answer !== undefined) assert.deepEqual(json, answer);
    });
  }
});
