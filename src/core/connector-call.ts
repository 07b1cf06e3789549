import { quote, valueFailure } from './failure.ts';
import { checkCharacters, withoutCancel } from './reference.ts';
import type { Reference } from './reference.ts';

/** A call as the Workflows connector writes it (https://cloud.google.com/workflows/docs/reference/googleapis). */
export interface ConnectorCall {
  /** `googleapis.{service}.{version}.{collections}.operations.cancel` */
  readonly call: string;
  readonly args: { readonly name: string; readonly region?: string | undefined };
}

/**
 * Takes a connector's call apart, as `{"call": "googleapis.aiplatform.v1beta1.projects.locations.operations.cancel",
 * "args": {"name": "projects/…", "region": "us-central1"}}`.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function parseConnectorCall({ call, args }: ConnectorCall): Reference {
  const [, service, version, collections] =
    /^googleapis\.([a-z0-9]+)\.(v\d+[a-z0-9]*)\.((?:[A-Za-z]+\.)*operations)\.cancel$/.exec(call) ?? [];
  if (service === undefined || version === undefined || collections === undefined) {
    throw valueFailure(
      'call',
      `must be googleapis.{service}.{version}.….operations.cancel, not ${quote(call)}`,
    );
  }
  checkCharacters('args.name', args.name);
  const name = withoutCancel(args.name);
  if (!belongsTo(name, collections)) {
    throw valueFailure('args.name', `${quote(name)} is not a name that ${quote(call)} takes`);
  }
  return { service, version, name, ...(args.region !== undefined && { region: args.region }) };
}

/**
 * Whether a name has just the collections of the connector's method, in this order: what is cancelled must be what the call
 * says. An id is optional behind all but the last, for singletons such as `ragEngineConfig`.
 */
function belongsTo(name: string, collections: string): boolean {
  const expression = collections.split('.').join('(?:/[^/]+)?/');
  return new RegExp(`^${expression}/.+$`).test(name);
}
