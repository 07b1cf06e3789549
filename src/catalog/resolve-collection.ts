import { quote, valueFailure } from '../validation/failure.ts';
import type { Collection, Resource } from '../resources/resource.ts';
import { checkCharacters } from './reference.ts';
import { catalog, namesOf, operationsPart } from './catalog.ts';
import type { Service } from './catalog.ts';
import { findByName } from './find.ts';
import { lookUp } from './resolve.ts';

/** A parent whose operations are to be listed, as the settings name it. */
interface CollectionReference {
  readonly service: string;
  readonly version?: string | undefined;
  /** `projects/p/locations/l`, with or without `/operations`; empty for a service with one collection. */
  readonly parent: string;
  readonly filter?: string | undefined;
}

/** Stands for any operation of a collection, to look up the host and path that they share. */
const ANY = 'any';

/**
 * Resolves a parent to the list of its operations. The list is a `GET` of the path that the paths of all of
 * its operations begin with.
 *
 * @throws Failure `ValueError` that names the field (`service`, `version` or `parents`) and what it should be
 */
export function resolveCollection(reference: CollectionReference): Collection {
  const { parent, filter } = reference;
  if (parent !== '') checkCharacters('parents', parent);
  const { name, filter: ownFilter } = collectionOf(reference);
  const operation = resolveAny(reference, name);
  const { service, version, project, host, url, auth, kind } = operation;
  const entry = catalog.services[service];
  if (entry === undefined) throw new Error(`${service} was resolved and is not in the catalog`);
  if (entry.regional !== undefined && name.split('/').includes('-')) {
    throw needsLocations(service, parent);
  }
  if (
    findByName(operationsPart, service, entry, { name: operation.name, version }).entry.group.list === false
  ) {
    throw valueFailure(
      'parents',
      `${service} ${version} has no method to list the operations of ${quote(name)}`,
    );
  }
  return {
    service,
    version,
    name,
    ...(project !== undefined && { project }),
    host,
    path: url.slice(`https://${host}/`.length, -`/${ANY}`.length),
    filter: filterOf(filter, ownFilter),
    auth,
    kind,
  };
}

const needsLocations = (service: string, parent: string) =>
  valueFailure(
    'parents',
    `${service} has a host for each location, so "-" cannot stand for all locations in ${quote(parent)}; name each location`,
  );

/** The name of the collection, and the filter that a service with one collection for all projects needs. */
function collectionOf({ service, parent }: CollectionReference): { name: string; filter?: string } {
  const short = service.replace(/\.googleapis\.com$/, '');
  const entry = Object.hasOwn(catalog.services, short) ? catalog.services[short] : undefined;
  if (entry?.listFilter !== undefined) return inOneCollection(short, entry, entry.listFilter, parent);
  if (parent === '') return { name: 'operations' };
  return { name: /(?:^|\/)operations$/.test(parent) ? parent : `${parent}/operations` };
}

function inOneCollection(
  service: string,
  { versions }: Service,
  listFilter: string,
  parent: string,
): { name: string; filter?: string } {
  const [pattern = ''] = Object.values(versions).flat().flatMap(namesOf);
  const name = pattern.replace('/**', '');
  const [, project] = /^projects\/([A-Za-z0-9.:-]+)$/.exec(parent) ?? [];
  if (project !== undefined) return { name, filter: listFilter.replace('{project}', project) };
  throw valueFailure('parents', `must be projects/{project} for ${service}, not ${quote(parent)}`);
}

function resolveAny({ service, version, parent }: CollectionReference, name: string): Resource {
  const resolution = lookUp({
    service,
    version,
    name: `${name}/${ANY}`,
    writtenName: `${name}/…`,
    allowsWildcards: true,
  });
  if (resolution.ok) return resolution.operation;
  const { failure, understood } = resolution;
  if (failure.path[0] === 'service' || failure.path[0] === 'version') throw failure;
  if (failure.code === 'Unsupported') throw valueFailure('service', failure.problem);
  if (understood.location === '-') throw needsLocations(service, parent);
  if (parent === '') {
    throw valueFailure(
      'parents',
      'missing; name the parents of the operations, such as projects/p/locations/l',
    );
  }
  throw valueFailure(
    'parents',
    `${quote(parent)} has no operations that can be cancelled: ${failure.problem}`,
  );
}

/**
 * Whether an operation belongs to a collection: to its parent, where `-` stands for any one segment. Services
 * may write a project's number where the parent has its id, so an id and a number count as equal here; the
 * policy then checks the project.
 */
export function belongsTo({ path }: Collection, { host, url }: Resource): boolean {
  const wanted = path.split('/').slice(0, -1);
  const actual = url.slice(`https://${host}/`.length).split('/');
  return wanted.every(
    (segment, at) =>
      segment === '-' ||
      segment === actual[at] ||
      (wanted[at - 1] === 'projects' && isNumber(segment) !== isNumber(actual[at] ?? '')),
  );
}

const isNumber = (segment: string) => /^\d+$/.test(segment);

/** A filter in the settings must not name another project than the parent does. */
function filterOf(filter: string | undefined, ownFilter: string | undefined): string | undefined {
  if (filter === undefined || ownFilter === undefined) return filter ?? ownFilter;
  const { projectId } = readFilter(ownFilter);
  if (readFilter(filter).projectId === projectId) return filter;
  throw valueFailure(
    'filter',
    `must be JSON with "projectId": ${quote(String(projectId))}, as the parent says`,
  );
}

function readFilter(text: string): { readonly projectId?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { projectId?: unknown };
  } catch {
    return {};
  }
}
