import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalName } from '../../src/catalog/canonical-name.ts';
import { resultId } from '../../src/messages/event-ids.ts';
import { listed, nameOfPattern } from '../support/name-patterns.ts';

const full = (service: string, name: string) => `//${service}.googleapis.com/${name}`;

describe('the canonical name of an operation', () => {
  for (const [service, name, canonical] of [
    ['container', 'projects/p/zones/z/operations/o', 'projects/p/locations/z/operations/o'],
    ['dataproc', 'projects/p/locations/r/operations/o', 'projects/p/regions/r/operations/o'],
    ['cloudbuild', 'projects/p/builds/b', 'projects/p/locations/global/builds/b'],
    ['dlp', 'projects/p/dlpJobs/d', 'projects/p/locations/global/dlpJobs/d'],
    ['storage', 'b/x/operations/o', 'projects/_/buckets/x/operations/o'],
    [
      'videointelligence',
      'operations/projects/p/locations/l/operations/o',
      'projects/p/locations/l/operations/o',
    ],
  ] as const) {
    it(`a request has one result id by both names of an operation or job of ${service}`, () => {
      const [one, other] = [name, canonical].map((text) => resultId('r', full(service, text), false));
      assert.equal(one, other);
    });
  }

  it('the names of all other services are their own canonical names', () => {
    const rewritten = listed
      .filter(({ service, pattern }) => {
        const name = full(service, nameOfPattern(pattern));
        return canonicalName(name) !== name;
      })
      .map(({ service }) => service);
    assert.deepEqual([...new Set(rewritten)].sort(), [
      'container',
      'dataproc',
      'discoveryengine',
      'storage',
      'videointelligence',
    ]);
  });
});
