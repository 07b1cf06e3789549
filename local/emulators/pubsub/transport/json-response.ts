import { shapeOf, type FieldShape, type MessageDescriptor } from './message-descriptor.ts';
import { toMs, type SecondsAndNanos } from '../wire-types.ts';

/** A response as JSON, without the fields that have their default value, as the service writes it. */
export function messageToJson(message: MessageDescriptor, value: object): object {
  const json: Record<string, unknown> = {};
  for (const field of message.field) {
    const given = (value as Record<string, unknown>)[field.name];
    if (isDefault(given)) continue;
    const shape = shapeOf(field, message);
    if (shape.kind === 'map' && Object.keys(given as object).length === 0) continue;
    json[field.name] = Array.isArray(given)
      ? given.map((each: unknown) => valueToJson(shape, each))
      : valueToJson(shape, given);
  }
  return json;
}

function valueToJson(shape: FieldShape, value: unknown): unknown {
  switch (shape.kind) {
    case 'scalar':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    case 'well-known':
      return wellKnownToJson(shape.type, value as object);
    case 'map':
      return value;
    case 'message':
      return messageToJson(shape.message, value as object);
  }
}

function wellKnownToJson(type: 'Duration' | 'Timestamp' | 'FieldMask', value: object): string {
  switch (type) {
    case 'FieldMask':
      return (value as { paths: string[] }).paths.join(',');
    case 'Timestamp':
      return new Date(toMs(value as SecondsAndNanos)).toISOString();
    case 'Duration': {
      const { seconds, nanos } = value as SecondsAndNanos;
      const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '');
      return `${seconds}${fraction && '.'}${fraction}s`;
    }
  }
}

function isDefault(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length === 0;
  return false;
}
