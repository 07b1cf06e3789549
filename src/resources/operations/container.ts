import type { JsonObject } from '../../validation/schema.ts';
import { enumStateKind } from '../enum-state.ts';
import type { ResourceState } from '../resource-state.ts';
import { readEnd, readMessage, UNKNOWN } from '../rpc-status.ts';

/**
 * Operations of Kubernetes Engine (google/container/v1/cluster_service.proto), older than
 * `google.longrunning.Operation`: a status, and an id beside the location or zone that it is in. A list has no pages,
 * and refuses a parameter that it does not know.
 */
export const container = enumStateKind({
  noun: 'operation',
  stateField: 'status',
  states: { PENDING: 'running', RUNNING: 'running', ABORTING: 'cancelling', DONE: readDone },
  itemsField: 'operations',
  unreachableField: 'missingZones',
  placeFields: ['location', 'zone'],
  createdAtFields: ['startTime'],
  verbFields: ['operationType'],
  targetFields: ['targetLink'],
  matchableFields: ['location', 'operationType', 'targetLink', 'zone'],
});

/**
 * `error`, or the older `statusMessage`, which is there only for a failure. Without either, the proto says of `DONE`:
 * "either cancelled or completed".
 */
function readDone(body: JsonObject): ResourceState {
  const statusMessage = readMessage(body.statusMessage);
  const end = readEnd(body.error);
  if (end.kind !== 'succeeded') return end;
  return statusMessage === ''
    ? { kind: 'succeeded', sharedWord: 'DONE' }
    : { kind: 'failed', error: { code: UNKNOWN, message: statusMessage } };
}
