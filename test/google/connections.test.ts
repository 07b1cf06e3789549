import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { createConnections } from '../../src/google/connections.ts';
import type { Connections } from '../../src/google/connections.ts';
import { createHttpClient } from '../../src/google/http.ts';

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (listener: RequestListener) => listen(createServer(listener));

function clientWith(limits: Parameters<typeof createConnections>[0] = {}) {
  const connections: Connections = createConnections(limits);
  closing.push(() => {
    connections.close();
  });
  const client = createHttpClient(connections);
  return (url: string, timeoutMs = 5_000) => client.send({ method: 'POST', url, headers: {}, timeoutMs });
}

/** A server that answers when it is told to. */
async function holdingServer() {
  const held: ServerResponse[] = [];
  const sockets = new Set<Socket>();
  let arrived: (() => void) | undefined;
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    held.push(response);
    arrived?.();
  });
  return {
    url,
    held,
    sockets,
    until: async (count: number) => {
      while (held.length < count) await new Promise<void>((resolve) => (arrived = resolve));
    },
  };
}

describe('the connections to one origin', () => {
  it('requests beyond the maximum of connections wait, and are sent in their order', async () => {
    const { url, held, sockets, until } = await holdingServer();
    const send = clientWith({ maxConnections: 2 });
    const answers = ['/1', '/2', '/3', '/4', '/5'].map((path) => send(url + path));
    for (let count = 1; count <= 5; count += 1) {
      await until(count);
      held[count - 1]?.end('{}');
    }
    assert.deepEqual(new Set((await Promise.all(answers)).map(({ kind }) => kind)), new Set(['answered']));
    assert.equal(sockets.size, 2);
    assert.deepEqual(
      held.slice(2).map(({ req }) => req.url),
      ['/3', '/4', '/5'],
    );
  });

  it('a request whose time is up while it waits for a connection is reported as not sent, and is never sent', async () => {
    const { url, held, until } = await holdingServer();
    const send = clientWith({ maxConnections: 1 });
    const first = send(`${url}/first`);
    await until(1);
    const late = await send(`${url}/late`, 50);
    assert.deepEqual(late, { kind: 'not-sent', problem: 'no connection within 0.05 s' });
    held[0]?.end('{}');
    await first;
    const next = send(`${url}/next`);
    await until(2);
    held[1]?.end('{}');
    await next;
    assert.deepEqual(
      held.map(({ req }) => req.url),
      ['/first', '/next'],
    );
  });

  it('a connection that breaks makes room for a request that waits', async () => {
    const { url, held, until } = await holdingServer();
    const send = clientWith({ maxConnections: 1 });
    const first = send(`${url}/first`);
    const second = send(`${url}/second`);
    await until(1);
    held[0]?.destroy();
    assert.equal((await first).kind, 'no-answer');
    await until(2);
    held[1]?.end('{}');
    assert.equal((await second).kind, 'answered');
  });

  it('a connection that is not established in time is closed', async () => {
    let closed: Promise<unknown> | undefined;
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      // A connection that is reset is closed, too.
      closed = new Promise((resolve) => socket.resume().once('close', resolve));
    });
    // The TLS handshake is a part of connecting, and this server never answers it.
    const url = (await listen(server)).replace('http:', 'https:');
    const accepted = once(server, 'connection');
    assert.equal((await clientWith()(url, 200)).kind, 'not-sent');
    await accepted;
    await closed;
  });

  it('an idle connection is closed after its time', async () => {
    let closed: Promise<unknown> | undefined;
    const url = await serve((request, response) => {
      closed = once(request.socket, 'close');
      response.end('{}');
    });
    await clientWith({ idleTimeoutMs: 50 })(url);
    await closed;
  });

  it('an idle connection is closed after its time, even where the server allows more', async () => {
    let closed: Promise<unknown> | undefined;
    const server = createServer((request, response) => {
      closed = once(request.socket, 'close');
      response.setHeader('keep-alive', 'timeout=600');
      response.end('{}');
    });
    server.keepAliveTimeout = 600_000;
    await clientWith({ idleTimeoutMs: 50 })(await listen(server));
    await closed;
  });

  it('a request after an idle connection was closed by the server gets a new one', async () => {
    const sockets: Socket[] = [];
    const url = await serve((request, response) => {
      sockets.push(request.socket);
      response.end('{}');
    });
    const send = clientWith();
    await send(url);
    const closed = once(sockets[0]!, 'close');
    sockets[0]?.destroy();
    await closed;
    assert.equal((await send(url)).kind, 'answered');
    assert.equal(new Set(sockets).size, 2);
  });

  it('a request takes the connection that was used last, and another one once that is closed', async () => {
    const { url, held, sockets, until } = await holdingServer();
    const send = clientWith();
    const answers = [send(url), send(url)];
    await until(2);
    for (const [index, response] of held.entries()) {
      response.end('{}');
      await answers[index];
    }
    const [, last] = held.map(({ req }) => req.socket);
    const third = send(url);
    await until(3);
    assert.equal(held[2]?.req.socket, last);
    held[2]?.end('{}');
    await third;

    // The server has closed its half; the other one is closed when the client knows it.
    const closed = new Promise((resolve) => last?.once('close', resolve));
    last?.end();
    await closed;
    const fourth = send(url);
    await until(4);
    held[3]?.end('{}');
    assert.equal((await fourth).kind, 'answered');
    assert.equal(sockets.size, 2);
  });

  it('a request on the fresh connection that follows one which the server wanted closed counts as sent', async () => {
    let count = 0;
    const url = await serve((request, response) => {
      count += 1;
      if (count > 1) request.socket.destroy();
      else response.writeHead(200, { connection: 'close' }).end('{}');
    });
    const send = clientWith();
    assert.equal((await send(url)).kind, 'answered');
    assert.equal((await send(url)).kind, 'no-answer');
  });

  it('a connection that the server wants closed is not used again', async () => {
    const sockets = new Set<Socket>();
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      response.setHeader('connection', 'close');
      response.end('{}');
    });
    const send = clientWith();
    for (let count = 0; count < 3; count += 1) assert.equal((await send(url)).kind, 'answered');
    assert.equal(sockets.size, 3);
  });
});

describe('the origins', () => {
  it('above the maximum of origins, the connections to the one that was used longest ago are closed', async () => {
    const closed: number[] = [];
    let tellClosed: (() => void) | undefined;
    const anyClosed = new Promise<void>((resolve) => (tellClosed = resolve));
    const urls = await Promise.all(
      [0, 1, 2].map((index) =>
        serve((request, response) => {
          request.socket.once('close', () => {
            closed.push(index);
            tellClosed?.();
          });
          response.end('{}');
        }),
      ),
    );
    const send = clientWith({ maxOrigins: 2 });
    for (const index of [0, 1, 0, 2]) await send(urls[index]!);
    await anyClosed;
    assert.deepEqual(closed, [1]);
  });

  it('an origin with a request in flight is never closed for another', async () => {
    const { url, held, until } = await holdingServer();
    const other = await serve((_, response) => response.end('{}'));
    const send = clientWith({ maxOrigins: 1 });
    const first = send(url);
    await until(1);
    assert.equal((await send(other)).kind, 'answered');
    held[0]?.end('{}');
    assert.equal((await first).kind, 'answered');
  });
});
