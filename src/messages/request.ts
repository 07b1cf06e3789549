import * as v from 'valibot';
import { isJobCall, parseConnectorCall } from './connector-call.ts';
import { parseConfirmWithinMs } from '../validation/duration.ts';
import { checkSenderFields, readSenderFields, senderEntries } from './sender-fields.ts';
import type { SenderFields } from './sender-fields.ts';
import { isPermanent, quote, valueFailure } from '../validation/failure.ts';
import type { Failure, PermanentFailure } from '../validation/failure.ts';
import { arrayOf, isObject, parseWith, plainText, shortText } from '../validation/schema.ts';
import { MAX_REFERENCE_LENGTH, parseJobReference, parseReference } from '../catalog/reference.ts';
import type { Reference, ReferenceContext } from '../catalog/reference.ts';

/** One cancel request that passed every check of its fields. */
export interface CancelRequest {
  readonly requestId: string;
  readonly reference: Reference;
  readonly confirmWithinMs?: number;
  readonly dryRun: boolean;
  readonly echo: SenderFields;
}

/** Several requests in one message: each becomes a message of its own, with this data. */
export interface RequestBatch {
  readonly requestId: string;
  readonly dryRun: boolean;
  readonly echo: SenderFields;
  /** Each reference once, with the data of the request that it becomes. */
  readonly children: readonly { readonly reference: string; readonly data: Record<string, unknown> }[];
}

/** The fields of a refused request that can be read, so that its sender recognizes the result. */
export interface UnderstoodRequest {
  readonly requestId?: string;
  /** The operation or job as it is written. */
  readonly reference?: string;
  /** Whether the reference is that of a job. */
  readonly isJob?: boolean;
  readonly dryRun?: boolean;
  readonly echo: SenderFields;
}

/** A request for one operation, one for many, or the failure and the fields that were understood. */
type ParsedRequest =
  | { readonly ok: true; readonly one: CancelRequest }
  | { readonly ok: true; readonly many: RequestBatch }
  | { readonly ok: false; readonly failure: PermanentFailure; readonly understood: UnderstoodRequest };

/** Largest number of `operations` or `jobs` in a request. */
const MAX_OPERATIONS = 1_000;

export const requestIdSchema = plainText(128);
/** Whether a text can be a request's id. */
export const isRequestId = (value: unknown): value is string => v.is(requestIdSchema, value);
const text = shortText(512);

const common = {
  requestId: v.optional(requestIdSchema),
  ...senderEntries,
  confirmWithin: v.optional(text),
  dryRun: v.optional(v.boolean()),
};

const referenceContext = {
  service: v.optional(text),
  version: v.optional(text),
  region: v.optional(text),
};

const references = v.optional(arrayOf(shortText(MAX_REFERENCE_LENGTH), MAX_OPERATIONS));

/**
 * A request for one operation or job, or several. Unknown fields are refused: a misspelled `dryRun` must not cancel
 * anything.
 */
export const requestSchema = v.strictObject({
  operation: v.optional(v.string()),
  operations: references,
  job: v.optional(v.string()),
  jobs: references,
  ...referenceContext,
  ...common,
});

/** The fields that older methods of Kubernetes Engine accept in place of a name. */
const positions = { projectId: v.optional(text), zone: v.optional(text), operationId: v.optional(text) };

/** The fields that methods of jobs accept in place of a name, or beside it. */
const jobPositions = { jobId: v.optional(text), id: v.optional(text), location: v.optional(text) };

/** A request in the form of the Workflows connector. */
export const connectorRequestSchema = v.strictObject({
  call: text,
  args: v.strictObject({
    name: v.optional(v.string()),
    region: v.optional(text),
    ...positions,
    ...jobPositions,
    body: v.optional(v.strictObject({ name: v.optional(v.string()), ...positions, id: v.optional(text) })),
  }),
  ...common,
});

/**
 * Reads the data of a cancel request. The failure of one that is refused, `TypeError` or `ValueError`, names
 * the field and what it should be.
 *
 * @param defaultId the id of the event or message, for a request that names none
 */
export function parseRequest(data: unknown, defaultId: string): ParsedRequest {
  try {
    return { ok: true, ...parse(data, defaultId) };
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { ok: false, failure: error, understood: understandRequest(data, error) };
  }
}

function parse(
  data: unknown,
  defaultId: string,
): { readonly one: CancelRequest } | { readonly many: RequestBatch } {
  if (isObject(data) && ('call' in data || 'args' in data)) {
    const { call, args, ...rest } = parseWith(connectorRequestSchema, data, 'data');
    checkSenderFields(rest);
    return { one: toRequest(rest, parseConnectorCall({ call, args }), defaultId) };
  }
  const { operation, operations, job, jobs, ...rest } = parseWith(requestSchema, data, 'data');
  checkSenderFields(rest);
  const [first, second] = Object.entries({ operation, operations, job, jobs }).flatMap(([field, value]) =>
    value === undefined ? [] : [field],
  );
  if (first !== undefined && second !== undefined) {
    throw valueFailure(second, `must not be given together with ${first}`);
  }
  const many = operations ?? jobs;
  if (many !== undefined) {
    const requestId = resolveId(rest.requestId, defaultId);
    checkConfirmWithin(rest.confirmWithin);
    const children = [...new Set(many)].map((reference) => ({
      reference,
      data: { [jobs === undefined ? 'operation' : 'job']: reference, ...rest, requestId },
    }));
    const { reason, requestedBy, labels } = rest;
    const echo = { reason, requestedBy, labels };
    return { many: { requestId, dryRun: rest.dryRun ?? false, echo, children } };
  }
  if (job !== undefined) return { one: toRequest(rest, parseJobReference(job, contextOf(rest)), defaultId) };
  if (operation === undefined)
    throw valueFailure('operation', 'missing; name the operation or job to cancel');
  return { one: toRequest(rest, parseReference(operation, rest), defaultId) };
}

const contextOf = ({ service, version, region }: ReferenceContext): ReferenceContext => ({
  ...(service !== undefined && { service }),
  ...(version !== undefined && { version }),
  ...(region !== undefined && { region }),
});

function toRequest(
  fields: v.InferOutput<v.StrictObjectSchema<typeof common, undefined>>,
  reference: Reference,
  defaultId: string,
): CancelRequest {
  const { requestId, confirmWithin, dryRun, reason, requestedBy, labels } = fields;
  const confirmWithinMs = checkConfirmWithin(confirmWithin);
  return {
    requestId: resolveId(requestId, defaultId),
    reference,
    ...(confirmWithinMs !== undefined && { confirmWithinMs }),
    dryRun: dryRun ?? false,
    echo: { reason, requestedBy, labels },
  };
}

const checkConfirmWithin = (confirmWithin: string | undefined) =>
  confirmWithin === undefined ? undefined : parseConfirmWithinMs('confirmWithin', confirmWithin);

/** The id that the result will repeat: the request's own, or that of the event that carried it. */
function resolveId(given: string | undefined, defaultId: string): string {
  if (given !== undefined) return given;
  if (isRequestId(defaultId)) return defaultId;
  throw valueFailure(
    'requestId',
    `missing, and the event's id ${quote(defaultId)} cannot replace it: an id has 1 to 128 characters, none of them a control character`,
  );
}

/** The name of an operation that older methods of Kubernetes Engine name in parts. */
function nameOfParts({ projectId, zone, operationId }: Record<string, unknown>): string | undefined {
  const parts = [projectId, zone, operationId];
  if (!parts.every((part) => typeof part === 'string')) return undefined;
  return `projects/${parts[0]}/zones/${parts[1]}/operations/${parts[2]}`;
}

/**
 * Reads each field of a refused request by itself, and leaves out the fields that cannot be used.
 *
 * @param failure names fields that are known to be wrong; they can be large, so they are not checked again
 */
export function understandRequest(data: unknown, failure?: Failure): UnderstoodRequest {
  if (!isObject(data)) return { echo: {} };
  const args = isObject(data.args) ? data.args : {};
  const reference = data.operation ?? data.job ?? args.name ?? nameOfParts(args);
  const isJob = data.operation === undefined && (data.job !== undefined || isJobCall(data.call));
  const wrong = new Set(failure === undefined ? [] : [failure, ...failure.others].map(({ path }) => path[0]));
  const echo = readSenderFields(data, wrong);
  return {
    ...(isRequestId(data.requestId) && { requestId: data.requestId }),
    ...(typeof reference === 'string' && { reference }),
    ...(isJob && { isJob }),
    ...(data.dryRun === true && { dryRun: true }),
    echo,
  };
}
