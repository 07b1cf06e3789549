import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startGoogleHosts } from '../../bench/compare/google-hosts.ts';
import type { GoogleHosts } from '../../bench/compare/google-hosts.ts';

/** It is pinned to a core with taskset, which is Linux's. */
const google =
  process.platform === 'linux'
    ? await startGoogleHosts(0)
    : { missing: 'processes are pinned on Linux only' };
const skip = 'missing' in google && google.missing;

/** Runs a script in a process of its own, and gives its output. */
async function run(script: string, { imports, env } = google as GoogleHosts): Promise<string> {
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...imports.map((file) => `--import=${file}`), '--input-type=module', '--eval', script],
    { env: { PATH, ...env }, timeout: 20_000 },
  );
  return stdout.trim();
}

const TOKEN = `
  import { gcpMetadata } from 'google-auth-library';
  const { access_token: token } = await gcpMetadata.instance('service-accounts/default/token');
`;
const cancelWith = (authorization: string) => `
  import https from 'node:https';
  https
    .request(
      'https://notebooks.googleapis.com/v2/o:cancel',
      { method: 'POST', headers: { authorization: ${authorization} } },
      (response) => {
        console.log(response.statusCode);
        response.destroy();
      },
    )
    .on('error', ({ code }) => console.log(code))
    .end();
`;

describe('what stands for Google where credentials are sent', { skip }, () => {
  const hosts = google as GoogleHosts;
  after(() => hosts.close());

  it('the stand-in for Google accepts a cancel with a token of its metadata server', async () => {
    assert.equal(await run(TOKEN + cancelWith('`Bearer ${token}`')), '200');
    assert.deepEqual(await hosts.asked(), { cancels: 1, tasks: 0, published: 0, tokens: 1, refused: 0 });
  });

  it('the stand-in for Google refuses a cancel with any other token', async () => {
    assert.equal(await run(cancelWith("'Bearer mine'")), '401');
    assert.deepEqual(await hosts.asked(), { cancels: 0, tasks: 0, published: 0, tokens: 0, refused: 1 });
  });

  it("the stand-in for Google accepts a publish by Google's client with the metadata server's credentials", async () => {
    const published = await run(`
      import { PubSub } from '@google-cloud/pubsub';
      console.log(typeof (await new PubSub().topic('t').publishMessage({ json: {} })));
      process.exit(0);
    `);
    assert.equal(published, 'string');
    const { published: count, refused } = await hosts.asked();
    assert.deepEqual([count, refused], [1, 0]);
  });

  it('the stand-in for Google is trusted by its certificate alone', async () => {
    const { GOOGLE_HOSTS = '' } = hosts.env;
    const answer = run(cancelWith("'Bearer mine'"), { ...hosts, env: { GOOGLE_HOSTS } });
    assert.equal(await answer, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('a process redirected to the stand-in for Google reaches no other machine', async () => {
    const script = `
      import net from 'node:net';
      try { net.connect(443, 'example.com') } catch ({ message }) { console.log(message) }
    `;
    assert.equal(await run(script), 'nothing stands for example.com:443');
  });
});
