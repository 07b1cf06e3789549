import { isObject } from '../../validation/schema.ts';
import type { JsonObject } from '../../validation/schema.ts';
import { enumStateKind } from '../enum-state.ts';
import { unreadable } from '../resource-state.ts';
import type { ResourceState } from '../resource-state.ts';
import { CANCELLED, readMessage, UNKNOWN } from '../rpc-status.ts';

/**
 * Operations of Cloud SQL (google/cloud/sql/v1/cloud_sql_resources.proto), older than
 * `google.longrunning.Operation`: a status, an id, and a list of errors.
 */
export const sqladmin = enumStateKind({
  noun: 'operation',
  stateField: 'status',
  states: { PENDING: 'running', RUNNING: 'running', DONE: readDone },
  itemsField: 'items',
  pageSizeParameter: 'maxResults',
  placeFields: [],
  createdAtFields: ['insertTime', 'startTime'],
  verbFields: ['operationType'],
  targetFields: ['targetLink', 'targetId'],
  matchableFields: ['operationType', 'targetId', 'targetLink', 'targetProject'],
});

/** A list of errors, each with a code in words. */
function readDone({ error }: JsonObject): ResourceState {
  if (error === undefined || error === null) return { kind: 'succeeded' };
  const errors: readonly unknown[] = isObject(error) && Array.isArray(error.errors) ? error.errors : [];
  if (errors.length === 0 || !errors.every(isObject)) {
    return unreadable('"error.errors" is not a list of errors');
  }
  const codes = errors.map(({ code }) => readMessage(code));
  const message = readMessage(
    errors.map((entry, index) => `${codes[index]}: ${readMessage(entry.message)}`).join('; '),
  );
  return codes.every((code) => code === 'CANCELLED')
    ? { kind: 'cancelled', error: { code: CANCELLED, message } }
    : { kind: 'failed', error: { code: UNKNOWN, message } };
}
