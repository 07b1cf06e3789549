import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Action } from './action.ts';
import type { PageFile } from './bundle.ts';
import type { EventStream } from './event-stream.ts';
import { refusalOf, SECURITY_HEADERS } from './guard.ts';

/** The server of the page, on loopback alone. */
export interface PageServer {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  close(): Promise<void>;
}

export interface PageServerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly events: EventStream;
}

const MAX_BODY_BYTES = 1_000_000;

/** Rejects with the error of `listen`, such as EADDRINUSE. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    answer(request, response, { ...options, port }).catch((error: unknown) => {
      console.error('the page:', error);
      response.destroy();
    });
  });
  server.listen({ port: options.port, host: '127.0.0.1' });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      options.events.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { files, actions, events, port }: PageServerOptions,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const refusal = refusalOf(request, port);
  if (refusal !== undefined) {
    request.resume();
    json(response, 403, { error: refusal });
    return;
  }
  const [path = '/'] = (request.url ?? '/').split('?');
  const isPost = request.method === 'POST';
  const action = actions.get(path);
  const file = files.get(path);
  if (isPost && action !== undefined) {
    await act(action, request, response);
  } else if (!isPost && path === '/events') {
    events.serve(request, response);
  } else if (!isPost && file !== undefined) {
    response.writeHead(200, { 'content-type': file.type });
    response.end(request.method === 'HEAD' ? '' : file.body);
  } else {
    request.resume();
    json(response, 404, { error: 'There is no such thing here.' });
  }
}

async function act(action: Action, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    json(response, 413, { error: `A request has at most ${MAX_BODY_BYTES} bytes.` });
    return;
  }
  try {
    const result = await action(JSON.parse(body));
    if ('refused' in result) json(response, 400, { error: result.refused });
    else json(response, 200, result.value);
  } catch (error) {
    // A body that is no JSON, or an error of Pub/Sub, which may be another program.
    const status = error instanceof SyntaxError ? 400 : 502;
    json(response, status, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** The whole body; undefined where it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString();
}

function json(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(body);
}
