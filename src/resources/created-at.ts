import type { JsonObject } from '../validation/schema.ts';
import { fieldReader } from './field-path.ts';

/**
 * Makes a reader of the time at which a resource was created. It uses the first field with a readable time.
 *
 * @param fields paths such as `metadata.createTime`, the creation before the start
 * @returns milliseconds since the epoch; undefined where no field has a readable time
 */
export function createdAtReader(fields: readonly string[]): (entry: JsonObject) => number | undefined {
  const readers = fields.map(fieldReader);
  return (entry) => {
    for (const read of readers) {
      const ms = readTimestampMs(read(entry));
      if (ms !== undefined) return ms;
    }
    return undefined;
  };
}

/** RFC 3339, with up to nine decimals (google/protobuf/timestamp.proto). The time 0 means that the field is not set. */
export function readTimestampMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || !TIMESTAMP.test(value)) return undefined;
  const ms = Date.parse(value);
  return ms > 0 ? ms : undefined;
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;
