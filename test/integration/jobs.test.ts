import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { jsonAnswer } from '../../local/emulators/google-apis/answer.ts';
import type { Answer } from '../../local/emulators/google-apis/answer.ts';
import type { HostHandler } from '../../local/emulators/google-apis/google-services.ts';
import { NOT_FOUND, OK, rpc } from './service-answers/answers.ts';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/** The built bundle against scripted services of jobs: each row is one job, its answers, and how its cancel ends. */

const PLACE = 'projects/my-project/locations/us-central1';
const VERTEX = 'us-central1-aiplatform.googleapis.com';

interface Row {
  readonly title: string;
  readonly job: string;
  readonly context?: { readonly service?: string; readonly region?: string; readonly version?: string };
  /** `METHOD host/path?query` of the cancel. */
  readonly cancel: string;
  readonly body?: string;
  readonly get: string;
  /** Bodies of the GETs, of which the last stays; or answers. */
  readonly shows: readonly (object | Answer)[];
  readonly answers?: readonly Answer[];
  readonly outcome: string;
  readonly says?: RegExp;
  readonly state?: string | undefined;
  readonly kind: string;
  readonly cancels?: number;
}

const PAST = '2026-01-01T00:00:00Z';
const vertex = (kind: string, id: string, states: readonly string[], prefix = 'JOB_STATE_') => {
  const path = `${VERTEX}/v1/${PLACE}/${kind}/${id}`;
  return {
    kind,
    job: `https://${path}`,
    cancel: `POST ${path}:cancel`,
    get: `GET ${path}`,
    shows: states.map((state) => ({ name: `${PLACE}/${kind}/${id}`, state: `${prefix}${state}` })),
    state: `${prefix}${states.at(-1)}`,
  };
};

const custom = (id: string) => vertex('customJobs', id, ['CANCELLED']);
const flow = (id: string) => {
  const path = `dataflow.googleapis.com/v1b3/${PLACE}/jobs/${id}`;
  return {
    kind: 'jobs',
    job: `https://${path}`,
    cancel: `PUT ${path}`,
    body: '{"requestedState":"JOB_STATE_CANCELLED"}',
    get: `GET ${path}?view=JOB_VIEW_SUMMARY`,
  };
};
const query = (id: string, location: string) => {
  const path = `bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs/${id}`;
  return {
    kind: 'jobs',
    cancel: `POST ${path}/cancel${location}`,
    get: `GET ${path}${location}`,
  };
};
const done = (reason?: string) => ({
  status: { state: 'DONE', ...(reason !== undefined && { errorResult: { reason, message: 'so it ended' } }) },
});
const proc = 'dataproc.googleapis.com/v1/projects/my-project/regions/us-central1';
const run = `run.googleapis.com/v2/${PLACE}/jobs/j/executions`;
const completed = (state: string, executionReason?: string) => ({
  name: `${PLACE}/jobs/j/executions/e`,
  conditions: [
    { type: 'Started', state: 'CONDITION_SUCCEEDED' },
    { type: 'Completed', state, ...(executionReason !== undefined && { executionReason }) },
  ],
});

const ROWS: readonly Row[] = [
  ...[
    'customJobs',
    'hyperparameterTuningJobs',
    'batchPredictionJobs',
    'nasJobs',
    'dataLabelingJobs',
    'tuningJobs',
  ].map((kind) => ({
    title: `a job of the kind ${kind} is CANCELLED once a GET shows it`,
    ...vertex(kind, `of-${kind}`, ['CANCELLED']),
    outcome: 'CANCELLED',
  })),
  ...['trainingPipelines', 'pipelineJobs'].map((kind) => ({
    title: `a job of the kind ${kind} is CANCELLED once a GET shows it`,
    ...vertex(kind, `of-${kind}`, ['CANCELLED'], 'PIPELINE_STATE_'),
    outcome: 'CANCELLED',
  })),
  {
    title: 'an evaluation run is CANCELLED once a GET shows it',
    ...vertex('evaluationRuns', 'of-evaluationRuns', ['CANCELLED'], ''),
    outcome: 'CANCELLED',
  },
  {
    title: 'a custom job on a persistent resource is told that this costs',
    ...custom('persistent'),
    shows: [{ state: 'JOB_STATE_CANCELLED', jobSpec: { persistentResourceId: 'pool' } }],
    outcome: 'CANCELLED',
    says: /^The job was cancelled\. The persistent resource pool keeps running, and costs\.$/,
  },
  {
    title: 'a custom job that had been cancelled before is told from one that was cancelled now',
    ...custom('before'),
    shows: [{ state: 'JOB_STATE_CANCELLED', endTime: PAST }],
    outcome: 'CANCELLED',
    says: /had been cancelled already, before this request/,
  },
  {
    title: 'a custom job that had finished before is SUCCEEDED, and not despite the cancel',
    ...vertex('customJobs', 'finished', ['SUCCEEDED']),
    shows: [{ state: 'JOB_STATE_SUCCEEDED', endTime: PAST }],
    outcome: 'SUCCEEDED',
    says: /had finished already/,
  },
  {
    title: 'a custom job that finishes despite its cancel is SUCCEEDED',
    ...vertex('customJobs', 'despite', ['SUCCEEDED']),
    outcome: 'SUCCEEDED',
    says: /The job finished despite the cancel/,
  },
  {
    title: 'a custom job that fails is FAILED with its error',
    ...vertex('customJobs', 'failed', ['FAILED']),
    shows: [{ state: 'JOB_STATE_FAILED', error: { code: 13, message: 'out of memory' } }],
    outcome: 'FAILED',
    says: /out of memory/,
  },
  {
    title: 'a training pipeline that refuses the cancel with 400 is what the GET shows',
    ...vertex('trainingPipelines', 'refused', ['FAILED'], 'PIPELINE_STATE_'),
    answers: [rpc('FAILED_PRECONDITION', 'is in state PIPELINE_STATE_FAILED and cannot be canceled.')],
    outcome: 'FAILED',
    says: /had failed already/,
  },
  {
    title: 'a custom job that does not exist is NOT_FOUND',
    ...custom('gone'),
    shows: [NOT_FOUND],
    answers: [NOT_FOUND],
    outcome: 'NOT_FOUND',
    says: /knows no such job/,
    state: undefined,
  },
  {
    title: 'a custom job that may not be cancelled is DENIED',
    ...custom('denied'),
    answers: [rpc('PERMISSION_DENIED', 'aiplatform.customJobs.cancel is missing')],
    outcome: 'DENIED',
    state: undefined,
  },
  {
    title: 'a Dataflow job is cancelled by a PUT of the wanted state',
    ...flow('stream'),
    shows: [{ currentState: 'JOB_STATE_CANCELLED' }],
    outcome: 'CANCELLED',
    state: 'JOB_STATE_CANCELLED',
  },
  {
    title: 'a Dataflow job that is not yet ready for a cancel is asked again',
    ...flow('early'),
    shows: [{ currentState: 'JOB_STATE_PENDING' }, { currentState: 'JOB_STATE_CANCELLED' }],
    answers: [rpc('INVALID_ARGUMENT', 'the job is not yet ready for canceling'), OK],
    outcome: 'CANCELLED',
    state: 'JOB_STATE_CANCELLED',
    cancels: 2,
  },
  {
    title: 'a Dataflow job that was updated names the job that runs on',
    ...flow('updated'),
    shows: [{ currentState: 'JOB_STATE_UPDATED', replacedByJobId: 'next-1' }],
    outcome: 'SUCCEEDED',
    says: /the job next-1 replaced it and runs on/,
    state: 'JOB_STATE_UPDATED',
  },
  {
    title: 'a Dataproc job is CANCELLED, and its cluster is told to cost',
    kind: 'jobs',
    job: `https://${proc}/jobs/spark`,
    cancel: `POST ${proc}/jobs/spark:cancel`,
    get: `GET ${proc}/jobs/spark`,
    shows: [{ placement: { clusterName: 'big' }, status: { state: 'CANCELLED' } }],
    outcome: 'CANCELLED',
    says: /The cluster big keeps running/,
    state: 'CANCELLED',
  },
  {
    title: 'a batch of Dataproc is cancelled by the operation that it names',
    kind: 'batches',
    job: `https://dataproc.googleapis.com/v1/${PLACE}/batches/b`,
    cancel: `POST ${proc}/operations/of-batch:cancel`,
    get: `GET dataproc.googleapis.com/v1/${PLACE}/batches/b`,
    shows: [
      { state: 'RUNNING', operation: 'projects/my-project/regions/us-central1/operations/of-batch' },
      { state: 'CANCELLED' },
    ],
    outcome: 'CANCELLED',
    says: /^The batch was cancelled/,
    state: 'CANCELLED',
  },
  {
    title: 'a BigQuery job is cancelled in its location, and CANCELLED where it was stopped',
    ...query('stopped', '?location=US'),
    job: 'my-project:US.stopped',
    shows: [done('stopped')],
    outcome: 'CANCELLED',
    state: 'DONE',
  },
  {
    title: 'a BigQuery job that ends without an error is SUCCEEDED',
    ...query('whole', '?location=us-east1'),
    job: 'projects/my-project/jobs/whole',
    context: { service: 'bigquery', region: 'us-east1' },
    shows: [done()],
    outcome: 'SUCCEEDED',
    state: 'DONE',
  },
  {
    title: 'a BigQuery job that ends with another error is FAILED',
    ...query('broken', '?location=EU'),
    job: 'my-project:EU.broken',
    shows: [done('invalidQuery')],
    outcome: 'FAILED',
    says: /so it ended/,
    state: 'DONE',
  },
  {
    title: 'a BigQuery job that is not found without a location is asked for it',
    ...query('elsewhere', ''),
    job: 'projects/my-project/jobs/elsewhere',
    context: { service: 'bigquery' },
    shows: [NOT_FOUND],
    answers: [NOT_FOUND],
    outcome: 'REJECTED',
    says: /Which location\?.*name that in region/,
  },
  {
    title: 'a job of Batch is CANCELLED by a GET of the job, whatever its cancel returns',
    kind: 'jobs',
    job: `https://batch.googleapis.com/v1/${PLACE}/jobs/b`,
    cancel: `POST batch.googleapis.com/v1/${PLACE}/jobs/b:cancel`,
    get: `GET batch.googleapis.com/v1/${PLACE}/jobs/b`,
    answers: [jsonAnswer(200, { name: 'operations/x', done: true, response: {} })],
    shows: [{ status: { state: 'CANCELLATION_IN_PROGRESS' } }, { status: { state: 'CANCELLED' } }],
    outcome: 'CANCELLED',
    state: 'CANCELLED',
  },
  {
    title: 'an execution of Cloud Run is CANCELLED by the reason of its condition',
    kind: 'executions',
    job: `https://${run}/e`,
    cancel: `POST ${run}/e:cancel`,
    get: `GET ${run}/e`,
    shows: [completed('CONDITION_FAILED', 'CANCELLED')],
    outcome: 'CANCELLED',
    state: 'CONDITION_FAILED',
  },
  {
    title: 'an execution of Cloud Run of which tasks were cancelled because one failed is FAILED',
    kind: 'executions',
    job: `https://${run}/f`,
    cancel: `POST ${run}/f:cancel`,
    get: `GET ${run}/f`,
    shows: [{ ...completed('CONDITION_FAILED', 'NON_ZERO_EXIT_CODE'), cancelledCount: 6 }],
    outcome: 'FAILED',
    state: 'CONDITION_FAILED',
  },
  {
    title: 'an execution of Cloud Run v1 is CANCELLED, at the host of its region',
    kind: 'executions',
    job: 'namespaces/my-project/executions/e',
    context: { service: 'run', region: 'us-central1' },
    cancel:
      'POST us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions/e:cancel',
    get: 'GET us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions/e',
    shows: [{ status: { conditions: [{ type: 'Completed', status: 'False', reason: 'Cancelled' }] } }],
    outcome: 'CANCELLED',
    state: 'False',
  },
  {
    title: 'a regional build is cancelled with its project and id, and CANCELLED',
    kind: 'builds',
    job: `https://cloudbuild.googleapis.com/v1/${PLACE}/builds/b`,
    cancel: `POST cloudbuild.googleapis.com/v1/${PLACE}/builds/b:cancel`,
    body: '{"projectId":"my-project","id":"b"}',
    get: `GET cloudbuild.googleapis.com/v1/${PLACE}/builds/b`,
    shows: [{ status: 'CANCELLED' }],
    outcome: 'CANCELLED',
    says: /^The build was cancelled/,
    state: 'CANCELLED',
  },
  {
    title: 'a global build is cancelled without a body',
    kind: 'builds',
    job: 'https://cloudbuild.googleapis.com/v1/projects/my-project/builds/g',
    cancel: 'POST cloudbuild.googleapis.com/v1/projects/my-project/builds/g:cancel',
    get: 'GET cloudbuild.googleapis.com/v1/projects/my-project/builds/g',
    shows: [{ status: 'CANCELLED' }],
    outcome: 'CANCELLED',
    state: 'CANCELLED',
  },
  {
    title: 'an execution of Workflows in an unknown state is looked at again',
    kind: 'executions',
    job: `https://workflowexecutions.googleapis.com/v1/${PLACE}/workflows/w/executions/e`,
    cancel: `POST workflowexecutions.googleapis.com/v1/${PLACE}/workflows/w/executions/e:cancel`,
    get: `GET workflowexecutions.googleapis.com/v1/${PLACE}/workflows/w/executions/e?view=BASIC`,
    shows: [{ state: 'UNAVAILABLE' }, { state: 'CANCELLED' }],
    outcome: 'CANCELLED',
    state: 'CANCELLED',
  },
];

/** The calls that were made for each job, with the bodies of the cancels. */
const made = new Map<Row, { cancels: string[]; gets: number }>(
  ROWS.map((row) => [row, { cancels: [], gets: 0 }]),
);
const strays: string[] = [];

const isAnswer = (shown: object): shown is Answer => 'send' in shown;

const answer: HostHandler = ({ method, host, path, query, body }) => {
  const parameters = query.toString();
  const call = `${method} ${host}${path}${parameters === '' ? '' : `?${parameters}`}`;
  const row = ROWS.find(({ cancel, get }) => cancel === call || get === call);
  const calls = row === undefined ? undefined : made.get(row);
  if (row === undefined || calls === undefined) {
    strays.push(call);
    return { answer: NOT_FOUND };
  }
  if (call === row.cancel) {
    const { answers = [OK] } = row;
    calls.cancels.push(body.toString());
    return { answer: answers[Math.min(calls.cancels.length, answers.length) - 1] ?? OK };
  }
  calls.gets += 1;
  const shown = row.shows[Math.min(calls.gets, row.shows.length) - 1] ?? {};
  return { answer: isAnswer(shown) ? shown : jsonAnswer(200, shown) };
};

let system: TestSystem;
before(async () => {
  const hosts = new Set(ROWS.flatMap(({ cancel }) => cancel.split(/[ /]/)[1] ?? []));
  system = await startTestSystem({
    hosts: Object.fromEntries([...hosts].map((host) => [host, answer])),
    settings: { ALLOWED_JOBS: '*' },
  });
});
after(() => system.close());

describe('a job', { concurrency: true }, () => {
  for (const [index, row] of ROWS.entries()) {
    it(row.title, async () => {
      const requestId = `job-${index}`;
      await system.request({ job: row.job, ...row.context, requestId });
      const { data, attributes } = await system.resultOf(requestId);
      assert.equal(data.outcome, row.outcome, data.detail);
      if (row.says !== undefined) assert.match(data.detail, row.says);
      assert.equal(data.operation, undefined);
      assert.equal(data.job?.kind, row.kind);
      assert.equal(data.job.state, row.state);
      assert.equal(attributes.kind, row.kind);
      const { cancels } = made.get(row) ?? { cancels: [] };
      assert.equal(cancels.length, row.cancels ?? 1);
      for (const body of cancels) assert.equal(body, row.body ?? '');
    });
  }

  it('a job of a kind that has to be named in full is refused, and nothing is called', async () => {
    const job = `https://dataproc.googleapis.com/v1/${PLACE}/sessions/s`;
    await system.request({ job, requestId: 'explicit' });
    const { data } = await system.resultOf('explicit');
    assert.equal(data.outcome, 'REJECTED');
    assert.match(data.detail, /job: dataproc\.sessions is allowed only where ALLOWED_JOBS lists this kind/);
    assert.deepEqual(strays, []);
  });

  it('a job in the field of an operation is refused with the field that it belongs in', async () => {
    await system.request({ operation: ROWS[0]?.job, requestId: 'misplaced' });
    const { data } = await system.resultOf('misplaced');
    assert.equal(data.outcome, 'REJECTED');
    assert.match(data.detail, /is a job of aiplatform; name it in job/);
  });
});
