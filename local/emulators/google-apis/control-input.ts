import {
  anyObject,
  between,
  faultStep,
  flag,
  listOf,
  manyOf,
  milliseconds,
  objectOf,
  oneOf,
  optional,
  parse,
  text,
  whole,
  wholeOr,
  YEAR_MS,
  type EntriesOf,
} from './control-fields.ts';
import { JOB_CANCEL_EFFECTS, type JobScript } from './jobs/job-script.ts';
import { CANCEL_EFFECTS, DONE_STATES, type ListScript, type OperationScript } from './operation-script.ts';
import { QUOTA_CALLS, type QuotaScript } from './quota.ts';

const operationInput = objectOf({
  url: text,
  onCancel: optional(oneOf(CANCEL_EFFECTS)),
  afterMs: optional(milliseconds),
  state: optional(oneOf(['running', ...DONE_STATES])),
  endsItself: optional(objectOf({ state: oneOf(DONE_STATES), afterMs: milliseconds })),
  ageMs: optional(wholeOr(0, 100 * YEAR_MS, 'unknown')),
  metadata: optional(anyObject),
  response: optional(anyObject),
  error: optional(anyObject),
  cancelFaults: optional(listOf(faultStep)),
  getFaults: optional(listOf(faultStep)),
} satisfies EntriesOf<OperationScript & { readonly url: string }>);

const jobInput = objectOf({
  url: text,
  onCancel: optional(oneOf(JOB_CANCEL_EFFECTS)),
  afterMs: optional(milliseconds),
  state: optional(text),
  startsInMs: optional(milliseconds),
  endsItself: optional(objectOf({ state: text, afterMs: milliseconds })),
  whenFinished: optional(oneOf(['refused', 'accepted'])),
  ageMs: optional(wholeOr(0, 100 * YEAR_MS, 'unknown')),
  location: optional(text),
  fields: optional(anyObject),
  cancelFaults: optional(listOf(faultStep)),
  getFaults: optional(listOf(faultStep)),
} satisfies EntriesOf<JobScript & { readonly url: string }>);

const listInput = objectOf({
  url: text,
  unreachable: optional(listOf(text)),
  maxPageSize: optional(whole(1, 1000)),
  noWildcard: optional(flag),
  projectNumber: optional(text),
  listFaults: optional(listOf(faultStep)),
} satisfies EntriesOf<ListScript & { readonly url: string }>);

const quotaInput = objectOf({
  host: text,
  calls: oneOf(QUOTA_CALLS),
  perSecond: between(0.001, 1_000_000),
  windowMs: optional(whole(1, YEAR_MS)),
  retryAfter: optional(flag),
} satisfies EntriesOf<QuotaScript & { readonly host: string }>);

const importInput = objectOf({
  operations: optional(manyOf(operationInput)),
  jobs: optional(manyOf(jobInput)),
  lists: optional(manyOf(listInput)),
  quotas: optional(manyOf(quotaInput)),
});

/** Operations, jobs, lists and quotas, each as the control surface takes it alone. */
export interface ControlImport {
  readonly operations?: readonly (OperationScript & { readonly url: string })[];
  readonly jobs?: readonly (JobScript & { readonly url: string })[];
  readonly lists?: readonly (ListScript & { readonly url: string })[];
  readonly quotas?: readonly (QuotaScript & { readonly host: string })[];
}

/** Reads `{"operations": […], "jobs": […], "lists": […], "quotas": […]}`, each of which may be absent. */
export const readImport = (body: string): ControlImport => parse(importInput, body);

/** Reads `{"url": "https://…", …OperationScript}`. */
export function readOperationInput(body: string): { url: string; script: OperationScript } {
  const { url, ...script } = parse(operationInput, body);
  return { url, script };
}

/** Reads `{"url": "https://…/customJobs/j", …JobScript}`. */
export function readJobInput(body: string): { url: string; script: JobScript } {
  const { url, ...script } = parse(jobInput, body);
  return { url, script };
}

/** Reads `{"url": "https://…/operations", …ListScript}`. */
export function readListInput(body: string): { url: string; script: ListScript } {
  const { url, ...script } = parse(listInput, body);
  return { url, script };
}

/** Reads `{"host": "notebooks.googleapis.com", …QuotaScript}`. */
export function readQuotaInput(body: string): { host: string; script: QuotaScript } {
  const { host, ...script } = parse(quotaInput, body);
  return { host, script };
}
