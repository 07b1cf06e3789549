import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JobScript } from '../../local/emulators/google-apis/google-services.ts';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/**
 * What is particular about the jobs of one service, through the built bundle and at the simulated services.
 * What every kind has in common is in jobs-of-every-kind.test.ts.
 */

const PLACE = 'projects/my-project/locations/us-central1';
const VERTEX = `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}`;
const DATAFLOW = `https://dataflow.googleapis.com/v1b3/${PLACE}/jobs`;
const DATAPROC = 'https://dataproc.googleapis.com/v1/projects/my-project/regions/us-central1/jobs';
const BIGQUERY = 'https://bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs';
const RUN = `https://run.googleapis.com/v2/${PLACE}/jobs/j/executions`;
const RUN_V1 =
  'https://us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions';
const WORKFLOWS = `https://workflowexecutions.googleapis.com/v1/${PLACE}/workflows/w/executions`;

interface Row {
  readonly title: string;
  readonly url: string;
  readonly script: JobScript;
  /** As the request names it; default: the URL. */
  readonly job?: string;
  readonly context?: { readonly service?: string; readonly region?: string; readonly version?: string };
  readonly outcome: string;
  readonly says?: RegExp;
  readonly state?: string;
  /** Number of cancels; default 1. */
  readonly cancels?: number;
}

const CLUSTER = { placement: { clusterName: 'big' } };

const ROWS: readonly Row[] = [
  {
    title: 'a custom job on a persistent resource is told that this costs',
    url: `${VERTEX}/customJobs/persistent`,
    script: { fields: { jobSpec: { persistentResourceId: 'pool' } } },
    outcome: 'CANCELLED',
    says: /^The job was cancelled\. The persistent resource pool keeps running, and costs\.$/,
    state: 'JOB_STATE_CANCELLED',
  },
  {
    title: 'a custom job that had been cancelled before is told from one that was cancelled now',
    url: `${VERTEX}/customJobs/before`,
    script: { state: 'cancelled' },
    outcome: 'CANCELLED',
    says: /had been cancelled already, before this request/,
    state: 'JOB_STATE_CANCELLED',
  },
  {
    title:
      'a job that its pipeline is cancelling already is CANCELLED as soon as it is, whatever its cancel answers',
    url: `${VERTEX}/customJobs/child`,
    script: {
      state: 'cancelling',
      onCancel: 'ignored',
      cancelFaults: [{ kind: 'FAILED_PRECONDITION', times: 9 }],
      endsItself: { state: 'cancelled', afterMs: 2000 },
    },
    outcome: 'CANCELLED',
    state: 'JOB_STATE_CANCELLED',
  },
  {
    title: 'a custom job that fails is FAILED with its error',
    url: `${VERTEX}/customJobs/failed`,
    script: { onCancel: 'failed', fields: { error: { code: 13, message: 'out of memory' } } },
    outcome: 'FAILED',
    says: /out of memory/,
    state: 'JOB_STATE_FAILED',
  },
  {
    title: 'a job that expired is FAILED',
    url: `${VERTEX}/batchPredictionJobs/expired`,
    script: { state: 'JOB_STATE_EXPIRED' },
    outcome: 'FAILED',
    state: 'JOB_STATE_EXPIRED',
  },
  {
    title: 'a job in a state that is not known is looked at until it is in another',
    url: `${VERTEX}/customJobs/unknown`,
    script: {
      getFaults: [{ kind: 'odd-operation', fields: { state: 'JOB_STATE_NEW' }, times: 2 }],
    },
    outcome: 'CANCELLED',
    state: 'JOB_STATE_CANCELLED',
  },
  {
    title: 'a pipeline of a schedule is told that this starts further runs',
    url: `${VERTEX}/pipelineJobs/scheduled`,
    script: { fields: { scheduleName: `${PLACE}/schedules/nightly` } },
    outcome: 'CANCELLED',
    says: /The schedule .*nightly starts further runs/,
    state: 'PIPELINE_STATE_CANCELLED',
  },
  {
    title: 'a Dataflow job that is not yet ready for a cancel is asked again',
    url: `${DATAFLOW}/early`,
    script: { startsInMs: 2500 },
    outcome: 'CANCELLED',
    state: 'JOB_STATE_CANCELLED',
    cancels: 2,
  },
  {
    title: 'a Dataflow job that was updated names the job that runs on',
    url: `${DATAFLOW}/updated`,
    script: { state: 'JOB_STATE_UPDATED', fields: { replacedByJobId: 'next-1' } },
    outcome: 'SUCCEEDED',
    says: /the job next-1 replaced it and runs on/,
    state: 'JOB_STATE_UPDATED',
  },
  {
    title: 'a Dataflow job that somebody drains is looked at until it is drained, and says so',
    url: `${DATAFLOW}/drained`,
    script: {
      state: 'JOB_STATE_DRAINING',
      onCancel: 'ignored',
      endsItself: { state: 'JOB_STATE_DRAINED', afterMs: 1500 },
    },
    outcome: 'CANCELLED',
    says: /drained/,
    state: 'JOB_STATE_DRAINED',
  },
  {
    title: 'a Dataproc job is CANCELLED, and its cluster is told to cost',
    url: `${DATAPROC}/spark`,
    script: { afterMs: 1000, fields: CLUSTER },
    outcome: 'CANCELLED',
    says: /The cluster big keeps running/,
    state: 'CANCELLED',
  },
  {
    title: 'a Dataproc job whose attempt failed is no end while more attempts may come',
    url: `${DATAPROC}/attempts`,
    script: { state: 'ATTEMPT_FAILURE', endsItself: { state: 'ERROR', afterMs: 1500 } },
    outcome: 'FAILED',
    state: 'ERROR',
  },
  {
    title: 'a BigQuery job is cancelled in the location that its id has',
    url: `${BIGQUERY}/in-the-eu`,
    script: { location: 'EU' },
    job: 'my-project:EU.in-the-eu',
    outcome: 'CANCELLED',
    state: 'DONE',
  },
  {
    title: 'a BigQuery job is cancelled in the location that the request has',
    url: `${BIGQUERY}/regional`,
    script: { location: 'us-east1', onCancel: 'succeeded' },
    job: 'projects/my-project/jobs/regional',
    context: { service: 'bigquery', region: 'us-east1' },
    outcome: 'SUCCEEDED',
    state: 'DONE',
  },
  {
    title: 'a BigQuery job that is not found without its location is asked for it',
    url: `${BIGQUERY}/elsewhere`,
    script: { location: 'us-east1' },
    job: 'projects/my-project/jobs/elsewhere',
    context: { service: 'bigquery' },
    outcome: 'REJECTED',
    says: /Which location\?.*name that in region/,
  },
  {
    title: 'an execution of Cloud Run of which tasks were cancelled because one failed is FAILED',
    url: `${RUN}/failing`,
    script: { onCancel: 'failed' },
    outcome: 'FAILED',
    state: 'CONDITION_FAILED',
  },
  {
    title: 'an execution of Cloud Run is not CANCELLED by the operation that its cancel returns',
    url: `${RUN}/slow`,
    script: { afterMs: 2000 },
    outcome: 'CANCELLED',
    state: 'CONDITION_FAILED',
  },
  {
    title: 'an execution of Cloud Run v1 is CANCELLED, at the host of its region',
    url: `${RUN_V1}/e`,
    script: { afterMs: 500 },
    job: 'namespaces/my-project/executions/e',
    context: { service: 'run', region: 'us-central1' },
    outcome: 'CANCELLED',
    state: 'False',
  },
  {
    title: 'an execution of Workflows whose key is revoked is looked at again',
    url: `${WORKFLOWS}/revoked`,
    script: { state: 'UNAVAILABLE', afterMs: 2000 },
    outcome: 'CANCELLED',
    state: 'CANCELLED',
  },
];

let system: TestSystem;
before(async () => {
  system = await startTestSystem({ settings: { ALLOWED_JOBS: '*' } });
  for (const { url, script } of ROWS) system.services.addJob(url, script);
});
after(() => system.close());

/** The cancels that were sent for a job, by any form. */
const cancelsOf = (url: string) =>
  system.services
    .requests()
    .filter((request) => request.method !== 'GET' && request.url.replace(/[:/]cancel$/, '') === url);

describe('a job', { concurrency: 8 }, () => {
  for (const [index, row] of ROWS.entries()) {
    it(row.title, async () => {
      const requestId = `job-${index}`;
      await system.request({ job: row.job ?? row.url, ...row.context, requestId });
      const { data, attributes } = await system.resultOf(requestId);
      assert.equal(data.outcome, row.outcome, data.detail);
      if (row.says !== undefined) assert.match(data.detail, row.says);
      assert.equal(data.operation, undefined);
      assert.equal(data.job?.state, row.state);
      assert.equal(attributes.kind, data.job?.kind);
      assert.equal(cancelsOf(row.url).length, row.cancels ?? 1);
    });
  }

  it('a job of a kind that has to be named in full is refused, and nothing is called', async () => {
    const job = `https://dataproc.googleapis.com/v1/${PLACE}/sessions/s`;
    await system.request({ job, requestId: 'explicit' });
    const { data } = await system.resultOf('explicit');
    assert.equal(data.outcome, 'REJECTED');
    assert.match(data.detail, /job: dataproc\.sessions is allowed only where ALLOWED_JOBS lists this kind/);
    assert.deepEqual(
      system.services.requests().filter(({ url }) => url.includes('/sessions/')),
      [],
    );
  });

  it('a job in the field of an operation is refused with the field that it belongs in', async () => {
    await system.request({ operation: ROWS[0]?.url, requestId: 'misplaced' });
    const { data } = await system.resultOf('misplaced');
    assert.equal(data.outcome, 'REJECTED');
    assert.match(data.detail, /is a job of aiplatform; name it in job/);
  });
});
