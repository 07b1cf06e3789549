import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ClientError, connect } from 'lro-cancel/client';
import type { Client, Result } from 'lro-cancel/client';
import { temporarySubscriptions } from '../cli/run-cli.ts';
import { inNotebooks, SOON, startTestSystem } from '../integration/test-system.ts';
import type { TestSystem } from '../integration/test-system.ts';

const PARENT = 'projects/my-project/locations/us-central1';
const sweepOf = (id: string) => ({
  targets: [{ service: 'notebooks', parents: [PARENT] }],
  match: { name: `**/operations/${id}` },
});
const JOB = `https://us-central1-aiplatform.googleapis.com/v1/${PARENT}/customJobs/1`;

let system: TestSystem;
let client: Client;
before(async () => {
  system = await startTestSystem({
    settings: {
      ...SOON,
      ALLOWED_JOBS: '*',
      SWEEPS: JSON.stringify({
        nightly: { targets: [{ service: 'notebooks', parents: [PARENT] }], dryRun: false },
        looked: { ...sweepOf('looked-*'), approvable: true },
        stuck: { ...sweepOf('stuck'), approvable: true },
      }),
    },
  });
  client = await connect({ emulatorHost: system.pubsubHost, projectId: system.topology.projectId });
});
after(async () => {
  await client.close();
  await system.close();
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof ClientError ? error.code : error),
  );

describe('the client', () => {
  it('cancel resolves with the result of its request, and leaves no subscription', async () => {
    const { outcome, requestId } = await client.cancel(inNotebooks('gone'), { requestId: 'approval-7' });
    assert.deepEqual([outcome, requestId], ['NOT_FOUND', 'approval-7']);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('cancel resolves with the result of a job', async () => {
    const { outcome, job } = await client.cancel(JOB, { job: true });
    assert.deepEqual([outcome, job?.kind, job?.url], ['NOT_FOUND', 'customJobs', JOB]);
  });

  it('cancel refuses a job that is named as an operation, before anything is sent', async () => {
    const error = await client.cancel(JOB).catch((thrown: unknown) => thrown as ClientError);
    assert.ok(error instanceof ClientError);
    assert.deepEqual([error.code, error.refused.length], ['Refused', 1]);
    assert.match(error.message, /job/);
  });

  it('cancel rejects with NoResult when its time is up, and with Closed when its signal aborts', async () => {
    system.services.add(inNotebooks('stubborn'), { onCancel: 'never-ends' });
    assert.equal(await codeOf(client.cancel(inNotebooks('stubborn'), { timeoutMs: 100 })), 'NoResult');
    assert.equal(
      await codeOf(client.cancel(inNotebooks('stubborn'), { signal: AbortSignal.timeout(100) })),
      'Closed',
    );
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('results has each result once, of the wanted outcomes and services, and deletes its subscription after the loop', async () => {
    const ready = system.results.size;
    const read: Result[] = [];
    const reading = (async () => {
      for await (const result of client.results({ outcomes: ['NOT_FOUND'], services: ['notebooks'] })) {
        read.push(result);
        if (result.requestId === 'last') break;
      }
    })();
    while ((await temporarySubscriptions(system)).length === 0);
    await client.send([inNotebooks('gone'), JOB.replace('customJobs/1', 'operations/1')], {
      requestId: 'first',
    });
    await client.cancel(inNotebooks('gone'), { requestId: 'a dry run is not found either', dryRun: true });
    await client.cancel(inNotebooks('gone'), { requestId: 'last' });
    await reading;
    assert.deepEqual(read.map(({ requestId }) => requestId).sort(), [
      'a dry run is not found either',
      'first',
      'last',
    ]);
    assert.ok(system.results.size > ready);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('sweep resolves with the report and the results of the requests of its run', async () => {
    system.services.add(inNotebooks('swept'), {});
    const { report, results, isWhole } = await client.sweep('nightly', { dryRun: true });
    assert.deepEqual([report?.sweep, report?.dryRun, isWhole], ['nightly', true, true]);
    assert.equal(results.length, report?.requested);
    assert.ok(
      results.some(
        ({ outcome, operation }) => outcome === 'DRY_RUN' && operation?.url === inNotebooks('swept'),
      ),
    );
  });

  it('sweep resolves with the rejection of a trigger that names no sweep', async () => {
    const { rejection, report } = await client.sweep('nope');
    assert.equal(rejection?.outcome, 'REJECTED');
    assert.match(rejection.detail, /SWEEPS defines nightly, looked/);
    assert.equal(report, undefined);
  });

  it('approve resolves with the report of the approval and the results of what the dry run found', async () => {
    system.services.add(inNotebooks('looked-1'), {});
    system.services.add(inNotebooks('looked-2'), {});
    const { report: found } = await client.sweep('looked');
    assert.deepEqual([found?.requested, found?.approval?.runId], [2, found?.runId]);
    system.services.add(inNotebooks('looked-3'), {});
    system.services.add(inNotebooks('looked-2'), { state: 'failed' });
    const kinds: string[] = [];
    const { report, results, rejection, isWhole } = await client.approve(found?.runId ?? '', {
      requestedBy: 'ada',
      reason: 'left over',
      onProgress: ({ kind }) => kinds.push(kind),
    });
    assert.deepEqual([report?.runId, report?.dryRun, report?.complete], [found?.runId, false, true]);
    assert.deepEqual([report?.approved?.requestedBy, rejection, isWhole], ['ada', undefined, true]);
    assert.deepEqual(
      results.map(({ outcome, requestedBy, reason }) => [outcome, requestedBy, reason]).sort(),
      [
        ['CANCELLED', 'ada', 'left over'],
        ['FAILED', 'ada', 'left over'],
      ],
    );
    assert.deepEqual(kinds.sort(), ['report', 'result', 'result', 'started']);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('of two approvals of one run one has its results, and the other the rejection that names the first', async () => {
    const { report } = await client.sweep('looked');
    const approvals = await Promise.all(
      ['ada', 'bob'].map((requestedBy) => client.approve(report?.runId ?? '', { requestedBy })),
    );
    const [winner, ...others] = approvals.filter(({ rejection }) => rejection === undefined);
    const loser = approvals.find(({ rejection }) => rejection !== undefined);
    assert.deepEqual([winner?.isWhole, others], [true, []]);
    const by = winner?.report?.approved?.requestedBy ?? '';
    assert.match(loser?.rejection?.detail ?? '', new RegExp(`was approved before, at .* by "${by}"`));
    assert.deepEqual([loser?.report, loser?.results], [undefined, []]);
  });

  it('approve resolves without what does not come in time, rejects when its signal aborts, and leaves no subscription', async () => {
    system.services.add(inNotebooks('stuck'), { onCancel: 'never-ends' });
    const runOf = async () => (await client.sweep('stuck')).report?.runId ?? '';
    const { report, isWhole } = await client.approve(await runOf(), { timeoutMs: 2_000 });
    assert.deepEqual([report?.requested, isWhole], [1, false]);
    const signal = AbortSignal.timeout(500);
    assert.equal(await codeOf(client.approve(await runOf(), { signal })), 'Closed');
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('approve resolves with the rejection of a run that cannot be approved', async () => {
    const { rejection, isWhole } = await client.approve('unheard-of', { requestedBy: 'ada' });
    assert.match(rejection?.detail ?? '', /"unheard-of" is not the id of a run that can be approved/);
    assert.deepEqual([rejection?.outcome, isWhole], ['REJECTED', false]);
  });

  it('close ends every wait and every loop, and deletes their subscriptions', async () => {
    const other = await connect({ emulatorHost: system.pubsubHost, projectId: system.topology.projectId });
    system.services.add(inNotebooks('endless'), { onCancel: 'never-ends' });
    const waiting = codeOf(other.cancel(inNotebooks('endless')));
    const loop = other.results()[Symbol.asyncIterator]().next();
    while ((await temporarySubscriptions(system)).length < 2);
    await other.close();
    assert.equal(await waiting, 'Closed');
    assert.deepEqual(await loop, { done: true, value: undefined });
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('a client of a system that is not there says what is missing', async () => {
    const { projectId } = system.topology;
    const elsewhere = await connect({ emulatorHost: system.pubsubHost, projectId, prefix: 'other' });
    assert.equal(await codeOf(elsewhere.cancel(inNotebooks('o'))), 'NoTopic');
    await elsewhere.close();
    assert.equal(await codeOf(connect({ emulatorHost: '127.0.0.1:1', projectId })), 'Unreachable');
  });
});
