import { isObject } from '../../validation/schema.ts';
import { createdAtReader } from '../created-at.ts';
import { descriptionReader } from '../description.ts';
import { fieldPattern } from '../field-path.ts';
import { pageQueryOf, readListPage } from '../list-page.ts';
import type { ResourceKind } from '../resource.ts';
import { unreadable } from '../resource-state.ts';
import type { ResourceState } from '../resource-state.ts';
import { readEnd } from '../rpc-status.ts';

const noun = 'operation';

/**
 * No rule defines the field of the time, so this is the practice of the services: most have `createTime`; aiplatform
 * `genericMetadata.createTime`, documentai and retail's kin `commonMetadata.createTime`; translate `submitTime`;
 * bigtableadmin `requestTime`; cloudbuild `build.createTime`; dataproc `status.stateStartTime`; datastore
 * `common.startTime`; spanner's backups `progress.startTime`; storagetransfer, firestore and others `startTime`.
 */
const createdAtMs = createdAtReader([
  'metadata.createTime',
  'metadata.insertTime',
  'metadata.submitTime',
  'metadata.requestTime',
  'metadata.genericMetadata.createTime',
  'metadata.commonMetadata.createTime',
  'metadata.operationMetadata.createTime',
  'metadata.build.createTime',
  'metadata.startTime',
  'metadata.common.startTime',
  'metadata.progress.startTime',
  'metadata.status.stateStartTime',
]);

/**
 * What is done to what, by the practice of the services: most have `verb` and `target`; dataproc `operationType` and
 * `clusterName`, datastore `common.operationType`, cloudchannel `operationType`, appengine `method`; documentai and
 * retail's kin `commonMetadata.resource`; spanner's databases and backups `name`, its instances `instance.name`; dialogflow
 * `knowledgeBase`, or the flow's `version`; storagetransfer `transferJobName`.
 */
const describe = descriptionReader(
  {
    type: 'metadata.@type',
    verb: [
      'metadata.verb',
      'metadata.operationType',
      'metadata.common.operationType',
      'metadata.genericMetadata.verb',
      'metadata.operationMetadata.verb',
      'metadata.method',
      'metadata.commonMetadata.type',
    ],
    target: [
      'metadata.target',
      'metadata.genericMetadata.target',
      'metadata.operationMetadata.target',
      'metadata.commonMetadata.resource',
      'metadata.resource',
      'metadata.clusterName',
      'metadata.name',
      'metadata.instance.name',
      'metadata.instanceConfig.name',
      'metadata.database',
      'metadata.knowledgeBase',
      'metadata.version',
      'metadata.transferJobName',
    ],
  },
  createdAtMs,
);

/**
 * `google.longrunning.Operation` in JSON (google/longrunning/operations.proto), which nearly all services have. It
 * says `done` and has an error; everything else, its age included, is metadata of a type of the service's own.
 */
export const longrunning: ResourceKind = {
  noun,
  readState,
  readPage: (body) => readListPage(body, { noun, itemsField: 'operations' }),
  pageQuery: (page) => pageQueryOf('pageSize', page),
  nameOf: ({ name }) => (typeof name === 'string' && name !== '' ? name : undefined),
  createdAtMs,
  describe,
  matchableFields: fieldPattern(['metadata.*']),
};

/** Only an operation that is done with the error CANCELLED is cancelled. */
function readState(body: unknown): ResourceState {
  if (!isObject(body)) return unreadable('the answer is not a JSON object');
  const { name, done, error, metadata } = body;
  // Proto3 JSON leaves out what has its default: an operation without `done` is running.
  if (done === undefined || done === null || done === false) {
    if (typeof name !== 'string') return unreadable('the answer has no operation name');
    return { kind: 'running', cancellationRequested: isCancellationRequested(metadata) };
  }
  if (done !== true) return unreadable('"done" is not a boolean');
  return readEnd(error);
}

/**
 * Services show in their metadata that a cancel is under way, in a field with one of two names; aiplatform has
 * it one level deeper.
 */
function isCancellationRequested(metadata: unknown): boolean {
  if (!isObject(metadata)) return false;
  const generic = isObject(metadata.genericMetadata) ? metadata.genericMetadata : {};
  return [metadata, generic].some(
    (fields) => fields.requestedCancellation === true || fields.cancelRequested === true,
  );
}
