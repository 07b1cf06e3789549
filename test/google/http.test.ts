import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createHttpClient, MAX_BODY_BYTES } from '../../src/google/http.ts';

const client = createHttpClient();
const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
after(() => {
  client.close();
  for (const server of servers) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (listener: RequestListener) => listen(createServer(listener));
/** A server that does what it is told with each request, as one that speaks HTTP badly. */
const speak = (answer: (socket: Socket) => unknown) =>
  listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => answer(socket));
    }),
  );
/** Resolves also where the connection is reset. */
const closeOf = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const post = (url: string, timeoutMs = 5_000) =>
  client.send({ method: 'POST', url, headers: { 'x-test': '1' }, timeoutMs });

describe('a request', () => {
  it('a POST without a body sends content-length 0 and zero bytes', async () => {
    let seen: { length: string | undefined; encoding: string | undefined; bytes: number } | undefined;
    const url = await serve((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      request.on('end', () => {
        const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
        seen = { length, encoding, bytes };
        response.end('{}');
      });
    });
    assert.deepEqual(await post(`${url}/v2/o:cancel`), { kind: 'answered', httpStatus: 200, json: {} });
    assert.deepEqual(seen, { length: '0', encoding: undefined, bytes: 0 });
  });

  it('a request is sent to the path exactly as it is written', async () => {
    const url = await serve((request, response) => response.end(JSON.stringify(request.url)));
    const answer = await post(`${url}/v2/projects/example.com:p/operations/(a)=!$&'+,;@~:cancel`);
    assert.equal(
      answer.kind === 'answered' && answer.json,
      "/v2/projects/example.com:p/operations/(a)=!$&'+,;@~:cancel",
    );
  });

  it('a path with characters that a URL encodes is sent encoded', async () => {
    const url = await serve((request, response) => response.end(JSON.stringify(request.url)));
    const answer = await post(`${url}/v2/ä b/../c?filter=a%20b#d`);
    assert.equal(answer.kind === 'answered' && answer.json, '/v2/c?filter=a%20b');
  });

  it('a request has no other headers than its own and those of HTTP, so no compressed answer is asked for', async () => {
    const url = await serve((request, response) => response.end(JSON.stringify(request.rawHeaders)));
    const namesOf = async (request: Parameters<typeof client.send>[0]) => {
      const answer = await client.send(request);
      assert.ok(answer.kind === 'answered');
      return (answer.json as string[]).filter((_, index) => index % 2 === 0);
    };
    const given = { url, headers: { authorization: 'Bearer t' }, timeoutMs: 5_000 };
    const always = ['host', 'connection', 'authorization'];
    assert.deepEqual(await namesOf({ ...given, method: 'GET' }), always);
    assert.deepEqual(await namesOf({ ...given, method: 'POST' }), [...always, 'content-length']);
    assert.deepEqual(await namesOf({ ...given, method: 'POST', body: '{}' }), [...always, 'content-length']);
  });

  it('the length of a body is that of its bytes', async () => {
    const url = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => response.end(JSON.stringify(Buffer.concat(chunks).toString())));
    });
    const body = '{"name":"ä€😀"}';
    const answer = await client.send({ method: 'POST', url, headers: {}, timeoutMs: 5_000, body });
    assert.equal(answer.kind === 'answered' && answer.json, body);
  });

  it('many requests on one connection leave no listeners behind', async () => {
    const warnings: Error[] = [];
    const collect = (warning: Error) => void warnings.push(warning);
    process.on('warning', collect);
    const url = await serve((_, response) => response.end('{}'));
    for (let count = 0; count < 20; count += 1) await post(url);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', collect);
    assert.deepEqual(warnings, []);
  });

  it('a request reuses the connection of the previous one', async () => {
    const sockets = new Set<Socket>();
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    for (let count = 0; count < 3; count += 1) await post(url);
    assert.equal(sockets.size, 1);
  });
});

describe('an answer', () => {
  it('an answer carries the status, the JSON and Retry-After', async () => {
    const url = await serve((_, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('{"error":{"code":429}}'),
    );
    assert.deepEqual(await post(url), {
      kind: 'answered',
      httpStatus: 429,
      retryAfter: '7',
      json: { error: { code: 429 } },
    });
  });

  it('an answer without a body has no JSON', async () => {
    const url = await serve((_, response) => response.writeHead(204).end());
    assert.deepEqual(await post(url), { kind: 'answered', httpStatus: 204 });
  });

  it('an answer with HTML has a body problem and no JSON', async () => {
    const url = await serve((_, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
    );
    assert.deepEqual(await post(url), {
      kind: 'answered',
      httpStatus: 502,
      bodyProblem: 'the body is not JSON (text/html)',
    });
  });

  it('an answer of more than 1 MiB is cut off, and its connection is closed', async () => {
    let closed: Promise<unknown> | undefined;
    const url = await serve((request, response) => {
      closed = new Promise((resolve) => request.socket.once('close', resolve));
      const write = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', write);
      response.on('error', () => undefined);
      write();
    });
    assert.deepEqual(await post(url), {
      kind: 'answered',
      httpStatus: 200,
      bodyProblem: `the body is larger than ${MAX_BODY_BYTES} bytes`,
    });
    await closed;
  });

  it('interim answers are passed over', async () => {
    const url = await serve((_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('{}');
    });
    assert.deepEqual(await post(url), { kind: 'answered', httpStatus: 200, json: {} });
  });

  it('an answer in many parts is read whole, up to the limit of the request', async () => {
    const text = JSON.stringify({ name: 'ä'.repeat(400_000) });
    const url = await serve((_, response) => response.end(text));
    const get = (maxBodyBytes: number) =>
      client.send({ method: 'GET', url, headers: {}, timeoutMs: 5_000, maxBodyBytes });
    const bytes = Buffer.byteLength(text);
    const answer = await get(bytes);
    assert.equal(answer.kind === 'answered' && JSON.stringify(answer.json), text);
    assert.deepEqual(await get(bytes - 1), {
      kind: 'answered',
      httpStatus: 200,
      bodyProblem: `the body is larger than ${bytes - 1} bytes`,
    });
  });

  it('a success of which only the status counts has no JSON, and an error has', async () => {
    const url = await serve((request, response) =>
      response.writeHead(Number(request.url?.slice(1)), { 'retry-after': '1' }).end('{"name":"task"}'),
    );
    const send = (status: number) =>
      client.send({
        method: 'POST',
        url: `${url}/${status}`,
        headers: {},
        timeoutMs: 5_000,
        onlyStatus: true,
      });
    assert.deepEqual(await send(200), { kind: 'answered', httpStatus: 200, retryAfter: '1' });
    const answer = await send(409);
    assert.deepEqual(answer.kind === 'answered' && answer.json, { name: 'task' });
  });

  it('a body without a length ends with its connection', async () => {
    const url = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n{"a":1}'));
      }),
    );
    assert.deepEqual(await post(url), { kind: 'answered', httpStatus: 200, json: { a: 1 } });
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`a redirect with ${status} is not followed`, async () => {
      let followed = false;
      const other = await serve((_, response) => {
        followed = true;
        response.end('{}');
      });
      const url = await serve((_, response) => response.writeHead(status, { location: other }).end());
      const answer = await post(url);
      assert.ok(answer.kind === 'answered' && answer.httpStatus === status);
      assert.equal(followed, false);
    });
  }

  it('a compressed answer, which was not asked for, is not JSON', async () => {
    const url = await serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync('{}')),
    );
    assert.deepEqual(await post(url), {
      kind: 'answered',
      httpStatus: 200,
      bodyProblem: 'the body is not JSON (application/json)',
    });
  });

  it('of a header that is repeated, the first value counts', async () => {
    const url = await serve((_, response) =>
      response.writeHead(503, ['retry-after', '3', 'retry-after', '9']).end(),
    );
    assert.deepEqual(await post(url), { kind: 'answered', httpStatus: 503, retryAfter: '3' });
  });

  for (const [what, text] of [
    ['a body in chunks, with a trailer', `${CHUNKED}2\r\n{}\r\n0\r\nX-Checksum: 1\r\n\r\n`],
    ['a body in chunks, with an extension', `${CHUNKED}2;name=value\r\n{}\r\n0\r\n\r\n`],
    ['more bytes than its length', `${OK}garbage`],
    ['interim answers before it', `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${OK}`],
  ] as const) {
    it(`an answer with ${what} is read, and so is the next one`, async () => {
      const url = await speak((socket) => socket.write(text));
      const expected = { kind: 'answered', httpStatus: 200, json: {} };
      assert.deepEqual(await post(url), expected);
      assert.deepEqual(await post(url), expected);
    });
  }

  it('an answer with 204 has no body, whatever length it claims, and the next one is read', async () => {
    const url = await speak((socket) =>
      socket.write('HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}'),
    );
    for (let count = 0; count < 2; count += 1) {
      assert.deepEqual(await post(url), { kind: 'answered', httpStatus: 204 });
    }
  });

  it('an answer of more than the limit in chunks is cut off', async () => {
    const chunk = `400\r\n${' '.repeat(1_024)}\r\n`;
    const url = await speak((socket) => socket.write(CHUNKED + chunk.repeat(5)));
    const request = { method: 'GET', url, headers: {}, timeoutMs: 5_000, maxBodyBytes: 4_096 } as const;
    assert.deepEqual(await client.send(request), {
      kind: 'answered',
      httpStatus: 200,
      bodyProblem: 'the body is larger than 4096 bytes',
    });
  });
});

describe('a request without an answer', () => {
  it('a request to a closed port is reported as not sent', async () => {
    const server = createServer();
    const url = await listen(server);
    server.close();
    await once(server, 'close');
    const answer = await post(url);
    assert.ok(answer.kind === 'not-sent');
    assert.match(answer.problem, /ECONNREFUSED/);
  });

  it('a request to a host that does not exist is reported as not sent', async () => {
    assert.equal((await post('http://no-such-host.invalid/')).kind, 'not-sent');
  });

  it('a request whose TLS handshake fails is reported as not sent', async () => {
    const url = await serve((_, response) => response.end('{}'));
    assert.equal((await post(url.replace('http:', 'https:'))).kind, 'not-sent');
  });

  it('a request that arrived and is not answered in time is reported as a timeout', async () => {
    const url = await serve(() => undefined);
    assert.deepEqual(await post(url, 100), {
      kind: 'no-answer',
      timedOut: true,
      problem: 'no answer within 0.1 s',
    });
  });

  it('a response whose body never ends is reported as a timeout', async () => {
    const url = await serve((_, response) => response.write('{'));
    const answer = await post(url, 200);
    assert.deepEqual(answer, {
      kind: 'no-answer',
      timedOut: true,
      problem: 'no complete answer within 0.2 s',
    });
  });

  it('a server that switches to another protocol counts as no answer', async () => {
    const url = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: foo\r\n\r\n');
      }),
    );
    assert.equal((await post(url)).kind, 'no-answer');
  });

  for (const [what, ...lines] of [
    ['whose headers never end', 'HTTP/1.1 200 OK\r\n', 'X-1: 1\r\n'],
    ['whose interim answers never end', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ] as const) {
    it(`an answer ${what} is reported as a timeout, and its connection is closed`, async () => {
      let closed: Promise<unknown> | undefined;
      const url = await speak((socket) => {
        closed = closeOf(socket);
        socket.write(lines[0]);
        const timer = setInterval(() => socket.write(lines.at(-1) ?? ''), 20);
        socket.once('close', () => {
          clearInterval(timer);
        });
      });
      assert.deepEqual(await post(url, 200), {
        kind: 'no-answer',
        timedOut: true,
        problem: 'no answer within 0.2 s',
      });
      await closed;
    });
  }

  it('a body that comes byte by byte has no more time than the request', async () => {
    let closed: Promise<unknown> | undefined;
    const url = await speak((socket) => {
      closed = closeOf(socket);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write(' '), 20);
      socket.once('close', () => {
        clearInterval(timer);
      });
    });
    assert.deepEqual(await post(url, 200), {
      kind: 'no-answer',
      timedOut: true,
      problem: 'no complete answer within 0.2 s',
    });
    await closed;
  });

  it('an answer that comes too late is not that of the next request', async () => {
    let late: Socket | undefined;
    const url = await speak((socket) => {
      if (late === undefined) late = socket;
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2');
    });
    assert.equal((await post(url, 100)).kind, 'no-answer');
    late?.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1');
    const answer = await post(url);
    assert.equal(answer.kind === 'answered' && answer.json, 2);
  });

  for (const [what, text] of [
    ['ends before its length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}'],
    ['ends before its last chunk', `${CHUNKED}2\r\n{}\r\n`],
    ['ends within its headers', 'HTTP/1.1 200 OK\r\nX-1: '],
    ['has a chunk without a size', `${CHUNKED}no size\r\n`],
    ['has two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    ['has more headers than Node reads', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['has an unknown protocol', 'SIP/2.0 200 OK\r\n\r\n'],
    // Undici closes the connection on an answer that only a request with `Expect` asks for.
    ['begins with 100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${OK}`],
  ] as const) {
    it(`an answer that ${what} counts as no answer`, async () => {
      const url = await speak((socket) => socket.end(text));
      const answer = await post(url);
      assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
      assert.doesNotMatch(answer.problem, /\n/);
    });
  }

  it('a host whose addresses all fail is reported with the failure of each', async () => {
    const failures = ['203.0.113.1', '203.0.113.2'].map((address) =>
      Object.assign(new Error(`connect ETIMEDOUT ${address}:443`), { code: 'ETIMEDOUT' }),
    );
    const all = Object.assign(new AggregateError(failures), { code: 'ETIMEDOUT' });
    for (const error of [all, Object.assign(new Error('timeout: 0ms'), { cause: all })]) {
      const failing = createHttpClient({
        acquire: (_, use) => {
          use({
            dispatch: (_request, handler) => {
              handler.onResponseError?.(null as never, error);
            },
            isKept: () => false,
            release: () => undefined,
            discard: () => undefined,
          });
          return undefined;
        },
        close: () => undefined,
      });
      const url = 'https://notebooks.googleapis.com/';
      assert.deepEqual(await failing.send({ method: 'GET', url, headers: {}, timeoutMs: 1_000 }), {
        kind: 'not-sent',
        problem: 'ETIMEDOUT: connect ETIMEDOUT 203.0.113.1:443; ETIMEDOUT: connect ETIMEDOUT 203.0.113.2:443',
      });
    }
  });

  it('a request on a reused connection that is not answered in time is reported as sent', async () => {
    let count = 0;
    const url = await serve((_, response) => {
      count += 1;
      if (count === 1) response.end('{}');
    });
    await post(url);
    assert.deepEqual(await post(url, 200), {
      kind: 'no-answer',
      timedOut: true,
      problem: 'no answer within 0.2 s',
    });
  });

  it('a response that breaks off on a reused connection is reported as no answer, not as not sent', async () => {
    let count = 0;
    const url = await serve((request, response) => {
      count += 1;
      if (count === 1) response.end('{}');
      else
        response
          .writeHead(200, { 'content-length': '100' })
          .write('{', () => request.socket.resetAndDestroy());
    });
    await post(url);
    const answer = await post(url);
    assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
  });

  it('a request whose connection is not established in time is reported as not sent', async () => {
    // The TLS handshake is a part of connecting, and this server never answers it.
    const silent = (await listen(createTcpServer())).replace('http:', 'https:');
    assert.deepEqual(await post(silent, 200), { kind: 'not-sent', problem: 'no connection within 0.2 s' });
  });

  it('a connection that is reset after the request arrived counts as no answer', async () => {
    const url = await serve((request) => request.socket.resetAndDestroy());
    const answer = await post(url);
    assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
  });

  it('a response that breaks off counts as no answer', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{', () => request.socket.destroy());
    });
    const answer = await post(url);
    assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
  });

  for (const [way, close] of [
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['closes', (socket: Socket) => socket.end()],
  ] as const) {
    it(`a request on a reused connection that the server ${way} is reported as not sent`, async () => {
      assert.equal((await afterAnAnswer(close)).kind, 'not-sent');
    });

    it(`an answer that the server begins on a reused connection, which it ${way}, is reported as no answer`, async () => {
      const answer = await afterAnAnswer((socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-', () => close(socket)),
      );
      assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
    });
  }

  it('an interim answer on a reused connection that is then closed shows that the request arrived', async () => {
    const answer = await afterAnAnswer((socket) => socket.end('HTTP/1.1 102 Processing\r\n\r\n'));
    assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
  });

  it('an answer on a reused connection that is not HTTP is reported as no answer', async () => {
    const answer = await afterAnAnswer((socket) => socket.write('no protocol\r\n\r\n'));
    assert.ok(answer.kind === 'no-answer' && !answer.timedOut, JSON.stringify(answer));
  });

  it('a header that HTTP does not allow is reported as not sent', async () => {
    const url = await serve((_, response) => response.end('{}'));
    const request = { method: 'POST', url, headers: { authorization: 'a\nb' }, timeoutMs: 5_000 } as const;
    assert.equal((await client.send(request)).kind, 'not-sent');
  });
});

/** Sends two requests to a server that answers the first one, and does something else when the second one arrives. */
async function afterAnAnswer(then: (socket: Socket) => unknown) {
  const url = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}');
        socket.once('data', () => then(socket));
      });
    }),
  );
  assert.equal((await post(url)).kind, 'answered');
  return post(url);
}
