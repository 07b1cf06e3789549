import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCredentials, noCredentials } from '../../src/google/credentials.ts';
import { createOwnProject } from '../../src/google/own-project.ts';
import { startFakeMetadataServer } from './fake-metadata-server.ts';

const metadata = await startFakeMetadataServer();

describe('credentials', () => {
  it('are a token for the first scope, asked for once', async () => {
    const credentials = createCredentials();
    const scopes = ['https://www.googleapis.com/auth/apps.order', 'https://www.googleapis.com/auth/other'];
    const first = await credentials.headers(scopes);
    assert.match(first.authorization ?? '', /^Bearer token for \?scopes=https.*apps\.order$/);
    assert.deepEqual(await credentials.headers(scopes), first);
    assert.equal(metadata.asked.filter((url) => url.includes('/token')).length, 1);
  });

  it('are not made up where there are none: the failure passes, and is thrown', async () => {
    metadata.mode = 'broken';
    await assert.rejects(createCredentials().headers(['scope']), { name: 'Failure', code: 'Unavailable' });
    metadata.mode = 'well';
  });

  it('are none at all for calls that do not go to Google', async () => {
    assert.deepEqual(await noCredentials.headers(['scope']), {});
  });
});

describe("the function's own project", () => {
  let nowMs = 0;

  it('is what the metadata server says, by id and by number', async () => {
    const ownProject = createOwnProject({ configured: undefined, onGoogleCloud: true, now: () => nowMs });
    assert.deepEqual(await ownProject.names(undefined), ['my-project', '123456789012']);
    assert.equal(await ownProject.id(undefined), 'my-project');
  });

  it('is what is configured, and its number', async () => {
    const ownProject = createOwnProject({ configured: 'configured', onGoogleCloud: true, now: () => nowMs });
    assert.equal(await ownProject.id(undefined), 'configured');
    assert.deepEqual(await ownProject.names(undefined), ['configured', 'my-project', '123456789012']);
  });

  it('is never taken from a message on Google Cloud: without an answer there is none', async () => {
    metadata.mode = 'broken';
    const ownProject = createOwnProject({ configured: undefined, onGoogleCloud: true, now: () => nowMs });
    await assert.rejects(ownProject.names('evil'), { code: 'Unavailable' });
    metadata.mode = 'well';
    assert.deepEqual(await ownProject.names('evil'), ['my-project', '123456789012']);
  });

  it('is what is configured while the metadata server is silent, which is asked again half a minute later', async () => {
    const ownProject = createOwnProject({ configured: 'configured', onGoogleCloud: true, now: () => nowMs });
    metadata.mode = 'broken';
    assert.deepEqual(await ownProject.names(undefined), ['configured']);
    metadata.mode = 'well';
    nowMs += 29_999;
    assert.deepEqual(await ownProject.names(undefined), ['configured']);
    nowMs += 1;
    assert.deepEqual(await ownProject.names(undefined), ['configured', 'my-project', '123456789012']);
  });

  it('and a token are not waited for longer than five seconds each', async () => {
    metadata.mode = 'silent';
    const ownProject = createOwnProject({ configured: undefined, onGoogleCloud: true, now: () => nowMs });
    const startMs = Date.now();
    await Promise.all([
      assert.rejects(ownProject.names(undefined), { code: 'Unavailable', message: /took longer than 5 s/ }),
      assert.rejects(createCredentials().headers(['scope']), {
        code: 'Unavailable',
        message: /took longer than 5 s/,
      }),
    ]);
    assert.ok(Date.now() - startMs < 9_000);
    metadata.mode = 'well';
  });

  it('is that of the message on a machine without a metadata server', async () => {
    const ownProject = createOwnProject({ configured: undefined, onGoogleCloud: false, now: () => nowMs });
    assert.equal(await ownProject.id('p'), 'p');
    await assert.rejects(ownProject.id(undefined), { code: 'Unavailable' });
  });
});
