import { typeOf, wordFor, type LongrunningShape } from './shape.ts';

/** The project of transfers whose script's metadata has no `projectId`; their names contain no project. */
const TRANSFER_PROJECT = 'my-project';

/**
 * Storage Transfer (google/storagetransfer/v1/transfer_types.proto, TransferOperation): a start, and a
 * project that the name does not have.
 */
export const STORAGETRANSFER: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf('google.storagetransfer.v1.TransferOperation'),
    name: facts.address.name,
    projectId: TRANSFER_PROJECT,
    startTime: facts.createTime,
    endTime: facts.endTime,
    status: wordFor(facts, {
      running: 'IN_PROGRESS',
      cancelled: 'ABORTED',
      failed: 'FAILED',
      succeeded: 'SUCCESS',
    }),
    counters: {},
    transferJobName: `transferJobs/${/^transferJobs-(.+)-[^-]+$/.exec(facts.id)?.[1] ?? facts.id}`,
  }),
  response: () => typeOf('google.protobuf.Empty'),
};

/**
 * Cloud Storage: the standard form with a kind and another name than its URL has
 * (https://cloud.google.com/storage/docs/json_api/v1/operations; google/storage/control/v2/
 * storage_control.proto, CommonLongRunningOperationMetadata).
 */
export const STORAGE: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: true,
  metadata: (facts) => ({
    ...typeOf('google.storage.control.v2.BulkRestoreObjectsMetadata'),
    commonMetadata: {
      createTime: facts.createTime,
      endTime: facts.endTime,
      updateTime: facts.updateTime,
      type: 'bulk-restore-objects',
      requestedCancellation: facts.cancelTime !== undefined,
      progressPercent: -1,
    },
  }),
  response: () => typeOf('google.storage.control.v2.BulkRestoreObjectsResponse'),
  besides: ({ parent, id }) => ({
    kind: 'storage#operation',
    name: `projects/_/${parent.replace(/^b\//, 'buckets/')}/operations/${id}`,
  }),
};
