import { isObject } from '../../validation/schema.ts';
import type { JsonObject } from '../../validation/schema.ts';
import { createdAtReader } from '../created-at.ts';
import { descriptionReader } from '../description.ts';
import { fieldPattern } from '../field-path.ts';
import { pageQueryOf, readListPage } from '../list-page.ts';
import type { ResourceKind } from '../resource.ts';
import { unreadable } from '../resource-state.ts';
import type { ResourceState } from '../resource-state.ts';
import { readEnd } from '../rpc-status.ts';
import { OWN_STATES } from './cancellation-states.ts';
import type { OwnState } from './cancellation-states.ts';
import { cancelUnderWayReader, ownEndReader } from './own-state.ts';

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
  readState: stateReader(undefined),
  readPage: (body) => readListPage(body, { noun, itemsField: 'operations' }),
  pageQuery: (page) => pageQueryOf('pageSize', page),
  nameOf: ({ name }) => (typeof name === 'string' && name !== '' ? name : undefined),
  createdAtMs,
  describe,
  matchableFields: fieldPattern(['metadata.*']),
};

const kindsByService: ReadonlyMap<string, ResourceKind> = new Map(
  Object.entries(OWN_STATES).map(([service, ownState]) => [
    service,
    { ...longrunning, readState: stateReader(ownState) },
  ]),
);

/** The kind of the long-running operations of one service: some tell the end in a state of their own too. */
export const longrunningOf = (service: string): ResourceKind => kindsByService.get(service) ?? longrunning;

/** Only `done` is an end. The state of the service's own then tells a cancelled operation, never another end. */
function stateReader(ownState: OwnState | undefined): ResourceKind['readState'] {
  const isUnderWay = cancelUnderWayReader(ownState);
  const readOwnEnd =
    ownState === undefined ? (_body: JsonObject, end: ResourceState) => end : ownEndReader(ownState);

  return (body) => {
    if (!isObject(body)) return unreadable('the answer is not a JSON object');
    const { name, done, error } = body;
    // Proto3 JSON leaves out what has its default: an operation without `done` is running.
    if (done === undefined || done === null || done === false) {
      if (typeof name !== 'string') return unreadable('the answer has no operation name');
      return { kind: 'running', cancellationRequested: isUnderWay(body) };
    }
    if (done !== true) return unreadable('"done" is not a boolean');
    return readOwnEnd(body, readEnd(error));
  };
}
