import { failedPrecondition, legacyError } from '../errors.ts';
import { globalHost } from '../hosts.ts';
import { jobFilter, at } from '../job-filter.ts';
import type { JobFacts, JobKind } from '../job-kind.ts';
import { standardList } from '../list-parts.ts';
import type { JsonObject } from '../../rpc-status.ts';

/** An execution has no state of its own; its condition `Completed` tells it. */
const WORDS: JobKind['words'] = {
  queued: 'queued',
  running: 'running',
  cancelling: 'cancelling',
  cancelled: 'cancelled',
  succeeded: 'succeeded',
  failed: 'failed',
};

const PERMISSIONS: JobKind['permissions'] = {
  cancel: 'run.jobs.run',
  get: 'run.executions.get',
  list: 'run.executions.list',
};

const doesNotExist = (_: string, { id, location, project }: JobFacts['at']) =>
  `Resource '${id}' of kind 'EXECUTION' in region '${location ?? 'unknown'}' in project '${project}' does not exist.`;
const cannotCancel = ({ at: { id } }: JobFacts) =>
  failedPrecondition(`Execution '${id}' has already completed and cannot be cancelled.`);

/** google/cloud/run/v2/condition.proto: the state of `Completed`, and its reason. */
const COMPLETED: Readonly<Record<JobFacts['phase'], readonly [state: string, reason?: string]>> = {
  queued: ['CONDITION_PENDING'],
  running: ['CONDITION_RECONCILING'],
  cancelling: ['CONDITION_RECONCILING', 'CANCELLING'],
  cancelled: ['CONDITION_FAILED', 'CANCELLED'],
  succeeded: ['CONDITION_SUCCEEDED'],
  failed: ['CONDITION_FAILED', 'NON_ZERO_EXIT_CODE'],
};

const list = standardList('projects/{project}/locations/{location}/jobs/{job}/executions', 'executions', {
  parameters: ['showDeleted'],
  wildcards: ['job'],
});

/** Cloud Run's second API (google/cloud/run/v2/execution.proto). */
const V2: JobKind = {
  service: 'run',
  kind: 'executions',
  versions: ['v2'],
  name: 'projects/{project}/locations/{location}/jobs/{job}/executions/{id}',
  host: (host, variables) =>
    globalHost('run')(host, variables) || host === `${variables['location']}-run.googleapis.com`,
  getParameters: [],
  words: WORDS,
  resource: (facts) => {
    const [state, executionReason] = COMPLETED[facts.phase];
    const time = facts.updateTime;
    return {
      name: facts.name,
      uid: `uid-of-${facts.at['id']}`,
      creator: 'analyst@example.com',
      job: facts.at['job'],
      createTime: facts.createTime,
      startTime: facts.startTime,
      completionTime: facts.endTime,
      updateTime: time,
      conditions: [
        { type: 'Completed', state, lastTransitionTime: time, executionReason },
        {
          type: 'Started',
          state: facts.startTime === undefined ? 'CONDITION_PENDING' : 'CONDITION_SUCCEEDED',
          lastTransitionTime: facts.startTime ?? time,
        },
      ],
      reconciling: facts.endTime === undefined ? true : undefined,
      taskCount: 4,
      ...countsOf(facts),
      etag: '"etag-of-it"',
    };
  },
  cancel: {
    method: 'POST',
    suffix: ':cancel',
    fields: ['validateOnly', 'etag'],
    isDryRun: ({ body }) => body['validateOnly'] === true,
    check: ({ body: { etag } }) =>
      etag === undefined || etag === '"etag-of-it"'
        ? undefined
        : {
            status: 'ABORTED',
            message: 'Conflict for resource: version was specified but current is another.',
          },
    finished: cannotCancel,
    answer: (execution) => ({
      metadata: { '@type': 'type.googleapis.com/google.cloud.run.v2.Execution', ...execution },
    }),
    operation: ({ at: { project, location, id } }) =>
      `projects/${project}/locations/${location}/operations/cancel-of-${id}`,
  },
  list,
  permissions: PERMISSIONS,
  notFound: doesNotExist,
};

/** `status.conditions` of the first API, by phase. */
const STATUS: Readonly<Record<JobFacts['phase'], readonly [status: string, reason?: string]>> = {
  queued: ['Unknown', 'Pending'],
  running: ['Unknown'],
  cancelling: ['Unknown', 'Cancelling'],
  cancelled: ['False', 'Cancelled'],
  succeeded: ['True'],
  failed: ['False', 'NonZeroExitCode'],
};

/**
 * Its first API, in the form of Kubernetes (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.executions).
 * The location is that of the host; the global host has the lists alone.
 */
const V1: JobKind = {
  service: 'run',
  kind: 'executions',
  versions: ['v1'],
  before: 'apis/run.googleapis.com/',
  name: 'namespaces/{project}/executions/{id}',
  host: (host, { id }) =>
    /^[a-z0-9-]+-run\.googleapis\.com$/.test(host) || (id === undefined && host === 'run.googleapis.com'),
  getParameters: [],
  isByHost: true,
  words: WORDS,
  resource: (facts) => {
    const [status, reason] = STATUS[facts.phase];
    const { project, id } = facts.at;
    return {
      apiVersion: 'run.googleapis.com/v1',
      kind: 'Execution',
      metadata: {
        name: id,
        namespace: project,
        uid: `uid-of-${id}`,
        creationTimestamp: facts.createTime,
        labels: {
          'cloud.googleapis.com/location': facts.host.replace(/-run\.googleapis\.com$/, ''),
          'run.googleapis.com/job': 'job',
        },
      },
      spec: { taskCount: 4 },
      status: {
        conditions: [
          { type: 'Completed', status, reason, lastTransitionTime: facts.updateTime },
          { type: 'Started', status: facts.startTime === undefined ? 'Unknown' : 'True' },
        ],
        startTime: facts.startTime,
        completionTime: facts.endTime,
        ...countsOf(facts),
      },
    };
  },
  cancel: {
    method: 'POST',
    suffix: ':cancel',
    fields: [],
    finished: cannotCancel,
    answer: (execution) => execution,
  },
  list: {
    ...list,
    paths: ['namespaces/{project}/executions'],
    size: { parameter: 'limit', usual: 100, most: 1000 },
    token: 'continue',
    parameters: ['labelSelector', 'fieldSelector', 'includeUninitialized', 'resourceVersion', 'watch'],
    wildcards: [],
    filter: (query) => labelSelector(query.get('labelSelector') ?? ''),
    namesUnreachable: true,
    body: ({ items, nextPageToken, unreachable }) => ({
      apiVersion: 'run.googleapis.com/v1',
      kind: 'ExecutionList',
      metadata: { continue: nextPageToken },
      ...(items.length > 0 && { items }),
      ...(unreachable.length > 0 && { unreachable }),
    }),
  },
  permissions: PERMISSIONS,
  notFound: doesNotExist,
  error: legacyError,
};

export const RUN: readonly JobKind[] = [V2, V1];

/** A task that fails has the others counted as cancelled, which is no cancel of the execution. */
function countsOf({ phase }: JobFacts): JsonObject {
  if (phase === 'failed') return { failedCount: 1, cancelledCount: 3 };
  if (phase === 'cancelled') return { cancelledCount: 4 };
  return phase === 'succeeded' ? { succeededCount: 4 } : { runningCount: phase === 'queued' ? undefined : 4 };
}

/** `key=value,key2=value2`, as Kubernetes has it. */
function labelSelector(selector: string) {
  const filter = selector
    .split(',')
    .filter((part) => part !== '')
    .map((part) => `labels.${part.replace('==', '=').replace(/=(.*)$/, '="$1"')}`);
  return jobFilter(filter.join(' AND '), { labels: at('metadata.labels') });
}
