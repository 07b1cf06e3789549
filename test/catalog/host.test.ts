import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findHost } from '../../src/catalog/host.ts';

describe('a host', () => {
  for (const [host, expected] of [
    ['notebooks.googleapis.com', { service: 'notebooks' }],
    ['us-central1-aiplatform.googleapis.com', { service: 'aiplatform', location: 'us-central1' }],
    ['aiplatform.us.rep.googleapis.com', { service: 'aiplatform', location: 'us' }],
    ['us-dialogflow.googleapis.com', { service: 'dialogflow', location: 'us' }],
    ['us-aiplatform.googleapis.com', undefined],
    ['global-aiplatform.googleapis.com', undefined],
    ['dialogflow.us.rep.googleapis.com', undefined],
    ['us-central1-aiplatform.eu.rep.googleapis.com', undefined],
    ['googleapis.com', undefined],
    ['toString.googleapis.com', undefined],
    ['notebooks.googleapis.com.', undefined],
  ] as const) {
    it(`the host ${host} belongs to ${expected === undefined ? 'no service' : JSON.stringify(expected)}`, () =>
      assert.deepEqual(findHost(host), expected));
  }
});
