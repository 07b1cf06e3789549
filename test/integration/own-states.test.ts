import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/** Cancels, through the built bundle, operations whose services show the cancel and the end in their own words. */
let system: TestSystem;
before(async () => {
  system = await startTestSystem({ settings: { ALLOWED_SERVICES: '*,storagetransfer' } });
});
after(() => system.close());

const LOCATION = 'projects/my-project/locations/us-central1';

describe('an operation whose service has words of its own', { concurrency: true }, () => {
  // The simulated service ends a cancelled batch as the real one does: with a response, and without an error.
  it('a translation that ends with the state CANCELLED and a response is CANCELLED', async () => {
    const url = `https://translation.googleapis.com/v3/${LOCATION}/operations/batch`;
    system.services.add(url, { afterMs: 500 });
    await system.request({ operation: url, requestId: 'translate' });
    const { data } = await system.resultOf('translate');
    assert.equal(data.outcome, 'CANCELLED', data.detail);
    assert.deepEqual(data.operationError, { code: 1, message: 'CANCELLED' });
  });

  it('a transfer that ends with the status ABORTED and without an error is CANCELLED', async () => {
    const url = 'https://storagetransfer.googleapis.com/v1/transferOperations/transferJobs-1-9';
    system.services.add(url, { onCancel: 'neither', metadata: { status: 'ABORTED' } });
    await system.request({ operation: url, requestId: 'transfer' });
    const { data } = await system.resultOf('transfer');
    assert.equal(data.outcome, 'CANCELLED', data.detail);
  });

  it('an operation of Kubernetes Engine that is ABORTING, then DONE, is not said to have finished despite the cancel', async () => {
    const url = `https://container.googleapis.com/v1/${LOCATION}/operations/upgrade`;
    // The first look.
    const getFaults = [{ kind: 'odd-operation', fields: { status: 'ABORTING' } }] as const;
    system.services.add(url, { onCancel: 'neither', getFaults });
    await system.request({ operation: url, requestId: 'upgrade' });
    const { data } = await system.resultOf('upgrade');
    assert.equal(data.outcome, 'SUCCEEDED');
    assert.equal(data.confirm.checks, 2);
    assert.match(data.detail, /DONE, which means cancelled or completed/);
    assert.match(data.detail, /An earlier GET showed that a cancel was under way/);
    assert.doesNotMatch(data.detail, /despite/);
  });

  for (const [id, url, metadata] of [
    [
      'logging',
      `https://logging.googleapis.com/v2/${LOCATION}/operations/copy`,
      { cancellationRequested: true },
    ],
    [
      'spanner',
      'https://spanner.googleapis.com/v1/projects/my-project/instances/i/databases/d/operations/o',
      { cancelTime: '2026-11-20T12:00:00Z' },
    ],
    [
      'visionai',
      `https://visionai.googleapis.com/v1/${LOCATION}/operations/o`,
      { operationMetadata: { requestedCancellation: true } },
    ],
  ] as const) {
    it(`an unanswered cancel of ${id} that the operation shows under way is waited for`, async () => {
      const cancelFaults = [{ kind: 'reset', applied: true }] as const;
      // The first look.
      const fields = { done: null, error: null, metadata };
      system.services.add(url, { cancelFaults, getFaults: [{ kind: 'odd-operation', fields }] });
      await system.request({ operation: url, requestId: id });
      const { data } = await system.resultOf(id);
      assert.equal(data.outcome, 'CANCELLED', data.detail);
      assert.equal(data.confirm.checks, 2);
    });
  }
});
