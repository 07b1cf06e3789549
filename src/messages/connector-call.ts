import { quote, valueFailure } from '../validation/failure.ts';
import { checkCharacters, withoutCancel } from '../catalog/reference.ts';
import type { Reference } from '../catalog/reference.ts';

/**
 * A call as the Workflows connector writes it (https://cloud.google.com/workflows/docs/reference/googleapis).
 */
export interface ConnectorCall {
  /** `googleapis.{service}.{version}.{collections}.operations.cancel` */
  readonly call: string;
  readonly args: ConnectorName & {
    readonly region?: string | undefined;
    /** Repeats the operation that the other fields name; methods of Kubernetes Engine have such a body. */
    readonly body?: ConnectorName | undefined;
  };
}

/** The operation by its name, or by the parts that older methods of Kubernetes Engine take. */
interface ConnectorName {
  readonly name?: string | undefined;
  readonly projectId?: string | undefined;
  readonly zone?: string | undefined;
  readonly operationId?: string | undefined;
}

/**
 * Splits a connector's call into its parts, as `{"call":
 * "googleapis.aiplatform.v1beta1.projects.locations.operations.cancel", "args": {"name": "projects/…",
 * "region": "us-central1"}}`.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function parseConnectorCall({ call, args }: ConnectorCall): Reference {
  const [, service, version, collections] =
    /^googleapis\.([a-z0-9]+)\.(v\d[a-z0-9]*)\.((?:[A-Za-z]+\.)*(?:operations|transferOperations))\.cancel$/.exec(
      call,
    ) ?? [];
  if (service === undefined || version === undefined || collections === undefined) {
    throw valueFailure(
      'call',
      `must be googleapis.{service}.{version}.….operations.cancel, not ${quote(call)}`,
    );
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
    checkCharacters(['args', part], value);
    if (!/^[^/]+$/.test(value) || /^\.+$/.test(value)) {
      throw valueFailure(['args', part], `must be one segment of a name, not ${quote(value)}`);
    }
  }
  return `projects/${projectId}/zones/${zone}/operations/${operationId}`;
}

/** A body names the same operation, or nothing. */
function checkBody(
  { name = '', projectId = '', zone = '', operationId = '' }: ConnectorName,
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
