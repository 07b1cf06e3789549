import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createCredentials, noCredentials } from '../../src/google/credentials.ts';
import { createOwnProject } from '../../src/google/own-project.ts';

/** Stands for the metadata server of Cloud Run (https://cloud.google.com/run/docs/container-contract#metadata-server). */
const asked: string[] = [];
let broken = false;
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://metadata');
  asked.push(`${url.pathname.replace('/computeMetadata/v1', '')}${url.search}`);
  response.setHeader('metadata-flavor', 'Google');
  if (broken) return response.writeHead(404).end('broken');
  switch (url.pathname) {
    case '/computeMetadata/v1/project/project-id':
      return response.end('my-project');
    case '/computeMetadata/v1/project/numeric-project-id':
      return response.end('123456789012');
    case '/computeMetadata/v1/universe/universe-domain':
      return response.end('googleapis.com');
    case '/computeMetadata/v1/instance/service-accounts/default/token':
      response.setHeader('content-type', 'application/json');
      return response.end(
        JSON.stringify({ access_token: `token for ${url.search}`, expires_in: 3600, token_type: 'Bearer' }),
      );
    default:
      return response.end('ok');
  }
});

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env.GCE_METADATA_HOST = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
});
after(() => {
  server.closeAllConnections();
  server.close();
});

describe('credentials', () => {
  it('are a token for the first scope, asked for once', async () => {
    const credentials = createCredentials();
    const scopes = ['https://www.googleapis.com/auth/apps.order', 'https://www.googleapis.com/auth/other'];
    const first = await credentials.headers(scopes);
    assert.match(first.authorization ?? '', /^Bearer token for \?scopes=https.*apps\.order$/);
    assert.deepEqual(await credentials.headers(scopes), first);
    assert.equal(asked.filter((url) => url.includes('/token')).length, 1);
  });

  it('are not made up where there are none: the failure passes, and is thrown', async () => {
    broken = true;
    await assert.rejects(createCredentials().headers(['scope']), { name: 'Failure', code: 'Unavailable' });
    broken = false;
  });

  it('are none at all for calls that do not go to Google', async () => {
    assert.deepEqual(await noCredentials.headers(['scope']), {});
  });
});

describe("the function's own project", () => {
  it('is what the metadata server says, by id and by number', async () => {
    const ownProject = createOwnProject({ configured: undefined, onGoogleCloud: true });
    assert.deepEqual(await ownProject.names(undefined), ['my-project', '123456789012']);
    assert.equal(await ownProject.id(undefined), 'my-project');
  });

  it('is what is configured, and its number', async () => {
    const ownProject = createOwnProject({ configured: 'configured', onGoogleCloud: true });
    assert.equal(await ownProject.id(undefined), 'configured');
    assert.deepEqual(await ownProject.names(undefined), ['configured', 'my-project', '123456789012']);
  });

  it('is never taken from a message on Google Cloud: without an answer there is none', async () => {
    broken = true;
    const ownProject = createOwnProject({ configured: undefined, onGoogleCloud: true });
    await assert.rejects(ownProject.names('evil'), { code: 'Unavailable' });
    broken = false;
    assert.deepEqual(await ownProject.names('evil'), ['my-project', '123456789012']);
  });

  it('is that of the message on a machine without a metadata server', async () => {
    const ownProject = createOwnProject({ configured: undefined, onGoogleCloud: false });
    assert.equal(await ownProject.id('p'), 'p');
    await assert.rejects(ownProject.id(undefined), { code: 'Unavailable' });
  });
});
