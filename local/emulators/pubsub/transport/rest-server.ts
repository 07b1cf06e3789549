import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListeningServer } from './grpc-server.ts';
import { httpRoutes, type HttpRoute } from './http-routes.ts';
import { messageFromJson } from './json-request.ts';
import { messageToJson } from './json-response.ts';
import { descriptorOf } from './message-descriptor.ts';
import type { Operations } from '../api/operations.ts';
import { invalidArgument, StatusError, toStatusError } from '../status-error.ts';

const maxBodyBytes = 12 * 1024 * 1024;

// Parameters that every Google API takes beside its fields (cloud.google.com/apis/docs/system-parameters).
const systemParameters = new Set([
  'alt',
  'callback',
  'fields',
  'key',
  'prettyPrint',
  'quotaUser',
  'access_token',
]);

/** Serves the REST API on 127.0.0.1, over the same operations as gRPC. */
export async function startRestServer({
  operations,
  port,
}: {
  operations: Operations;
  port: number;
}): Promise<ListeningServer> {
  const routes = httpRoutes(operations);
  const server = createServer((request, response) => {
    answer(routes, request, response).then(
      (body) => respond(response, 200, body),
      (thrown: unknown) => {
        const { httpStatus: code, message, status } = toStatusError(thrown);
        respond(response, code, { error: { code, message, status } });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(
  routes: HttpRoute[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<object> {
  const { path, query } = parseTarget(incoming.url ?? '');
  const route = routes.find((each) => each.httpMethod === incoming.method && each.path.test(path));
  if (route === undefined)
    throw new StatusError('NOT_FOUND', `There is no method ${incoming.method} ${path}.`);
  const { operation, requestType, responseType } = route;
  if (operation === undefined) {
    throw new StatusError('UNIMPLEMENTED', `The embedded Pub/Sub does not offer ${incoming.method} ${path}.`);
  }

  const json = route.hasBody ? parseJson(await readBody(incoming)) : query;
  const fields = messageFromJson(descriptorOf(requestType), json);
  setField(fields, route.nameField, route.path.exec(path)?.[1] ?? '');
  // Passes the fields through the wire format, so that the operation sees the same form as over gRPC.
  const request = requestType.deserialize(requestType.serialize(fields));

  const gone = new AbortController();
  response.on('close', () => {
    gone.abort();
  });
  return messageToJson(descriptorOf(responseType), await operation(request, gone.signal));
}

function parseTarget(target: string): { path: string; query: Record<string, string> } {
  const [path = '', search] = target.split('?', 2);
  const query = [...new URLSearchParams(search)].filter(
    ([name]) => !systemParameters.has(name.replace(/^\$/, '')),
  );
  try {
    return { path: decodeURIComponent(path), query: Object.fromEntries(query) };
  } catch (cause) {
    throw new StatusError('INVALID_ARGUMENT', `The path is not percent-encoded: ${path}`, { cause });
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    receivedBytes += chunk.length;
    if (receivedBytes > maxBodyBytes) {
      throw invalidArgument(`Request payload size exceeds the limit: ${maxBodyBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new StatusError('INVALID_ARGUMENT', `Invalid JSON payload received. ${String(cause)}`, { cause });
  }
}

function setField(message: object, [first = '', ...rest]: readonly string[], value: string) {
  const fields = message as Record<string, unknown>;
  if (rest.length === 0) fields[first] = value;
  else setField((fields[first] ??= {}), rest, value);
}

function respond(response: ServerResponse, status: number, body: object) {
  // A client that continues to send an unread body would block the connection's next request.
  const isUnread = !response.req.complete;
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    ...(isUnread && { connection: 'close' }),
  });
  response.end(JSON.stringify(body, null, 2) + '\n');
}
