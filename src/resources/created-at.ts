import type { JsonObject } from '../validation/schema.ts';
import { fieldReader } from './field-path.ts';

/**
 * Reads the time at which a resource was created, from the first of the fields that has one that can be read.
 *
 * @param fields paths such as `metadata.createTime`, the creation before the start
 * @returns milliseconds since the epoch; undefined where none of the fields tells it
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

/** RFC 3339, with up to nine decimals (google/protobuf/timestamp.proto). A time of 1970 is one that is not set. */
function readTimestampMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || !TIMESTAMP.test(value)) return undefined;
  const ms = Date.parse(value);
  return ms > 0 ? ms : undefined;
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;
