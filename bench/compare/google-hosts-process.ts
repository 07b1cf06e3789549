import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServiceDefinition, sendUnaryData } from '@grpc/grpc-js';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Server as NetServer } from 'node:net';
import { serviceDefinition } from '../../local/emulators/pubsub/transport/service-definition.ts';

/**
 * Google's hosts for measurements with credentials: every API over HTTPS, Pub/Sub over gRPC with TLS, and the
 * metadata server, which gives tokens. Requests without one of these tokens are refused. A process of its
 * own, given a key and its certificate; it writes its ports, and the requests that it got whenever it gets a
 * line.
 */
export interface Ports {
  /** HTTPS, for every API. */
  readonly apis: number;
  /** gRPC with TLS, for pubsub.googleapis.com. */
  readonly pubsub: number;
  /** HTTP. */
  readonly metadata: number;
}

/** Since the last time that it was asked. */
export interface Asked {
  /** Cancels with a token. */
  readonly cancels: number;
  /** Tasks with a token. */
  readonly tasks: number;
  /** Messages published with a token. */
  readonly published: number;
  /** Tokens given. */
  readonly tokens: number;
  /** Requests without a token. */
  readonly refused: number;
}

const none = (): { -readonly [Name in keyof Asked]: Asked[Name] } => ({
  cancels: 0,
  tasks: 0,
  published: 0,
  tokens: 0,
  refused: 0,
});
let asked = none();
const given = new Set<string>();

const isAuthorized = (authorization: unknown) => {
  const isGiven = given.has(String(authorization).replace(/^Bearer /, ''));
  if (!isGiven) asked.refused += 1;
  return isGiven;
};

function answerApi(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  request.once('end', () => {
    const { url = '', headers } = request;
    response.setHeader('content-type', 'application/json');
    if (!isAuthorized(headers.authorization)) {
      response.writeHead(401).end('{"error":{"code":401,"status":"UNAUTHENTICATED"}}');
      return;
    }
    if (url.endsWith(':cancel')) asked.cancels += 1;
    if (url.endsWith('/tasks')) asked.tasks += 1;
    response.end('{}');
  });
}

type Publish = ServerUnaryCall<{ readonly messages: readonly unknown[] }, object>;

function publish({ metadata, request }: Publish, answer: sendUnaryData<object>): void {
  if (!isAuthorized(metadata.get('authorization')[0])) {
    answer({ code: status.UNAUTHENTICATED, details: 'no token' });
    return;
  }
  asked.published += request.messages.length;
  answer(null, { messageIds: request.messages.map((_, index) => `${asked.published}-${index}`) });
}

/** As https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys has it. */
function answerMetadata(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '', 'http://metadata');
  response.setHeader('metadata-flavor', 'Google');
  switch (pathname.replace('/computeMetadata/v1/', '')) {
    case 'instance/service-accounts/default/token': {
      asked.tokens += 1;
      // As long as a real one.
      const token = `ya29.c.${String(given.size).padStart(1_000, '0')}`;
      given.add(token);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: token, expires_in: 3_599, token_type: 'Bearer' }));
      return;
    }
    case 'instance/service-accounts/default/email':
      response.end('lro-cancel@my-project.iam.gserviceaccount.com');
      return;
    case 'project/project-id':
      response.end('my-project');
      return;
    case 'project/numeric-project-id':
      response.end('123456789012');
      return;
    case 'universe/universe-domain':
      response.end('googleapis.com');
      return;
    case 'instance':
      response.end('attributes/\nid\nregion\nservice-accounts/\nzone\n');
      return;
    default:
      response.writeHead(404).end();
  }
}

async function portOf(server: NetServer): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function startPubSub(key: Buffer, cert: Buffer): Promise<number> {
  const server = new Server();
  server.addService(serviceDefinition['google.pubsub.v1.Publisher'] as ServiceDefinition, {
    Publish: publish,
  });
  const credentials = ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
    if (error === null) resolve(port);
    else reject(error);
  });
  return promise;
}

const [, , keyFile = '', certFile = ''] = process.argv;
const [key, cert] = await Promise.all([readFile(keyFile), readFile(certFile)]);
const ports: Ports = {
  apis: await portOf(createServer({ key, cert }, answerApi)),
  pubsub: await startPubSub(key, cert),
  metadata: await portOf(createHttpServer(answerMetadata)),
};
console.log(JSON.stringify(ports));
process.stdin.on('data', () => {
  console.log(JSON.stringify(asked));
  asked = none();
});
process.stdin.on('end', () => process.exit(0));
