/** Lists of jobs as their services answer them: one row for each kind of jobs. */

const PLACE = 'projects/my-project/locations/us-central1';
const VERTEX = 'us-central1-aiplatform.googleapis.com/v1';

/** A kind of jobs in a list: one job runs, one waits, one has ended, one is being cancelled. */
export interface ListedKind {
  readonly kind: string;
  readonly target: object;
  /** Behind `https://`. */
  readonly list: string;
  /** The list of what contains the jobs, with its answer. */
  readonly containers?: readonly [list: string, body: object];
  readonly items: string;
  /** Parameters of every page, beside the size of the page. */
  readonly query?: object;
  readonly filter?: string | undefined;
  /** An entry of the list by an id and a state. */
  readonly entry: (id: string, state: string) => object;
  readonly states: {
    readonly runs: string;
    readonly waits?: string;
    readonly ended: string;
    readonly cancelling?: string;
  };
  /** The requested job by its id, and the region of its request. */
  readonly job: (id: string) => string;
  readonly region?: string;
}

const CREATED = '2026-11-01T00:00:00Z';
const running = (prefix: string, words: string) =>
  words
    .split(' ')
    .map((word) => `state="${prefix}${word}"`)
    .join(' OR ');

const vertex = (kind: string, prefix: string, filter: string | undefined): ListedKind => ({
  kind: `aiplatform.${kind}`,
  target: { service: 'aiplatform', jobs: [kind], parents: [PLACE] },
  list: `${VERTEX}/${PLACE}/${kind}`,
  items: kind,
  filter,
  entry: (id, state) => ({ name: `${PLACE}/${kind}/${id}`, state, createTime: CREATED }),
  states: {
    runs: `${prefix}RUNNING`,
    waits: `${prefix}PENDING`,
    ended: `${prefix}FAILED`,
    ...(prefix !== '' && { cancelling: `${prefix}CANCELLING` }),
  },
  job: (id) => `https://${VERTEX}/${PLACE}/${kind}/${id}`,
});

const JOB_FILTER = running('JOB_STATE_', 'QUEUED PENDING RUNNING PAUSED UPDATING');
const PIPELINE_FILTER = running('PIPELINE_STATE_', 'QUEUED PENDING RUNNING PAUSED');

const named =
  (kind: string, state = 'state') =>
  (id: string, word: string) => ({ name: `${PLACE}/${kind}/${id}`, [state]: word, createTime: CREATED });

export const LISTED_KINDS: readonly ListedKind[] = [
  ...['customJobs', 'hyperparameterTuningJobs', 'batchPredictionJobs', 'nasJobs', 'dataLabelingJobs'].map(
    (kind) => vertex(kind, 'JOB_STATE_', JOB_FILTER),
  ),
  vertex('tuningJobs', 'JOB_STATE_', undefined),
  vertex('trainingPipelines', 'PIPELINE_STATE_', PIPELINE_FILTER),
  vertex('pipelineJobs', 'PIPELINE_STATE_', PIPELINE_FILTER),
  vertex('evaluationRuns', '', undefined),
  {
    kind: 'dataflow.jobs',
    target: { service: 'dataflow', jobs: ['*'], parents: ['projects/my-project'] },
    list: 'dataflow.googleapis.com/v1b3/projects/my-project/jobs:aggregated',
    items: 'jobs',
    filter: 'ACTIVE',
    entry: (id, currentState) => ({
      id,
      projectId: 'my-project',
      location: 'europe-west1',
      name: 'stream',
      currentState,
      createTime: CREATED,
    }),
    states: {
      runs: 'JOB_STATE_RUNNING',
      waits: 'JOB_STATE_QUEUED',
      ended: 'JOB_STATE_DONE',
      cancelling: 'JOB_STATE_DRAINING',
    },
    job: (id) => `https://dataflow.googleapis.com/v1b3/projects/my-project/locations/europe-west1/jobs/${id}`,
  },
  {
    kind: 'dataproc.jobs',
    target: { service: 'dataproc', jobs: ['jobs'], parents: [PLACE] },
    list: 'dataproc.googleapis.com/v1/projects/my-project/regions/us-central1/jobs',
    items: 'jobs',
    filter: 'status.state = ACTIVE',
    entry: (jobId, state) => ({
      reference: { projectId: 'my-project', jobId },
      status: { state, stateStartTime: CREATED },
    }),
    states: { runs: 'RUNNING', waits: 'PENDING', ended: 'DONE', cancelling: 'CANCEL_STARTED' },
    job: (id) => `https://dataproc.googleapis.com/v1/projects/my-project/regions/us-central1/jobs/${id}`,
  },
  {
    kind: 'dataproc.batches',
    target: { service: 'dataproc', jobs: ['batches'], parents: ['projects/my-project/regions/us-central1'] },
    list: `dataproc.googleapis.com/v1/${PLACE}/batches`,
    items: 'batches',
    entry: named('batches'),
    states: { runs: 'RUNNING', waits: 'PENDING', ended: 'FAILED', cancelling: 'CANCELLING' },
    job: (id) => `https://dataproc.googleapis.com/v1/${PLACE}/batches/${id}`,
  },
  {
    kind: 'bigquery.jobs',
    target: { service: 'bigquery', jobs: ['jobs'], parents: ['projects/my-project'] },
    list: 'bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs',
    items: 'jobs',
    query: { allUsers: 'true', projection: 'full', stateFilter: ['pending', 'running'] },
    entry: (jobId, state) => ({
      id: `my-project:EU.${jobId}`,
      jobReference: { projectId: 'my-project', jobId, location: 'EU' },
      status: { state },
      statistics: { creationTime: '1790000000000' },
    }),
    states: { runs: 'RUNNING', waits: 'PENDING', ended: 'DONE' },
    job: (id) => `https://bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs/${id}`,
    region: 'EU',
  },
  {
    kind: 'batch.jobs',
    target: { service: 'batch', jobs: ['*'], parents: ['projects/my-project/locations/-'] },
    list: 'batch.googleapis.com/v1/projects/my-project/locations/-/jobs',
    items: 'jobs',
    entry: (id, state) => ({ name: `${PLACE}/jobs/${id}`, status: { state }, createTime: CREATED }),
    states: {
      runs: 'RUNNING',
      waits: 'QUEUED',
      ended: 'SUCCEEDED',
      cancelling: 'CANCELLATION_IN_PROGRESS',
    },
    job: (id) => `https://batch.googleapis.com/v1/${PLACE}/jobs/${id}`,
  },
  {
    kind: 'run.executions',
    target: { service: 'run', jobs: ['executions'], parents: [PLACE] },
    list: `run.googleapis.com/v2/${PLACE}/jobs/-/executions`,
    items: 'executions',
    entry: (id, state) => ({
      name: `${PLACE}/jobs/nightly/executions/${id}`,
      conditions: [{ type: 'Completed', state }],
      createTime: CREATED,
    }),
    states: { runs: 'CONDITION_RECONCILING', waits: 'CONDITION_PENDING', ended: 'CONDITION_SUCCEEDED' },
    job: (id) => `https://run.googleapis.com/v2/${PLACE}/jobs/nightly/executions/${id}`,
  },
  {
    kind: 'run.executions',
    target: { service: 'run', version: 'v1', jobs: ['executions'], parents: [PLACE] },
    list: 'us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions',
    items: 'items',
    entry: (name, status) => ({
      metadata: { name, creationTimestamp: CREATED },
      status: { conditions: [{ type: 'Completed', status }] },
    }),
    states: { runs: 'Unknown', ended: 'True' },
    job: (id) =>
      `https://us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions/${id}`,
    region: 'us-central1',
  },
  {
    kind: 'cloudbuild.builds',
    target: { service: 'cloudbuild', jobs: ['*'], parents: ['projects/my-project/locations/-'] },
    list: 'cloudbuild.googleapis.com/v1/projects/my-project/locations/-/builds',
    items: 'builds',
    filter: 'status="PENDING" OR status="QUEUED" OR status="WORKING"',
    entry: named('builds', 'status'),
    states: { runs: 'WORKING', waits: 'QUEUED', ended: 'EXPIRED' },
    job: (id) => `https://cloudbuild.googleapis.com/v1/${PLACE}/builds/${id}`,
  },
  {
    kind: 'cloudbuild.builds',
    target: { service: 'cloudbuild', jobs: ['builds'], parents: ['projects/my-project'] },
    list: 'cloudbuild.googleapis.com/v1/projects/my-project/builds',
    items: 'builds',
    filter: 'status="PENDING" OR status="QUEUED" OR status="WORKING"',
    entry: (id, status) => ({
      name: `projects/my-project/locations/global/builds/${id}`,
      id,
      status,
      createTime: CREATED,
    }),
    states: { runs: 'WORKING', waits: 'QUEUED', ended: 'SUCCESS' },
    job: (id) => `https://cloudbuild.googleapis.com/v1/projects/my-project/locations/global/builds/${id}`,
  },
  {
    kind: 'workflowexecutions.executions',
    target: { service: 'workflowexecutions', jobs: ['executions'], parents: [PLACE] },
    list: `workflowexecutions.googleapis.com/v1/${PLACE}/workflows/nightly/executions`,
    containers: [
      `workflows.googleapis.com/v1/${PLACE}/workflows`,
      { workflows: [{ name: `${PLACE}/workflows/nightly`, state: 'ACTIVE' }] },
    ],
    items: 'executions',
    query: { view: 'BASIC' },
    filter: 'state="ACTIVE" OR state="QUEUED"',
    entry: (id, state) => ({
      name: `${PLACE}/workflows/nightly/executions/${id}`,
      state,
      startTime: CREATED,
    }),
    states: { runs: 'ACTIVE', waits: 'QUEUED', ended: 'SUCCEEDED' },
    job: (id) => `https://workflowexecutions.googleapis.com/v1/${PLACE}/workflows/nightly/executions/${id}`,
  },
  {
    kind: 'dataform.workflowInvocations',
    target: { service: 'dataform', jobs: ['*'], parents: [PLACE] },
    list: `dataform.googleapis.com/v1/${PLACE}/repositories/models/workflowInvocations`,
    containers: [
      `dataform.googleapis.com/v1/${PLACE}/repositories`,
      { repositories: [{ name: `${PLACE}/repositories/models` }] },
    ],
    items: 'workflowInvocations',
    entry: (id, state) => ({
      name: `${PLACE}/repositories/models/workflowInvocations/${id}`,
      state,
      invocationTiming: { startTime: CREATED },
    }),
    states: { runs: 'RUNNING', ended: 'SUCCEEDED', cancelling: 'CANCELING' },
    job: (id) => `https://dataform.googleapis.com/v1/${PLACE}/repositories/models/workflowInvocations/${id}`,
  },
  {
    kind: 'dlp.dlpJobs',
    target: { service: 'dlp', jobs: ['dlpJobs'], parents: ['projects/my-project'] },
    list: 'dlp.googleapis.com/v2/projects/my-project/dlpJobs',
    items: 'jobs',
    query: { type: 'INSPECT_JOB' },
    entry: (id, state) => ({ name: `projects/my-project/dlpJobs/${id}`, state, createTime: CREATED }),
    states: { runs: 'ACTIVE', waits: 'PENDING', ended: 'DONE' },
    job: (id) => `https://dlp.googleapis.com/v2/projects/my-project/dlpJobs/${id}`,
  },
  {
    kind: 'ml.jobs',
    target: { service: 'ml', jobs: ['jobs'], parents: ['projects/my-project'] },
    list: 'ml.googleapis.com/v1/projects/my-project/jobs',
    items: 'jobs',
    entry: (jobId, state) => ({ jobId, state, createTime: CREATED }),
    states: { runs: 'RUNNING', waits: 'PREPARING', ended: 'FAILED', cancelling: 'CANCELLING' },
    job: (id) => `https://ml.googleapis.com/v1/projects/my-project/jobs/${id}`,
  },
  {
    kind: 'compute.resizeRequests',
    target: {
      service: 'compute',
      jobs: ['resizeRequests'],
      parents: ['projects/my-project/zones/us-central1-a'],
    },
    list: 'compute.googleapis.com/compute/v1/projects/my-project/zones/us-central1-a/instanceGroupManagers/gpus/resizeRequests',
    containers: [
      'compute.googleapis.com/compute/v1/projects/my-project/zones/us-central1-a/instanceGroupManagers',
      { items: [{ name: 'gpus' }] },
    ],
    items: 'items',
    entry: (name, state) => ({ name, state, creationTimestamp: CREATED }),
    states: { runs: 'ACCEPTED', waits: 'CREATING', ended: 'SUCCEEDED' },
    job: (id) =>
      `https://compute.googleapis.com/compute/v1/projects/my-project/zones/us-central1-a/instanceGroupManagers/gpus/resizeRequests/${id}`,
  },
];
