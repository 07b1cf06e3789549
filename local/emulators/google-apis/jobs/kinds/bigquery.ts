import { legacyError } from '../errors.ts';
import { at } from '../job-filter.ts';
import type { JobFacts, JobKind } from '../job-kind.ts';
import { enumProblem, standardList } from '../list-parts.ts';
import type { JsonObject } from '../../rpc-status.ts';

/** The three states of a job; how it was DONE is told by `errorResult`. */
const STATES = { queued: 'PENDING', running: 'RUNNING', cancelling: 'RUNNING' } as const;

/** The list without `allUsers` shows the caller's own jobs alone. A script makes one so by its `user_email`. */
const CALLER = 'lro-cancel@my-project.iam.gserviceaccount.com';
const OWNER = 'analyst@example.com';

const list = standardList('projects/{project}/jobs', 'jobs', {
  size: { parameter: 'maxResults', usual: 50, most: 1000 },
  parameters: ['allUsers', 'projection', 'stateFilter', 'minCreationTime', 'maxCreationTime', 'parentJobId'],
  unreachable: 'unreachable',
});

/** BigQuery (https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs). */
export const BIGQUERY: readonly JobKind[] = [
  {
    service: 'bigquery',
    kind: 'jobs',
    versions: ['v2'],
    before: 'bigquery/',
    name: 'projects/{project}/jobs/{id}',
    host: (host) =>
      host === 'bigquery.googleapis.com' || /^bigquery\.[a-z0-9-]+\.rep\.googleapis\.com$/.test(host),
    getParameters: ['location'],
    words: {
      queued: 'queued',
      running: 'running',
      cancelled: 'cancelled',
      succeeded: 'succeeded',
      failed: 'failed',
    },
    resource: jobOf,
    cancel: {
      method: 'POST',
      suffix: '/cancel',
      parameters: ['location'],
      answer: (job) => ({ kind: 'bigquery#jobCancelResponse', job }),
    },
    list: {
      ...list,
      filter: (query) => {
        const problem =
          enumProblem(query, 'projection', ['full', 'minimal', 'FULL', 'MINIMAL']) ?? stateProblem(query);
        if (problem !== undefined) return { problem };
        const states = query.getAll('stateFilter').map((state) => state.toUpperCase());
        const [from, to] = [query.get('minCreationTime'), query.get('maxCreationTime')];
        const parent = query.get('parentJobId');
        return {
          selects: (job) => {
            const created = Number(at('statistics.creationTime')(job));
            return (
              (query.get('allUsers') === 'true' || at('user_email')(job) === CALLER) &&
              (states.length === 0 || states.includes(String(at('status.state')(job)))) &&
              (from === null || created >= Number(from)) &&
              (to === null || created <= Number(to)) &&
              (parent === null || at('statistics.parentJobId')(job) === parent)
            );
          },
        };
      },
      item: (job, query) => {
        const { kind, id, jobReference, statistics, status, ...others } = job;
        const { state, errorResult } = status as JsonObject;
        const minimal = { kind, id, jobReference, state, statistics, errorResult };
        return query.get('projection')?.toLowerCase() === 'full'
          ? { ...minimal, status, ...others }
          : minimal;
      },
      body: (page) => ({ kind: 'bigquery#jobList', ...list.body(page) }),
    },
    permissions: { cancel: 'bigquery.jobs.update', get: 'bigquery.jobs.get', list: 'bigquery.jobs.list' },
    notFound: (_, { project, id }) => `Not found: Job ${project}:${id}`,
    error: legacyError,
  },
];

function jobOf({ host, at: { project, id }, phase, location, ...facts }: JobFacts): JsonObject {
  const errorResult =
    phase === 'cancelled'
      ? { reason: 'stopped', message: 'Job execution was cancelled: User requested cancellation' }
      : phase === 'failed'
        ? { reason: 'invalidQuery', location: 'query', message: 'Query exceeded its limits' }
        : undefined;
  const state = phase in STATES ? STATES[phase as keyof typeof STATES] : 'DONE';
  return {
    kind: 'bigquery#job',
    id: `${project}:${location}.${id}`,
    selfLink: `https://${host}/bigquery/v2/projects/${project}/jobs/${id}?location=${location}`,
    user_email: OWNER,
    configuration: { jobType: 'QUERY', query: { query: 'SELECT …', priority: 'INTERACTIVE' } },
    jobReference: { projectId: project, jobId: id, location },
    statistics: {
      creationTime: milliseconds(facts.createTime),
      startTime: milliseconds(facts.startTime),
      endTime: milliseconds(facts.endTime),
    },
    status: { state, errorResult, errors: errorResult && [errorResult] },
  };
}

function milliseconds(time: string | undefined): string | undefined {
  return time === undefined ? undefined : String(Date.parse(time));
}

function stateProblem(query: URLSearchParams): string | undefined {
  const wrong = query.getAll('stateFilter').find((state) => !/^(?:done|pending|running)$/i.test(state));
  return wrong === undefined ? undefined : `Invalid value for stateFilter: ${wrong}`;
}
