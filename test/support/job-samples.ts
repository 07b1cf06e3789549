/**
 * One job of each kind, as the services' references have it: the discovery documents, and the protos of
 * googleapis. Nothing here comes from the simulation or from the product.
 */
export interface JobSample {
  readonly kind: string;
  /** Of its GET. */
  readonly url: string;
  readonly cancel: { readonly method: 'POST' | 'PUT'; readonly url: string; readonly body?: object };
  /** The path of the state in the answer to GET. */
  readonly state: string;
  /** The state's values; `cancelling` is that of running where there is no such word. */
  readonly words: {
    readonly running: string;
    readonly cancelling: string;
    readonly cancelled: string;
    readonly succeeded: string;
    readonly failed: string;
  };
  /** The path of the time at which it was made; absent where none is shown. */
  readonly created?: string;
  readonly list: {
    readonly url: string;
    readonly items: string;
    readonly size: string;
    readonly token: string;
  };
  /** The status of a cancel of a job that has ended. */
  readonly finished: 200 | 400;
  readonly permission: string;
}

const PLACE = 'projects/my-project/locations/us-central1';
const page = { size: 'pageSize', token: 'pageToken' } as const;
const JOB_STATES = {
  running: 'JOB_STATE_RUNNING',
  cancelling: 'JOB_STATE_CANCELLING',
  cancelled: 'JOB_STATE_CANCELLED',
  succeeded: 'JOB_STATE_SUCCEEDED',
  failed: 'JOB_STATE_FAILED',
};
const PIPELINE_STATES = {
  running: 'PIPELINE_STATE_RUNNING',
  cancelling: 'PIPELINE_STATE_CANCELLING',
  cancelled: 'PIPELINE_STATE_CANCELLED',
  succeeded: 'PIPELINE_STATE_SUCCEEDED',
  failed: 'PIPELINE_STATE_FAILED',
};
const plain = (running: string, cancelling: string, succeeded = 'SUCCEEDED', cancelled = 'CANCELLED') => ({
  running,
  cancelling,
  cancelled,
  succeeded,
  failed: 'FAILED',
});

/** A resource with `:cancel` behind its name, in a collection that lists it. */
const standard = (
  kind: string,
  collection: string,
  {
    items = collection.split('/').at(-1) ?? '',
    ...others
  }: Omit<JobSample, 'kind' | 'url' | 'cancel' | 'list'> & {
    readonly items?: string;
  },
): JobSample => {
  const url = `https://${collection}/my-job`;
  return {
    kind,
    url,
    cancel: { method: 'POST', url: `${url}:cancel` },
    list: { url: `https://${collection}`, items, ...page },
    ...others,
  };
};

const vertex = (version: string, kind: string, words: JobSample['words'], finished: 200 | 400) =>
  standard(
    `aiplatform ${version} ${kind}`,
    `us-central1-aiplatform.googleapis.com/${version}/${PLACE}/${kind}`,
    {
      state: 'state',
      words,
      created: 'createTime',
      finished,
      permission: `aiplatform.${kind}.cancel`,
    },
  );

const VERTEX = ['v1', 'v1beta1'].flatMap((version) => [
  vertex(version, 'customJobs', JOB_STATES, 200),
  vertex(version, 'hyperparameterTuningJobs', JOB_STATES, 200),
  vertex(version, 'batchPredictionJobs', JOB_STATES, 400),
  vertex(version, 'nasJobs', JOB_STATES, 400),
  vertex(version, 'dataLabelingJobs', JOB_STATES, 400),
  vertex(version, 'tuningJobs', JOB_STATES, 400),
  vertex(version, 'trainingPipelines', PIPELINE_STATES, 400),
  vertex(version, 'pipelineJobs', PIPELINE_STATES, 400),
  vertex(version, 'evaluationRuns', plain('RUNNING', 'RUNNING'), 400),
]);

const dataflow = (path: string): JobSample => {
  const url = `https://dataflow.googleapis.com/v1b3/${path}/jobs/my-job`;
  return {
    kind: `dataflow jobs in ${path}`,
    url,
    cancel: { method: 'PUT', url, body: { requestedState: 'JOB_STATE_CANCELLED' } },
    state: 'currentState',
    words: { ...JOB_STATES, succeeded: 'JOB_STATE_DONE' },
    created: 'createTime',
    list: { url: `https://dataflow.googleapis.com/v1b3/${path}/jobs`, items: 'jobs', ...page },
    finished: 400,
    permission: 'dataflow.jobs.cancel',
  };
};

const DATAPROC = 'https://dataproc.googleapis.com/v1/projects/my-project/regions/us-central1';
const BIGQUERY = 'https://bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs';
const BUILDS = {
  running: 'WORKING',
  cancelling: 'WORKING',
  cancelled: 'CANCELLED',
  succeeded: 'SUCCESS',
  failed: 'FAILURE',
};
const build = {
  state: 'status',
  words: BUILDS,
  created: 'createTime',
  finished: 400,
  permission: 'cloudbuild.builds.update',
} as const;
const dlp = {
  state: 'state',
  words: plain('RUNNING', 'RUNNING', 'DONE', 'CANCELED'),
  created: 'createTime',
  finished: 400,
  items: 'jobs',
  permission: 'dlp.jobs.cancel',
} as const;
const execution = {
  state: 'state',
  words: plain('ACTIVE', 'ACTIVE'),
  finished: 400,
  permission: 'workflows.executions.cancel',
} as const;
const resize = (place: string): JobSample => {
  const collection = `https://compute.googleapis.com/compute/v1/projects/my-project/${place}/instanceGroupManagers/g/resizeRequests`;
  return {
    kind: `compute resizeRequests in ${place}`,
    url: `${collection}/my-job`,
    cancel: { method: 'POST', url: `${collection}/my-job/cancel` },
    state: 'state',
    words: plain('ACCEPTED', 'ACCEPTED'),
    created: 'creationTimestamp',
    list: { url: collection, items: 'items', size: 'maxResults', token: 'pageToken' },
    finished: 400,
    permission: 'compute.instanceGroupManagers.update',
  };
};

export const JOB_SAMPLES: readonly JobSample[] = [
  ...VERTEX,
  dataflow(PLACE),
  dataflow('projects/my-project'),
  {
    ...standard('dataproc jobs', `${DATAPROC.slice('https://'.length)}/jobs`, {
      state: 'status.state',
      words: {
        running: 'RUNNING',
        cancelling: 'CANCEL_PENDING',
        cancelled: 'CANCELLED',
        succeeded: 'DONE',
        failed: 'ERROR',
      },
      finished: 400,
      permission: 'dataproc.jobs.cancel',
    }),
  },
  {
    kind: 'bigquery jobs',
    url: `${BIGQUERY}/my-job`,
    cancel: { method: 'POST', url: `${BIGQUERY}/my-job/cancel` },
    state: 'status.state',
    words: {
      running: 'RUNNING',
      cancelling: 'RUNNING',
      cancelled: 'DONE',
      succeeded: 'DONE',
      failed: 'DONE',
    },
    created: 'statistics.creationTime',
    list: { url: `${BIGQUERY}?allUsers=true`, items: 'jobs', size: 'maxResults', token: 'pageToken' },
    finished: 200,
    permission: 'bigquery.jobs.update',
  },
  standard('batch jobs', `batch.googleapis.com/v1/${PLACE}/jobs`, {
    state: 'status.state',
    words: plain('RUNNING', 'CANCELLATION_IN_PROGRESS'),
    created: 'createTime',
    finished: 400,
    // No role has a permission by the name of the cancel; the one that is checked is not published.
    permission: 'batch.jobs.create',
  }),
  standard('run v2 executions', `run.googleapis.com/v2/${PLACE}/jobs/j/executions`, {
    state: 'conditions.0.state',
    words: {
      running: 'CONDITION_RECONCILING',
      cancelling: 'CONDITION_RECONCILING',
      cancelled: 'CONDITION_FAILED',
      succeeded: 'CONDITION_SUCCEEDED',
      failed: 'CONDITION_FAILED',
    },
    created: 'createTime',
    finished: 400,
    permission: 'run.jobs.run',
  }),
  {
    ...standard(
      'run v1 executions',
      'us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions',
      {
        state: 'status.conditions.0.status',
        words: {
          running: 'Unknown',
          cancelling: 'Unknown',
          cancelled: 'False',
          succeeded: 'True',
          failed: 'False',
        },
        created: 'metadata.creationTimestamp',
        finished: 400,
        permission: 'run.jobs.run',
      },
    ),
    list: {
      url: 'https://us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions',
      items: 'items',
      size: 'limit',
      token: 'continue',
    },
  },
  {
    ...standard('cloudbuild builds of a region', `cloudbuild.googleapis.com/v1/${PLACE}/builds`, build),
    cancel: {
      method: 'POST',
      url: `https://cloudbuild.googleapis.com/v1/${PLACE}/builds/my-job:cancel`,
      body: { projectId: 'my-project', id: 'my-job' },
    },
  },
  standard('cloudbuild global builds', 'cloudbuild.googleapis.com/v1/projects/my-project/builds', build),
  standard('workflowexecutions v1', `workflowexecutions.googleapis.com/v1/${PLACE}/workflows/w/executions`, {
    ...execution,
    created: 'createTime',
  }),
  standard(
    'workflowexecutions v1beta',
    `workflowexecutions.googleapis.com/v1beta/${PLACE}/workflows/w/executions`,
    {
      ...execution,
      created: 'startTime',
    },
  ),
  ...['v1', 'v1beta1'].map((version) =>
    standard(
      `dataform ${version} workflowInvocations`,
      `dataform.googleapis.com/${version}/${PLACE}/repositories/r/workflowInvocations`,
      {
        state: 'state',
        words: plain('RUNNING', 'CANCELING'),
        created: 'invocationTiming.startTime',
        finished: 400,
        permission: 'dataform.workflowInvocations.cancel',
      },
    ),
  ),
  standard('dlp dlpJobs of a region', `dlp.googleapis.com/v2/${PLACE}/dlpJobs`, dlp),
  standard('dlp global dlpJobs', 'dlp.googleapis.com/v2/projects/my-project/dlpJobs', dlp),
  standard('ml jobs', 'ml.googleapis.com/v1/projects/my-project/jobs', {
    state: 'state',
    words: plain('RUNNING', 'CANCELLING'),
    created: 'createTime',
    finished: 200,
    permission: 'ml.jobs.cancel',
  }),
  resize('zones/us-central1-a'),
  resize('regions/us-central1'),
];
