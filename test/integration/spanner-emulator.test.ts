import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { HostHandler } from '../../local/emulators/google-apis/google-services.ts';
import { resourceKinds } from '../../src/resources/kinds.ts';
import type { JsonObject } from '../../src/validation/schema.ts';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/**
 * The built bundle against a service of Google's own: its Spanner emulator, which has real long-running operations, GET
 * and list, and answers every cancel with UNIMPLEMENTED. `npm run test:emulator` starts it.
 */
const restUrl = process.env.SPANNER_EMULATOR_REST_URL ?? '';
const skip = restUrl === '' && 'npm run test:emulator starts the Spanner emulator, where gcloud has it';

const HOST = 'spanner.googleapis.com';
const INSTANCE = 'projects/my-project/instances/swept';
const { longrunning } = resourceKinds;

describe("Google's Spanner emulator", { concurrency: true, skip }, () => {
  let system: TestSystem;
  /** Names of the operations that created an instance and a database of it. */
  let instanceOperation: string;
  let databaseOperation: string;

  before(async () => {
    instanceOperation = await create('projects/my-project/instances', {
      instanceId: 'swept',
      instance: {
        config: 'projects/my-project/instanceConfigs/emulator-config',
        displayName: 'swept',
        nodeCount: 1,
      },
    });
    databaseOperation = await create(`${INSTANCE}/databases`, {
      createStatement: 'CREATE DATABASE orders',
    });
    const target = { service: 'spanner', parents: [INSTANCE, `${INSTANCE}/databases/orders`] };
    system = await startTestSystem({
      hosts: { [HOST]: forward },
      settings: { SWEEPS: JSON.stringify({ spanner: { targets: [target], dryRun: false } }) },
    });
  });
  after(() => system.close());

  const callsOf = (name: string) =>
    system.services
      .requests()
      .filter(({ url }) => url.includes(`/${name}`))
      .map(({ method, url, status }) => `${method} ${url.endsWith(':cancel') ? ':cancel' : ''} ${status}`);

  for (const [title, requestId, nameOf] of [
    ['creates an instance', 'instance', () => instanceOperation],
    ['creates a database', 'database', () => databaseOperation],
  ] as const) {
    it(`the cancel of the operation that ${title} is UNSUPPORTED, and the result says that it is done already`, async () => {
      await system.request({ operation: nameOf(), service: 'spanner', requestId });
      const { attributes, data } = await system.resultOf(requestId);
      assert.equal(data.outcome, 'UNSUPPORTED', data.detail);
      assert.equal(attributes.service, 'spanner');
      assert.equal(data.operation?.url, `https://${HOST}/v1/${nameOf()}`);
      assert.equal(data.error?.httpStatus, 501);
      assert.match(data.detail, /done|ended|finished/);
      assert.match(data.detail, /spanner|service/i);
      assert.doesNotMatch(data.detail, /HTTP 501\.?$/);
      assert.deepEqual(callsOf(nameOf())[0], 'POST :cancel 501');
    });
  }

  it('an operation that does not exist, whose cancel the emulator answers 501 too, is UNSUPPORTED, and the result says that it was not found', async () => {
    const operation = `${INSTANCE}/databases/orders/operations/never_was`;
    await system.request({ operation, service: 'spanner', requestId: 'unknown' });
    const { data } = await system.resultOf('unknown');
    assert.equal(data.outcome, 'UNSUPPORTED', data.detail);
    assert.match(data.detail, /Operation not found/);
    assert.ok(callsOf(operation).includes('GET  404'));
  });

  it('an operation under a path that the emulator does not serve is NOT_FOUND', async () => {
    const operation = `${INSTANCE}/backups/b/operations/never_was`;
    await system.request({ operation, service: 'spanner', requestId: 'unserved' });
    const { data } = await system.resultOf('unserved');
    assert.equal(data.outcome, 'NOT_FOUND', data.detail);
    assert.doesNotMatch(data.detail, /HTTP 404\.?$/);
  });

  it('a dry run shows the state of an operation, and cancels nothing', async () => {
    const operation = await create(`${INSTANCE}/databases`, { createStatement: 'CREATE DATABASE dry' });
    await system.request({ operation: `//${HOST}/${operation}`, requestId: 'dry', dryRun: true });
    const { data } = await system.resultOf('dry');
    assert.equal(data.outcome, 'DRY_RUN', data.detail);
    assert.match(data.detail, /the operation \(CreateDatabaseMetadata, .*\) is done: succeeded/);
    assert.deepEqual(callsOf(operation), ['GET  200']);
  });

  it('a sweep lists the operations of an instance and of a database, and reports them as done', async () => {
    await system.trigger({ sweep: 'spanner' });
    const report = await system.reportOf('spanner');
    assert.equal(report.complete, true, report.detail);
    assert.deepEqual([report.found, report.skipped.done, report.requested], [2, 2, 0], report.detail);
    assert.deepEqual(report.failures, []);
  });

  it('the kind `longrunning` reads the GET and the lists of a real service', async () => {
    for (const [collection, name] of [
      [`${INSTANCE}/operations`, instanceOperation],
      [`${INSTANCE}/databases/orders/operations`, databaseOperation],
    ] as const) {
      assert.equal(longrunning.readState(await get(name)).kind, 'succeeded');
      const page = longrunning.readPage(await get(collection));
      assert.ok(!('problem' in page));
      const names = page.entries.map((entry) => (entry as JsonObject).name);
      assert.ok(names.includes(name), names.join());
      for (const entry of page.entries) assert.equal(longrunning.readState(entry).kind, 'succeeded');
    }
    const created = longrunning.createdAtMs(await get(instanceOperation));
    assert.ok(created !== undefined && Math.abs(Date.now() - created) < 600_000);
    const empty = longrunning.readPage(await get('projects/my-project/instances/none/operations'));
    assert.ok(!('problem' in empty) && empty.entries.length === 0);
  });

  it('the function sends the emulator no body and no credential', async () => {
    const { attributes } = await system.resultOf('dry');
    assert.equal(attributes.outcome, 'DRY_RUN');
    for (const { url, bodyBytes, authorization } of system.services.requests()) {
      if (url.includes(HOST)) assert.deepEqual([bodyBytes, authorization], [0, false], url);
    }
  });
});

/** Sends what the function sends to https://spanner.googleapis.com to the emulator, and its answer back. */
const forward: HostHandler = async ({ method, path, query, body }) => {
  const response = await fetch(`${restUrl}${path}${query.size > 0 ? `?${query.toString()}` : ''}`, {
    method,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const type = response.headers.get('content-type');
  return {
    answer: {
      send: 'whole',
      status: response.status,
      headers: type === null ? {} : { 'content-type': type },
      body: await response.text(),
    },
  };
};

/** Creates something at the emulator; gives the name of the operation that does it. */
async function create(collection: string, body: object): Promise<string> {
  const response = await fetch(`${restUrl}/v1/${collection}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return (JSON.parse(text) as { name: string }).name;
}

async function get(name: string): Promise<JsonObject> {
  const response = await fetch(`${restUrl}/v1/${name}`, { signal: AbortSignal.timeout(20_000) });
  assert.equal(response.status, 200, name);
  return (await response.json()) as JsonObject;
}
