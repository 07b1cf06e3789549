import { failedPrecondition } from '../errors.ts';
import { globalHost } from '../hosts.ts';
import { at, jobFilter } from '../job-filter.ts';
import type { JobFacts, JobKind } from '../job-kind.ts';
import { enumProblem, standardList } from '../list-parts.ts';
import type { JobStep } from '../job-life.ts';
import type { JsonObject } from '../../rpc-status.ts';

/** google/cloud/dataproc/v1/jobs.proto, JobStatus.State */
const JOB_WORDS: JobKind['words'] = {
  SETUP_DONE: 'queued',
  PENDING: 'queued',
  RUNNING: 'running',
  ATTEMPT_FAILURE: 'running',
  CANCEL_PENDING: 'cancelling',
  CANCEL_STARTED: 'cancelling',
  CANCELLED: 'cancelled',
  DONE: 'succeeded',
  ERROR: 'failed',
};

/** google/cloud/dataproc/v1/batches.proto, Batch.State */
const BATCH_WORDS: JobKind['words'] = {
  PENDING: 'queued',
  RUNNING: 'running',
  CANCELLING: 'cancelling',
  CANCELLED: 'cancelled',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
};

/** The filter's word for the jobs that have not ended (ListJobsRequest.filter). */
const ACTIVE = ['PENDING', 'SETUP_DONE', 'RUNNING', 'CANCEL_PENDING', 'CANCEL_STARTED', 'ATTEMPT_FAILURE'];
const MATCHERS = ['ALL', 'ACTIVE', 'NON_ACTIVE'];

const isActive = (job: JsonObject) => ACTIVE.includes(String(at('status.state')(job)));
const timeOf = ({ sinceMs }: JobStep) => new Date(sinceMs).toISOString();
const stateOf = (step: JobStep) => ({ state: step.word, stateStartTime: timeOf(step) });

/** Only jobs in these states can be cancelled, as its error says (googleapis/google-cloud-java#3754). */
const CANCELLABLE = ['PENDING', 'RUNNING'];
const cannotCancel = ({ at: { id }, word }: JobFacts) =>
  failedPrecondition(
    `Cannot cancel jobId '${id}' in state: '${word}'; cancellable states: '[${CANCELLABLE.join(', ')}]'`,
  );

const jobs = standardList('projects/{project}/regions/{region}/jobs', 'jobs', {
  unreachable: 'unreachable',
});

/** Jobs on clusters (google/cloud/dataproc/v1/jobs.proto). */
const JOBS: JobKind = {
  service: 'dataproc',
  kind: 'jobs',
  versions: ['v1'],
  name: 'projects/{project}/regions/{region}/jobs/{id}',
  host: globalHost('dataproc'),
  getParameters: [],
  words: JOB_WORDS,
  resource: ({ at: { project, id }, steps, phase }) => {
    const status = steps.at(-1);
    return {
      reference: { projectId: project, jobId: id },
      placement: { clusterName: 'cluster', clusterUuid: 'b1d2a7f0-0000-4000-8000-000000000001' },
      sparkJob: { mainClass: 'org.example.Train' },
      status: status && stateOf(status),
      statusHistory: steps.slice(0, -1).map(stateOf),
      jobUuid: `uuid-of-${id}`,
      done: phase === 'cancelled' || phase === 'succeeded' || phase === 'failed' ? true : undefined,
    };
  },
  cancel: {
    method: 'POST',
    suffix: ':cancel',
    fields: [],
    tooEarly: (facts) => (CANCELLABLE.includes(facts.word) ? undefined : cannotCancel(facts)),
    finished: cannotCancel,
    answer: (job) => job,
  },
  list: {
    ...jobs,
    parameters: ['filter', 'jobStateMatcher', 'clusterName'],
    filter: (query) => {
      const problem = enumProblem(query, 'jobStateMatcher', MATCHERS);
      if (problem !== undefined) return { problem };
      const filter = jobFilter(query.get('filter') ?? '', {
        // ACTIVE and NON_ACTIVE stand for several states each.
        'status.state': (job) => [at('status.state')(job), isActive(job) ? 'ACTIVE' : 'NON_ACTIVE'],
        clusterName: at('placement.clusterName'),
        insertTime: (job) => at('statusHistory.0.stateStartTime')(job) ?? at('status.stateStartTime')(job),
        labels: at('labels'),
      });
      if ('problem' in filter) return filter;
      const [matcher, cluster] = [query.get('jobStateMatcher') ?? 'ALL', query.get('clusterName')];
      return {
        selects: (job) =>
          (matcher === 'ALL' || (matcher === 'ACTIVE') === isActive(job)) &&
          (cluster === null || at('placement.clusterName')(job) === cluster) &&
          filter.selects(job),
      };
    },
  },
  permissions: { cancel: 'dataproc.jobs.cancel', get: 'dataproc.jobs.get', list: 'dataproc.jobs.list' },
  notFound: (name) => `Not found: Job ${name}`,
};

/** Serverless Spark, which is cancelled by its operation (google/cloud/dataproc/v1/batches.proto). */
const BATCHES: JobKind = {
  service: 'dataproc',
  kind: 'batches',
  versions: ['v1'],
  name: 'projects/{project}/locations/{location}/batches/{id}',
  host: globalHost('dataproc'),
  getParameters: [],
  words: BATCH_WORDS,
  resource: (facts) => ({
    name: facts.name,
    uuid: `uuid-of-${facts.at['id']}`,
    createTime: facts.createTime,
    sparkBatch: { mainClass: 'org.example.Train' },
    state: facts.word,
    stateTime: facts.updateTime,
    stateMessage: facts.phase === 'failed' ? 'Job failed with message [Exit status 1].' : undefined,
    creator: 'analyst@example.com',
    operation: operationOf(facts),
    stateHistory: facts.steps
      .slice(0, -1)
      .map((step) => ({ state: step.word, stateStartTime: timeOf(step) })),
  }),
  cancelledBy: operationOf,
  list: standardList('projects/{project}/locations/{location}/batches', 'batches', {
    fields: {
      batch_id: (batch) => String(batch['name']).split('/').at(-1),
      batch_uuid: at('uuid'),
      state: at('state'),
      create_time: at('createTime'),
      labels: at('labels'),
    },
    parameters: ['orderBy'],
    size: { parameter: 'pageSize', usual: 20, most: 1000 },
    unreachable: 'unreachable',
  }),
  permissions: {
    cancel: 'dataproc.operations.cancel',
    get: 'dataproc.batches.get',
    list: 'dataproc.batches.list',
  },
  notFound: (name) => `Not found: Batch ${name}`,
};

export const DATAPROC_JOBS: readonly JobKind[] = [JOBS, BATCHES];

function operationOf({ at: { project, location, id } }: JobFacts): string {
  return `projects/${project}/regions/${location}/operations/operation-of-${id}`;
}
