import type { JsonObject } from '../rpc-status.ts';

/** `base` with a JSON merge patch put over it (RFC 7396): a null takes a field away. */
export function mergePatch(base: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(base));
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) merged.delete(field);
    else if (!isObject(value)) merged.set(field, value);
    else
      merged.set(
        field,
        mergePatch(isObject(merged.get(field)) ? (merged.get(field) as JsonObject) : {}, value),
      );
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
