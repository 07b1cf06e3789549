import type { JsonObject } from '../rpc-status.ts';
import type { CancelForm, Refusal } from './job-kind.ts';

/** Reads the body of a cancel: an object with fields that the method knows, or nothing at all. */
export function bodyOf(bytes: Buffer, { fields, required = [] }: CancelForm): JsonObject | Refusal {
  if (bytes.length > 0 && fields === undefined) {
    return invalid('Invalid JSON payload received. Unexpected body: this method takes none.');
  }
  const body = bytes.length === 0 ? {} : parsed(bytes.toString());
  if (body === undefined) return invalid('Invalid JSON payload received. Expected an object.');
  const unknown = Object.keys(body).filter((field) => !fields?.includes(field));
  if (unknown.length > 0) {
    const names = unknown.map(
      (name) => `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`,
    );
    return invalid(names.join('\n'));
  }
  const missing = required.filter((field) => body[field] === undefined);
  return missing.length > 0 ? invalid(`Missing required field: ${missing.join(', ')}.`) : body;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

const invalid = (message: string): Refusal => ({ status: 'INVALID_ARGUMENT', message });
