import { failedPrecondition } from '../errors.ts';
import { globalHost } from '../hosts.ts';
import type { CancelCall, JobKind, Refusal } from '../job-kind.ts';
import { enumProblem, standardList } from '../list-parts.ts';
import type { JsonObject } from '../../rpc-status.ts';

/** google/dataflow/v1beta3/jobs.proto, JobState */
const WORDS: JobKind['words'] = {
  JOB_STATE_PENDING: 'queued',
  JOB_STATE_QUEUED: 'queued',
  JOB_STATE_STOPPED: 'queued',
  JOB_STATE_RUNNING: 'running',
  JOB_STATE_DRAINING: 'running',
  JOB_STATE_RESOURCE_CLEANING_UP: 'running',
  JOB_STATE_PAUSING: 'running',
  JOB_STATE_PAUSED: 'running',
  JOB_STATE_CANCELLING: 'cancelling',
  JOB_STATE_CANCELLED: 'cancelled',
  JOB_STATE_DRAINED: 'cancelled',
  JOB_STATE_DONE: 'succeeded',
  JOB_STATE_UPDATED: 'succeeded',
  JOB_STATE_FAILED: 'failed',
};

const FILTERS = ['UNKNOWN', 'ALL', 'TERMINATED', 'ACTIVE'];
const VIEWS = ['JOB_VIEW_UNKNOWN', 'JOB_VIEW_SUMMARY', 'JOB_VIEW_ALL', 'JOB_VIEW_DESCRIPTION'];
const HALF_HOUR_MS = 30 * 60_000;

const list = standardList('projects/{project}/locations/{location}/jobs', 'jobs', {
  parameters: ['filter', 'name', 'view', 'regionalFanoutRequested'],
});

/**
 * Dataflow: the state that is asked for is put into the job (google/dataflow/v1beta3/jobs.proto). The messages
 * of its errors are those that terraform-provider-google and Apache Beam look for.
 */
const LOCATED: JobKind = {
  service: 'dataflow',
  kind: 'jobs',
  versions: ['v1b3'],
  name: 'projects/{project}/locations/{location}/jobs/{id}',
  host: globalHost('dataflow'),
  getParameters: ['view'],
  getView: (job, query) => (query.get('view') === 'JOB_VIEW_SUMMARY' ? summary(job) : job),
  words: WORDS,
  resource: (facts) => ({
    id: facts.at['id'],
    projectId: facts.at['project'],
    name: facts.at['id'],
    type: 'JOB_TYPE_STREAMING',
    currentState: facts.word,
    currentStateTime: facts.updateTime,
    requestedState: facts.isCancelRequested ? 'JOB_STATE_CANCELLED' : undefined,
    createTime: facts.createTime,
    startTime: facts.startTime,
    location: facts.location,
  }),
  cancel: {
    method: 'PUT',
    suffix: '',
    parameters: ['updateMask'],
    fields: ['requestedState', 'labels', 'runtimeUpdatableParams', 'id', 'projectId', 'location', 'name'],
    check: requestedState,
    tooEarly: ({ word, at }) =>
      word === 'JOB_STATE_PENDING'
        ? failedPrecondition(`Job ${at['id']} is not yet ready for canceling. Please retry in a few minutes.`)
        : undefined,
    finished: ({ word }) => failedPrecondition(`Job has terminated in state ${word}.`),
    answer: (resource) => resource,
  },
  list: {
    ...list,
    // The aggregated list has every region, and looks at no name.
    paths: [...list.paths, 'projects/{project}/jobs:aggregated'],
    filter: (query, { location }) => {
      const problem = enumProblem(query, 'filter', FILTERS) ?? enumProblem(query, 'view', VIEWS);
      if (problem !== undefined) return { problem };
      const [wanted, name] = [
        query.get('filter') ?? 'ALL',
        location === undefined ? null : query.get('name'),
      ];
      return {
        selects: (job) => isWanted(job, wanted) && (name === null || job['name'] === name),
      };
    },
    // "ListJobs always returns summaries now" (ListJobsRequest.view).
    item: summary,
    namesUnreachable: true,
    body: ({ items, nextPageToken, unreachable }) => ({
      ...list.body({ items, nextPageToken, unreachable }),
      ...(unreachable.length > 0 && { failedLocation: unreachable.map((name) => ({ name })) }),
    }),
  },
  permissions: { cancel: 'dataflow.jobs.cancel', get: 'dataflow.jobs.get', list: 'dataflow.jobs.list' },
  notFound: (_, { id }) =>
    `Information about job ${id} could not be found in our system. Please double check the id is correct.`,
};

/** The path without a location, which reaches the jobs of us-central1 only. */
const SHORT: JobKind = {
  ...LOCATED,
  name: 'projects/{project}/jobs/{id}',
  fullName: (name) => name.replace('/jobs/', '/locations/us-central1/jobs/'),
  list: { ...LOCATED.list, paths: ['projects/{project}/jobs'], within: { location: 'us-central1' } },
};

export const DATAFLOW: readonly JobKind[] = [LOCATED, SHORT];

/** As JobView.JOB_VIEW_SUMMARY has it: without labels, environment and steps. */
function summary(job: JsonObject): JsonObject {
  const long = ['labels', 'environment', 'steps', 'pipelineDescription'];
  return Object.fromEntries(Object.entries(job).filter(([field]) => !long.includes(field)));
}

function isWanted({ currentState }: JsonObject, wanted: string): boolean {
  const phase = WORDS[String(currentState)];
  const isTerminated = phase === 'cancelled' || phase === 'succeeded' || phase === 'failed';
  if (wanted === 'ACTIVE') return !isTerminated;
  return wanted !== 'TERMINATED' || isTerminated;
}

function requestedState({ body, query, facts, nowMs, cancelledAtMs }: CancelCall): Refusal | undefined {
  const { requestedState: wanted, labels } = body;
  if (wanted === undefined) {
    return { status: 'INVALID_ARGUMENT', message: 'The update has no requested state and no parameters.' };
  }
  // "If both RequestedJobState and update_mask are specified, an error will be returned."
  if (query.has('updateMask')) {
    const message = 'The requested state cannot be set together with an update mask.';
    return { status: 'INVALID_ARGUMENT', message };
  }
  if (wanted !== 'JOB_STATE_CANCELLED') {
    const message = `Requested state ${JSON.stringify(wanted)} of job ${facts.at['id']} is not simulated.`;
    return { status: 'UNIMPLEMENTED', message };
  }
  const isForced = (labels as JsonObject | undefined)?.['force_cancel_job'] !== undefined;
  if (isForced && (cancelledAtMs === undefined || nowMs - cancelledAtMs < HALF_HOUR_MS)) {
    return failedPrecondition('A job can be forced to cancel 30 minutes after a regular cancel.');
  }
  return undefined;
}
