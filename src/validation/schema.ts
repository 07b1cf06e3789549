import * as v from 'valibot';
import { Failure, typeFailure } from './failure.ts';
import type { FailureCode, FieldPath, Problem } from './failure.ts';

/**
 * Checks a value against a schema, and turns what is wrong into one failure that names each field and what it
 * should be.
 *
 * @param valueName the name of the value itself, for a problem that is not in one of its fields; absent where the place
 *   of the value is its name
 * @throws Failure `TypeError` where the first problem is a wrong type, else `ValueError`
 */
export function parseWith<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  valueName?: string,
): v.InferOutput<Schema> {
  const valuePath = valueName === undefined ? [] : [valueName];
  if (!isObject(value)) throw typeFailure(valuePath, `must be a JSON object, not ${typeName(value)}`);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const { issues } = result;
  const known = 'entries' in schema ? Object.keys(schema.entries as object) : [];
  const { code, path, problem } = describe(issues[0], valuePath, known);
  const others = issues.slice(1, MAX_PROBLEMS).map((issue) => describe(issue, valuePath, known));
  throw new Failure(code, problem, { path, others, omitted: Math.max(0, issues.length - MAX_PROBLEMS) });
}

const MAX_PROBLEMS = 5;

interface Described extends Problem {
  readonly code: FailureCode;
}

function describe(issue: v.BaseIssue<unknown>, valuePath: FieldPath, known: readonly string[]): Described {
  const path = pathOf(issue) ?? valuePath;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const those = issue.path?.length === 1 ? `; known are ${known.join(', ')}` : '';
    return { code: 'ValueError', path, problem: `unknown field${those}` };
  }
  if (issue.input === undefined) return { code: 'ValueError', path, problem: 'missing' };
  if (issue.kind === 'validation') return { code: 'ValueError', path, problem: issue.message };
  return { code: 'TypeError', path, problem: `must be ${expectation(issue)}, not ${typeName(issue.input)}` };
}

/** The path to the problem; undefined where the value itself is wrong. */
function pathOf(issue: v.BaseIssue<unknown>): FieldPath | undefined {
  if (issue.path === undefined || issue.path.length === 0) return undefined;
  return issue.path.map(({ type, key }) => (type === 'array' ? key : String(key)));
}

function expectation(issue: v.BaseIssue<unknown>): string {
  switch (issue.type) {
    case 'strict_object':
    case 'object':
    case 'record':
      return 'a JSON object';
    case 'custom':
    case 'union':
      return issue.message;
    case 'array':
      return 'an array';
    case 'string':
      return 'a string';
    case 'boolean':
      return 'true or false';
    case 'number':
      return 'a number';
    default:
      return issue.expected ?? issue.type;
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'a JSON object';
  return `a ${typeof value}`;
}

/** Keys that valibot drops from a record without an issue. */
const LOST_KEYS = ['__proto__', 'constructor', 'prototype'];

/**
 * A JSON object with keys and values of these schemas; valibot alone would accept an array. The entries are
 * counted before they are checked, because each wrong one costs memory.
 */
export const recordOf = <
  const Key extends v.GenericSchema<string, string>,
  const Value extends v.GenericSchema,
>(
  key: Key,
  value: Value,
  maxEntries: number,
) =>
  v.pipe(
    v.custom<Record<string, unknown>>(isObject, 'a JSON object'),
    v.check((record) => Object.keys(record).length <= maxEntries, `must have at most ${maxEntries} entries`),
    v.check(
      (record) => !LOST_KEYS.some((lost) => Object.hasOwn(record, lost)),
      `must not have an entry called ${LOST_KEYS.join(' or ')}`,
    ),
    v.record(key, value),
    // As above, for the JSON Schemas that are generated from this one.
    v.maxEntries(maxEntries),
  );

/**
 * An array of 1 to `maxEntries` entries. The entries are counted before they are checked, because each wrong
 * one costs memory.
 */
export const arrayOf = <const Entry extends v.GenericSchema>(entry: Entry, maxEntries: number) =>
  v.pipe(
    v.custom<unknown[]>(Array.isArray, 'an array'),
    v.minLength(1, 'must have at least one entry'),
    v.maxLength(maxEntries, `must have at most ${maxEntries} entries`),
    v.array(entry),
    // As above, for the JSON Schemas that are generated from this one.
    v.minLength(1),
    v.maxLength(maxEntries),
  );

/** As `arrayOf`, and may be empty. */
export const listOf = <const Entry extends v.GenericSchema>(entry: Entry, maxEntries: number) =>
  v.pipe(
    v.custom<unknown[]>(Array.isArray, 'an array'),
    v.maxLength(maxEntries, `must have at most ${maxEntries} entries`),
    v.array(entry),
    v.maxLength(maxEntries),
  );

/**
 * A string of at most `maxLength` characters without control characters, so that it may go into attributes
 * and logs.
 */
export const plainText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty('must not be empty'),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
    v.check((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text), 'must not contain control characters'),
    v.check((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  );

/** A string of at most `maxLength` characters, whose content is checked where it is read. */
export const shortText = (maxLength: number) =>
  v.pipe(v.string(), v.maxLength(maxLength, `must have at most ${maxLength} characters`));

/** A string of at most `maxLength` characters, for people to read: line breaks are fine. */
export const longText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
    v.check((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  );

/** RFC 3339. */
export const timestamp = v.pipe(
  v.string(),
  v.maxLength(40, 'must have at most 40 characters'),
  v.isoTimestamp('must be an RFC 3339 timestamp'),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'must be an RFC 3339 timestamp'),
);

/** A number of things. */
export const count = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(1e9, 'must be at most 1000000000'),
);

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
