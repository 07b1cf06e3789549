import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { NAME, URL_OF_NAME } from '../support/fakes.ts';
import { pushBody } from '../support/test-app.ts';
import { REQUESTS, RESULTS, startFramework, TRIGGERS } from './framework.ts';
import type { App } from './framework.ts';

const framework = await startFramework();
const { post } = framework;
let app: App;

describe('a message that is no good is answered with REJECTED, acknowledged, and calls nobody', () => {
  const other = 'projects/other-project/locations/us-central1/operations/o1';
  const of = (changes: object) => ({ operation: NAME, service: 'notebooks', ...changes });
  for (const [title, data, type, message] of [
    ['not JSON', 'cancel it', 'ValueError', /^data: is not JSON/],
    ['empty', '', 'ValueError', /^data: missing/],
    ['attributes only', undefined, 'ValueError', /^data: missing/],
    ['an array', [], 'TypeError', /^data: must be a JSON object, not an array/],
    ['a string', '"x"', 'TypeError', /^data: must be a JSON object, not a string/],
    ['an unknown field', of({ dryrun: true }), 'ValueError', /^dryrun: unknown field/],
    ['a wrong type', of({ dryRun: 'yes' }), 'TypeError', /^dryRun: must be true or false/],
    ['an unknown service', of({ service: 'notebook' }), 'ValueError', /^service: "notebook"/],
    ['a version that there is not', of({ version: 'v3' }), 'ValueError', /^version: /],
    ['a missing version', of({ service: 'dialogflow' }), 'ValueError', /^version: missing/],
    [
      'a missing region',
      of({ operation: 'operations/o1', service: 'aiplatform' }),
      'ValueError',
      /^region: missing/,
    ],
    [
      'a host that is not listed',
      { operation: `https://evil.example/v2/${NAME}` },
      'ValueError',
      /^operation: the host "evil.example"/,
    ],
    ['a path with ..', of({ operation: `projects/../${NAME}` }), 'ValueError', /^operation: /],
    [
      'http:',
      { operation: URL_OF_NAME.replace('https', 'http') },
      'ValueError',
      /^operation: must begin with https/,
    ],
    [
      'user information',
      { operation: URL_OF_NAME.replace('//', '//me@') },
      'ValueError',
      /^operation: .*user information/,
    ],
    ['a port', { operation: URL_OF_NAME.replace('.com', '.com:443') }, 'ValueError', /^operation: .*port/],
    ['a query', { operation: `${URL_OF_NAME}?alt=json` }, 'ValueError', /^operation: .*query/],
    ['a fragment', { operation: `${URL_OF_NAME}#x` }, 'ValueError', /^operation: .*fragment/],
    ['%2F', of({ operation: NAME.replace('/o1', '%2Fo1') }), 'ValueError', /^operation: .*percent-encoded/],
    [
      'a control character',
      of({ operation: `${NAME}\u0007` }),
      'ValueError',
      /^operation: only printable ASCII/,
    ],
    ['10,000 characters', of({ operation: `${NAME}${'x'.repeat(10_000)}` }), 'ValueError', /^operation: has/],
    [
      'an entitlement',
      of({ operation: 'accounts/A/customers/C/entitlements/E', service: 'cloudchannel' }),
      'ValueError',
      /^operation: /,
    ],
    ['no operations', { operations: [] }, 'ValueError', /^operations: /],
    [
      '1,001 operations',
      { operations: Array.from({ length: 1_001 }, (_, n) => `o${n}`) },
      'ValueError',
      /^operations: /,
    ],
    ['operation and operations', of({ operations: [NAME] }), 'ValueError', /^operations: /],
    ['confirmWithin: 0s', of({ confirmWithin: '0s' }), 'ValueError', /^confirmWithin: /],
    [
      'another project',
      of({ operation: other }),
      'ValueError',
      /^operation: the project "other-project" is not allowed/,
    ],
    [
      'a name without a project',
      of({ operation: 'operations/o1', service: 'cloudchannel' }),
      'ValueError',
      /carries no project/,
    ],
  ] as const satisfies [string, unknown, string, RegExp][]) {
    it(title, async () => {
      app = framework.tell({ allowedServices: ['*'] });
      assert.equal(await post(REQUESTS, pushBody(data, data === undefined ? { a: 'b' } : undefined)), 204);
      const [result, ...more] = app.publisher.results();
      assert.deepEqual([result?.outcome, result?.error?.type, more.length], ['REJECTED', type, 0]);
      assert.match(result?.error?.message ?? '', message);
      assert.deepEqual([result?.messageId, result?.requestId], ['4711', '4711']);
      assert.deepEqual([app.resourceApi.calls, app.scheduler.sent], [[], []]);
    });
  }

  it('names the operation that the policy forbids', async () => {
    app = framework.tell();
    await post(REQUESTS, pushBody({ operation: other, service: 'notebooks' }));
    const [published] = app.publisher.published;
    assert.ok(published !== undefined);
    assert.equal(published.event.subject, `//notebooks.googleapis.com/${other}`);
    assert.equal(published.event.attributes?.service, 'notebooks');
  });

  it('repeats what the request said, so that its sender knows it', async () => {
    app = framework.tell();
    await post(
      REQUESTS,
      pushBody({ operation: 'nonsense', requestId: 'mine', reason: 'r', labels: { a: 'b' } }),
    );
    const [result] = app.publisher.results();
    assert.deepEqual(
      [result?.requestId, result?.reason, result?.labels, result?.operation, result?.messageId],
      ['mine', 'r', { a: 'b' }, { reference: 'nonsense' }, '4711'],
    );
  });

  it('is told from another that begins alike, however long both are', async () => {
    const ids = [];
    for (const end of ['a', 'b']) {
      app = framework.tell();
      await post(REQUESTS, pushBody({ operation: `${'x'.repeat(1_500)}${end}`, requestId: 'mine' }));
      ids.push(app.publisher.published[0]?.event.id);
    }
    assert.notEqual(ids[0], ids[1]);
  });

  it('is answered under the same id when it comes again', async () => {
    const ids = [];
    for (let count = 0; count < 2; count += 1) {
      app = framework.tell();
      await post(REQUESTS, pushBody('nonsense'));
      ids.push(app.publisher.published[0]?.event.id);
    }
    assert.equal(ids[0], ids[1]);
  });

  it('even a body that is not of Pub/Sub', async () => {
    app = framework.tell();
    assert.equal(await post('', { hello: 'world' }), 204);
    assert.match(app.publisher.results()[0]?.requestId ?? '', /^unidentified-/);
  });
});

describe('a trigger', () => {
  it('is answered with REJECTED while no sweep is configured', async () => {
    app = framework.tell();
    assert.equal(await post(TRIGGERS, pushBody({ sweep: 'nightly' })), 204);
    assert.deepEqual(
      app.publisher.results().map(({ outcome }) => outcome),
      ['REJECTED'],
    );
  });
});
describe('what the function publishes itself', () => {
  it('is ignored when it comes back, so that nothing answers itself for ever', async () => {
    app = framework.tell();
    const attributes = {
      'ce-specversion': '1.0',
      'ce-id': 'x',
      'ce-source': 'urn:lro-cancel',
      'ce-type': EVENT_TYPE.result,
    };
    assert.equal(await post(REQUESTS, pushBody({ outcome: 'CANCELLED' }, attributes)), 204);
    assert.equal(await post(RESULTS, pushBody({})), 204);
    assert.deepEqual(app.publisher.published, []);
  });
});
