import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { startFunctionProcess } from '../../local/function-process.ts';
import { startFakeMetadataServer } from '../google/fake-metadata-server.ts';
import { pushBody } from '../support/test-app.ts';

const REQUESTS = 'projects/my-project/topics/lro-cancel-requests';
const byNumber = (id: string) =>
  `https://notebooks.googleapis.com/v2/projects/123456789012/locations/us-central1/operations/${id}`;

const metadata = await startFakeMetadataServer();
const called: string[] = [];
const service = createServer((request, response) => {
  called.push(`${request.method} ${request.url}`);
  response.setHeader('content-type', 'application/json').end('{}');
});
service.listen(0, '127.0.0.1');
await once(service, 'listening');
after(() => {
  service.closeAllConnections();
  service.close();
});

describe('the function while the metadata server fails', () => {
  for (const mode of ['broken', 'silent'] as const) {
    it(`no operation of a protected project is called by its number while the metadata server is ${mode}, nor later`, async () => {
      const { port } = service.address() as AddressInfo;
      const running = await startFunctionProcess({
        environment: {
          GCE_METADATA_HOST: process.env.GCE_METADATA_HOST ?? '',
          METADATA_SERVER_DETECTION: 'assume-present',
          GOOGLE_CLOUD_PROJECT: 'my-project',
          GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}/{host}`,
          ALLOWED_PROJECTS: '*',
          PROTECTED_OPERATIONS: 'projects/my-project/**/operations/keep-*',
        },
      });
      const push = async (id: string) => {
        const response = await fetch(`${running.url}/${REQUESTS}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(pushBody({ operation: byNumber(id), requestId: `${mode}-${id}` })),
          // The answer of a handled message waits for Pub/Sub, which is out of reach here.
          signal: AbortSignal.timeout(8_000),
        }).catch(() => undefined);
        return response?.status;
      };
      try {
        metadata.mode = mode;
        assert.equal(await push('keep-1'), 500);
        assert.equal(called.length, 0);
        metadata.mode = 'healthy';
        const deadline = Date.now() + 30_000;
        // No number decides about the other one, which shows that calls arrive.
        while (!called.some((call) => call.includes('/operations/drop-1'))) {
          assert.ok(Date.now() < deadline);
          await push('drop-1');
        }
        await push('keep-1');
        assert.deepEqual(
          called.filter((call) => call.includes('keep-1')),
          [],
        );
      } finally {
        called.length = 0;
        await running.close();
      }
    });
  }
});
