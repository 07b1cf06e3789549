import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolve } from '../../src/catalog/resolve.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';

const lookUp = (text: string, context: ReferenceContext = {}) => resolve(parseReference(text, context));
const inLocation = (location: string) => `projects/p/locations/${location}/operations/o1`;

describe('the scopes of a token', () => {
  for (const [service, name, scopes] of [
    ['storage', 'b/x/operations/o', ['devstorage.read_write', 'cloud-platform']],
    ['aiplatform', inLocation('us-central1'), ['aiplatform', 'cloud-platform']],
    ['batch', inLocation('l'), ['cloud-platform']],
    ['cloudchannel', 'operations/o', ['apps.order']],
    ['webrisk', 'projects/p/operations/o', ['cloud-platform']],
    [
      'discoveryengine',
      'projects/p/locations/global/dataStores/d/branches/b/operations/o',
      ['discoveryengine.readwrite', 'cloud-platform'],
    ],
  ] as const) {
    it(`a token for ${service} is requested for ${scopes.join(', then ')}`, () => {
      assert.deepEqual(
        lookUp(name, { service }).auth.tokenScopes,
        scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`),
      );
    });
  }
});
