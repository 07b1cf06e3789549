import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolve } from '../../src/catalog/resolve.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';

const lookUp = (text: string, context: ReferenceContext = {}) => resolve(parseReference(text, context));
const inLocation = (location: string) => `projects/p/locations/${location}/operations/o1`;

describe('an operation of a service', () => {
  for (const [service, version, name, region, host] of [
    ['notebooks', 'v2', inLocation('us-central1-a'), undefined, 'notebooks.googleapis.com'],
    ['dialogflow', 'v2beta1', inLocation('global'), undefined, 'dialogflow.googleapis.com'],
    [
      'dialogflow',
      'v2beta1',
      inLocation('europe-west1'),
      undefined,
      'europe-west1-dialogflow.googleapis.com',
    ],
    ['dialogflow', 'v2beta1', inLocation('us'), undefined, 'us-dialogflow.googleapis.com'],
    ['dialogflow', 'v2beta1', 'projects/p/operations/o1', undefined, 'dialogflow.googleapis.com'],
    [
      'dialogflow',
      'v2beta1',
      'projects/p/operations/o1',
      'asia-northeast1',
      'asia-northeast1-dialogflow.googleapis.com',
    ],
    ['aiplatform', 'v1beta1', inLocation('us-central1'), undefined, 'us-central1-aiplatform.googleapis.com'],
    [
      'aiplatform',
      'v1beta1',
      inLocation('northamerica-northeast1'),
      undefined,
      'northamerica-northeast1-aiplatform.googleapis.com',
    ],
    ['aiplatform', 'v1beta1', inLocation('global'), undefined, 'aiplatform.googleapis.com'],
    ['aiplatform', 'v1beta1', inLocation('eu'), undefined, 'aiplatform.eu.rep.googleapis.com'],
    [
      'aiplatform',
      'v1beta1',
      'projects/p/locations/us-east4/tensorboards/t/experiments/e/runs/r/timeSeries/s/operations/o1',
      undefined,
      'us-east4-aiplatform.googleapis.com',
    ],
    [
      'aiplatform',
      'v1beta1',
      'projects/p/locations/us-east4/ragEngineConfig/operations/o1',
      undefined,
      'us-east4-aiplatform.googleapis.com',
    ],
    ['aiplatform', 'v1beta1', 'agents/a/operations/o1', 'us-east4', 'us-east4-aiplatform.googleapis.com'],
    ['cloudaicompanion', 'v1', inLocation('global'), undefined, 'cloudaicompanion.googleapis.com'],
    ['cloudchannel', 'v1', 'operations/o1', undefined, 'cloudchannel.googleapis.com'],
    ['cloudchannel', 'v1', 'operations/a/b/c', undefined, 'cloudchannel.googleapis.com'],
  ] as const) {
    it(`the host of ${service} ${version} ${name}${region === undefined ? '' : ` (${region})`} is ${host}`, () => {
      const operation = lookUp(name, { service, version, region });
      assert.equal(operation.url, `https://${host}/${version}/${name}`);
      assert.equal(operation.fullResourceName, `//${service}.googleapis.com/${name}`);
      assert.equal(operation.host, host);
    });

    it(`the URL of ${service} ${version} ${name} at ${host} resolves to itself`, () => {
      const { url } = lookUp(name, { service, version, region });
      assert.equal(lookUp(`${url}:cancel`).url, url);
    });
  }

  it('an operation of cloudchannel has the scope apps.order, and no other', () => {
    assert.deepEqual(lookUp('operations/o1', { service: 'cloudchannel' }).auth.scopes, [
      'https://www.googleapis.com/auth/apps.order',
    ]);
  });

  it('a region does not change the host of a service without regional hosts', () => {
    const context = { service: 'notebooks', region: 'us-central1' };
    assert.equal(lookUp(inLocation('us-central1-a'), context).host, 'notebooks.googleapis.com');
  });

  it('a service can be named by its host', () => {
    assert.equal(lookUp(inLocation('global'), { service: 'notebooks.googleapis.com' }).service, 'notebooks');
  });

  it("a service can be named by the first label of its own host, where that is not the service's name", () => {
    for (const service of ['translation', 'translation.googleapis.com']) {
      assert.equal(lookUp(inLocation('global'), { service, version: 'v3' }).service, 'translate');
    }
  });

  it('a project id can be scoped to a domain', () => {
    assert.equal(
      lookUp('projects/example.com:p/locations/global/operations/o1', { service: 'notebooks' }).project,
      'example.com:p',
    );
  });
});

describe('the default version of a service', () => {
  for (const [service, name, version] of [
    ['notebooks', inLocation('global'), 'v2'],
    ['aiplatform', inLocation('global'), 'v1'],
    ['cloudaicompanion', inLocation('global'), 'v1'],
    ['cloudchannel', 'operations/o1', 'v1'],
    ['securitycenter', 'organizations/1/operations/o1', 'v1'],
    ['bigtableadmin', 'operations/projects/p/instances/i/locations/l/operations/o', 'v2'],
    ['memorystore', inLocation('us-central1'), 'v1'],
  ] as const) {
    it(`the default version of ${service} is ${version}`, () =>
      assert.equal(lookUp(name, { service }).version, version));
  }
});

describe('an operation that only a service configuration has', () => {
  for (const [text, context, url, project] of [
    [
      'https://us-central1-aiplatform.googleapis.com/ui/projects/p/locations/us-central1/datasets/d/operations/o:cancel',
      {},
      'https://us-central1-aiplatform.googleapis.com/ui/projects/p/locations/us-central1/datasets/d/operations/o',
      'p',
    ],
    [
      'operations/projects/p/instances/i/locations/l/operations/o',
      { service: 'bigtableadmin' },
      'https://bigtableadmin.googleapis.com/v2/operations/projects/p/instances/i/locations/l/operations/o',
      'p',
    ],
    [
      'batches/b1',
      { service: 'generativelanguage', version: 'v1beta' },
      'https://generativelanguage.googleapis.com/v1beta/batches/b1',
      undefined,
    ],
  ] as const) {
    it(`an operation that only a configuration has resolves to ${url}`, () => {
      const operation = lookUp(text, context);
      assert.deepEqual([operation.url, operation.project], [url, project]);
      const { service, version, name } = operation;
      assert.deepEqual(resolve({ service, version, name }), operation);
    });
  }
});
