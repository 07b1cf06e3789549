import { quote, valueFailure } from '../validation/failure.ts';
import type { Failure } from '../validation/failure.ts';
import { withoutCancel } from './reference.ts';
import type { NameReference, ReferenceContext, UrlReference } from './reference.ts';
import { namesOf } from './catalog.ts';
import type { CatalogPart, MethodGroup, Service } from './catalog.ts';
import { basesOf, callFormOf } from './call-forms.ts';
import type { CallForm } from './call-forms.ts';
import { contradiction } from './location.ts';
import { indexPatterns } from './name-pattern.ts';
import type { NameIndex } from './name-pattern.ts';

/** Finds the entry of the catalog for a name, or for the path of a URL. */

/** The entry of the catalog that a name matches. */
export interface Found {
  readonly version: string;
  readonly name: string;
  /** The pattern that the name matches. */
  readonly pattern: string;
  readonly group: MethodGroup;
  /** Undefined where operations of this name cannot be cancelled. */
  readonly form: CallForm | undefined;
}

export function findByName(
  part: CatalogPart,
  serviceName: string,
  service: Service,
  reference: NameReference & ReferenceContext,
): Found {
  const { name, writtenName = name } = reference;
  const version = findVersion(serviceName, service, reference.version);
  const match = indexOf(part, serviceName, service, version)(name);
  if (match !== undefined) return { version, name, pattern: match.pattern, ...match.value };
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
  const found = Object.keys(service.versions).flatMap((version) => {
    const match = indexOf(part, serviceName, service, version)(name);
    return match === undefined ? [] : [{ version, name, pattern: match.pattern, ...match.value }];
  });
  if (part.noun === 'job' && found.length === 1) return found[0];
  return found.every(({ form }) => form === undefined) ? found[0] : undefined;
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
    const base = basesOf(version, groups).find((start) => path.startsWith(start));
    if (base === undefined) continue;
    if (asked !== undefined && asked !== version) {
      throw contradiction('version', 'the URL', version, 'version', asked);
    }
    const name = path.slice(base.length);
    const index = indexOf(part, serviceName, service, version);
    // A URL may be that of the cancel itself. `parseReference` has already removed `:cancel`.
    for (const candidate of [name, name.replace(/\/cancel$|:terminate$/, '')]) {
      const match = index(candidate);
      if (match !== undefined && basesOf(version, [match.value.group]).includes(base)) {
        return { version, name: candidate, pattern: match.pattern, ...match.value };
      }
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

type Entry = Pick<Found, 'group' | 'form'>;

/** The index of a version, built when the version is first used. */
const indexes = new Map<string, NameIndex<Entry>>();

function indexOf(
  { noun }: CatalogPart,
  serviceName: string,
  service: Service,
  version: string,
): NameIndex<Entry> {
  const key = `${noun}/${serviceName}/${version}`;
  let index = indexes.get(key);
  if (index === undefined) {
    const entries = (service.versions[version] ?? []).flatMap((group) => {
      const entry = { group, form: callFormOf(serviceName, service, version, group) };
      return namesOf(group).map((pattern) => [pattern, entry] as const);
    });
    index = indexPatterns(entries);
    indexes.set(key, index);
  }
  return index;
}
