import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What stands before a function's instances in Cloud Run: takes every request, and answers 503 while no
 * instance does.
 */
export interface FrontEnd {
  readonly url: string;
  close(): Promise<void>;
}

/** @param targetUrl where the instance listens, when it does */
export async function startFrontEnd(targetUrl: string): Promise<FrontEnd> {
  const { hostname, port } = new URL(targetUrl);
  const server = createServer((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const outgoing = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    outgoing.once('error', () => {
      if (!response.headersSent) response.writeHead(503);
      response.end();
    });
    response.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  server.keepAliveTimeout = 600_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
