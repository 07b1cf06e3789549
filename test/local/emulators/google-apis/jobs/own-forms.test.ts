import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobScript } from '../../../../../local/emulators/google-apis/google-services.ts';
import { startCaller, type Caller } from '../service-caller.ts';
import { call, errorOf, valueAt } from './job-caller.ts';

const PLACE = 'projects/my-project/locations/us-central1';

const cancelOf = (caller: Caller, url: string, body?: object) => call(caller, 'POST', `${url}:cancel`, body);

describe('the form of aiplatform', () => {
  const at = (host: string, location: string) =>
    `https://${host}/v1/projects/my-project/locations/${location}/customJobs/j`;

  it('each location has its own host: regional, global, and those of the US and the EU', async () => {
    await using caller = await startCaller();
    for (const [host, location] of [
      ['us-central1-aiplatform.googleapis.com', 'us-central1'],
      ['aiplatform.googleapis.com', 'global'],
      ['aiplatform.us.rep.googleapis.com', 'us'],
      ['aiplatform.eu.rep.googleapis.com', 'eu'],
    ] as const) {
      caller.services.addJob(at(host, location));
      assert.equal((await caller.get(at(host, location))).status, 200);
    }
  });

  it('another host refuses the location, and names the one that it has', async () => {
    await using caller = await startCaller();
    caller.services.addJob(at('europe-west4-aiplatform.googleapis.com', 'europe-west4'));
    const answer = await caller.get(at('us-central1-aiplatform.googleapis.com', 'europe-west4'));
    assert.deepEqual(errorOf(answer), [
      400,
      'INVALID_ARGUMENT',
      "The provided location ID doesn't match the endpoint. The valid location ID is `us-central1`",
    ]);
    assert.equal((await caller.get(at('aiplatform.googleapis.com', 'europe-west4'))).status, 400);
    assert.throws(() => caller.services.addJob(at('aiplatform.googleapis.com', 'europe-west4')), TypeError);
  });

  it('a job that was cancelled has the error of a cancel where its reference promises one', async () => {
    await using caller = await startCaller();
    const base = `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}`;
    for (const [kind, code] of [
      ['customJobs', 1],
      ['pipelineJobs', 1],
      ['tuningJobs', 1],
      ['batchPredictionJobs', undefined],
      ['dataLabelingJobs', undefined],
      ['evaluationRuns', undefined],
    ] as const) {
      caller.services.addJob(`${base}/${kind}/j`, { state: 'cancelled' });
      assert.equal(valueAt(await caller.get(`${base}/${kind}/j`), 'error.code'), code, kind);
    }
  });

  it('a training pipeline that has failed says why it cannot be cancelled', async () => {
    await using caller = await startCaller();
    const url = `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}/trainingPipelines/1`;
    caller.services.addJob(url, { state: 'failed' });
    assert.equal(
      errorOf(await cancelOf(caller, url))[2],
      `The TrainingPipeline "${PLACE}/trainingPipelines/1" is in state PIPELINE_STATE_FAILED and cannot be canceled.`,
    );
  });

  it('both versions show the same job', async () => {
    await using caller = await startCaller();
    const url = `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}/nasJobs/1`;
    caller.services.addJob(url);
    assert.equal((await cancelOf(caller, url.replace('/v1/', '/v1beta1/'))).status, 200);
    assert.equal(valueAt(await caller.get(url), 'state'), 'JOB_STATE_CANCELLED');
  });
});

describe('the form of dataflow', () => {
  const url = `https://dataflow.googleapis.com/v1b3/${PLACE}/jobs/j`;
  const update = (caller: Caller, body: object, query = '') => call(caller, 'PUT', url + query, body);
  const CANCEL = { requestedState: 'JOB_STATE_CANCELLED' };

  it('a job that is starting is not yet ready for canceling, and takes the same cancel later', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { startsInMs: 60_000 });
    const [status, , message] = errorOf(await update(caller, CANCEL));
    assert.equal(status, 400);
    assert.match(message, /not yet ready for canceling/);
    assert.equal(valueAt(await caller.get(url), 'currentState'), 'JOB_STATE_PENDING');
    caller.advance(60_000);
    assert.equal((await update(caller, CANCEL)).status, 200);
    assert.equal(valueAt(await caller.get(url), 'currentState'), 'JOB_STATE_CANCELLED');
  });

  it('an update without a state, and a forced cancel without a regular one before, are refused', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { onCancel: 'never-ends' });
    assert.equal((await update(caller, {})).status, 400);
    const forced = { ...CANCEL, labels: { force_cancel_job: 'true' } };
    assert.equal((await update(caller, forced)).status, 400);
    await update(caller, CANCEL);
    caller.advance(29 * 60_000);
    assert.equal((await update(caller, forced)).status, 400);
    caller.advance(60_000);
    assert.equal((await update(caller, forced)).status, 200);
  });

  it('a mask beside the requested state is refused', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url);
    assert.equal((await update(caller, CANCEL, '?updateMask=requestedState')).status, 400);
    assert.equal(valueAt(await caller.get(url), 'currentState'), 'JOB_STATE_RUNNING');
  });

  it('a cancel of an ended job says in which state it terminated', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { state: 'JOB_STATE_DONE' });
    assert.match(errorOf(await update(caller, CANCEL))[2], /Job has terminated in state/);
  });

  it('a job can be drained by somebody else, while or after which a cancel comes', async () => {
    await using caller = await startCaller();
    const endsItself = { state: 'JOB_STATE_DRAINED', afterMs: 10_000 };
    caller.services.addJob(url, { state: 'JOB_STATE_DRAINING', endsItself, onCancel: 'ignored' });
    assert.equal((await update(caller, CANCEL)).status, 200);
    assert.equal(valueAt(await caller.get(url), 'currentState'), 'JOB_STATE_DRAINING');
    caller.advance(10_000);
    assert.equal(valueAt(await caller.get(url), 'currentState'), 'JOB_STATE_DRAINED');
    assert.equal((await update(caller, CANCEL)).status, 400);
  });

  it('an updated job names the one that goes on in its place', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { state: 'JOB_STATE_UPDATED', fields: { replacedByJobId: 'next' } });
    const shown = await caller.get(url);
    assert.deepEqual(
      [valueAt(shown, 'currentState'), valueAt(shown, 'replacedByJobId')],
      ['JOB_STATE_UPDATED', 'next'],
    );
  });

  it('the path without a location reaches the jobs of us-central1 alone', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url);
    caller.services.addJob(url.replace('us-central1', 'europe-west1').replace(/j$/, 'k'));
    const short = 'https://dataflow.googleapis.com/v1b3/projects/my-project/jobs';
    assert.equal((await caller.get(`${short}/j`)).status, 200);
    assert.equal((await caller.get(`${short}/k`)).status, 404);
  });
});

describe('the form of dataproc', () => {
  const job = 'https://dataproc.googleapis.com/v1/projects/my-project/regions/us-central1/jobs/j';
  const batch = `https://dataproc.googleapis.com/v1/${PLACE}/batches/b`;

  it('a job whose setup is done cannot be cancelled until it runs', async () => {
    await using caller = await startCaller();
    caller.services.addJob(job, { startsInMs: 5000 });
    assert.deepEqual(errorOf(await cancelOf(caller, job)), [
      400,
      'FAILED_PRECONDITION',
      "Cannot cancel jobId 'j' in state: 'SETUP_DONE'; cancellable states: '[PENDING, RUNNING]'",
    ]);
    caller.advance(5000);
    assert.equal((await cancelOf(caller, job)).status, 200);
  });

  it('a second cancel of a job that is being cancelled is refused as well', async () => {
    await using caller = await startCaller();
    caller.services.addJob(job, { afterMs: 5000 });
    assert.equal((await cancelOf(caller, job)).status, 200);
    assert.match(errorOf(await cancelOf(caller, job))[2], /in state: 'CANCEL_PENDING'/);
  });

  it('a job has no time of its making, but every status with the time it began', async () => {
    await using caller = await startCaller();
    caller.services.addJob(job, { ageMs: 60_000 });
    await cancelOf(caller, job);
    const shown = await caller.get(job);
    assert.equal(valueAt(shown, 'createTime'), undefined);
    assert.equal(valueAt(shown, 'statusHistory.0.stateStartTime'), '2026-11-20T11:33:04.000Z');
    assert.equal(valueAt(shown, 'status.stateStartTime'), '2026-11-20T11:34:04.000Z');
    assert.equal(valueAt(shown, 'done'), true);
  });

  it('an attempt that failed is no end while done is not said', async () => {
    await using caller = await startCaller();
    caller.services.addJob(job, { state: 'ATTEMPT_FAILURE' });
    const shown = await caller.get(job);
    assert.deepEqual(
      [valueAt(shown, 'status.state'), valueAt(shown, 'done')],
      ['ATTEMPT_FAILURE', undefined],
    );
  });

  it('a batch has no cancel of its own, and ends by that of its operation', async () => {
    await using caller = await startCaller();
    caller.services.addJob(batch, { afterMs: 5000 });
    assert.equal((await cancelOf(caller, batch)).status, 404);
    const operation = `https://dataproc.googleapis.com/v1/${String(valueAt(await caller.get(batch), 'operation'))}`;
    assert.match(operation, /\/projects\/my-project\/regions\/us-central1\/operations\/[^/]+$/);
    assert.equal((await cancelOf(caller, operation, {})).status, 400);
    const answer = await cancelOf(caller, operation);
    assert.deepEqual([answer.status, answer.json], [200, {}]);
    assert.equal(valueAt(await caller.get(batch), 'state'), 'CANCELLING');
    caller.advance(5000);
    assert.equal(valueAt(await caller.get(batch), 'state'), 'CANCELLED');
    const shown = await caller.get(operation);
    assert.deepEqual([valueAt(shown, 'done'), valueAt(shown, 'error.code')], [true, 1]);
  });

  it('other operations of dataproc are answered as operations are', async () => {
    await using caller = await startCaller();
    const url = 'https://dataproc.googleapis.com/v1/projects/my-project/regions/us-central1/operations/o';
    caller.services.add(url);
    assert.equal((await caller.cancel(url)).status, 200);
    assert.equal(valueAt(await caller.get(url), 'error.code'), 1);
  });
});

describe('the form of bigquery', () => {
  const url = 'https://bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs/q';
  const cancel = (caller: Caller, query = '', body?: object) =>
    call(caller, 'POST', `${url}/cancel${query}`, body);

  it('a job outside of the US and the EU is not found without its location, or with another', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { location: 'europe-west1' });
    for (const query of ['', '?location=US', '?location=europe-west4']) {
      const expected = [404, 'NOT_FOUND', 'Not found: Job my-project:q'];
      assert.deepEqual(errorOf(await caller.get(url + query)), expected, query);
      assert.deepEqual(errorOf(await cancel(caller, query)), expected, query);
    }
    assert.equal((await cancel(caller, '?location=europe-west1')).status, 200);
    assert.equal((await caller.get(`${url}?location=EUROPE-WEST1`)).status, 200);
  });

  it('a job of the US or the EU is found without a location too', async () => {
    await using caller = await startCaller();
    for (const location of ['US', 'EU']) {
      caller.services.addJob(url, { location });
      assert.equal((await caller.get(url)).status, 200);
      assert.equal((await caller.get(`${url}?location=${location}`)).status, 200);
    }
  });

  it('how a job was DONE is told by its error', async () => {
    await using caller = await startCaller();
    for (const [state, reason] of [
      ['cancelled', 'stopped'],
      ['failed', 'invalidQuery'],
      ['succeeded', undefined],
    ] as const) {
      caller.services.addJob(url, { state });
      const shown = await caller.get(url);
      assert.equal(valueAt(shown, 'status.state'), 'DONE');
      assert.equal(valueAt(shown, 'status.errorResult.reason'), reason);
    }
  });

  it('a cancel answers with the job, and takes no body at all', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { afterMs: 1000 });
    assert.equal((await cancel(caller, '', {})).status, 400);
    const answer = await cancel(caller);
    assert.equal(valueAt(answer, 'kind'), 'bigquery#jobCancelResponse');
    assert.equal(valueAt(answer, 'job.id'), 'my-project:US.q');
    assert.equal(valueAt(answer, 'job.status.state'), 'RUNNING');
  });
});

describe('the form of batch', () => {
  const url = `https://batch.googleapis.com/v1/${PLACE}/jobs/j`;

  it('a cancel answers with an operation that ends well, whatever becomes of the job', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { onCancel: 'failed' });
    const name = String(valueAt(await cancelOf(caller, url), 'name'));
    const operation = await caller.get(`https://batch.googleapis.com/v1/${name}`);
    assert.deepEqual([valueAt(operation, 'done'), valueAt(operation, 'error')], [true, undefined]);
    assert.equal(valueAt(await caller.get(url), 'status.state'), 'FAILED');
  });

  it('a request id is a UUID that is not zero', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url);
    for (const requestId of ['x', 5, '00000000-0000-0000-0000-000000000000']) {
      assert.equal((await cancelOf(caller, url, { requestId })).status, 400);
    }
    const requestId = '5f0c9b5e-7c1d-4c1e-9a57-0d6a3c2b1f00';
    assert.equal((await cancelOf(caller, url, { requestId })).status, 200);
  });

  it('a deleted job is gone after its deletion', async () => {
    await using caller = await startCaller();
    caller.services.addJob(url, { state: 'DELETION_IN_PROGRESS', onCancel: 'vanishes', afterMs: 1000 });
    await cancelOf(caller, url);
    caller.advance(1000);
    assert.equal((await caller.get(url)).status, 404);
  });
});

describe('the form of run', () => {
  const v2 = `https://run.googleapis.com/v2/${PLACE}/jobs/j/executions/e`;
  const v1 =
    'https://us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions/e';
  const reason = async (caller: Caller, script: JobScript) => {
    caller.services.addJob(v2, script);
    const shown = await caller.get(v2);
    return [
      valueAt(shown, 'conditions.0.type'),
      valueAt(shown, 'conditions.0.state'),
      valueAt(shown, 'conditions.0.executionReason'),
    ];
  };

  it('an execution tells by its condition Completed how it ended', async () => {
    await using caller = await startCaller();
    const completed = async (script: JobScript) => (await reason(caller, script)).slice(1);
    assert.deepEqual(await completed({ state: 'queued' }), ['CONDITION_PENDING', undefined]);
    assert.deepEqual(await completed({}), ['CONDITION_RECONCILING', undefined]);
    assert.deepEqual(await completed({ state: 'cancelling' }), ['CONDITION_RECONCILING', 'CANCELLING']);
    assert.deepEqual(await completed({ state: 'cancelled' }), ['CONDITION_FAILED', 'CANCELLED']);
    assert.deepEqual(await completed({ state: 'failed' }), ['CONDITION_FAILED', 'NON_ZERO_EXIT_CODE']);
    assert.deepEqual(await completed({ state: 'succeeded' }), ['CONDITION_SUCCEEDED', undefined]);
  });

  it('one that failed counts its other tasks as cancelled', async () => {
    await using caller = await startCaller();
    caller.services.addJob(v2, { state: 'failed' });
    assert.equal(valueAt(await caller.get(v2), 'cancelledCount'), 3);
  });

  it('one that was cancelled before its start shows neither a start nor an end of work', async () => {
    await using caller = await startCaller();
    caller.services.addJob(v2, { state: 'queued' });
    await cancelOf(caller, v2);
    assert.equal(valueAt(await caller.get(v2), 'startTime'), undefined);
  });

  it('a cancel that is only to be validated cancels nothing', async () => {
    await using caller = await startCaller();
    caller.services.addJob(v2);
    assert.equal((await cancelOf(caller, v2, { validateOnly: true })).status, 200);
    assert.equal(valueAt(await caller.get(v2), 'conditions.0.state'), 'CONDITION_RECONCILING');
  });

  it('the operation of a cancel ends without an error', async () => {
    await using caller = await startCaller();
    caller.services.addJob(v2, { onCancel: 'never-ends' });
    const name = String(valueAt(await cancelOf(caller, v2), 'name'));
    const operation = await caller.get(`https://run.googleapis.com/v2/${name}`);
    assert.deepEqual([valueAt(operation, 'done'), valueAt(operation, 'error')], [true, undefined]);
    assert.equal(valueAt(await caller.get(v2), 'conditions.0.executionReason'), 'CANCELLING');
  });

  it('the first API says the same by a status and a reason', async () => {
    await using caller = await startCaller();
    for (const [state, status, why] of [
      ['running', 'Unknown', undefined],
      ['cancelled', 'False', 'Cancelled'],
      ['failed', 'False', 'NonZeroExitCode'],
      ['succeeded', 'True', undefined],
    ] as const) {
      caller.services.addJob(v1, { state });
      const shown = await caller.get(v1);
      assert.equal(valueAt(shown, 'status.conditions.0.status'), status);
      assert.equal(valueAt(shown, 'status.conditions.0.reason'), why);
    }
  });

  it("the first API's global host has the lists alone", async () => {
    await using caller = await startCaller();
    caller.services.addJob(v1);
    const global = v1.replace('us-central1-run', 'run');
    assert.equal((await caller.get(global)).status, 404);
    assert.equal((await cancelOf(caller, global)).status, 404);
    assert.equal((await caller.get(global.replace('/e', ''))).status, 404);
    assert.equal((await caller.get(global.replace(/\/e$/, ''))).status, 200);
  });
});

describe('the form of cloudbuild', () => {
  const regional = `https://cloudbuild.googleapis.com/v1/${PLACE}/builds/b`;
  const global = 'https://cloudbuild.googleapis.com/v1/projects/my-project/builds/b';
  const IDS = { projectId: 'my-project', id: 'b' };

  it('a cancel in a region needs the project and the id, those of the path', async () => {
    await using caller = await startCaller();
    caller.services.addJob(regional);
    for (const body of [undefined, {}, { id: 'b' }, { ...IDS, id: 'c' }]) {
      assert.equal((await cancelOf(caller, regional, body)).status, 400);
    }
    assert.equal((await cancelOf(caller, regional, IDS)).status, 200);
    assert.equal(valueAt(await caller.get(regional), 'status'), 'CANCELLED');
  });

  it('a global build has two paths, and one of a region has one', async () => {
    await using caller = await startCaller();
    caller.services.addJob(global);
    const located = regional.replace('us-central1', 'global');
    assert.equal((await cancelOf(caller, located, IDS)).status, 200);
    assert.equal(valueAt(await caller.get(global), 'status'), 'CANCELLED');
    caller.services.addJob(regional.replace(/b$/, 'b2'));
    assert.equal((await caller.get(global.replace(/b$/, 'b2'))).status, 404);
  });
});

describe('the form of dlp', () => {
  it('a job without a location in its name is the same as one of global', async () => {
    await using caller = await startCaller();
    const short = 'https://dlp.googleapis.com/v2/projects/my-project/dlpJobs/i-1';
    caller.services.addJob(short);
    const located = short.replace('/dlpJobs', '/locations/global/dlpJobs');
    assert.equal((await cancelOf(caller, located)).status, 200);
    assert.equal(valueAt(await caller.get(short), 'state'), 'CANCELED');
  });
});

describe('the form of compute', () => {
  it('a resize request that is being created cannot be cancelled yet', async () => {
    await using caller = await startCaller();
    const url =
      'https://compute.googleapis.com/compute/v1/projects/p/zones/us-central1-a/instanceGroupManagers/g/resizeRequests/r';
    caller.services.addJob(url, { startsInMs: 1000 });
    assert.equal((await call(caller, 'POST', `${url}/cancel`)).status, 400);
    caller.advance(1000);
    assert.equal(valueAt(await call(caller, 'POST', `${url}/cancel`), 'kind'), 'compute#operation');
    assert.equal(valueAt(await caller.get(url), 'state'), 'CANCELLED');
  });
});
