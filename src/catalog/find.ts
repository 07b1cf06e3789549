import { quote, valueFailure } from '../validation/failure.ts';
import type { Failure } from '../validation/failure.ts';
import { withoutCancel } from './reference.ts';
import type { NameReference, ReferenceContext, UrlReference } from './reference.ts';
import type { Resource } from '../resources/resource.ts';
import { namesOf } from './catalog.ts';
import type { CatalogPart, MethodGroup, Service } from './catalog.ts';
import { basesOf, callFormOf } from './call-forms.ts';
import type { CallForm } from './call-forms.ts';
import { contradiction } from './location.ts';
import { indexPatterns } from './name-pattern.ts';
import type { NameIndex } from './name-pattern.ts';
import { scopesOf, tokenScopesOf } from './scopes.ts';

/** Finds the entry of the catalog for a name, or for the path of a URL. */

/** The entry of the catalog that a name matches. */
export interface Found {
  readonly version: string;
  readonly name: string;
  /** Project that the name contains. */
  readonly project: string | undefined;
  /** Location that the name contains, which need not exist. */
  readonly location: string | undefined;
  readonly entry: Entry;
}

interface Entry {
  readonly group: MethodGroup;
  /** Undefined where operations of this name cannot be cancelled. */
  readonly form: CallForm | undefined;
  /** The beginnings of its paths. */
  readonly bases: readonly string[];
  readonly auth: Resource['auth'];
}

export function findByName(
  part: CatalogPart,
  serviceName: string,
  service: Service,
  reference: NameReference & ReferenceContext,
): Found {
  const { name, writtenName = name } = reference;
  const version = findVersion(serviceName, service, reference.version);
  const found = findInVersion(serviceName, service, version, name);
  if (found !== undefined) return found;
  const other = reference.version === undefined ? findElsewhere(part, serviceName, service, name) : undefined;
  if (other !== undefined) return other;
  throw notAName(part, serviceName, version, service, writtenName);
}

/**
 * The entry that another version has, for a request that names no version: an operation that no version can cancel, or a job
 * of the only version that has such names, as Cloud Run's v1 alone has `namespaces/…`.
 */
function findElsewhere(
  part: CatalogPart,
  serviceName: string,
  service: Service,
  name: string,
): Found | undefined {
  const found = Object.keys(service.versions).flatMap(
    (version) => findInVersion(serviceName, service, version, name) ?? [],
  );
  if (part.noun === 'job' && found.length === 1) return found[0];
  return found.every(({ entry }) => entry.form === undefined) ? found[0] : undefined;
}

/** Splits a path into a base that the catalog lists for a version, such as `v2/`, and a name. */
export function findByPath(
  part: CatalogPart,
  serviceName: string,
  service: Service,
  reference: UrlReference & ReferenceContext,
): Found {
  const { path, version: asked } = reference;
  // Created only when it is thrown: an unused error costs as much as the whole lookup.
  let failure = () =>
    valueFailure(
      'operation',
      `the path ${quote(`/${path}`)} is not a path of ${serviceName}, whose paths begin with ${pathsOf(service)}`,
    );
  for (const [version, groups] of Object.entries(service.versions)) {
    const base = methodsOf(version, groups).bases.find((start) => path.startsWith(start));
    if (base === undefined) continue;
    if (asked !== undefined && asked !== version) {
      throw contradiction('version', 'the URL', version, 'version', asked);
    }
    const name = path.slice(base.length);
    // A URL may be that of the cancel itself. `parseReference` has already removed `:cancel`.
    for (const candidate of [name, name.replace(/\/cancel$|:terminate$/, '')]) {
      const found = findInVersion(serviceName, service, version, candidate);
      if (found?.entry.bases.includes(base) === true) return found;
    }
    failure = () => notAName(part, serviceName, version, service, withoutCancel(name));
  }
  throw failure();
}

const versionsOf = ({ versions }: Service) => Object.keys(versions).join(', ');
const pathsOf = ({ versions }: Service) =>
  Object.entries(versions)
    .flatMap(([version, groups]) => basesOf(version, groups))
    .map((base) => `/${base}`)
    .join(', ');

export function findVersion(serviceName: string, service: Service, asked: string | undefined): string {
  if (asked !== undefined) {
    if (Object.hasOwn(service.versions, asked)) return asked;
    throw valueFailure(
      'version',
      `${serviceName} has no version ${quote(asked)}; it has ${versionsOf(service)}`,
    );
  }
  if (service.defaultVersion !== undefined) return service.defaultVersion;
  throw valueFailure(
    'version',
    `missing; ${serviceName} has ${versionsOf(service)}; none of them is a safe default, so name one`,
  );
}

function notAName(
  { noun }: CatalogPart,
  serviceName: string,
  version: string,
  service: Service,
  name: string,
): Failure {
  const [group = {}] = service.versions[version] ?? [];
  const [form = ''] = namesOf(group);
  const advice = /^v\d/.test(name)
    ? 'the name begins after the version'
    : `a name has the form ${form.replace(/[[\]]/g, '')}`;
  return valueFailure(
    'operation',
    `${quote(name)} is not the name of ${noun === 'job' ? 'a job' : 'an operation'} of ${serviceName} ${version}; ${advice}`,
  );
}

function findInVersion(
  serviceName: string,
  service: Service,
  version: string,
  name: string,
): Found | undefined {
  const { [version]: groups = [] } = service.versions;
  const methods = methodsOf(version, groups);
  // Made when the version is first used.
  methods.index ??= indexOf(serviceName, service, version, groups);
  const match = methods.index(name);
  if (match === undefined) return undefined;
  return { version, name, project: match.project, location: match.location, entry: match.value };
}

/** What is derived from the groups of a version. */
interface Methods {
  /** The beginnings that paths of the version may have. */
  readonly bases: readonly string[];
  index?: NameIndex<Entry>;
}

/** By the groups of each version in the catalog. */
const allMethods = new WeakMap<readonly MethodGroup[], Methods>();

function methodsOf(version: string, groups: readonly MethodGroup[]): Methods {
  let methods = allMethods.get(groups);
  if (methods === undefined) {
    methods = { bases: basesOf(version, groups) };
    allMethods.set(groups, methods);
  }
  return methods;
}

const indexOf = (serviceName: string, service: Service, version: string, groups: readonly MethodGroup[]) =>
  indexPatterns(
    groups.flatMap((group) => {
      const entry: Entry = {
        group,
        form: callFormOf(serviceName, service, version, group),
        bases: basesOf(version, [group]),
        auth: {
          scopes: scopesOf(group),
          tokenScopes: tokenScopesOf(service, group),
          delegated: service.delegated ?? false,
        },
      };
      return namesOf(group).map((pattern) => [pattern, entry] as const);
    }),
  );
