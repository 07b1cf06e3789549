import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { readPost } from '../messages/post.ts';
import { createByteGate } from './byte-gate.ts';
import type { ByteGate } from './byte-gate.ts';

/**
 * Stands in front of the framework, which has no place for it: its parsers of bodies and its conversion to CloudEvents come
 * before the function, and answer every request that they cannot read with 500 and a stack in the log.
 *
 * The framework makes its server after it has loaded the function, and shows it to no one. Node announces each request on
 * the channel `http.server.request.start` before it emits it (https://nodejs.org/api/diagnostics_channel.html#http): at the
 * first request, the listener of the server is replaced by one that reads the request, and passes it on to the
 * framework only if it carries an event. The body is then consumed, so that the parsers leave the event as it is.
 */
export function guardEndpoint(): void {
  const guarded = new WeakSet<Server>();
  const gate = createByteGate(MAX_GATED_BYTES);
  subscribe('http.server.request.start', (announced) => {
    const { server } = announced as { readonly server: Server };
    if (guarded.has(server)) return;
    guarded.add(server);
    const [listener, ...more] = server.listeners('request') as RequestListener[];
    if (listener === undefined || more.length > 0 || !isExpress(listener)) return;
    server.removeListener('request', listener);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void answer(request, response, listener, gate);
    });
  });
}

/** The framework is an application of Express; other servers of the process are not. */
const isExpress = (listener: object) => 'mountpath' in listener && 'handle' in listener;

/** Larger than any request of Pub/Sub (10 MB, in base64), and the most that Cloud Run takes of HTTP/1. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Bodies up to this size are read at once; ordinary messages have a few kilobytes. */
const MAX_UNGATED_BYTES = 1024 * 1024;
/** Larger ones have at most this size together, from their reading to their answer: each takes several times its size. */
const MAX_GATED_BYTES = 16 * 1024 * 1024;

/** Paths that answer a health check. Cloud Run keeps some paths that end in z for itself; `/` works everywhere. */
const HEALTH_PATHS = ['/', '/health', '/healthz'];

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  framework: RequestListener,
  gate: ByteGate,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method === 'GET' || request.method === 'HEAD') {
    const isHealth = HEALTH_PATHS.includes(path);
    respond(request, response, isHealth ? 200 : 404, isHealth ? 'ok' : 'Not found: events are posted.');
    return;
  }
  if (request.method !== 'POST') {
    response.setHeader('allow', 'GET, HEAD, POST');
    respond(request, response, 405, 'Events are posted.');
    return;
  }
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  const body = await readBody(request, (bytes) => gate.enter(bytes, closed));
  if (body === undefined) return;
  if (body === 'too large') {
    respond(request, response, 413, `The body must be at most ${MAX_BODY_BYTES} bytes.`);
    return;
  }
  const { headers } = request;
  const read = readPost({ path, headers: textsOf(headers), body: await decode(body, headers) });
  if ('refused' in read) {
    respond(request, response, 400, read.refused);
    return;
  }
  // With these, the framework would make an event of the headers.
  for (const name of Object.keys(headers)) if (name.startsWith('ce-')) Reflect.deleteProperty(headers, name);
  framework(Object.assign(request, { body: read.event }), response);
}

function respond(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
}

/**
 * Reads the body of a request; undefined where the sender went away.
 *
 * @param enter waits until there is room for a large body
 */
function readBody(
  request: IncomingMessage,
  enter: (bytes: number) => Promise<boolean>,
): Promise<Buffer | 'too large' | undefined> {
  const { promise, resolve } = Promise.withResolvers<Buffer | 'too large' | undefined>();
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) {
    resolve('too large');
    return promise;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  let isGated = false;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) {
      chunks.push(chunk);
      if (isGated || length <= MAX_UNGATED_BYTES) return;
      isGated = true;
      request.pause();
      void enter(sizeOf(request)).then(() => request.resume());
      return;
    }
    // The rest is read and dropped: a sender reads the answer only after it has sent everything.
    chunks.length = 0;
    resolve('too large');
  });
  request.on('end', () => resolve(Buffer.concat(chunks, length)));
  request.on('error', () => resolve(undefined));
  request.on('close', () => resolve(undefined));
  return promise;
}

/** The size of a body as far as it can be told before it is read; the largest where it cannot, as of a compressed one. */
function sizeOf({ headers }: IncomingMessage): number {
  const length = Number(headers['content-length']);
  return headers['content-encoding'] === undefined && length > 0 ? length : MAX_BODY_BYTES;
}

const DECODERS = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** Decodes a compressed body; one that cannot be decoded stays as it is, and is refused as not being JSON. */
async function decode(body: Buffer, headers: IncomingMessage['headers']): Promise<Buffer> {
  const decoder = DECODERS.get(headers['content-encoding'] ?? '');
  if (decoder === undefined) return body;
  try {
    return await decoder(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    return body;
  }
}

const textsOf = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
