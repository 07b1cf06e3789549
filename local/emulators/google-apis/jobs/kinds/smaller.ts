import { failedPrecondition } from '../errors.ts';
import { globalHost } from '../hosts.ts';
import { at } from '../job-filter.ts';
import type { JobKind } from '../job-kind.ts';
import { enumProblem, standardList } from '../list-parts.ts';

/** Dataform (google/cloud/dataform/v1/dataform.proto): no time but that of its timing, no labels. */
export const DATAFORM: readonly JobKind[] = [
  {
    service: 'dataform',
    kind: 'workflowInvocations',
    versions: ['v1', 'v1beta1'],
    name: 'projects/{project}/locations/{location}/repositories/{repository}/workflowInvocations/{id}',
    host: globalHost('dataform'),
    getParameters: [],
    words: {
      RUNNING: 'running',
      CANCELING: 'cancelling',
      CANCELLED: 'cancelled',
      SUCCEEDED: 'succeeded',
      FAILED: 'failed',
    },
    resource: ({ name, at: path, word, createTime, endTime }) => ({
      name,
      compilationResult: `projects/${path['project']}/locations/${path['location']}/repositories/${path['repository']}/compilationResults/c1`,
      invocationConfig: { includedTags: ['daily'] },
      state: word,
      invocationTiming: { startTime: createTime, endTime },
    }),
    cancel: {
      method: 'POST',
      suffix: ':cancel',
      fields: [],
      finished: ({ word }) =>
        failedPrecondition(`Workflow invocation is in state ${word} and cannot be cancelled.`),
      answer: () => ({}),
    },
    list: standardList(
      'projects/{project}/locations/{location}/repositories/{repository}/workflowInvocations',
      'workflowInvocations',
      {
        fields: { name: at('name'), state: at('state') },
        parameters: ['orderBy'],
        unreachable: 'unreachable',
      },
    ),
    permissions: {
      cancel: 'dataform.workflowInvocations.cancel',
      get: 'dataform.workflowInvocations.get',
      list: 'dataform.workflowInvocations.list',
    },
  },
];

const DLP_TYPES = ['DLP_JOB_TYPE_UNSPECIFIED', 'INSPECT_JOB', 'RISK_ANALYSIS_JOB'];
const dlpList = standardList('projects/{project}/locations/{location}/dlpJobs', 'jobs', {
  fields: {
    state: ({ state }) => (state === 'DONE' ? 'FINISHED' : state),
    trigger_name: at('jobTriggerName'),
    start_time: at('startTime'),
    end_time: at('endTime'),
  },
  parameters: ['type', 'orderBy', 'locationId'],
});

/** Sensitive Data Protection (google/privacy/dlp/v2/dlp.proto). A list has one type of jobs. */
const DLP_LOCATED: JobKind = {
  service: 'dlp',
  kind: 'dlpJobs',
  versions: ['v2'],
  name: 'projects/{project}/locations/{location}/dlpJobs/{id}',
  host: globalHost('dlp'),
  getParameters: [],
  words: {
    PENDING: 'queued',
    RUNNING: 'running',
    ACTIVE: 'running',
    CANCELED: 'cancelled',
    DONE: 'succeeded',
    FAILED: 'failed',
  },
  resource: ({ name, word, phase, createTime, startTime, endTime, updateTime }) => ({
    name,
    type: 'INSPECT_JOB',
    state: word,
    createTime,
    startTime,
    endTime,
    lastModified: updateTime,
    jobTriggerName: 'projects/my-project/jobTriggers/nightly',
    errors: phase === 'failed' ? [{ details: { code: 3, message: 'Unreadable input.' } }] : undefined,
  }),
  cancel: {
    method: 'POST',
    suffix: ':cancel',
    fields: [],
    finished: ({ word }) => failedPrecondition(`The job is in state ${word} and cannot be cancelled.`),
    answer: () => ({}),
  },
  list: {
    ...dlpList,
    filter: (query, path) => {
      const problem = enumProblem(query, 'type', DLP_TYPES);
      const filter = problem === undefined ? dlpList.filter(query, path) : { problem };
      if ('problem' in filter) return filter;
      const asked = query.get('type') ?? 'INSPECT_JOB';
      const wanted = asked === DLP_TYPES[0] ? 'INSPECT_JOB' : asked;
      return { selects: (job) => job['type'] === wanted && filter.selects(job) };
    },
  },
  permissions: { cancel: 'dlp.jobs.cancel', get: 'dlp.jobs.get', list: 'dlp.jobs.list' },
};

/** The name without a location is that of `global`. */
const DLP_GLOBAL: JobKind = {
  ...DLP_LOCATED,
  name: 'projects/{project}/dlpJobs/{id}',
  fullName: (name) => name.replace('/dlpJobs/', '/locations/global/dlpJobs/'),
  list: { ...DLP_LOCATED.list, paths: ['projects/{project}/dlpJobs'], within: { location: 'global' } },
};

export const DLP: readonly JobKind[] = [DLP_LOCATED, DLP_GLOBAL];

/** AI Platform, which is old (https://cloud.google.com/ai-platform/training/docs/reference/rest/v1/projects.jobs). */
export const ML: readonly JobKind[] = [
  {
    service: 'ml',
    kind: 'jobs',
    versions: ['v1'],
    name: 'projects/{project}/jobs/{id}',
    host: (host) => /^(?:[a-z0-9-]+-)?ml\.googleapis\.com$/.test(host),
    getParameters: [],
    words: {
      QUEUED: 'queued',
      PREPARING: 'queued',
      RUNNING: 'running',
      CANCELLING: 'cancelling',
      CANCELLED: 'cancelled',
      SUCCEEDED: 'succeeded',
      FAILED: 'failed',
    },
    resource: ({ at: path, word, phase, createTime, startTime, endTime }) => ({
      jobId: path['id'],
      trainingInput: { scaleTier: 'BASIC_GPU', region: 'us-central1' },
      createTime,
      startTime,
      endTime,
      state: word,
      errorMessage:
        phase === 'failed' ? 'The replica master 0 exited with a non-zero status of 1.' : undefined,
    }),
    // "If the job is already finished, the command will not perform any operation."
    cancel: { method: 'POST', suffix: ':cancel', fields: [], answer: () => ({}) },
    list: standardList('projects/{project}/jobs', 'jobs', {
      fields: { state: at('state'), jobId: at('jobId'), createTime: at('createTime'), labels: at('labels') },
      size: { parameter: 'pageSize', usual: 20, most: 100 },
    }),
    permissions: { cancel: 'ml.jobs.cancel', get: 'ml.jobs.get', list: 'ml.jobs.list' },
  },
];
