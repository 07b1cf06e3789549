import type { Fault, FaultStep } from './fault.ts';
import {
  anything,
  anyObject,
  between,
  ControlInputError,
  flag,
  listOf,
  objectOf,
  oneOf,
  text,
  whole,
  type Reader,
} from './json-reader.ts';
import { CANCEL_EFFECTS, DONE_STATES, type ListScript, type OperationScript } from './operation-script.ts';
import { QUOTA_CALLS, type QuotaScript } from './quota.ts';
import { RPC_STATUSES, type RpcStatusName } from './rpc-status.ts';
import type { StatusFault } from './status-fault.ts';

const YEAR_MS = 366 * 24 * 3_600_000;
const MAX_GIANT_BYTES = 16 * 1024 ** 3;

const milliseconds = whole(0, YEAR_MS);
const httpStatus = whole(200, 599);

const always = oneOf(['always']);
const times: Reader<number | 'always'> = (value, at) =>
  typeof value === 'string' ? always(value, at) : whole(1, 1_000_000)(value, at);

const unknownAge = oneOf(['unknown']);
const age: Reader<number | 'unknown'> = (value, at) =>
  typeof value === 'string' ? unknownAge(value, at) : whole(0, 100 * YEAR_MS)(value, at);

type StepOf<Kind> = Extract<Fault, { readonly kind: Kind }> & Pick<FaultStep, 'times' | 'applied'>;

const anyKind: Reader<never> = anything as Reader<never>;
const step = { kind: anyKind, times, applied: flag };
const place = oneOf(['before-answer', 'mid-answer']);

/** A reader for each kind of fault that is no status; the type asks for all of them. */
const KINDS: { readonly [Kind in Exclude<Fault['kind'], RpcStatusName>]: Reader<StepOf<Kind>> } = {
  hang: objectOf({ ...step, at: place }),
  reset: objectOf({ ...step, at: place }),
  html: objectOf({ ...step, status: httpStatus }, ['status']),
  'truncated-json': objectOf({ ...step }),
  giant: objectOf({ ...step, bytes: whole(32, MAX_GIANT_BYTES), declareLength: flag }, ['bytes']),
  redirect: objectOf({ ...step, location: text, status: oneOf([301, 302, 303, 307, 308]) }, ['location']),
  json: objectOf({ ...step, value: anything, status: httpStatus }, ['value']),
  'odd-operation': objectOf({ ...step, fields: anyObject }, ['fields']),
  slow: objectOf({ ...step, delayMs: whole(0, 3_600_000) }, ['delayMs']),
};

const statusStep = objectOf<StatusFault & Pick<FaultStep, 'times' | 'applied'>>({
  ...step,
  message: text,
  reason: text,
  retryAfterSeconds: whole(0, YEAR_MS / 1000),
  retryAfterForm: oneOf(['seconds', 'http-date']),
  retryDelayMs: milliseconds,
});

const faultStep: Reader<FaultStep> = (value, at) => {
  const { kind } = anyObject(value, at);
  if (typeof kind === 'string' && Object.hasOwn(RPC_STATUSES, kind)) return statusStep(value, at);
  if (typeof kind === 'string' && Object.hasOwn(KINDS, kind))
    return KINDS[kind as keyof typeof KINDS](value, at);
  const known = [...Object.keys(RPC_STATUSES), ...Object.keys(KINDS)];
  throw new ControlInputError(`${at}.kind`, `one of ${known.join(', ')}`);
};

const operationInput = objectOf<OperationScript & { readonly url: string }>(
  {
    url: text,
    onCancel: oneOf(CANCEL_EFFECTS),
    afterMs: milliseconds,
    state: oneOf(['running', ...DONE_STATES]),
    endsItself: objectOf<NonNullable<OperationScript['endsItself']>>(
      { state: oneOf(DONE_STATES), afterMs: milliseconds },
      ['state', 'afterMs'],
    ),
    ageMs: age,
    metadata: anyObject,
    response: anyObject,
    error: anyObject,
    cancelFaults: listOf(faultStep),
    getFaults: listOf(faultStep),
  },
  ['url'],
);

const listInput = objectOf<ListScript & { readonly url: string }>(
  {
    url: text,
    unreachable: listOf(text),
    maxPageSize: whole(1, 1000),
    noWildcard: flag,
    projectNumber: text,
    listFaults: listOf(faultStep),
  },
  ['url'],
);

const quotaInput = objectOf<QuotaScript & { readonly host: string }>(
  {
    host: text,
    calls: oneOf(QUOTA_CALLS),
    perSecond: between(0.001, 1_000_000),
    windowMs: whole(1, YEAR_MS),
    retryAfter: flag,
  },
  ['host', 'calls', 'perSecond'],
);

/** Reads `{"url": "https://…", …OperationScript}`. */
export function readOperationInput(body: string): { url: string; script: OperationScript } {
  const { url, ...script } = operationInput(parsed(body), '');
  return { url, script };
}

/** Reads `{"url": "https://…/operations", …ListScript}`. */
export function readListInput(body: string): { url: string; script: ListScript } {
  const { url, ...script } = listInput(parsed(body), '');
  return { url, script };
}

/** Reads `{"host": "notebooks.googleapis.com", …QuotaScript}`. */
export function readQuotaInput(body: string): { host: string; script: QuotaScript } {
  const { host, ...script } = quotaInput(parsed(body), '');
  return { host, script };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ControlInputError('the input', 'JSON');
  }
}
