import { cloudEvent } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { guardEndpoint } from '../../src/google/endpoint.ts';
import { createTestApp } from '../support/test-app.ts';

export const REQUESTS = 'projects/my-project/topics/lro-cancel-requests';
export const RECHECKS = 'projects/my-project/topics/lro-cancel-rechecks';
export const RESULTS = 'projects/my-project/topics/lro-cancel-results';
export const TRIGGERS = 'projects/my-project/topics/lro-cancel-triggers';
export const DEAD_LETTERS = 'projects/my-project/topics/lro-cancel-dead-letters';

export type App = ReturnType<typeof createTestApp>;

/**
 * The app behind the real framework, over HTTP: it takes the requests that Pub/Sub and Eventarc send, and
 * gives the status that they get.
 */
interface Framework {
  /** Starts a new app with new fakes; the framework hands it every event from then on. */
  readonly startApp: (options?: Parameters<typeof createTestApp>[0]) => App;
  /** Posts a body to a path, and returns the HTTP status. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<number>;
}

/** Starts the framework for the tests of one file, and stops it after them. */
export async function startFramework(): Promise<Framework> {
  let app = createTestApp();
  guardEndpoint();
  cloudEvent('contract', (event: unknown) => app.handle(event));
  const server = getTestServer('contract');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    startApp: (options) => (app = createTestApp(options)),
    post: async (path, body, headers = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      await response.arrayBuffer();
      return response.status;
    },
  };
}
