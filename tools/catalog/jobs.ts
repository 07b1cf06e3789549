import type { JobKindRow } from '../../src/resources/job-kind.ts';
import type { MethodGroup, RegionalHosts } from '../../src/catalog/catalog.ts';

/**
 * The jobs that can be cancelled, kept by hand: no package says which words end a job. Tests compare method and path of each
 * with the extracts of both sources of the catalog.
 *
 * Sources, unless an entry names another: the discovery documents of google-api-python-client 2.201.0
 * (`googleapiclient/discovery_cache/documents/{api}.{version}.json`, September 2026) for names, methods, fields and words;
 * https://cloud.google.com/iam/docs/roles-permissions for permissions.
 */
export interface JobEntry {
  readonly service: string;
  readonly versions: readonly string[];
  readonly kind: string;
  readonly names: readonly string[];
  /** How the catalog calls them, where it differs from `POST {version}/{name}:cancel` and `GET {version}/{name}`. */
  readonly calls?: Omit<MethodGroup, 'names' | 'kind' | 'row' | 'source' | 'explicit'>;
  /** The kind's row under another key, where one kind of a service is written in two ways. */
  readonly row?: string;
  readonly reads: Omit<JobKindRow, 'itemsField'> & Partial<Pick<JobKindRow, 'itemsField'>>;
  /** IAM permissions, on the job or its project. */
  readonly permissions: Permissions;
  /**
   * Whether `ALLOWED_JOBS` has to name the kind in full, because a cancel saves little money, or does harm to what people
   * or operations rely on.
   */
  readonly explicit?: true;
  /** What continues to cost, or how a cancel shows, for the page on jobs. */
  readonly remark?: string;
}

interface Permissions {
  readonly cancel: string;
  readonly get: string;
  readonly list: string;
}

/** The permissions of most kinds: one for each method. */
const permissionsOf = (prefix: string): Permissions => ({
  cancel: `${prefix}.cancel`,
  get: `${prefix}.get`,
  list: `${prefix}.list`,
});

/** Version, host and base of the services that have jobs. */
export const jobServices: Readonly<
  Record<
    string,
    {
      readonly defaultVersion: string;
      /** Where the service has no operations that could tell it: see `regional-endpoints.ts`. */
      readonly regionalEndpoints?: string;
      readonly locationalHosts?: true;
    }
  >
> = {
  aiplatform: { defaultVersion: 'v1' },
  batch: { defaultVersion: 'v1' },
  bigquerydatatransfer: { defaultVersion: 'v1' },
  bigquery: {
    defaultVersion: 'v2',
    regionalEndpoints:
      'asia-south1 asia-south2 europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9 me-central2 northamerica-northeast1 northamerica-northeast2 us-central1 us-central2 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4 us-west8',
  },
  cloudbuild: { defaultVersion: 'v1' },
  clouddeploy: { defaultVersion: 'v1' },
  cloudscheduler: { defaultVersion: 'v1' },
  compute: {
    defaultVersion: 'v1',
    regionalEndpoints: '* -us-central2 -us-east7 -us-west8 asia-southeast3',
  },
  dataflow: { defaultVersion: 'v1b3', regionalEndpoints: '* asia-southeast3' },
  dataform: { defaultVersion: 'v1' },
  dataplex: { defaultVersion: 'v1' },
  dataproc: { defaultVersion: 'v1' },
  dlp: { defaultVersion: 'v2', regionalEndpoints: '* -us-east7 asia-southeast3 eu in us' },
  integrations: { defaultVersion: 'v1' },
  ml: { defaultVersion: 'v1' },
  notebooks: { defaultVersion: 'v1' },
  osconfig: { defaultVersion: 'v1' },
  run: {
    defaultVersion: 'v2',
    regionalEndpoints: '* asia-southeast3 asia-southeast4 europe-west15',
    locationalHosts: true,
  },
  storagebatchoperations: { defaultVersion: 'v1' },
  testing: { defaultVersion: 'v1' },
  tpu: { defaultVersion: 'v2' },
  transcoder: { defaultVersion: 'v1' },
  vmmigration: { defaultVersion: 'v1' },
  workflowexecutions: {
    defaultVersion: 'v1',
    regionalEndpoints: '* -asia-northeast2 -europe-north2 -northamerica-south1 -us-central2 -us-east7',
  },
};

const LABELED = ['displayName', 'labels.*'];

/** A filter on the state is documented for all kinds of Vertex AI but tuning jobs and evaluation runs. */
const running = (prefix: string, words: string) =>
  words
    .split(' ')
    .map((word) => `state="${prefix}${word}"`)
    .join(' OR ');

/** The machines of a job that names them by pools. */
const pools = (spec: string) => ({
  acceleratorType: `${spec}.workerPoolSpecs.machineSpec.acceleratorType`,
  creator: `${spec}.serviceAccount`,
  machineType: `${spec}.workerPoolSpecs.machineSpec.machineType`,
});
const MACHINES = ['acceleratorType', 'creator', 'machineType'];

const VERTEX_JOB = {
  prefix: 'JOB_STATE_',
  states: {
    running: 'QUEUED PENDING RUNNING PAUSED UPDATING',
    cancelling: 'CANCELLING',
    cancelled: 'CANCELLED',
    succeeded: 'SUCCEEDED PARTIALLY_SUCCEEDED',
    failed: 'FAILED EXPIRED',
  },
  errorField: 'error',
  endedAtFields: ['endTime'],
  pageSizeParameter: 'pageSize',
  matchableFields: LABELED,
} as const;

const VERTEX_PIPELINE = {
  ...VERTEX_JOB,
  prefix: 'PIPELINE_STATE_',
  states: {
    running: 'QUEUED PENDING RUNNING PAUSED',
    cancelling: 'CANCELLING',
    cancelled: 'CANCELLED',
    succeeded: 'SUCCEEDED',
    failed: 'FAILED',
  },
} as const;

/** https://cloud.google.com/vertex-ai/docs/training/persistent-resource-overview: billed while it runs, with a job or not. */
const persistentResource = (field: string) => ({
  field,
  text: 'The persistent resource {} keeps running, and costs.',
});

const VERTEX_JOB_LISTS = {
  lists: { filter: running(VERTEX_JOB.prefix, VERTEX_JOB.states.running) },
} as const;
const VERTEX_PIPELINE_LISTS = {
  lists: { filter: running(VERTEX_PIPELINE.prefix, VERTEX_PIPELINE.states.running) },
} as const;

const vertex = (
  kind: string,
  reads: JobEntry['reads'],
  more: Pick<JobEntry, 'calls' | 'remark'> = {},
): JobEntry => ({
  service: 'aiplatform',
  versions: ['v1', 'v1beta1'],
  kind,
  names: [`projects/*/locations/*/${kind}/*`],
  reads,
  permissions: permissionsOf(`aiplatform.${kind}`),
  ...more,
});

/** https://cloud.google.com/run/docs/reference/rest/v1/namespaces.executions and gcloud's command_lib/run/cancellation.py. */
const RUN_V1_HOSTS: RegionalHosts = { host: '{location}-run.googleapis.com', required: true };

const BUILD_READS = {
  noun: 'build',
  stateField: 'status',
  states: {
    running: 'PENDING QUEUED WORKING',
    cancelled: 'CANCELLED',
    succeeded: 'SUCCESS',
    failed: 'FAILURE INTERNAL_ERROR TIMEOUT EXPIRED',
  },
  errorField: 'statusDetail',
  endedAtFields: ['finishTime'],
  pageSizeParameter: 'pageSize',
  matchableFields: [
    ...['buildTriggerId', 'creator', 'machineType', 'serviceAccount', 'substitutions.*', 'tags'],
  ],
  fieldPaths: { creator: 'serviceAccount', machineType: 'options.machineType' },
  listFields: ['tags'],
} as const;

const BUILD_LISTS = { filter: 'status="PENDING" OR status="QUEUED" OR status="WORKING"' } as const;

const BUILD_PERMISSIONS: Permissions = {
  cancel: 'cloudbuild.builds.update',
  get: 'cloudbuild.builds.get',
  list: 'cloudbuild.builds.list',
};

const MIGRATION_STATES = {
  running: 'PENDING READY RUNNING ACTIVE ADAPTING_OS',
  cancelling: 'CANCELLING',
  cancelled: 'CANCELLED',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
} as const;

const migration = (kind: string, parent: string, permissions: Permissions): JobEntry => ({
  service: 'vmmigration',
  versions: ['v1'],
  kind,
  names: [`projects/*/locations/*/${parent}/${kind}/*`],
  reads: {
    states: MIGRATION_STATES,
    errorField: 'error',
    endedAtFields: ['endTime', 'updateTime'],
    pageSizeParameter: 'pageSize',
    matchableFields: [],
  },
  permissions,
  explicit: true,
});

const NOT_PUBLISHED: Permissions = { cancel: 'not published', get: 'not published', list: 'not published' };

export const jobs: readonly JobEntry[] = [
  vertex(
    'customJobs',
    {
      ...VERTEX_JOB,
      matchableFields: [...LABELED, ...MACHINES],
      fieldPaths: pools('jobSpec'),
      notes: [persistentResource('jobSpec.persistentResourceId')],
    },
    { calls: VERTEX_JOB_LISTS },
  ),
  vertex(
    'hyperparameterTuningJobs',
    {
      ...VERTEX_JOB,
      matchableFields: [...LABELED, ...MACHINES],
      fieldPaths: pools('trialJobSpec'),
      notes: [persistentResource('trialJobSpec.persistentResourceId')],
    },
    { calls: VERTEX_JOB_LISTS },
  ),
  vertex(
    'batchPredictionJobs',
    {
      ...VERTEX_JOB,
      matchableFields: [...LABELED, ...MACHINES, 'model'],
      fieldPaths: {
        acceleratorType: 'dedicatedResources.machineSpec.acceleratorType',
        creator: 'serviceAccount',
        machineType: 'dedicatedResources.machineSpec.machineType',
      },
    },
    { calls: VERTEX_JOB_LISTS, remark: 'a batch of Gemini bills the work completed so far' },
  ),
  vertex('nasJobs', VERTEX_JOB, { calls: VERTEX_JOB_LISTS }),
  vertex('dataLabelingJobs', VERTEX_JOB, { calls: VERTEX_JOB_LISTS }),
  vertex(
    'tuningJobs',
    {
      ...VERTEX_JOB,
      matchableFields: ['baseModel', 'creator', 'displayName', 'labels.*', 'tunedModelDisplayName'],
      fieldPaths: { creator: 'serviceAccount', displayName: 'tunedModelDisplayName' },
    },
    {
      calls: { scopes: ['aiplatform', 'cloud-platform'] },
      remark: 'an evaluation that it started continues',
    },
  ),
  vertex('trainingPipelines', VERTEX_PIPELINE, { calls: VERTEX_PIPELINE_LISTS }),
  vertex(
    'pipelineJobs',
    {
      ...VERTEX_PIPELINE,
      matchableFields: [...LABELED, 'creator', 'scheduleName', 'serviceAccount', 'templateUri'],
      fieldPaths: { creator: 'serviceAccount' },
      notes: [{ field: 'scheduleName', text: 'The schedule {} starts further runs.' }],
    },
    { calls: VERTEX_PIPELINE_LISTS },
  ),
  vertex('evaluationRuns', {
    states: {
      running: 'PENDING RUNNING INFERENCE GENERATING_RUBRICS GENERATING_LOSS_CLUSTERS',
      cancelled: 'CANCELLED',
      succeeded: 'SUCCEEDED',
      failed: 'FAILED',
    },
    errorField: 'error',
    endedAtFields: ['completionTime'],
    pageSizeParameter: 'pageSize',
    matchableFields: LABELED,
  }),
  {
    service: 'dataflow',
    versions: ['v1b3'],
    kind: 'jobs',
    names: ['projects/*/locations/*/jobs/*'],
    // A force cancel (`labels.force_cancel_job`) leaks machines, so it is never sent.
    calls: {
      cancel: 'PUT',
      body: { requestedState: 'JOB_STATE_CANCELLED' },
      getQuery: { view: 'JOB_VIEW_SUMMARY' },
      // Lists are summaries, which the reference of JobView says to have no labels and no environment.
      lists: {
        filter: 'ACTIVE',
        allLocations: 'jobs:aggregated',
        wholeQuery: { view: 'JOB_VIEW_DESCRIPTION' },
      },
      scopes: ['cloud-platform', 'compute'],
    },
    reads: {
      stateField: 'currentState',
      prefix: 'JOB_STATE_',
      states: {
        running: 'STOPPED PENDING QUEUED RUNNING RESOURCE_CLEANING_UP PAUSING PAUSED',
        cancelling: 'CANCELLING DRAINING',
        cancelled: 'CANCELLED DRAINED',
        succeeded: 'DONE UPDATED',
        failed: 'FAILED',
      },
      endedAtFields: ['currentStateTime'],
      pageSizeParameter: 'pageSize',
      unreachableField: 'failedLocation',
      nameTemplate: 'projects/{projectId}/locations/{location}/jobs/{id}',
      matchableFields: [
        ...[
          'creator',
          'displayName',
          'jobMetadata.userDisplayProperties.*',
          'labels.*',
          'machineType',
          'type',
        ],
      ],
      fieldPaths: {
        creator: 'environment.serviceAccountEmail',
        displayName: 'name',
        machineType: 'environment.workerPools.machineType',
      },
      notes: [
        {
          states: 'UPDATED',
          field: 'replacedByJobId',
          text: 'It was updated: the job {} replaced it and runs on, so cancel that one.',
        },
        { states: 'DRAINED', text: 'It was drained, which is not what this request asked for.' },
      ],
    },
    permissions: permissionsOf('dataflow.jobs'),
  },
  {
    service: 'dataproc',
    versions: ['v1'],
    kind: 'jobs',
    names: ['projects/*/regions/*/jobs/*'],
    calls: { lists: { filter: 'status.state = ACTIVE' }, scopes: ['cloud-platform', 'dataproc'] },
    reads: {
      stateField: 'status.state',
      states: {
        running: 'PENDING SETUP_DONE RUNNING ATTEMPT_FAILURE',
        cancelling: 'CANCEL_PENDING CANCEL_STARTED',
        cancelled: 'CANCELLED',
        succeeded: 'DONE',
        failed: 'ERROR',
      },
      overrides: [{ state: 'ATTEMPT_FAILURE', field: 'done', value: true, meaning: 'failed' }],
      errorField: 'status.details',
      createdAtFields: ['statusHistory[].stateStartTime', 'status.stateStartTime'],
      startedAtFields: ['statusHistory[state=RUNNING].stateStartTime', 'status.stateStartTime'],
      endedAtFields: ['status.stateStartTime'],
      nameField: 'reference.jobId',
      pageSizeParameter: 'pageSize',
      matchableFields: ['displayName', 'labels.*', 'placement.clusterName'],
      fieldPaths: { displayName: 'reference.jobId' },
      notes: [{ field: 'placement.clusterName', text: 'The cluster {} keeps running, and costs.' }],
    },
    permissions: permissionsOf('dataproc.jobs'),
  },
  {
    service: 'dataproc',
    versions: ['v1'],
    kind: 'batches',
    names: ['projects/*/locations/*/batches/*'],
    // As `gcloud dataproc batches cancel` does: the batch names the operation to cancel.
    calls: { through: 'operation', scopes: ['cloud-platform', 'dataproc'] },
    reads: {
      noun: 'batch',
      states: {
        running: 'PENDING RUNNING',
        cancelling: 'CANCELLING',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      errorField: 'stateMessage',
      endedAtFields: ['stateTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['creator', 'labels.*'],
    },
    permissions: {
      cancel: 'dataproc.batches.cancel and dataproc.operations.cancel',
      get: 'dataproc.batches.get',
      list: 'dataproc.batches.list',
    },
  },
  {
    service: 'dataproc',
    versions: ['v1'],
    kind: 'sessions',
    names: ['projects/*/locations/*/sessions/*'],
    calls: { cancel: 'POST :terminate', scopes: ['cloud-platform', 'dataproc'] },
    reads: {
      noun: 'session',
      states: {
        running: 'CREATING ACTIVE',
        cancelling: 'TERMINATING',
        cancelled: 'TERMINATED',
        failed: 'FAILED',
      },
      errorField: 'stateMessage',
      endedAtFields: ['stateTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['creator', 'labels.*', 'user'],
    },
    permissions: { ...permissionsOf('dataproc.sessions'), cancel: 'dataproc.sessions.terminate' },
    explicit: true,
    remark: 'a session that ended by itself is `TERMINATED` too',
  },
  {
    service: 'bigquery',
    versions: ['v2'],
    kind: 'jobs',
    names: ['projects/*/jobs/*'],
    calls: {
      base: 'bigquery/v2/',
      cancel: 'POST /cancel',
      locationParameter: 'location',
      // `allUsers` is false by default, and only the full projection has the configuration and the user.
      lists: {
        query: { allUsers: 'true', projection: 'full', stateFilter: ['pending', 'running'] },
        filterParameter: false,
      },
      scopes: ['bigquery', 'cloud-platform'],
    },
    reads: {
      stateField: 'status.state',
      states: { running: 'PENDING RUNNING', succeeded: 'DONE' },
      // https://cloud.google.com/bigquery/docs/error-messages: "stopped … returns when a job is canceled".
      overrides: [
        { state: 'DONE', field: 'status.errorResult.reason', value: 'stopped', meaning: 'cancelled' },
        { state: 'DONE', field: 'status.errorResult', meaning: 'failed' },
      ],
      errorField: 'status.errorResult',
      createdAtFields: ['statistics.creationTime'],
      startedAtFields: ['statistics.startTime'],
      endedAtFields: ['statistics.endTime'],
      nameTemplate: 'projects/{jobReference.projectId}/jobs/{jobReference.jobId}',
      locationField: 'jobReference.location',
      pageSizeParameter: 'maxResults',
      matchableFields: [
        ...['configuration.jobType', 'configuration.labels.*', 'creator', 'labels.*'],
        ...['statistics.parentJobId', 'statistics.query.statementType', 'statistics.reservation_id'],
        ...['type', 'user_email'],
      ],
      fieldPaths: {
        creator: 'user_email',
        labels: 'configuration.labels',
        type: 'configuration.jobType',
      },
    },
    permissions: {
      cancel: 'bigquery.jobs.update',
      get: 'bigquery.jobs.get',
      list: 'bigquery.jobs.list and bigquery.jobs.listAll',
    },
    remark: 'a cancelled query may still cost',
  },
  {
    service: 'batch',
    versions: ['v1'],
    kind: 'jobs',
    names: ['projects/*/locations/*/jobs/*'],
    calls: { lists: { allLocations: '-' } },
    reads: {
      stateField: 'status.state',
      states: {
        running: 'QUEUED SCHEDULED RUNNING',
        cancelling: 'CANCELLATION_IN_PROGRESS DELETION_IN_PROGRESS',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      endedAtFields: ['updateTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['acceleratorType', 'creator', 'labels.*', 'machineType', 'uid'],
      fieldPaths: {
        acceleratorType: 'allocationPolicy.instances.policy.accelerators.type',
        creator: 'allocationPolicy.serviceAccount.email',
        machineType: 'allocationPolicy.instances.policy.machineType',
      },
    },
    permissions: {
      cancel: 'not published; roles/batch.jobsEditor has it',
      get: 'batch.jobs.get',
      list: 'batch.jobs.list',
    },
  },
  {
    service: 'run',
    versions: ['v2'],
    kind: 'executions',
    names: ['projects/*/locations/*/jobs/*/executions/*'],
    // One wildcard is taken: for the job, not for the location.
    calls: { lists: { filterParameter: false, within: '-' }, scopes: ['cloud-platform', 'run'] },
    reads: {
      noun: 'execution',
      stateField: 'conditions[type=Completed].state',
      prefix: 'CONDITION_',
      states: { running: 'PENDING RECONCILING', succeeded: 'SUCCEEDED', failed: 'FAILED' },
      isRunningWithoutState: true,
      // `cancelledCount` is no proof: a failed task has the others counted as cancelled.
      overrides: [
        {
          state: 'FAILED',
          field: 'conditions[type=Completed].executionReason',
          value: 'CANCELLED',
          meaning: 'cancelled',
        },
        ...['RECONCILING', 'PENDING'].map((state) => ({
          state,
          field: 'conditions[type=Completed].executionReason',
          value: 'CANCELLING',
          meaning: 'cancelling' as const,
        })),
      ],
      errorField: 'conditions[type=Completed].message',
      endedAtFields: ['completionTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['creator', 'displayName', 'job', 'labels.*'],
      fieldPaths: { displayName: 'job' },
    },
    permissions: {
      cancel: 'run.jobs.run and run.executions.cancel',
      get: 'run.executions.get',
      list: 'run.executions.list',
    },
  },
  {
    service: 'run',
    versions: ['v1'],
    kind: 'executions',
    names: ['namespaces/{project}/executions/*'],
    calls: {
      base: 'apis/run.googleapis.com/v1/',
      regional: RUN_V1_HOSTS,
      lists: { filterParameter: 'labelSelector' },
      scopes: ['cloud-platform', 'run'],
    },
    row: 'run.executions.v1',
    reads: {
      noun: 'execution',
      nameField: 'metadata.name',
      itemsField: 'items',
      stateField: 'status.conditions[type=Completed].status',
      states: { running: 'Unknown', succeeded: 'True', failed: 'False' },
      isRunningWithoutState: true,
      overrides: [
        {
          state: 'False',
          field: 'status.conditions[type=Completed].reason',
          value: 'Cancelled',
          meaning: 'cancelled',
        },
      ],
      errorField: 'status.conditions[type=Completed].message',
      createdAtFields: ['metadata.creationTimestamp'],
      startedAtFields: ['status.startTime'],
      endedAtFields: ['status.completionTime'],
      pageSizeParameter: 'limit',
      pageTokenParameter: 'continue',
      nextPageField: 'metadata.continue',
      matchableFields: ['labels.*', 'metadata.labels.*'],
      fieldPaths: { labels: 'metadata.labels' },
    },
    permissions: {
      cancel: 'run.jobs.run and run.executions.cancel',
      get: 'run.executions.get',
      list: 'run.executions.list',
    },
  },
  {
    service: 'cloudbuild',
    versions: ['v1'],
    kind: 'builds',
    names: ['projects/*/locations/*/builds/*'],
    // https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.builds/cancel: both are required.
    // `locations/-` is not documented; Google's own gcpdiag lists builds so (queries/cloudbuild.py).
    calls: { body: { projectId: '{project}', id: '{id}' }, lists: { ...BUILD_LISTS, allLocations: '-' } },
    reads: BUILD_READS,
    permissions: BUILD_PERMISSIONS,
  },
  {
    service: 'cloudbuild',
    versions: ['v1'],
    kind: 'builds',
    names: ['projects/*/builds/*'],
    calls: { lists: BUILD_LISTS },
    reads: BUILD_READS,
    permissions: BUILD_PERMISSIONS,
    remark: 'builds of the location `global`',
  },
  ...['v1', 'v1beta'].map((version): JobEntry => ({
    service: 'workflowexecutions',
    versions: [version],
    kind: 'executions',
    names: ['projects/*/locations/*/workflows/*/executions/*'],
    calls: {
      getQuery: { view: 'BASIC' },
      lists: {
        query: { view: 'BASIC' },
        // The short view has neither labels nor the time of creation.
        fullQuery: { view: 'FULL' },
        ...(version === 'v1'
          ? { filter: 'state="ACTIVE" OR state="QUEUED"' }
          : { filterParameter: false as const }),
        within: {
          service: 'workflows',
          base: 'v1/',
          itemsField: 'workflows',
          pageSizeParameter: 'pageSize',
        },
      },
    },
    reads: {
      noun: 'execution',
      states: {
        running: 'ACTIVE QUEUED',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      errorField: 'error.context',
      createdAtFields: ['createTime', 'startTime'],
      endedAtFields: ['endTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['labels.*', 'workflowRevisionId'],
    },
    permissions: {
      ...permissionsOf('workflows.executions'),
      list: 'workflows.executions.list and workflows.workflows.list',
    },
    remark: 'jobs that the workflow started continue',
  })),
  {
    service: 'dataform',
    versions: ['v1', 'v1beta1'],
    kind: 'workflowInvocations',
    names: ['projects/*/locations/*/repositories/*/workflowInvocations/*'],
    calls: {
      lists: {
        within: {
          service: 'dataform',
          base: '{version}/',
          itemsField: 'repositories',
          pageSizeParameter: 'pageSize',
        },
      },
      scopes: ['bigquery', 'cloud-platform'],
    },
    reads: {
      noun: 'invocation',
      states: {
        running: 'RUNNING',
        cancelling: 'CANCELING',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      createdAtFields: ['invocationTiming.startTime'],
      startedAtFields: ['invocationTiming.startTime'],
      endedAtFields: ['invocationTiming.endTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['compilationResult', 'invocationConfig.includedTags', 'workflowConfig'],
      listFields: ['invocationConfig.includedTags'],
    },
    permissions: {
      ...permissionsOf('dataform.workflowInvocations'),
      list: 'dataform.workflowInvocations.list and dataform.repositories.list',
    },
  },
  {
    service: 'dlp',
    versions: ['v2'],
    kind: 'dlpJobs',
    names: ['projects/*/locations/*/dlpJobs/*', 'projects/*/dlpJobs/*'],
    // One type at a time, INSPECT_JOB by default. The filter's words are other ones than the states.
    calls: { lists: { each: { type: ['INSPECT_JOB', 'RISK_ANALYSIS_JOB'] } } },
    reads: {
      states: {
        running: 'PENDING RUNNING ACTIVE',
        cancelled: 'CANCELED',
        succeeded: 'DONE',
        failed: 'FAILED',
      },
      errorField: 'errors[].details',
      endedAtFields: ['endTime'],
      itemsField: 'jobs',
      pageSizeParameter: 'pageSize',
      matchableFields: ['jobTriggerName', 'type'],
    },
    permissions: permissionsOf('dlp.jobs'),
  },
  {
    service: 'ml',
    versions: ['v1'],
    kind: 'jobs',
    names: ['projects/*/jobs/*'],
    reads: {
      states: {
        running: 'QUEUED PREPARING RUNNING',
        cancelling: 'CANCELLING',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      errorField: 'errorMessage',
      nameField: 'jobId',
      endedAtFields: ['endTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['displayName', 'jobId', 'labels.*'],
      fieldPaths: { displayName: 'jobId' },
    },
    permissions: permissionsOf('ml.jobs'),
  },
  {
    service: 'compute',
    versions: ['v1'],
    kind: 'resizeRequests',
    names: ['zones', 'regions'].map(
      (place) => `projects/*/${place}/*/instanceGroupManagers/*/resizeRequests/*`,
    ),
    calls: {
      base: 'compute/v1/',
      cancel: 'POST /cancel',
      lists: {
        within: {
          service: 'compute',
          base: 'compute/v1/',
          itemsField: 'items',
          pageSizeParameter: 'maxResults',
        },
      },
      scopes: ['cloud-platform', 'compute'],
    },
    reads: {
      noun: 'resize request',
      states: {
        running: 'CREATING ACCEPTED',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      createdAtFields: ['creationTimestamp'],
      itemsField: 'items',
      unreachableField: 'unreachables',
      pageSizeParameter: 'maxResults',
      matchableFields: ['displayName'],
      fieldPaths: { displayName: 'name' },
      notes: [{ states: 'SUCCEEDED', text: 'Its machines exist and cost: delete the instances.' }],
    },
    permissions: {
      cancel: 'compute.instanceGroupManagers.update',
      get: 'compute.instanceGroupManagers.get',
      list: 'compute.instanceGroupManagers.get and compute.instanceGroupManagers.list',
    },
  },
  {
    service: 'compute',
    versions: ['alpha'],
    kind: 'queuedResources',
    names: ['projects/*/zones/*/queuedResources/*'],
    calls: { base: 'compute/alpha/', cancel: 'POST /cancel', scopes: ['cloud-platform', 'compute'] },
    reads: {
      noun: 'queued resource',
      states: {
        running: 'CREATING ACCEPTED PROVISIONING',
        cancelling: 'DELETING',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      createdAtFields: ['creationTimestamp'],
      itemsField: 'items',
      unreachableField: 'unreachables',
      pageSizeParameter: 'maxResults',
      matchableFields: ['displayName'],
      fieldPaths: { displayName: 'name' },
    },
    permissions: NOT_PUBLISHED,
    explicit: true,
  },
  {
    service: 'clouddeploy',
    versions: ['v1'],
    kind: 'rollouts',
    names: ['projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*'],
    reads: {
      noun: 'rollout',
      states: {
        running: 'IN_PROGRESS PENDING PENDING_RELEASE PENDING_APPROVAL HALTED',
        cancelling: 'CANCELLING',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED APPROVAL_REJECTED',
      },
      errorField: 'failureReason',
      endedAtFields: ['deployEndTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['labels.*'],
    },
    permissions: permissionsOf('clouddeploy.rollouts'),
    explicit: true,
  },
  {
    service: 'clouddeploy',
    versions: ['v1'],
    kind: 'automationRuns',
    names: ['projects/*/locations/*/deliveryPipelines/*/automationRuns/*'],
    reads: {
      noun: 'run',
      states: {
        running: 'IN_PROGRESS PENDING',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED ABORTED',
      },
      errorField: 'stateDescription',
      endedAtFields: ['updateTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: [],
    },
    permissions: permissionsOf('clouddeploy.automationRuns'),
    explicit: true,
  },
  {
    service: 'clouddeploy',
    versions: ['v1'],
    kind: 'jobRuns',
    names: ['projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*/jobRuns/*'],
    calls: { cancel: 'POST :terminate' },
    reads: {
      noun: 'job run',
      states: {
        running: 'IN_PROGRESS',
        cancelling: 'TERMINATING',
        cancelled: 'TERMINATED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      endedAtFields: ['endTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: [],
    },
    permissions: { ...permissionsOf('clouddeploy.jobRuns'), cancel: 'clouddeploy.jobRuns.terminate' },
    explicit: true,
  },
  {
    service: 'dataplex',
    versions: ['v1'],
    kind: 'jobs',
    names: ['projects/*/locations/*/dataScans/*/jobs/*'],
    calls: { scopes: ['cloud-platform', 'dataplex.read-write'] },
    reads: {
      states: {
        running: 'PENDING RUNNING',
        cancelling: 'CANCELING',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED SUCCEEDED_WITH_ERRORS',
        failed: 'FAILED',
      },
      errorField: 'message',
      endedAtFields: ['endTime'],
      itemsField: 'dataScanJobs',
      pageSizeParameter: 'pageSize',
      matchableFields: ['type'],
    },
    permissions: permissionsOf('dataplex.datascans'),
    explicit: true,
  },
  {
    service: 'dataplex',
    versions: ['v1'],
    kind: 'jobs',
    names: ['projects/*/locations/*/lakes/*/tasks/*/jobs/*'],
    calls: { lists: { filterParameter: false }, scopes: ['cloud-platform', 'dataplex.read-write'] },
    row: 'dataplex.jobs.tasks',
    reads: {
      states: {
        running: 'RUNNING',
        cancelling: 'CANCELLING',
        cancelled: 'CANCELLED ABORTED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      errorField: 'message',
      createdAtFields: ['startTime'],
      endedAtFields: ['endTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['labels.*'],
      notes: [{ field: 'serviceJob', text: 'It ran as {}, which is what costs.' }],
    },
    permissions: permissionsOf('dataplex.tasks'),
    explicit: true,
  },
  {
    service: 'dataplex',
    versions: ['v1'],
    kind: 'metadataJobs',
    names: ['projects/*/locations/*/metadataJobs/*'],
    calls: { scopes: ['cloud-platform', 'dataplex.read-write'] },
    reads: {
      stateField: 'status.state',
      states: {
        running: 'QUEUED RUNNING',
        cancelling: 'CANCELING',
        cancelled: 'CANCELED',
        succeeded: 'SUCCEEDED SUCCEEDED_WITH_ERRORS',
        failed: 'FAILED',
      },
      errorField: 'status.message',
      endedAtFields: ['status.updateTime', 'updateTime'],
      unreachableField: 'unreachableLocations',
      pageSizeParameter: 'pageSize',
      matchableFields: ['labels.*', 'type'],
    },
    permissions: permissionsOf('dataplex.metadataJobs'),
    explicit: true,
    remark: 'an import may be half applied',
  },
  {
    service: 'osconfig',
    versions: ['v1', 'v1beta'],
    kind: 'patchJobs',
    names: ['projects/*/patchJobs/*'],
    reads: {
      states: {
        running: 'STARTED INSTANCE_LOOKUP PATCHING',
        cancelled: 'CANCELED',
        succeeded: 'SUCCEEDED COMPLETED_WITH_INACTIVE_VMS',
        failed: 'COMPLETED_WITH_ERRORS TIMED_OUT',
      },
      errorField: 'errorMessage',
      endedAtFields: ['updateTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['displayName'],
    },
    permissions: {
      cancel: 'osconfig.patchJobs.exec',
      get: 'osconfig.patchJobs.get',
      list: 'osconfig.patchJobs.list',
    },
    explicit: true,
  },
  {
    service: 'testing',
    versions: ['v1'],
    kind: 'testMatrices',
    names: ['projects/*/testMatrices/*'],
    calls: { list: false },
    reads: {
      noun: 'test matrix',
      states: {
        running: 'VALIDATING PENDING RUNNING',
        cancelled: 'CANCELLED',
        succeeded: 'FINISHED',
        failed: 'ERROR INVALID UNSUPPORTED_ENVIRONMENT INCOMPATIBLE_ENVIRONMENT INCOMPATIBLE_ARCHITECTURE',
      },
      // The documentation of TestMatrix.state says that only an execution of the matrix is CANCELLED.
      overrides: [
        { state: 'FINISHED', field: 'testExecutions[].state', value: 'CANCELLED', meaning: 'cancelled' },
      ],
      nameField: 'testMatrixId',
      createdAtFields: ['timestamp'],
      matchableFields: [],
    },
    permissions: {
      cancel: 'cloudtestservice.matrices.update',
      get: 'cloudtestservice.matrices.get',
      list: 'none; there is no list',
    },
    explicit: true,
  },
  {
    service: 'testing',
    versions: ['v1'],
    kind: 'deviceSessions',
    names: ['projects/*/deviceSessions/*'],
    reads: {
      noun: 'session',
      states: {
        running: 'REQUESTED PENDING ACTIVE',
        cancelled: 'FINISHED',
        failed: 'EXPIRED UNAVAILABLE ERROR',
      },
      pageSizeParameter: 'pageSize',
      matchableFields: ['displayName'],
    },
    permissions: permissionsOf('cloudtestservice.devicesession'),
    explicit: true,
    remark: 'a session that its user ended is `FINISHED` too',
  },
  {
    service: 'storagebatchoperations',
    versions: ['v1'],
    kind: 'jobs',
    names: ['projects/*/locations/*/jobs/*'],
    reads: {
      states: {
        running: 'QUEUED RUNNING',
        cancelled: 'CANCELED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      endedAtFields: ['completeTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: ['description', 'displayName'],
      fieldPaths: { displayName: 'description' },
    },
    permissions: permissionsOf('storagebatchoperations.jobs'),
    explicit: true,
  },
  migration('imageImportJobs', 'imageImports/*', permissionsOf('vmmigration.imageImportJobs')),
  migration('diskMigrationJobs', 'sources/*', NOT_PUBLISHED),
  migration('cloneJobs', 'sources/*/migratingVms/*', {
    ...permissionsOf('vmmigration.cloneJobs'),
    cancel: 'vmmigration.cloneJobs.update',
  }),
  migration('cutoverJobs', 'sources/*/migratingVms/*', {
    ...permissionsOf('vmmigration.cutoverJobs'),
    cancel: 'vmmigration.cutoverJobs.update',
  }),
  {
    service: 'integrations',
    versions: ['v1'],
    kind: 'executions',
    names: ['projects/*/locations/*/integrations/*/executions/*'],
    // A text is required. Only executions on hold or suspended are cancelled.
    calls: { body: { cancelReason: 'Cancelled by lro-cancel' } },
    reads: {
      noun: 'execution',
      stateField: 'executionDetails.state',
      states: {
        running: 'PENDING PROCESSING RETRY_ON_HOLD SUSPENDED',
        cancelled: 'CANCELLED',
        succeeded: 'SUCCEEDED',
        failed: 'FAILED',
      },
      endedAtFields: ['updateTime'],
      pageSizeParameter: 'pageSize',
      matchableFields: [],
    },
    permissions: permissionsOf('integrations.executions'),
    explicit: true,
    remark: 'an execution that is running is not cancelled',
  },
];

/** Resources like jobs that have no cancel: a request for one is answered with `UNSUPPORTED`. */
export const uncancellableJobs: readonly {
  readonly service: string;
  readonly version: string;
  readonly names: readonly string[];
}[] = [
  ...['v1', 'v1beta1'].map((version) => ({
    service: 'aiplatform',
    version,
    names: [
      ...['notebookExecutionJobs', 'modelDeploymentMonitoringJobs', 'persistentResources', 'schedules'].map(
        (kind) => `projects/*/locations/*/${kind}/*`,
      ),
      'projects/*/locations/*/cachedContents/*',
      'projects/*/locations/*/modelMonitors/*/modelMonitoringJobs/*',
    ],
  })),
  // Executions of a Cloud Run job are cancelled, not the job.
  { service: 'run', version: 'v2', names: ['projects/*/locations/*/jobs/*'] },
  { service: 'transcoder', version: 'v1', names: ['projects/*/locations/*/jobs/*'] },
  { service: 'cloudscheduler', version: 'v1', names: ['projects/*/locations/*/jobs/*'] },
  { service: 'notebooks', version: 'v1', names: ['projects/*/locations/*/executions/*'] },
  {
    service: 'bigquerydatatransfer',
    version: 'v1',
    names: ['projects/*/locations/*/transferConfigs/*/runs/*', 'projects/*/transferConfigs/*/runs/*'],
  },
  // A queued resource of Cloud TPU is deleted, with the machines that it has.
  { service: 'tpu', version: 'v2', names: ['projects/*/locations/*/queuedResources/*'] },
];
