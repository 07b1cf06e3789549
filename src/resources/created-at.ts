import { isObject } from '../validation/schema.ts';

/**
 * Where services write when an operation began, the creation first. Metadata has a type of each service's own
 * (google/longrunning/operations.proto), so there is no rule but what they do:
 * most have `createTime`; aiplatform `genericMetadata.createTime`, documentai and retail's kin
 * `commonMetadata.createTime`; translate `submitTime`; bigtableadmin `requestTime`; cloudbuild
 * `build.createTime`; dataproc `status.stateStartTime`; datastore `common.startTime`; spanner's backups
 * `progress.startTime`; storagetransfer, firestore and others `startTime`; Kubernetes Engine and Cloud SQL have
 * `startTime` and `insertTime` beside the status.
 */
const PLACES: readonly (readonly string[])[] = [
  ...['createTime', 'insertTime', 'submitTime', 'requestTime'].map((field) => ['metadata', field]),
  ['metadata', 'genericMetadata', 'createTime'],
  ['metadata', 'commonMetadata', 'createTime'],
  ['metadata', 'operationMetadata', 'createTime'],
  ['metadata', 'build', 'createTime'],
  ['metadata', 'startTime'],
  ['metadata', 'common', 'startTime'],
  ['metadata', 'progress', 'startTime'],
  ['metadata', 'status', 'stateStartTime'],
  ['insertTime'],
  ['startTime'],
];

/**
 * When a listed operation began, in milliseconds since the epoch; undefined where that cannot be told, because
 * nothing says it or nothing that can be read.
 */
export function createdAtMs(entry: Readonly<Record<string, unknown>>): number | undefined {
  for (const place of PLACES) {
    const value = place.reduce<unknown>(
      (within, field) => (isObject(within) ? read(within, field) : undefined),
      entry,
    );
    if (typeof value === 'string') {
      const ms = timestampMs(value);
      if (ms !== undefined) return ms;
    }
  }
  return undefined;
}

/** Some services write their proto's own names: `create_time`. */
function read(within: Record<string, unknown>, field: string): unknown {
  return within[field] ?? within[field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

/** RFC 3339, with up to nine decimals (google/protobuf/timestamp.proto). A time of 1970 is one that is not set. */
function timestampMs(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i.test(text))
    return undefined;
  const ms = Date.parse(text);
  return ms > 0 ? ms : undefined;
}
