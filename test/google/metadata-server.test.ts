import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOwnProject } from '../../src/google/own-project.ts';
import { createAccessTokens, noAccessTokens } from '../../src/google/access-tokens.ts';
import { startFakeMetadataServer } from './fake-metadata-server.ts';

const metadata = await startFakeMetadataServer();
/** The library that renews tokens reads the real clock. */
const systemClock = { now: () => Date.now() };

describe("the function's own tokens", () => {
  const NARROW = 'https://www.googleapis.com/auth/dialogflow';
  const BROAD = 'https://www.googleapis.com/auth/cloud-platform';
  const tokensAsked = () => metadata.asked.filter((url) => url.includes('/token')).length;

  it('a token is for the first scope, and is requested once', async () => {
    const tokens = createAccessTokens(systemClock);
    const before = tokensAsked();
    const first = await tokens.token([NARROW, BROAD]);
    assert.match(first ?? '', /^token for \?scopes=https.*dialogflow$/);
    assert.equal(await tokens.token([NARROW, BROAD]), first);
    assert.equal(tokensAsked() - before, 1);
  });

  it('a cached token is returned synchronously while it is not about to expire', async () => {
    const tokens = createAccessTokens(systemClock);
    const first = await tokens.token([NARROW, BROAD]);
    assert.equal(tokens.token([NARROW, BROAD]), first);
    assert.equal(tokens.token([NARROW]), first);
  });

  it('a token is requested again when it is about to expire', async () => {
    // The library renews a token that expires in less than five minutes.
    metadata.expiresInSeconds = 299;
    const tokens = createAccessTokens(systemClock);
    const before = tokensAsked();
    await tokens.token([NARROW]);
    await tokens.token([NARROW]);
    metadata.expiresInSeconds = 301;
    await tokens.token([NARROW]);
    assert.ok(typeof tokens.token([NARROW]) === 'string');
    assert.equal(tokensAsked() - before, 3);
    metadata.expiresInSeconds = 3_600;
  });

  it('a token is for the next scope if the first is refused, and the refused scope is not requested again', async () => {
    metadata.refused = 'dialogflow';
    const tokens = createAccessTokens(systemClock);
    const before = tokensAsked();
    assert.match((await tokens.token([NARROW, BROAD])) ?? '', /cloud-platform$/);
    const asked = tokensAsked() - before;
    assert.match((await tokens.token([NARROW, BROAD])) ?? '', /cloud-platform$/);
    assert.equal(tokensAsked() - before, asked);
    await assert.rejects(async () => tokens.token([NARROW]), { code: 'Unavailable', message: /dialogflow/ });
    metadata.refused = undefined;
  });

  it('a missing token is thrown as Unavailable, and does not lead to a wider scope', async () => {
    metadata.mode = 'broken';
    await assert.rejects(async () => createAccessTokens(systemClock).token(['scope']), {
      name: 'Failure',
      code: 'Unavailable',
    });
    // Only a refusal leads to a wider scope.
    const before = metadata.asked.length;
    await assert.rejects(async () => createAccessTokens(systemClock).token([NARROW, BROAD]), {
      code: 'Unavailable',
      message: /dialogflow/,
    });
    assert.ok(!metadata.asked.slice(before).some((url) => url.includes('cloud-platform')));
    await assert.rejects(async () => createAccessTokens(systemClock).account(), {
      name: 'Failure',
      code: 'Unavailable',
    });
    metadata.mode = 'healthy';
  });

  it('the account of the tokens is the one that the metadata server names', async () => {
    assert.equal(
      await createAccessTokens(systemClock).account(),
      'function@my-project.iam.gserviceaccount.com',
    );
  });

  it('a call to another endpoint than Google has no token', async () => {
    assert.equal(await noAccessTokens.token(['scope']), undefined);
  });
});

describe("the function's own project", () => {
  let nowMs = 0;

  it('the own project is that of the metadata server, by id and by number', async () => {
    const ownProjectFor = createOwnProject({ configured: undefined, onGoogleCloud: true, now: () => nowMs });
    assert.deepEqual(await ownProjectFor(undefined).names(), ['my-project', '123456789012']);
    assert.equal(await ownProjectFor(undefined).id(), 'my-project');
  });

  it('the own project is returned synchronously once it is known', async () => {
    const ownProjectFor = createOwnProject({ configured: undefined, onGoogleCloud: true, now: () => nowMs });
    await ownProjectFor(undefined).names();
    assert.deepEqual(ownProjectFor('evil').names(), ['my-project', '123456789012']);
    assert.equal(ownProjectFor('evil').id(), 'my-project');
  });

  it('the own project is the configured one, and its names include those of the metadata server', async () => {
    const ownProjectFor = createOwnProject({
      configured: 'configured',
      onGoogleCloud: true,
      now: () => nowMs,
    });
    assert.equal(await ownProjectFor(undefined).id(), 'configured');
    assert.deepEqual(await ownProjectFor(undefined).names(), ['configured', 'my-project', '123456789012']);
  });

  it('the own project is never taken from a message on Google Cloud, even if the metadata server fails', async () => {
    metadata.mode = 'broken';
    const ownProjectFor = createOwnProject({ configured: undefined, onGoogleCloud: true, now: () => nowMs });
    await assert.rejects(async () => ownProjectFor('evil').names(), { code: 'Unavailable' });
    metadata.mode = 'healthy';
    nowMs += 1_000;
    assert.deepEqual(await ownProjectFor('evil').names(), ['my-project', '123456789012']);
  });

  it('the number of the own project is unknown while the metadata server fails, and known right after it is well', async () => {
    const ownProjectFor = createOwnProject({
      configured: 'configured',
      onGoogleCloud: true,
      now: () => nowMs,
    });
    metadata.mode = 'broken';
    assert.equal(await ownProjectFor(undefined).id(), 'configured');
    await assert.rejects(async () => ownProjectFor(undefined).names(), {
      code: 'Unavailable',
      message: /PROJECT_NUMBERS/,
    });
    const asked = metadata.asked.length;
    nowMs += 999;
    await assert.rejects(async () => ownProjectFor(undefined).names(), { code: 'Unavailable' });
    assert.equal(metadata.asked.length, asked);
    metadata.mode = 'healthy';
    nowMs += 1;
    assert.deepEqual(await ownProjectFor(undefined).names(), ['configured', 'my-project', '123456789012']);
  });

  it('the metadata server is not asked for a number that the settings give', () => {
    const ownProjectFor = createOwnProject({
      configured: 'configured',
      number: '42',
      onGoogleCloud: true,
      now: () => nowMs,
    });
    const asked = metadata.asked.length;
    assert.deepEqual(ownProjectFor(undefined).names(), ['configured', '42']);
    assert.equal(metadata.asked.length, asked);
  });

  it('the own project and a token are each waited for at most five seconds', async () => {
    metadata.mode = 'silent';
    const ownProjectFor = createOwnProject({ configured: undefined, onGoogleCloud: true, now: () => nowMs });
    const startMs = Date.now();
    await Promise.all([
      assert.rejects(async () => ownProjectFor(undefined).names(), {
        code: 'Unavailable',
        message: /took longer than 5 s/,
      }),
      assert.rejects(async () => createAccessTokens(systemClock).token(['scope']), {
        code: 'Unavailable',
        message: /took longer than 5 s/,
      }),
    ]);
    assert.ok(Date.now() - startMs < 9_000);
    metadata.mode = 'healthy';
  });

  it('the own project is that of the message on a machine without a metadata server', async () => {
    const ownProjectFor = createOwnProject({ configured: undefined, onGoogleCloud: false, now: () => nowMs });
    assert.equal(await ownProjectFor('p').id(), 'p');
    await assert.rejects(async () => ownProjectFor(undefined).id(), { code: 'Unavailable' });
  });
});
