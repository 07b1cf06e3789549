import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readServiceConfiguration } from '../../tools/catalog/service-configuration.ts';

const CONFIGURATION = `type: google.api.Service
name: example.googleapis.com

http:
  rules:
  # The operations of two resources.
  - selector: google.longrunning.Operations.CancelOperation
    post: '/v1/{name=projects/*/operations/*}:cancel'
    body: '*'
    additional_bindings:
    - post: '/v1/{name=operations/**}:cancel'
      body: '*'
  - selector: google.longrunning.Operations.ListOperations
    get: /v1/operations

authentication:
  rules:
  - selector: 'google.longrunning.Operations.*'
    oauth:
      canonical_scopes: |-
        https://www.googleapis.com/auth/cloud-platform,
        https://www.googleapis.com/auth/example.admin

publishing:
  organization: CLOUD
`;

describe('the reader of service configurations', () => {
  it('the reader reads the name, the HTTP rules with their additional bindings, and the scopes', () => {
    const { name, methods, scopes } = readServiceConfiguration(CONFIGURATION);
    assert.equal(name, 'example.googleapis.com');
    assert.deepEqual(methods, [
      {
        selector: 'google.longrunning.Operations.CancelOperation',
        rules: ['POST /v1/{name=projects/*/operations/*}:cancel', 'POST /v1/{name=operations/**}:cancel'],
      },
      { selector: 'google.longrunning.Operations.ListOperations', rules: ['GET /v1/operations'] },
    ]);
    assert.deepEqual([...scopes], [['google.longrunning.Operations.*', ['cloud-platform', 'example.admin']]]);
  });

  it('a configuration without HTTP rules has no methods', () => {
    assert.deepEqual(readServiceConfiguration('name: example.googleapis.com\n').methods, []);
  });

  for (const line of ['    post: >-', '    custom:', '  - {selector: x, post: y}', '\tpost: x']) {
    it(`the reader refuses an unknown line of HTTP rules: ${JSON.stringify(line)}`, () => {
      const text = CONFIGURATION.replace("    body: '*'", line);
      assert.throws(() => readServiceConfiguration(text), /^Error: unknown line of HTTP rules: /);
    });
  }
});
