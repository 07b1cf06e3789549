import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, beforeEach, describe, it } from 'node:test';
import { noAccessTokens } from '../../src/google/access-tokens.ts';
import { createCredentials } from '../../src/google/credentials.ts';
import { createHttpClient } from '../../src/google/http.ts';
import { createResourceApi } from '../../src/google/resource-api.ts';
import { resourceKinds } from '../../src/resources/kinds.ts';
import type { Call, Collection } from '../../src/resources/resource.ts';
import { anOperation, createFakeClock, NAME } from '../support/fakes.ts';

interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
const arrived: Arrived[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    arrived.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    response.end('{}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const http = createHttpClient();
after(() => {
  http.close();
  server.close();
});
beforeEach(() => void (arrived.length = 0));

const api = createResourceApi({
  http,
  credentials: createCredentials({ accessTokens: noAccessTokens, delegation: undefined }),
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{host}`,
  clock: createFakeClock(),
});

async function arrivedOf(cancel: Call): Promise<Arrived> {
  const answer = await api.cancel(anOperation({ calls: { cancel } }), 5_000);
  assert.deepEqual(answer, { kind: 'answered', httpStatus: 200, json: {} });
  assert.equal(arrived.length, 1);
  return arrived[0] as Arrived;
}

describe('a cancel', () => {
  it('a cancel by a POST without a body sends zero bytes, and no content type', async () => {
    const { method, url, headers, body } = await arrivedOf(anOperation().calls.cancel);
    assert.deepEqual([method, url, body], ['POST', `/notebooks.googleapis.com/v2/${NAME}:cancel`, '']);
    assert.deepEqual([headers['content-length'], headers['transfer-encoding']], ['0', undefined]);
    assert.equal(headers['content-type'], undefined);
  });

  it('a cancel by a PUT with a body sends the body as JSON', async () => {
    const { method, url, headers, body } = await arrivedOf({
      method: 'PUT',
      path: 'v1b3/projects/p/locations/l/jobs/j',
      body: { requestedState: 'JOB_STATE_CANCELLED' },
    });
    assert.deepEqual([method, url], ['PUT', '/notebooks.googleapis.com/v1b3/projects/p/locations/l/jobs/j']);
    assert.equal(body, '{"requestedState":"JOB_STATE_CANCELLED"}');
    assert.deepEqual(
      [headers['content-type'], headers['content-length']],
      ['application/json', String(body.length)],
    );
  });

  it('a cancel with a query sends it escaped after the path, and a body of zero bytes', async () => {
    const { method, url, headers, body } = await arrivedOf({
      method: 'POST',
      path: 'bigquery/v2/projects/p/jobs/j/cancel',
      query: { location: 'us-east1', odd: 'a&b=c/d' },
    });
    assert.equal(method, 'POST');
    assert.equal(
      url,
      '/notebooks.googleapis.com/bigquery/v2/projects/p/jobs/j/cancel?location=us-east1&odd=a%26b%3Dc%2Fd',
    );
    assert.deepEqual([body, headers['content-length'], headers['content-type']], ['', '0', undefined]);
  });
});

describe('a list', () => {
  const { host, auth } = anOperation();
  const path = 'v2/projects/p/locations/l/operations';
  const collection: Collection = {
    service: 'notebooks',
    version: 'v2',
    name: 'projects/p/locations/l/operations',
    host,
    path,
    auth,
    kind: resourceKinds.longrunning,
  };

  for (const [title, changes, pageToken, expected] of [
    ['asks for its page size', {}, undefined, '?pageSize=100'],
    ['asks for its next page', {}, 't/1', '?pageSize=100&pageToken=t%2F1'],
    ['sends its filter', { filter: 'done=false' }, undefined, '?filter=done%3Dfalse&pageSize=100'],
    ['of Kubernetes Engine sends no parameters', { kind: resourceKinds.container }, undefined, ''],
    [
      'of Cloud SQL sends its page size as maxResults',
      { kind: resourceKinds.sqladmin },
      undefined,
      '?maxResults=100',
    ],
  ] as const) {
    it(`a list ${title}`, async () => {
      await api.list({ ...collection, ...changes }, { pageSize: 100, pageToken }, 5_000);
      assert.deepEqual(
        arrived.map(({ method, url }) => [method, url]),
        [['GET', `/${host}/${path}${expected}`]],
      );
    });
  }
});

describe('the timeout of a call', () => {
  const timeoutOf = async (clock: { now(): number }, tokenMs: () => void) => {
    let timeoutMs = 0;
    const slow = createResourceApi({
      http: {
        send: (request) => {
          ({ timeoutMs } = request);
          return Promise.resolve({ kind: 'answered', httpStatus: 200 });
        },
        close: () => undefined,
      },
      credentials: {
        for: () => {
          tokenMs();
          return { kind: 'headers', headers: {} };
        },
      },
      endpoint: 'https://{host}',
      clock,
    });
    await slow.cancel(anOperation(), 10_000);
    return timeoutMs;
  };

  for (const [title, tokenMs, expected] of [
    ['is the whole limit if the token is cached', 0, 10_000],
    ['is reduced by the wait for a token', 3_000, 7_000],
    ['is one second if the wait for a token exceeds the limit', 12_000, 1_000],
    ['does not exceed the limit if the clock is set back meanwhile', -3_600_000, 10_000],
  ] as const) {
    it(`the timeout of a call ${title}`, async () => {
      const clock = createFakeClock();
      assert.equal(await timeoutOf(clock, () => clock.advance(tokenMs)), expected);
    });
  }
});
