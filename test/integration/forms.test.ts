import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/**
 * Cancels, through the built bundle, operations whose names or states have another form than those of
 * google.longrunning.Operations. The simulated services do not take these forms from the catalog.
 */
let system: TestSystem;
before(async () => {
  system = await startTestSystem({
    settings: { ALLOWED_SERVICES: '*,storage,storagetransfer,texttospeech' },
  });
});
after(() => system.close());

const IN_LOCATION = 'projects/my-project/locations/us-central1/operations/o1';

describe('an operation of another form', { concurrency: true }, () => {
  for (const [id, url, cancel, request] of [
    [
      'storage',
      'https://storage.googleapis.com/storage/v1/b/my_bucket/operations/AbC',
      'POST /cancel',
      { operation: '//storage.googleapis.com/projects/_/buckets/my_bucket/operations/AbC' },
    ],
    [
      'sqladmin',
      'https://sqladmin.googleapis.com/sql/v1beta4/projects/my-project/operations/o1',
      'POST /cancel',
      undefined,
    ],
    [
      'container',
      'https://container.googleapis.com/v1/projects/my-project/zones/us-central1-a/operations/o1',
      'POST :cancel',
      {
        call: 'googleapis.container.v1.projects.zones.operations.cancel',
        args: { projectId: 'my-project', zone: 'us-central1-a', operationId: 'o1', body: {} },
      },
    ],
    [
      'container-by-name',
      `https://container.googleapis.com/v1/${IN_LOCATION}`,
      'POST :cancel',
      { operation: IN_LOCATION, service: 'container' },
    ],
    [
      'datalabeling',
      'https://datalabeling.googleapis.com/v1beta1/projects/my-project/operations/o1',
      'GET :cancel',
      undefined,
    ],
    [
      'pubsublite',
      `https://us-central1-pubsublite.googleapis.com/v1/admin/${IN_LOCATION}`,
      'POST :cancel',
      { operation: IN_LOCATION, service: 'pubsublite' },
    ],
    [
      'videointelligence',
      `https://videointelligence.googleapis.com/v1/operations/${IN_LOCATION}`,
      'POST :cancel',
      undefined,
    ],
    ['dns', `https://dns.googleapis.com/dns/v1/${IN_LOCATION}`, 'POST :cancel', undefined],
    [
      'storagetransfer',
      'https://storagetransfer.googleapis.com/v1/transferOperations/transferJobs-1-2',
      'POST :cancel',
      { operation: 'transferOperations/transferJobs-1-2', service: 'storagetransfer' },
    ],
    [
      'spanner at a regional endpoint',
      'https://spanner.us-east1.rep.googleapis.com/v1/projects/my-project/instances/i/operations/o1',
      'POST :cancel',
      undefined,
    ],
  ] as const) {
    it(`an operation of ${id} is cancelled by ${cancel}, and confirmed`, async () => {
      const [method, suffix = ''] = cancel.split(' ');
      system.services.add(url, { afterMs: 500 });
      const data: Record<string, unknown> = request ?? { operation: url };
      await system.request({ ...data, requestId: id });
      const result = await system.resultOf(id);
      assert.equal(result.data.outcome, 'CANCELLED', result.data.detail);
      assert.equal(result.data.operation?.url, url);
      const calls = system.services.requests().filter((one) => one.url.startsWith(url));
      assert.deepEqual([calls[0]?.method, calls[0]?.url, calls[0]?.bodyBytes], [method, url + suffix, 0]);
      assert.deepEqual([calls[1]?.method, calls[1]?.url], ['GET', url]);
    });
  }

  for (const [id, url, script, outcome] of [
    [
      'sql-failed',
      'https://sqladmin.googleapis.com/v1/projects/my-project/operations/failed',
      'failed',
      'FAILED',
    ],
    [
      'container-finished',
      'https://container.googleapis.com/v1/projects/my-project/zones/z/operations/finished',
      'succeeded',
      'SUCCEEDED',
    ],
  ] as const) {
    it(`an operation (${id}) whose status shows its end is ${outcome}`, async () => {
      system.services.add(url, { onCancel: script });
      await system.request({ operation: url, requestId: id });
      assert.equal((await system.resultOf(id)).data.outcome, outcome);
    });
  }

  it('an operation of a service without GET is UNCONFIRMED at once, with the reason', async () => {
    const url = 'https://texttospeech.googleapis.com/v1/operations/speak';
    system.services.add(url);
    await system.request({ operation: url, requestId: 'speak' });
    const { data } = await system.resultOf('speak');
    assert.deepEqual([data.outcome, data.confirm.checks], ['UNCONFIRMED', 0]);
    assert.match(data.detail, /accepted; texttospeech offers no GET/);
    const calls = system.services.requests().filter((one) => one.url.startsWith(url));
    assert.deepEqual(
      calls.map(({ method }) => method),
      ['POST'],
    );
  });

  it('an operation of a service without a cancel method is UNSUPPORTED, without a call', async () => {
    const url = 'https://compute.googleapis.com/compute/v1/projects/my-project/zones/z/operations/o1';
    await system.request({ operation: url, requestId: 'compute' });
    const { attributes, data } = await system.resultOf('compute');
    assert.deepEqual(
      [data.outcome, attributes.outcome, data.error],
      ['UNSUPPORTED', 'UNSUPPORTED', undefined],
    );
    assert.equal(attributes.service, 'compute');
    assert.match(
      data.detail,
      /^The function called nothing: compute has no method to cancel its operations\.$/,
    );
    assert.ok(!system.services.requests().some((one) => one.url.includes('compute')));
  });
});
