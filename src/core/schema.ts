import * as v from 'valibot';
import { Failure } from './failure.ts';
import type { FailureCode } from './failure.ts';
import { isObject } from './json.ts';

/**
 * Checks a value against a schema, and turns what is wrong into one failure that names each field and what it should be.
 *
 * @param whole what the value itself is called where the problem is not in a field of it
 * @throws Failure `TypeError` where the first problem is a wrong type, else `ValueError`
 */
export function parseWith<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  whole: string,
): v.InferOutput<Schema> {
  if (!isObject(value))
    throw new Failure('TypeError', `${whole}: must be a JSON object, not ${typeName(value)}`);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => describe(issue, whole));
  const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => problem.text);
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
  throw new Failure(problems[0]?.code ?? 'ValueError', shown.join('; '));
}

const MAX_PROBLEMS = 5;

function describe(issue: v.BaseIssue<unknown>, whole: string): { code: FailureCode; text: string } {
  const field = fieldOf(issue) ?? whole;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { code: 'ValueError', text: `${field}: unknown field` };
  }
  if (issue.input === undefined) return { code: 'ValueError', text: `${field}: missing` };
  if (issue.kind === 'validation') return { code: 'ValueError', text: `${field}: ${issue.message}` };
  return { code: 'TypeError', text: `${field}: must be ${expectation(issue)}, not ${typeName(issue.input)}` };
}

/** The path to the problem as a person writes it: `labels.team`, `operations[3]`. */
function fieldOf(issue: v.BaseIssue<unknown>): string | undefined {
  if (issue.path === undefined || issue.path.length === 0) return undefined;
  const path = issue.path
    .map(({ type, key }) => (type === 'array' ? `[${String(key)}]` : `.${String(key)}`))
    .join('');
  return path.replace(/^\./, '').slice(0, 200).toWellFormed();
}

function expectation(issue: v.BaseIssue<unknown>): string {
  switch (issue.type) {
    case 'strict_object':
    case 'object':
    case 'record':
    case 'custom':
      return 'a JSON object';
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

/** A JSON object whose keys and values are of these kinds; valibot itself takes an array for one. */
export const recordOf = <
  const Key extends v.GenericSchema<string, string>,
  const Value extends v.GenericSchema,
>(
  key: Key,
  value: Value,
) => v.pipe(v.custom<Record<string, unknown>>(isObject), v.record(key, value));

/** A string of at most `maxLength` characters without control characters: what may go into attributes and logs. */
export const plainText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty('must not be empty'),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
    v.check((text) => !/\p{Cc}/u.test(text), 'must not contain control characters'),
    v.check((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  );

/** A string of at most `maxLength` characters, for people to read: line breaks are fine. */
export const longText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
    v.check((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  );
