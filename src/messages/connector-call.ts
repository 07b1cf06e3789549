import { quote, valueFailure } from '../validation/failure.ts';
import { jobKindNames } from '../catalog/catalog.ts';
import { checkCharacters, withoutCancel } from '../catalog/reference.ts';
import type { Reference } from '../catalog/reference.ts';

/**
 * A call as the Workflows connector writes it (https://cloud.google.com/workflows/docs/reference/googleapis).
 */
export interface ConnectorCall {
  /** `googleapis.{service}.{version}.{collections}.operations.cancel`, or with a kind of jobs for `operations` */
  readonly call: string;
  readonly args: ConnectorName & {
    readonly region?: string | undefined;
    readonly location?: string | undefined;
    readonly jobId?: string | undefined;
    /** Repeats what the other fields name; methods of Kubernetes Engine and Cloud Build have such a body. */
    readonly body?: ConnectorName | undefined;
  };
}

/** The operation by its name, or by the parts that older methods of Kubernetes Engine take. */
interface ConnectorName {
  readonly name?: string | undefined;
  readonly projectId?: string | undefined;
  readonly zone?: string | undefined;
  readonly operationId?: string | undefined;
  readonly id?: string | undefined;
}

const CALL = /^googleapis\.([a-z0-9]+)\.(v\d[a-z0-9]*)\.((?:[A-Za-z]+\.)*[A-Za-z]+)\.cancel$/;
const OPERATIONS = /(?:^|\.)(?:operations|transferOperations)$/;

/** Whether a connector's call is the cancel of a kind of jobs that the catalog lists. */
export function isJobCall(call: unknown): boolean {
  const [, service = '', , collections = ''] = (typeof call === 'string' ? CALL.exec(call) : undefined) ?? [];
  return jobKindNames.has(`${service}.${collections.slice(collections.lastIndexOf('.') + 1)}`);
}

/**
 * Splits a connector's call into its parts, as `{"call":
 * "googleapis.aiplatform.v1beta1.projects.locations.operations.cancel", "args": {"name": "projects/…",
 * "region": "us-central1"}}`.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function parseConnectorCall({ call, args }: ConnectorCall): Reference {
  const [, service, version, collections = ''] = CALL.exec(call) ?? [];
  const isJob = isJobCall(call);
  if (service === undefined || version === undefined || !(isJob || OPERATIONS.test(collections))) {
    throw valueFailure(
      'call',
      `must be googleapis.{service}.{version}.….operations.cancel, or end in a kind of jobs as customJobs.cancel, not ${quote(call)}`,
    );
  }
  if (isJob) return parseJobCall(service, version, collections, { call, args });
  for (const field of ['location', 'jobId', 'id'] as const) {
    if (args[field] !== undefined) throw valueFailure(['args', field], 'does not belong to this call');
  }
  const name = nameOf(args);
  if (!belongsTo(name.split('/'), collections.split('.'))) {
    throw valueFailure(
      FIELDS.operation,
      `${quote(name)} is not the name of an operation that ${quote(call)} cancels`,
    );
  }
  checkBody(args.body ?? {}, name);
  return {
    service,
    version,
    name,
    fields: FIELDS,
    ...(args.region !== undefined && { region: args.region }),
  };
}

/** The names of jobs that a method takes in parts (https://cloud.google.com/workflows/docs/reference/googleapis). */
const NAMES_IN_PARTS: Readonly<Record<string, string>> = {
  'bigquery jobs': 'projects/{projectId}/jobs/{jobId}',
  'cloudbuild projects.builds': 'projects/{projectId}/builds/{id}',
  'dataproc projects.regions.jobs': 'projects/{projectId}/regions/{region}/jobs/{jobId}',
};

function parseJobCall(
  service: string,
  version: string,
  collections: string,
  { call, args }: ConnectorCall,
): Reference {
  const template = NAMES_IN_PARTS[`${service} ${collections}`];
  const inParts = template !== undefined && args.name === undefined;
  const name = inParts ? nameOfJobParts(template, args) : jobName(args);
  // A method that takes a job in parts has no collections of its name.
  if (!inParts && !belongsTo(name.split('/'), collections.split('.'))) {
    throw valueFailure(
      FIELDS.operation,
      `${quote(name)} is not the name of a job that ${quote(call)} cancels`,
    );
  }
  checkBody(args.body ?? {}, name);
  const region = args.location ?? (inParts && template.includes('{region}') ? undefined : args.region);
  return {
    service,
    version,
    name,
    isJob: true,
    fields: { ...FIELDS, ...(args.location !== undefined && { region: ['args', 'location'] }) },
    ...(region !== undefined && { region }),
  };
}

function jobName({ name }: ConnectorName): string {
  if (name === undefined) throw valueFailure(FIELDS.operation, 'missing; name the job to cancel');
  checkCharacters(FIELDS.operation, name);
  return withoutCancel(name);
}

const nameOfJobParts = (template: string, args: ConnectorCall['args']): string =>
  template.replace(/\{(\w+)\}/g, (_, part: string) => {
    const value = (args as Readonly<Record<string, unknown>>)[part];
    if (typeof value !== 'string') {
      throw valueFailure(['args', part], `missing; this call names a job by ${partsOf(template)}`);
    }
    return checkPart(part, value);
  });

const partsOf = (template: string) => [...template.matchAll(/\{(\w+)\}/g)].map(([, part]) => part).join(', ');

/** A part of a name: one segment. */
function checkPart(part: string, value: string): string {
  checkCharacters(['args', part], value);
  if (/^[^/]+$/.test(value) && !/^\.+$/.test(value)) return value;
  throw valueFailure(['args', part], `must be one segment of a name, not ${quote(value)}`);
}

/** The paths of these fields in a connector's call, for the messages of failures. */
const FIELDS = {
  operation: ['args', 'name'],
  service: ['call'],
  version: ['call'],
  region: ['args', 'region'],
};

function nameOf({ name, projectId, zone, operationId }: ConnectorName): string {
  const inParts = [projectId, zone, operationId].some((part) => part !== undefined);
  if (name !== undefined && inParts) {
    throw valueFailure(FIELDS.operation, 'must not be given together with projectId, zone and operationId');
  }
  if (name !== undefined) {
    checkCharacters(FIELDS.operation, name);
    return withoutCancel(name);
  }
  if (!inParts) throw valueFailure(FIELDS.operation, 'missing; name the operation to cancel');
  const parts = { projectId, zone, operationId };
  for (const [part, value] of Object.entries(parts)) {
    if (value === undefined) {
      throw valueFailure(['args', part], 'missing; projectId, zone and operationId go together');
    }
    checkPart(part, value);
  }
  return `projects/${projectId}/zones/${zone}/operations/${operationId}`;
}

/** A body names the same operation, or nothing. */
function checkBody(
  { name = '', projectId = '', zone = '', operationId = '', id = '' }: ConnectorName,
  called: string,
) {
  const segments = called.split('/');
  const behind = (...collections: string[]) =>
    segments.find((_, index) => index > 0 && collections.includes(segments[index - 1] ?? ''));
  for (const [field, said, expected] of [
    ['name', name, called],
    ['projectId', projectId, behind('projects')],
    ['zone', zone, behind('zones', 'locations')],
    ['operationId', operationId, behind('operations')],
    ['id', id, segments.at(-1)],
  ] as const) {
    if (said === '' || said === expected) continue;
    throw valueFailure(['args', 'body', field], `says ${quote(said)}, but the call is for ${quote(called)}`);
  }
}

/**
 * Whether a name has exactly the collections of the connector's method, in the same order, so that the call
 * cancels the kind of operation that it names. The id after a collection is optional except after the last, for
 * singletons such as `ragEngineConfig`.
 *
 * Keeps the set of positions at which the next collection can be, so that no input makes it slow.
 */
function belongsTo(segments: readonly string[], collections: readonly string[]): boolean {
  let places = new Set([0]);
  let behind = new Set<number>();
  for (const collection of collections) {
    behind = new Set([...places].filter((place) => segments[place] === collection).map((place) => place + 1));
    places = new Set([...behind].flatMap((place) => [place, place + 1]));
  }
  // Behind `operations` there is an id, of one segment or several.
  return [...behind].some((place) => place < segments.length);
}
