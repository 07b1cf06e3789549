import {
  shapeOf,
  type FieldDescriptor,
  type FieldShape,
  type MessageDescriptor,
} from './message-descriptor.ts';
import { invalidArgument } from '../status-error.ts';
import { fromMs } from '../wire-types.ts';

type JsonObject = Record<string, unknown>;

/**
 * Reads the protobuf JSON mapping (protobuf.dev/programming-guides/json): camelCase or the proto's own names,
 * bytes in base64, durations as "1.5s", field masks as "a,bC". INVALID_ARGUMENT names the field that is
 * unknown or of the wrong type.
 *
 * Google's proto3-json-serializer cannot replace this module and json-response.ts. It skips unknown fields,
 * takes camelCase only, keeps the camelCase of a field mask, reads `"soon"` as the number 0 and `{"a":1}` as
 * base64, refuses negative durations, and its errors do not name the field. It writes fields that have their
 * default value, which the service leaves out, and only a walk by type can tell an empty map from an empty
 * message.
 */
export function messageFromJson(message: MessageDescriptor, json: unknown, path = ''): object {
  const given = asObject(json, path);
  const fields = new Map(message.field.map((field) => [field.name, field]));
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(given)) {
    const at = path === '' ? key : `${path}.${key}`;
    const field = fields.get(camelCase(key));
    if (field === undefined) throw invalidArgument(`Invalid JSON payload received. Unknown name "${at}".`);
    if (value !== null) result[field.name] = fieldFromJson(field, message, value, at);
  }
  return result;
}

function fieldFromJson(
  field: FieldDescriptor,
  message: MessageDescriptor,
  value: unknown,
  path: string,
): unknown {
  const shape = shapeOf(field, message);
  if (shape.kind === 'map') {
    const entries = Object.entries(asObject(value, path));
    const valueShape = shapeOf(shape.value, shape.within);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, valueFromJson(valueShape, each, `${path}["${key}"]`)]),
    );
  }
  if (field.label !== 'LABEL_REPEATED') return valueFromJson(shape, value, path);
  if (!Array.isArray(value)) throw wrongType(path, 'an array');
  return value.map((each: unknown, index) => valueFromJson(shape, each, `${path}[${index}]`));
}

function valueFromJson(
  shape: Exclude<FieldShape, { kind: 'map' }> | FieldShape,
  value: unknown,
  path: string,
): unknown {
  switch (shape.kind) {
    case 'message':
      return messageFromJson(shape.message, value, path);
    case 'well-known':
      return wellKnownFromJson(shape.type, value, path);
    case 'scalar':
      return scalarFromJson(shape.type, value, path);
    case 'map':
      throw wrongType(path, 'no map of maps');
  }
}

function wellKnownFromJson(
  type: 'Duration' | 'Timestamp' | 'FieldMask',
  value: unknown,
  path: string,
): object {
  const text = asString(value, path);
  switch (type) {
    case 'FieldMask':
      return { paths: text.split(',').filter(Boolean).map(snakeCase) };
    case 'Timestamp': {
      const ms = Date.parse(text);
      if (Number.isNaN(ms)) throw wrongType(path, 'a time such as "2026-11-20T11:34:04.342Z"');
      return fromMs(ms);
    }
    case 'Duration': {
      const [, sign, seconds = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(text) ?? [];
      if (seconds === '') throw wrongType(path, 'a duration such as "10s" or "0.2s"');
      const nanos = Number(fraction.padEnd(9, '0'));
      return sign === '-' ? { seconds: `-${seconds}`, nanos: -nanos } : { seconds, nanos };
    }
  }
}

function scalarFromJson(type: string, value: unknown, path: string): unknown {
  switch (type) {
    case 'TYPE_BOOL':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw wrongType(path, 'true or false');
    case 'TYPE_BYTES': {
      const text = asString(value, path);
      if (!/^[\w+/-]*={0,2}$/.test(text)) throw wrongType(path, 'base64');
      return Buffer.from(text, 'base64');
    }
    case 'TYPE_INT32':
    case 'TYPE_INT64': {
      const number = typeof value === 'string' && value !== '' ? Number(value) : value;
      if (!Number.isSafeInteger(number)) throw wrongType(path, 'an integer');
      return number;
    }
    default:
      return asString(value, path);
  }
}

function asObject(value: unknown, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw wrongType(path, 'an object');
}

function asString(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw wrongType(path, 'a string');
}

function wrongType(path: string, expected: string) {
  return invalidArgument(`Invalid value at '${path === '' ? 'the body' : path}': expected ${expected}.`);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
