import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The front end of a Cloud Run service: gives each request to the instance with the fewest, queues it while
 * all are full, and answers 503 while an instance does not listen.
 */
export interface FrontEnd {
  readonly url: string;
  /** Number of requests that wait for an instance now. */
  waiting(): number;
  /** Number of requests that were answered 429 because they waited too long for an instance. */
  turnedAway(): number;
  close(): Promise<void>;
}

export interface FrontEndOptions {
  /** Maximum number of concurrent requests of an instance. Default: no limit. */
  readonly concurrency?: number;
  /**
   * Time that a request waits for an instance. Default 10 s, as in Cloud Run at the maximum number of
   * instances (https://cloud.google.com/run/docs/about-instance-autoscaling, "Exceeding maximum instances").
   */
  readonly patienceMs?: number;
}

interface Instance {
  readonly hostname: string;
  readonly port: string;
  inFlight: number;
}

/** @param targetUrls where the instances listen, when they do */
export async function startFrontEnd(
  targetUrls: readonly string[],
  options: FrontEndOptions = {},
): Promise<FrontEnd> {
  const { concurrency = Infinity, patienceMs = 10_000 } = options;
  const instances = targetUrls.map((url): Instance => {
    const { hostname, port } = new URL(url);
    return { hostname, port, inFlight: 0 };
  });
  /** Requests that wait, the oldest first. */
  const waiting = new Set<(instance: Instance) => void>();
  let turnedAway = 0;

  const server = createServer((incoming, response) => {
    const [idlest] = instances.toSorted((a, b) => a.inFlight - b.inFlight);
    if (idlest && idlest.inFlight < concurrency) take(incoming, response, idlest);
    else wait(incoming, response);
  });

  function take(incoming: IncomingMessage, response: ServerResponse, instance: Instance): void {
    instance.inFlight += 1;
    response.once('close', () => {
      instance.inFlight -= 1;
      const [next] = waiting;
      next?.(instance);
    });
    forward(incoming, response, instance);
  }

  function wait(incoming: IncomingMessage, response: ServerResponse): void {
    const leave = () => {
      clearTimeout(timer);
      waiting.delete(enter);
      response.off('close', leave);
    };
    const enter = (instance: Instance) => {
      leave();
      take(incoming, response, instance);
    };
    const timer = setTimeout(() => {
      leave();
      turnedAway += 1;
      incoming.resume();
      response.writeHead(429).end();
    }, patienceMs);
    response.once('close', leave);
    waiting.add(enter);
  }

  server.keepAliveTimeout = 600_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting: () => waiting.size,
    turnedAway: () => turnedAway,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function forward(incoming: IncomingMessage, response: ServerResponse, { hostname, port }: Instance): void {
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
}
