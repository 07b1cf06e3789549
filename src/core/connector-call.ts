import { quote, valueFailure } from './failure.ts';
import { checkCharacters, withoutCancel } from './reference.ts';
import type { Reference } from './reference.ts';

/**
 * A call as the Workflows connector writes it (https://cloud.google.com/workflows/docs/reference/googleapis).
 */
export interface ConnectorCall {
  /** `googleapis.{service}.{version}.{collections}.operations.cancel` */
  readonly call: string;
  readonly args: { readonly name: string; readonly region?: string | undefined };
}

/**
 * Takes a connector's call apart, as `{"call":
 * "googleapis.aiplatform.v1beta1.projects.locations.operations.cancel", "args": {"name": "projects/…",
 * "region": "us-central1"}}`.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function parseConnectorCall({ call, args }: ConnectorCall): Reference {
  const [, service, version, collections] =
    /^googleapis\.([a-z0-9]+)\.(v\d[a-z0-9]*)\.((?:[A-Za-z]+\.)*operations)\.cancel$/.exec(call) ?? [];
  if (service === undefined || version === undefined || collections === undefined) {
    throw valueFailure(
      'call',
      `must be googleapis.{service}.{version}.….operations.cancel, not ${quote(call)}`,
    );
  }
  checkCharacters('args.name', args.name);
  const name = withoutCancel(args.name);
  if (!belongsTo(name.split('/'), collections.split('.'))) {
    throw valueFailure('args.name', `${quote(name)} is not a name that ${quote(call)} takes`);
  }
  return { service, version, name, ...(args.region !== undefined && { region: args.region }) };
}

/**
 * Whether a name has just the collections of the connector's method, in this order: what is cancelled must be
 * what the call says. Behind each but the last an id is optional, for singletons such as `ragEngineConfig`.
 *
 * Keeps the set of places that the next collection can stand in, so that no input makes it slow.
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
