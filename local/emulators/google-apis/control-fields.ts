import * as v from 'valibot';
import type { Fault, FaultStep } from './fault.ts';
import { RPC_STATUSES, type JsonObject, type RpcStatusName } from './rpc-status.ts';
import type { StatusFault } from './status-fault.ts';

/** Names each field that is wrong, and the value it must have: `cancelFaults[0].kind: must be …`. */
export class ControlInputError extends Error {
  constructor(at: string, problem: string) {
    super(`${at}: ${problem}`);
    this.name = 'ControlInputError';
  }
}

export const YEAR_MS = 366 * 24 * 3_600_000;
const MAX_GIANT_BYTES = 16 * 1024 ** 3;
const MAX_LIST_LENGTH = 1_000;

export const optional = v.exactOptional;
export const flag = v.boolean('must be true or false');
export const text = v.pipe(v.string('must be text'), v.nonEmpty('must be text'));

const numberIn = (min: number, max: number, problem: string) =>
  v.pipe(v.number(problem), v.minValue(min, problem), v.maxValue(max, problem));
export const between = (min: number, max: number) =>
  numberIn(min, max, `must be a number from ${min} to ${max}`);
export const whole = (min: number, max: number) => {
  const problem = `must be a whole number from ${min} to ${max}`;
  return v.pipe(numberIn(min, max, problem), v.integer(problem));
};
export const oneOf = <const Values extends readonly (string | number)[]>(values: Values) =>
  v.picklist(values, `must be one of ${values.join(', ')}`);
export const wholeOr = <const Word extends string>(min: number, max: number, word: Word) =>
  v.union([whole(min, max), v.literal(word)], `must be a whole number from ${min} to ${max}, or ${word}`);
export const listOf = <const Item extends v.GenericSchema>(item: Item) => {
  const problem = `must be a list of at most ${MAX_LIST_LENGTH}`;
  return v.pipe(v.array(item, problem), v.maxLength(MAX_LIST_LENGTH, problem));
};

const MAX_IMPORTED = 200_000;
export const manyOf = <const Item extends v.GenericSchema>(item: Item) => {
  const problem = `must be a list of at most ${MAX_IMPORTED}`;
  return v.pipe(v.array(item, problem), v.maxLength(MAX_IMPORTED, problem));
};

export const anyObject = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/** Exactly these fields; only the optional ones may be absent. */
function fields<const Entries extends v.ObjectEntries>(entries: Entries) {
  const problem = `must be left out; known are ${Object.keys(entries).join(', ')}`;
  return v.strictObject(entries, ({ expected }) => (expected === 'never' ? problem : 'must be given'));
}

/** As `fields`; valibot alone would take an array for an object without fields. */
export const objectOf = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(anyObject, fields(entries));

/** A schema for every field of T, so that a new field is not forgotten here. */
export type EntriesOf<T> = { readonly [Field in keyof T]-?: v.GenericSchema<unknown, T[Field]> };

export const milliseconds = whole(0, YEAR_MS);
const httpStatus = whole(200, 599);
const place = oneOf(['before-answer', 'mid-answer']);
const step = { times: optional(wholeOr(1, 1_000_000, 'always')), applied: optional(flag) };
const faultOf = <const Kind extends string, const Entries extends v.ObjectEntries>(
  kind: Kind,
  entries: Entries,
) => fields({ kind: v.literal(kind), ...step, ...entries });

/** The kinds of fault that are not a status; the type asks for all of them. */
const OTHER_FAULTS = {
  hang: faultOf('hang', { at: optional(place) }),
  reset: faultOf('reset', { at: optional(place) }),
  html: faultOf('html', { status: httpStatus }),
  'truncated-json': faultOf('truncated-json', {}),
  giant: faultOf('giant', { bytes: whole(32, MAX_GIANT_BYTES), declareLength: optional(flag) }),
  redirect: faultOf('redirect', { location: text, status: optional(oneOf([301, 302, 303, 307, 308])) }),
  json: faultOf('json', { value: v.unknown(), status: optional(httpStatus) }),
  'odd-operation': faultOf('odd-operation', { fields: anyObject }),
  slow: faultOf('slow', { delayMs: whole(0, 3_600_000) }),
} satisfies { readonly [Kind in Exclude<Fault['kind'], RpcStatusName>]: v.GenericSchema };

const STATUS_NAMES = Object.keys(RPC_STATUSES) as [RpcStatusName, ...RpcStatusName[]];
const statusFault = fields({
  kind: v.picklist(STATUS_NAMES),
  ...step,
  message: optional(text),
  reason: optional(text),
  retryAfterSeconds: optional(whole(0, YEAR_MS / 1000)),
  retryAfterForm: optional(oneOf(['seconds', 'http-date'])),
  retryDelayMs: optional(milliseconds),
} satisfies EntriesOf<StatusFault & Pick<FaultStep, 'times' | 'applied'>>);

export const faultStep = v.pipe(
  anyObject,
  v.variant(
    'kind',
    [statusFault, ...Object.values(OTHER_FAULTS)],
    `must be one of ${[...STATUS_NAMES, ...Object.keys(OTHER_FAULTS)].join(', ')}`,
  ),
);

/** Reads JSON that a schema describes; a ControlInputError says what is wrong with it. */
export function parse<Schema extends v.GenericSchema>(schema: Schema, body: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parseJson(body));
  if (result.success) return result.output;
  // An unknown field comes first: it may be the misspelled one that another is said to be missing for.
  const issue = result.issues.find(({ expected }) => expected === 'never') ?? result.issues[0];
  throw new ControlInputError(pathOf(issue), issue.message);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ControlInputError('the input', 'must be JSON');
  }
}

/** The path as a person writes it: `cancelFaults[0].kind`. */
function pathOf({ path }: v.BaseIssue<unknown>): string {
  const steps = (path ?? []).map(({ type, key }) =>
    type === 'array' ? `[${String(key)}]` : `.${String(key)}`,
  );
  return steps.join('').replace(/^\./, '') || 'the input';
}
