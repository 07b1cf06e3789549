import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEmbeddedPubSub } from '../../local/emulators/pubsub/embedded-pubsub.ts';
import type { Counts } from './function.ts';

/**
 * The function's backend, as a process of its own: a Pub/Sub, and a server that answers for every Google API and, at
 * `/_counts`, how often it was called. It writes their addresses.
 */
const pubsub = await startEmbeddedPubSub();
const { port: pubsubPort } = new URL(`http://${pubsub.emulatorHost}`);
const counts: Counts = { posts: 0, gets: 0, tasks: 0 };
const RUNNING = JSON.stringify({ name: 'operations/o', metadata: {} });

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    const { url = '', method } = request;
    response.setHeader('content-type', 'application/json');
    if (url === '/_counts') {
      response.end(JSON.stringify(counts));
      return;
    }
    if (url.endsWith('/tasks')) counts.tasks += 1;
    else counts[method === 'POST' ? 'posts' : 'gets'] += 1;
    response.end(method === 'POST' ? '{}' : RUNNING);
  });
});
server.keepAliveTimeout = 600_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  console.log(
    JSON.stringify({
      pubsubHost: `127.0.0.1:${pubsubPort}`,
      restUrl: pubsub.restUrl,
      apiUrl: `http://127.0.0.1:${port}`,
    }),
  );
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
