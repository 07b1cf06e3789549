import type { JsonObject } from './rpc-status.ts';

/** What is wrong with the input, and where: `cancelFaults[0].kind: must be …`. */
export class ControlInputError extends Error {
  constructor(at: string, must: string) {
    super(`${at}: must be ${must}`);
    this.name = 'ControlInputError';
  }
}

/** Takes a value of JSON as a T, or throws a {@link ControlInputError} that names the field. */
export type Reader<T> = (value: unknown, at: string) => T;

/** The values a field may have in an object type, whether or not it must be there. */
type FieldReaders<T> = { readonly [Field in keyof T]-?: Reader<Exclude<T[Field], undefined>> };

/** Any text but the empty one. */
export const text: Reader<string> = (value, at) => {
  if (typeof value !== 'string' || value === '') throw new ControlInputError(at, 'text');
  return value;
};

/** True or false. */
export const flag: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new ControlInputError(at, 'true or false');
  return value;
};

/** Anything JSON can say. */
export const anything: Reader<unknown> = (value) => value;

/** A whole number in a range, both ends included. */
export function whole(least: number, most: number): Reader<number> {
  return (value, at) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new ControlInputError(at, `a whole number from ${least} to ${most}`);
  };
}

/** Any number in a range, both ends included. */
export function between(least: number, most: number): Reader<number> {
  return (value, at) => {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw new ControlInputError(at, `a number from ${least} to ${most}`);
  };
}

/** One of a few values. */
export function oneOf<const T extends string | number>(allowed: readonly T[]): Reader<T> {
  return (value, at) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw new ControlInputError(at, `one of ${allowed.join(', ')}`);
    return found;
  };
}

/** A list of at most 1,000. */
export function listOf<T>(item: Reader<T>): Reader<T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > 1000)
      throw new ControlInputError(at, 'a list of at most 1000');
    return value.map((entry: unknown, index) => item(entry, `${at}[${index}]`));
  };
}

/** An object of any fields. */
export const anyObject: Reader<JsonObject> = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlInputError(at, 'an object');
  }
  return value as JsonObject;
};

/** An object of these fields and no others; all may be left out but the required ones. */
export function objectOf<T>(
  readers: FieldReaders<T>,
  required: readonly (keyof T & string)[] = [],
): Reader<T> {
  const known = readers as Readonly<Record<string, Reader<unknown>>>;
  return (value, at) => {
    const entries = Object.entries(anyObject(value, at || 'the input'));
    const path = (field: string) => (at === '' ? field : `${at}.${field}`);
    const read = entries.map(([field, fieldValue]) => {
      const reader = Object.hasOwn(known, field) ? known[field] : undefined;
      if (!reader)
        throw new ControlInputError(path(field), `left out; known are ${Object.keys(known).join(', ')}`);
      return [field, reader(fieldValue, path(field))] as const;
    });
    for (const field of required) {
      if (!read.some(([present]) => present === field)) throw new ControlInputError(path(field), 'given');
    }
    // Each field went through its own reader, and those that are required are there.
    return Object.fromEntries(read) as T;
  };
}
