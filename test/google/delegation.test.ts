import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { Failure } from '../../src/validation/failure.ts';
import { createCredentials } from '../../src/google/credentials.ts';
import { createDelegation } from '../../src/google/delegation.ts';
import { createHttpClient } from '../../src/google/http.ts';
import { createResourceApi } from '../../src/google/resource-api.ts';
import type { AccessTokens } from '../../src/google/access-tokens.ts';
import { classify } from '../../src/resources/response.ts';
import { anOperation, NOON_MS } from '../support/fakes.ts';

/**
 * A request to the server that stands for IAM Credentials, the token endpoint and the service, by the first
 * segment of the path.
 */
interface Arrived {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}
const arrived: Arrived[] = [];
const answers = new Map<string, readonly [status: number, body: unknown]>();
const SIGN = 'iamcredentials.googleapis.com';
const TOKEN = 'oauth2.googleapis.com';
const SERVICE = 'cloudchannel.googleapis.com';
const answerWell = () => {
  answers.set(SIGN, [200, { keyId: 'k', signedJwt: 'signed.by.google' }]);
  answers.set(TOKEN, [200, { access_token: 'of-the-admin', expires_in: 3_600, token_type: 'Bearer' }]);
  answers.set(SERVICE, [200, {}]);
};
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { url = '' } = request;
    const { authorization, 'content-type': type } = request.headers;
    arrived.push({ url, authorization, type, body: Buffer.concat(chunks).toString() });
    const [status, body] = answers.get(url.split('/')[1] ?? '') ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{host}`;
const http = createHttpClient();
after(() => {
  http.close();
  server.close();
});

const SCOPE = 'https://www.googleapis.com/auth/apps.order';
const ACCOUNT = 'function@my-project.iam.gserviceaccount.com';
const accessTokens: AccessTokens = {
  token: (scopes) => Promise.resolve(`own token for ${scopes.join(' ')}`),
  account: () => Promise.resolve(ACCOUNT),
};
let nowMs = NOON_MS;

function aDelegation() {
  arrived.length = 0;
  answerWell();
  return createDelegation({ http, accessTokens, endpoint, subject: 'admin@reseller.example', now: () => nowMs });
}
const operation = anOperation({
  service: 'cloudchannel',
  host: SERVICE,
  calls: { cancel: { method: 'POST', path: 'v1/operations/o:cancel' } },
  auth: { scopes: [SCOPE], tokenScopes: [SCOPE], delegated: true },
});
const apiWith = (delegation: ReturnType<typeof aDelegation> | undefined) =>
  createResourceApi({
    http,
    endpoint,
    credentials: createCredentials({ accessTokens, delegation }),
    clock: { now: () => nowMs },
  });

describe('domain-wide delegation', () => {
  it('delegation signs a JWT for the subject and the scope with the own token, and exchanges it for a token of the subject', async () => {
    const delegation = aDelegation();
    assert.deepEqual(await delegation.token(SCOPE), { kind: 'token', token: 'of-the-admin' });
    const [sign, exchange, ...others] = arrived;
    assert.equal(others.length, 0);
    assert.equal(sign?.url, `/${SIGN}/v1/projects/-/serviceAccounts/${ACCOUNT}:signJwt`);
    assert.equal(sign.authorization, 'Bearer own token for https://www.googleapis.com/auth/cloud-platform');
    const { payload } = JSON.parse(sign.body) as { payload: string };
    assert.deepEqual(JSON.parse(payload), {
      iss: ACCOUNT,
      sub: 'admin@reseller.example',
      scope: SCOPE,
      aud: 'https://oauth2.googleapis.com/token',
      iat: NOON_MS / 1_000,
      exp: NOON_MS / 1_000 + 3_600,
    });
    assert.equal(exchange?.url, `/${TOKEN}/token`);
    assert.equal(exchange.authorization, undefined);
    assert.equal(exchange.type, 'application/x-www-form-urlencoded');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(exchange.body)), {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'signed.by.google',
    });
  });

  it('delegation requests one token for many calls, and the next five minutes before that expires', async () => {
    const delegation = aDelegation();
    await Promise.all([delegation.token(SCOPE), delegation.token(SCOPE)]);
    nowMs = NOON_MS + 3_299_999;
    await delegation.token(SCOPE);
    assert.equal(arrived.length, 2);
    nowMs = NOON_MS + 3_300_000;
    await delegation.token(SCOPE);
    assert.equal(arrived.length, 4);
    nowMs = NOON_MS;
  });

  it('delegation keeps the tokens of two scopes apart', async () => {
    const delegation = aDelegation();
    await delegation.token(SCOPE);
    answers.set(TOKEN, [200, { access_token: 'for-another', expires_in: 3_600 }]);
    const other = 'https://www.googleapis.com/auth/ediscovery';
    assert.deepEqual(await delegation.token(other), { kind: 'token', token: 'for-another' });
    assert.deepEqual(await delegation.token(SCOPE), { kind: 'token', token: 'of-the-admin' });
  });

  it('a delegated cancel is sent with the token of the subject', async () => {
    const answer = await apiWith(aDelegation()).cancel(operation, 5_000);
    assert.equal(answer.kind, 'answered');
    assert.deepEqual(arrived.at(-1), {
      url: `/${SERVICE}/v1/operations/o:cancel`,
      authorization: 'Bearer of-the-admin',
      type: undefined,
      body: '',
    });
  });

  for (const [title, host, status, body, advice] of [
    [
      'the account is not allowed to sign for itself',
      SIGN,
      403,
      { error: { code: 403, message: 'No.', status: 'PERMISSION_DENIED' } },
      /^HTTP 403 "No.": function@.* roles\/iam\.serviceAccountTokenCreator on itself\.$/,
    ],
    [
      'the domain has not authorized the account',
      TOKEN,
      401,
      { error: 'unauthorized_client', error_description: 'Client is unauthorized.' },
      /^HTTP 401 "Client is unauthorized\.": function@.* may not act for admin@reseller\.example: .*Domain-wide delegation.*apps\.order/,
    ],
    ['the subject does not exist', TOKEN, 400, { error: 'invalid_grant' }, /^HTTP 400 "invalid_grant": /],
  ] as const) {
    it(`a delegated cancel is denied without a call, and the error names the missing grant, when ${title}`, async () => {
      const api = apiWith(aDelegation());
      answers.set(host, [status, body]);
      const result = classify(await api.cancel(operation, 5_000), NOON_MS);
      assert.ok(result.kind === 'failed' && result.reason === 'denied');
      assert.equal(result.error.httpStatus, status);
      assert.match(result.error.message, advice);
      assert.ok(!arrived.some(({ url }) => url.startsWith(`/${SERVICE}`)));
    });
  }

  for (const [host, status] of [
    [SIGN, 503],
    [SIGN, 429],
    [SIGN, 302],
    [SIGN, 200],
    [TOKEN, 500],
    [TOKEN, 200],
    [TOKEN, 408],
  ] as const) {
    it(`a delegated token is Unavailable for now, not denied, when ${host} answers ${status}`, async () => {
      const delegation = aDelegation();
      answers.set(host, [status, {}]);
      await assert.rejects(delegation.token(SCOPE), { code: 'Unavailable' });
      answerWell();
      assert.deepEqual(await delegation.token(SCOPE), { kind: 'token', token: 'of-the-admin' });
    });
  }

  it('a delegated cancel is sent once more with a new token if the service does not accept the cached one', async () => {
    const api = apiWith(aDelegation());
    await api.cancel(operation, 5_000);
    answers.set(TOKEN, [200, { access_token: 'another', expires_in: 3_600 }]);
    answers.set(SERVICE, [401, {}]);
    arrived.length = 0;
    const answer = await api.cancel(operation, 5_000);
    assert.deepEqual(
      arrived.filter(({ url }) => url.startsWith(`/${SERVICE}`)).map(({ authorization }) => authorization),
      ['Bearer of-the-admin', 'Bearer another'],
    );
    assert.equal(answer.kind === 'answered' && answer.httpStatus, 401);
  });

  it('an error advises delegation if the service denies access without it, and not for other errors', async () => {
    aDelegation();
    const api = apiWith(undefined);
    answers.set(SERVICE, [
      403,
      { error: { code: 403, message: 'Not a reseller.', status: 'PERMISSION_DENIED' } },
    ]);
    const denied = classify(await api.cancel(operation, 5_000), NOON_MS);
    assert.ok(denied.kind === 'failed' && denied.reason === 'denied');
    assert.match(denied.error.message, /^Not a reseller\. .*DELEGATED_SUBJECT.*domain-wide delegation/);
    assert.equal(arrived.at(-1)?.authorization, `Bearer own token for ${SCOPE}`);
    answers.set(SERVICE, [404, { error: { message: 'No such operation.' } }]);
    const missing = classify(await api.cancel(operation, 5_000), NOON_MS);
    assert.ok(missing.kind === 'failed' && missing.error.message === 'No such operation.');
  });

  it('an error advises delegation if no token for the scope is granted without it', async () => {
    aDelegation();
    const refused = new Failure('Unavailable', `no access token for ${SCOPE}: invalid_scope`, {
      cause: Object.assign(new Error('invalid_scope'), { status: 400 }),
    });
    const credentials = createCredentials({
      accessTokens: { ...accessTokens, token: () => Promise.reject(refused) },
      delegation: undefined,
    });
    const answer = await credentials.for(operation.auth);
    assert.ok(answer.kind === 'denied' && answer.httpStatus === 403);
    assert.match(answer.problem, /^no access token for .*apps\.order: invalid_scope\. .*DELEGATED_SUBJECT/);
    const silent = createCredentials({
      accessTokens: { ...accessTokens, token: () => Promise.reject(new Failure('Unavailable', 'no answer')) },
      delegation: undefined,
    });
    await assert.rejects(async () => silent.for(operation.auth), { code: 'Unavailable' });
  });

  it('a call to a service without delegation is sent with the own token', async () => {
    const api = apiWith(aDelegation());
    await api.cancel({ ...operation, auth: { ...operation.auth, delegated: false } }, 5_000);
    assert.deepEqual(
      arrived.map(({ authorization }) => authorization),
      [`Bearer own token for ${SCOPE}`],
    );
  });
});
