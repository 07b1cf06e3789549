import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalName, identityOf } from '../../src/catalog/canonical-name.ts';
import { parseJobReference } from '../../src/catalog/reference.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { resultId } from '../../src/messages/event-ids.ts';
import { listed, nameOfPattern } from '../support/name-patterns.ts';

const full = (service: string, name: string) => `//${service}.googleapis.com/${name}`;

const identityOfJob = (text: string, service: string, region?: string) =>
  identityOf(resolve(parseJobReference(text, { service, region })));

describe('the identity of a job', () => {
  it('jobs of BigQuery with one id in two locations have two result ids', () => {
    const ids = ['EU', 'US', 'us-central1'].map((location) =>
      resultId('r', identityOfJob('projects/p/jobs/j', 'bigquery', location), false),
    );
    assert.equal(new Set(ids).size, 3);
  });

  it('one job of BigQuery has one identity in every form of its name', () => {
    const url = 'https://bigquery.googleapis.com/bigquery/v2/projects/p/jobs/j';
    const identities = [
      identityOfJob('projects/p/jobs/j', 'bigquery', 'eu'),
      identityOfJob('projects/p/jobs/j', 'bigquery', 'EU'),
      identityOfJob('p:EU.j', 'bigquery'),
      identityOfJob(`${url}?location=EU`, 'bigquery'),
      identityOfJob(url, 'bigquery', 'EU'),
    ];
    assert.equal(new Set(identities).size, 1, identities.join());
  });

  it('executions of Cloud Run v1 with one name in two regions are two', () => {
    const [one, other] = ['us-central1', 'europe-west1'].map((region) =>
      identityOfJob('namespaces/p/executions/e', 'run', region),
    );
    assert.notEqual(one, other);
  });

  it('a region that does not tell two jobs apart is no part of the identity', () => {
    const name = 'projects/p/jobs/j';
    assert.equal(identityOfJob(name, 'ml', 'us-central1'), identityOfJob(name, 'ml'));
  });
});

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
