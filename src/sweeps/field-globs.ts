import * as v from 'valibot';
import { canMatchName, compileGlob } from '../policy/glob.ts';
import type { Glob } from '../policy/glob.ts';
import { isMatchableField } from '../resources/kinds.ts';
import { Failure, quote, valueFailure } from '../validation/failure.ts';
import { arrayOf, isObject, recordOf, shortText } from '../validation/schema.ts';

/** Patterns for the fields of an operation: `name`, or a path into what the list shows of it. */
export type FieldGlobs = ReadonlyMap<string, readonly Glob[]>;

/** The parts of a listed operation that patterns match: its names, and its entry in the list. */
interface Listed {
  /** Every alias, as a relative name and as a full resource name. */
  readonly names: readonly string[];
  readonly entry: Readonly<Record<string, unknown>>;
}

const glob = v.pipe(shortText(1_024), v.nonEmpty('must not be empty'));
const globs = v.union([glob, arrayOf(glob, 100)], 'a pattern or a list of patterns');

/** `match` and `exclude` as they are written: patterns for the name, or for several fields. */
export const fieldGlobsSchema = v.union(
  [globs, recordOf(shortText(256), globs, 20)],
  'a pattern, a list of patterns, or an object of patterns by field',
);

/**
 * Compiles the patterns of a value that `fieldGlobsSchema` accepts.
 *
 * @param place the field of the settings that holds the patterns, as `exclude`
 * @throws Failure `ValueError` for a field that no operation has, and a pattern that can match nothing
 */
export function compileFieldGlobs(
  place: string,
  written: v.InferOutput<typeof fieldGlobsSchema>,
): FieldGlobs {
  const byField = typeof written === 'string' || Array.isArray(written) ? { name: written } : written;
  return new Map(
    Object.entries(byField).map(([field, patterns]) => {
      if (field !== 'name' && !isMatchableField(field)) {
        throw valueFailure(
          place,
          `${quote(field)} is not a field of operations; the fields are name, metadata.@type, metadata.target, …`,
        );
      }
      return [field, [patterns].flat().map((pattern) => compile(place, field, pattern))];
    }),
  );
}

/** Names and types always have slashes, which one star does not match. */
function compile(place: string, field: string, pattern: string): Glob {
  const hasSlashes = field === 'name' || field === 'metadata.@type';
  if (hasSlashes && !pattern.includes('/') && !pattern.includes('**')) {
    throw new Failure(
      'ValueError',
      `${quote(pattern)} matches nothing: "*" does not match a slash, which every value of this field contains; did you mean ${quote(`**${pattern.replace(/^\*/, '')}`)}?`,
    ).at(place, field);
  }
  if (field === 'name' && !canMatchName(pattern)) {
    throw new Failure(
      'ValueError',
      `${quote(pattern)} matches nothing: a pattern must match a whole name, as **/operations/keep-* does`,
    ).at(place, field);
  }
  return compileGlob(pattern);
}

/** Whether every field has a value that one of its patterns matches. */
export const matchesAll = (globsByField: FieldGlobs, listed: Listed) =>
  [...globsByField].every(([field, patterns]) => lookFor(patterns, field, listed) === 'found');

/** Whether some field has a value that one of its patterns matches, or could have one among unread values. */
export const matchesAny = (globsByField: FieldGlobs, listed: Listed) =>
  [...globsByField].some(([field, patterns]) => lookFor(patterns, field, listed) !== 'missing');

/**
 * Looks for a value that one of the patterns matches. The result is `unknown` where there are too many values to
 * check. Then `match` does not hold and `exclude` does, so that less is cancelled in doubt.
 */
function lookFor(
  patterns: readonly Glob[],
  field: string,
  { names, entry }: Listed,
): 'found' | 'missing' | 'unknown' {
  const found: Values = { values: [...names], isComplete: true };
  if (field !== 'name') {
    found.values = [];
    collect(entry, field.split('.'), found);
  }
  if (found.values.some((value) => patterns.some((pattern) => pattern.matches(value)))) return 'found';
  return found.isComplete ? 'missing' : 'unknown';
}

interface Values {
  values: string[];
  isComplete: boolean;
}

const MAX_VALUE_LENGTH = 4_096;
const MAX_VALUES = 100;
const MAX_LISTS = 4;

/** Collects the values at a path, as text; for a list, those of each of its entries. */
function collect(value: unknown, [field, ...rest]: readonly string[], into: Values, lists = 0): void {
  if (Array.isArray(value)) {
    if (lists === MAX_LISTS || value.length > MAX_VALUES) into.isComplete = false;
    if (lists === MAX_LISTS) return;
    const path = field === undefined ? [] : [field, ...rest];
    for (const one of value.slice(0, MAX_VALUES)) collect(one, path, into, lists + 1);
  } else if (field !== undefined) {
    if (isObject(value) && Object.hasOwn(value, field)) collect(value[field], rest, into, lists);
  } else if (
    typeof value === 'string' &&
    value.length <= MAX_VALUE_LENGTH &&
    into.values.length < MAX_VALUES
  ) {
    into.values.push(value);
  } else if (typeof value === 'number' || typeof value === 'boolean') {
    into.values.push(String(value));
  } else if (value !== undefined && value !== null) {
    into.isComplete = false;
  }
}
