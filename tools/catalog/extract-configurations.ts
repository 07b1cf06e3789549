import { GOOGLEAPIS_COMMIT } from './googleapis.ts';
import type { Snapshot } from './googleapis.ts';
import { readServiceConfiguration } from './service-configuration.ts';
import type { ServiceConfiguration } from './service-configuration.ts';

/**
 * The second source of the catalog: the rules for operations in the service configurations of
 * googleapis/googleapis, which include services, versions and paths that no discovery document has. The extract
 * also lists the cancel methods of other resources, for the tests.
 */

export interface ConfigurationExtract {
  readonly commit: string;
  readonly configurations: readonly Configuration[];
  readonly otherCancels: readonly OtherCancels[];
}

/** Rules of a configuration for `google.longrunning.Operations`, such as `POST /v1/{name=operations/**}:cancel`. */
export interface Configuration {
  /** Path in the repository. */
  readonly file: string;
  /** Short name, as `batch`. */
  readonly service: string;
  readonly cancel: readonly string[];
  readonly get: readonly string[];
  readonly list: readonly string[];
  /** OAuth scopes of the cancel, of which any one is accepted, in short; absent where none is listed. */
  readonly scopes?: readonly string[];
}

/** Rules of a file for cancel methods outside of `google.longrunning.Operations`. */
export interface OtherCancels {
  readonly file: string;
  readonly service: string;
  readonly rules: readonly string[];
}

const OPERATIONS = 'google.longrunning.Operations.';
const CANCEL = /[:/]cancel$/;

/**
 * Compute Engine's protos are made from its discovery document, which the first source reads; the proto of
 * `google.longrunning.Operations` itself belongs to no service.
 */
const PROTOS = ['*.proto', ':(exclude)*/compute.proto', ':(exclude)google/longrunning/'];

export async function extractConfigurations(snapshot: Snapshot): Promise<ConfigurationExtract> {
  const configurations: Configuration[] = [];
  const otherCancels: OtherCancels[] = [];
  for (const file of await snapshot.find(['*.yaml'], 'type: google.api.Service')) {
    const configuration = readServiceConfiguration(await snapshot.read(file));
    const ofOperations = extractOperations(file, configuration);
    if (ofOperations !== undefined) configurations.push(ofOperations);
    const rules = configuration.methods
      .filter(({ selector }) => !selector.startsWith(OPERATIONS))
      .flatMap((method) => method.rules.filter((rule) => CANCEL.test(rule)));
    if (rules.length > 0) otherCancels.push({ file, service: shortName(configuration.name), rules });
  }
  for (const file of await snapshot.find(PROTOS, 'cancel"')) {
    const proto = await snapshot.read(file);
    const [, host] = /google\.api\.default_host\) =\s*"([^"]+)"/.exec(proto) ?? [];
    const bindings = proto.matchAll(/\b(get|put|post|delete|patch): *"([^"]+)"/g);
    const rules = [...bindings]
      .map(([, verb = '', path = '']) => `${verb.toUpperCase()} ${path}`)
      .filter((rule) => CANCEL.test(rule));
    if (host !== undefined && rules.length > 0) otherCancels.push({ file, service: shortName(host), rules });
  }
  return { commit: GOOGLEAPIS_COMMIT, configurations, otherCancels };
}

function extractOperations(
  file: string,
  { name, methods, scopes }: ServiceConfiguration,
): Configuration | undefined {
  const rulesOf = (method: string) => [
    ...new Set(
      methods.filter(({ selector }) => selector === OPERATIONS + method).flatMap(({ rules }) => rules),
    ),
  ];
  const [cancel, get, list] = ['CancelOperation', 'GetOperation', 'ListOperations'].map(rulesOf);
  if (cancel === undefined || get === undefined || list === undefined) return undefined;
  if (cancel.length === 0 && get.length === 0) return undefined;
  const accepted = [`${OPERATIONS}CancelOperation`, `${OPERATIONS}*`, '*'].map((selector) =>
    scopes.get(selector),
  );
  const ofCancel = accepted.find((listed) => listed !== undefined);
  return {
    file,
    service: shortName(name),
    cancel,
    get,
    list,
    ...(cancel.length > 0 && ofCancel !== undefined && { scopes: ofCancel }),
  };
}

const shortName = (name: string) => name.replace(/\.googleapis\.com$/, '');
