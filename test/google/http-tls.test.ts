import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { Server } from 'node:net';
import { after, describe, it } from 'node:test';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { makeCertificate } from '../../bench/compare/certificate.ts';
import { createHttpClient } from '../../src/google/http.ts';

/** The calls of a deployment are all over TLS, where closing and resetting a connection look otherwise. */
const made = await makeCertificate('localhost');
const skip = 'missing' in made && made.missing;
const [key, cert] =
  'missing' in made
    ? ['', '']
    : await Promise.all([readFile(made.keyFile, 'utf8'), readFile(made.certFile, 'utf8')]);
if (!('missing' in made)) {
  await made.close();
  setDefaultCACertificates([...getCACertificates(), cert]);
}

const client = createHttpClient();
const servers: Server[] = [];
after(() => {
  client.close();
  for (const server of servers) server.close();
});

async function listen(server: Server, host = 'localhost'): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://${host}:${(server.address() as AddressInfo).port}/`;
}

const post = (url: string, timeoutMs = 5_000) => client.send({ method: 'POST', url, headers: {}, timeoutMs });
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
const ANSWERED = { kind: 'answered', httpStatus: 200, json: {} };

/** Serves each request of each connection in its way; `tcp` is what the connection runs over. */
async function serve(
  ...ways: readonly ((socket: TLSSocket, tcp: Socket) => unknown)[]
): Promise<{ readonly url: string; readonly connections: () => number }> {
  const tcpOf = new Map<number | undefined, Socket>();
  const server = createServer({ key, cert }, (socket) => {
    let count = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const tcp = tcpOf.get(socket.remotePort);
      if (tcp !== undefined) ways[Math.min(count, ways.length - 1)]?.(socket, tcp);
      count += 1;
    });
  });
  server.on('connection', (tcp: Socket) => tcpOf.set(tcp.remotePort, tcp));
  return { url: await listen(server), connections: () => tcpOf.size };
}

describe('a request over TLS', { skip }, () => {
  it('requests over TLS share a connection', async () => {
    const { url, connections } = await serve((socket) => socket.write(OK));
    for (let count = 0; count < 3; count += 1) assert.deepEqual(await post(url), ANSWERED);
    assert.equal(connections(), 1);
  });

  for (const [way, close] of [
    ['closes', (socket: TLSSocket) => socket.end()],
    ['breaks', (socket: TLSSocket) => socket.destroy()],
    ['resets', (_: TLSSocket, tcp: Socket) => tcp.resetAndDestroy()],
  ] as const) {
    it(`a request on a reused connection over TLS that the server ${way} is reported as not sent`, async () => {
      const { url } = await serve((socket) => socket.write(OK), close);
      assert.deepEqual(await post(url), ANSWERED);
      assert.equal((await post(url)).kind, 'not-sent');
      assert.deepEqual(await post(url), ANSWERED);
    });

    it(`a request on a fresh connection over TLS that the server ${way} is reported as no answer`, async () => {
      const { url } = await serve(close);
      const answer = await post(url);
      assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
    });

    it(`an answer over TLS in which the server ${way} the connection is reported as no answer`, async () => {
      const { url } = await serve(
        (socket) => socket.write(OK),
        (socket, tcp) =>
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{', () => close(socket, tcp)),
      );
      assert.deepEqual(await post(url), ANSWERED);
      const answer = await post(url);
      assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
    });
  }

  for (const [what, way] of [
    ['closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['answered without TLS', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['never answered', () => undefined],
  ] as const) {
    it(`a request whose TLS handshake is ${what} is reported as not sent`, async () => {
      const server = createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => way(socket));
      });
      assert.equal((await post(await listen(server), 1_000)).kind, 'not-sent');
    });
  }

  it("a server with another host's certificate gets no request", async () => {
    let arrived = false;
    const server = createServer({ key, cert }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (arrived = true));
    });
    const answer = await post(await listen(server, '127.0.0.1'));
    assert.ok(answer.kind === 'not-sent');
    assert.match(answer.problem, /^ERR_TLS_CERT_ALTNAME_INVALID: /);
    assert.equal(arrived, false);
  });
});
