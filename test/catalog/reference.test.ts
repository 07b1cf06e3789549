import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConnectorCall } from '../../src/messages/connector-call.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import { NAME } from '../support/fakes.ts';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { REFUSED_CALLS } from '../messages/requests.refusals.ts';
import { MALFORMED_REFERENCES } from './references.refusals.ts';

describe('a reference', () => {
  for (const [title, text, expected] of [
    [
      'a URL',
      `https://notebooks.googleapis.com/v2/${NAME}`,
      { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
    ],
    [
      'a URL with :cancel',
      `https://notebooks.googleapis.com/v2/${NAME}:cancel`,
      { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
    ],
    [
      'a URL whose scheme and host have capitals',
      `HTTPS://Notebooks.GoogleAPIs.com/v2/${NAME}`,
      { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
    ],
    [
      'a full resource name',
      `//notebooks.googleapis.com/${NAME}`,
      { host: 'notebooks.googleapis.com', name: NAME },
    ],
    ['a bare name', NAME, { name: NAME }],
    ['a bare name with :cancel', `${NAME}:cancel`, { name: NAME }],
  ] as const) {
    it(`a reference can be ${title}`, () => assert.deepEqual(parseReference(text), expected));
  }

  it('a reference carries the service, version and region of its request', () => {
    const context = { service: 'notebooks', version: 'v1', region: 'us-east1' };
    assert.deepEqual(parseReference(NAME, context), { ...context, name: NAME });
  });

  itRefuses(MALFORMED_REFERENCES, (title) => `a malformed reference is refused: ${title}`);

  for (const { title, refuse } of MALFORMED_REFERENCES) {
    it(`the message of a refused reference is short: ${title}`, () => {
      assert.ok(failureOf(refuse).message.length < 400);
    });
  }
});

describe('a call of the Workflows connector', () => {
  const call = 'googleapis.aiplatform.v1beta1.projects.locations.operations.cancel';

  const zonal = 'googleapis.container.v1.projects.zones.operations.cancel';
  const parts = { projectId: 'p', zone: 'us-central1-a', operationId: 'o1' };

  it('a connector call of Kubernetes Engine can name an operation in parts, and again in its body', () => {
    const name = 'projects/p/zones/us-central1-a/operations/o1';
    for (const body of [undefined, {}, parts, { name }]) {
      const { fields, ...reference } = parseConnectorCall({ call: zonal, args: { ...parts, body } });
      assert.deepEqual(reference, { service: 'container', version: 'v1', name });
      assert.deepEqual(fields?.operation, ['args', 'name']);
    }
  });

  it('a connector call names the service and version', () => {
    const { fields, ...reference } = parseConnectorCall({
      call,
      args: { name: NAME, region: 'us-central1' },
    });
    assert.deepEqual(fields?.region, ['args', 'region']);
    assert.deepEqual(reference, {
      service: 'aiplatform',
      version: 'v1beta1',
      name: NAME,
      region: 'us-central1',
    });
  });

  for (const [collections, name] of [
    ['operations', 'operations/o1'],
    ['projects.operations', 'projects/p/operations/o1'],
    ['projects.locations.datasets.operations', 'projects/p/locations/l/datasets/d/operations/o1'],
    ['projects.locations.ragEngineConfig.operations', 'projects/p/locations/l/ragEngineConfig/operations/o1'],
  ] as const) {
    it(`a connector call of ${collections} accepts the name ${name}`, () => {
      const call = `googleapis.aiplatform.v1.${collections}.cancel`;
      const reference = parseConnectorCall({ call, args: { name } });
      assert.equal('name' in reference && reference.name, name);
    });
  }

  itRefuses(REFUSED_CALLS, (title) => `a connector call is refused: ${title}`);
});
