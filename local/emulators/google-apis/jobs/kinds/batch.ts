import { failedPrecondition } from '../errors.ts';
import { globalHost } from '../hosts.ts';
import { at } from '../job-filter.ts';
import type { JobKind } from '../job-kind.ts';
import { standardList } from '../list-parts.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ZERO = '00000000-0000-0000-0000-000000000000';

/** Batch (google/cloud/batch/v1/batch.proto, job.proto). */
export const BATCH: readonly JobKind[] = [
  {
    service: 'batch',
    kind: 'jobs',
    versions: ['v1'],
    name: 'projects/{project}/locations/{location}/jobs/{id}',
    host: globalHost('batch'),
    getParameters: [],
    words: {
      QUEUED: 'queued',
      SCHEDULED: 'queued',
      RUNNING: 'running',
      CANCELLATION_IN_PROGRESS: 'cancelling',
      DELETION_IN_PROGRESS: 'cancelling',
      CANCELLED: 'cancelled',
      SUCCEEDED: 'succeeded',
      FAILED: 'failed',
    },
    resource: ({ name, at: { id }, word, steps, createTime, updateTime }) => ({
      name,
      uid: `uid-of-${id}`,
      status: {
        state: word,
        statusEvents: steps.slice(1).map((step, index) => ({
          type: 'STATUS_CHANGED',
          description: `Job state is set from ${steps[index]?.word} to ${step.word} for job ${name}.`,
          eventTime: new Date(step.sinceMs).toISOString(),
        })),
      },
      createTime,
      updateTime,
      allocationPolicy: { instances: [{ policy: { machineType: 'e2-standard-4' } }] },
    }),
    cancel: {
      method: 'POST',
      suffix: ':cancel',
      fields: ['requestId'],
      check: ({ body: { requestId } }) =>
        requestId === undefined ||
        (typeof requestId === 'string' && UUID.test(requestId) && requestId !== ZERO)
          ? undefined
          : { status: 'INVALID_ARGUMENT', message: 'request_id must be a valid UUID.' },
      finished: ({ name, word }) =>
        failedPrecondition(`Job ${name} is in state ${word} and cannot be cancelled.`),
      answer: (_, { name }) => ({
        metadata: {
          '@type': 'type.googleapis.com/google.cloud.batch.v1.OperationMetadata',
          target: name,
          verb: 'cancel',
          apiVersion: 'v1',
        },
      }),
      operation: ({ at: { project, location, id } }) =>
        `projects/${project}/locations/${location}/operations/cancel-of-${id}`,
    },
    list: standardList('projects/{project}/locations/{location}/jobs', 'jobs', {
      fields: {
        name: at('name'),
        'status.state': at('status.state'),
        create_time: at('createTime'),
        createTime: at('createTime'),
        labels: at('labels'),
      },
      parameters: ['orderBy'],
      wildcards: ['location'],
      unreachable: 'unreachable',
    }),
    // Which permission a cancel checks is not published; no role has a batch.jobs.cancel.
    permissions: { cancel: 'batch.jobs.create', get: 'batch.jobs.get', list: 'batch.jobs.list' },
  },
];
