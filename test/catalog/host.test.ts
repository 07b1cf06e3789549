import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findHost } from '../../src/catalog/host.ts';

describe('a host', () => {
  for (const [host, expected] of [
    ['notebooks.googleapis.com', { service: 'notebooks' }],
    ['us-central1-aiplatform.googleapis.com', { service: 'aiplatform', location: 'us-central1' }],
    ['aiplatform.us.rep.googleapis.com', { service: 'aiplatform', location: 'us' }],
    ['us-dialogflow.googleapis.com', { service: 'dialogflow', location: 'us' }],
    ['notebooks.mtls.googleapis.com', { service: 'notebooks' }],
    ['us-central1-aiplatform.mtls.googleapis.com', { service: 'aiplatform', location: 'us-central1' }],
    [
      'datastore.us-east1.rep.mtls.googleapis.com',
      { service: 'datastore', location: 'us-east1', regionalEndpoint: true },
    ],
    ['content-notebooks.googleapis.com', { service: 'notebooks' }],
    ['content-translation.googleapis.com', { service: 'translate' }],
    ['us-central1-dataproc.googleapis.com', { service: 'dataproc', location: 'us-central1' }],
    ['africa-south1-dataproc.googleapis.com', { service: 'dataproc', location: 'africa-south1' }],
    ['us-west1-logging.googleapis.com', { service: 'logging', location: 'us-west1' }],
    ['eu-vision.googleapis.com', { service: 'vision', location: 'eu' }],
    ['us-chronicle.googleapis.com', { service: 'chronicle', location: 'us' }],
    ['us-central1-run.googleapis.com', { service: 'run', location: 'us-central1' }],
    ['us-central1-notebooks.googleapis.com', undefined],
    ['us-west8-logging.googleapis.com', undefined],
    ['evil-dataproc.googleapis.com', undefined],
    ['evil-run.googleapis.com', undefined],
    ['mtls.googleapis.com', undefined],
    ['evil.mtls.googleapis.com', undefined],
    ['notebooks.mtls.googleapis.com.evil.example', undefined],
    ['notebooks.mtls.evil.example', undefined],
    ['notebooks.sandbox.googleapis.com', undefined],
    ['content-evil.googleapis.com', undefined],
    ['content-notebooks.evil.example', undefined],
    ['us-aiplatform.googleapis.com', undefined],
    ['global-aiplatform.googleapis.com', undefined],
    ['dialogflow.us.rep.googleapis.com', undefined],
    ['us-central1-aiplatform.eu.rep.googleapis.com', undefined],
    ['googleapis.com', undefined],
    ['toString.googleapis.com', undefined],
    ['notebooks.googleapis.com.', undefined],
  ] as const) {
    it(`the host ${host} belongs to ${expected === undefined ? 'no service' : JSON.stringify(expected)}`, () => {
      assert.deepEqual(findHost(host), expected);
      assert.deepEqual(findHost(host), expected, 'the second time');
    });
  }

  it('hosts of thousands of locations that do not exist leave the others as they are', () => {
    for (let number = 1; number < 100; number += 1) {
      for (const place of 'abcdefghijklmnopqrstuvwxyz') {
        const location = `x${place}-east${number}`;
        assert.deepEqual(findHost(`${location}-aiplatform.googleapis.com`), {
          service: 'aiplatform',
          location,
        });
      }
    }
    assert.deepEqual(findHost('europe-west9-aiplatform.googleapis.com'), {
      service: 'aiplatform',
      location: 'europe-west9',
    });
    assert.equal(findHost('europe-west9-notebooks.googleapis.com'), undefined);
  });
});
