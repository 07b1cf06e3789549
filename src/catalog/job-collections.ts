import { jobKind } from '../resources/job-kind.ts';
import type { Collection, JobCollection, Query, Resource, ResourceKind } from '../resources/resource.ts';
import { quote, valueFailure } from '../validation/failure.ts';
import { mostSimilar } from '../validation/similar.ts';
import { canonicalName } from './canonical-name.ts';
import { jobsPart, namesOf } from './catalog.ts';
import type { ContainerList, ListRule, MethodGroup } from './catalog.ts';
import { readerOf } from './call-forms.ts';
import { findVersion } from './find.ts';
import { hostOf } from './host.ts';
import { checkCharacters } from './reference.ts';
import { knownService, lookUp } from './resolve.ts';
import { scopesOf, tokenScopesOf } from './scopes.ts';

/** Kinds of jobs of one service whose lists a sweep reads. */
export interface JobKinds {
  /** Short name of the service, as `aiplatform`. */
  readonly service: string;
  readonly version: string;
  readonly kinds: readonly JobKindGroups[];
}

/** One kind: some are named in two ways, each of which is a group. */
interface JobKindGroups {
  readonly kind: string;
  readonly groups: readonly MethodGroup[];
}

/** The kinds that `*` stands for: all but those that settings have to name one by one. */
const ALL = '*';

/**
 * Finds the kinds of jobs that the settings name.
 *
 * @param asked kinds, as `customJobs`, or `*`
 * @throws Failure `ValueError` that names the field (`service`, `version` or `jobs`) and what it should be
 */
export function findJobKinds(reference: {
  readonly service: string;
  readonly version?: string | undefined;
  readonly jobs: readonly string[];
}): JobKinds {
  const { version: askedVersion, jobs: asked } = reference;
  const service = knownService(reference.service);
  const entry = Object.hasOwn(jobsPart.services, service) ? jobsPart.services[service] : undefined;
  if (entry === undefined) throw valueFailure('service', `${service} has no jobs that can be cancelled`);
  const version = findVersion(service, entry, askedVersion);
  const groups = (entry.versions[version] ?? []).filter(({ cancel }) => cancel !== false);
  const known = [...new Set(groups.flatMap(({ kind }) => kind ?? []))];
  const ofKind = (kind: string): JobKindGroups => ({
    kind,
    groups: groups.filter((group) => group.kind === kind),
  });
  const usual = known.map(ofKind).filter((one) => one.groups.every(({ explicit }) => explicit !== true));
  const named = asked.flatMap((kind, index) => {
    if (kind === ALL && usual.length > 0) return usual;
    if (known.includes(kind)) return [ofKind(kind)];
    throw valueFailure(
      ['jobs', index],
      problemOfKind(`${service} ${version}`, kind, known, usual.length > 0),
    );
  });
  const kinds = [...new Map(named.map((one) => [one.kind, one])).values()];
  const unlisted = kinds.find((one) => one.groups.every(({ list }) => list === false));
  if (unlisted !== undefined) {
    throw valueFailure('jobs', `${service} ${version} has no method to list ${unlisted.kind}`);
  }
  return { service, version, kinds };
}

function problemOfKind(service: string, kind: string, known: readonly string[], hasUsual: boolean): string {
  if (kind === ALL && known.length > 0) {
    return `"*" stands for no kind of ${service}: name ${known.join(', ')}`;
  }
  const meant = mostSimilar(kind.slice(kind.indexOf('.') + 1), known);
  const advice =
    meant === undefined
      ? `its kinds are ${[...known, ...(hasUsual ? [ALL] : [])].join(', ')}`
      : `did you mean ${quote(meant)}?`;
  return known.length === 0
    ? `${service} has no jobs that can be cancelled`
    : `${quote(kind)} is not a kind of jobs of ${service}; ${advice}`;
}

/** How the jobs of these kinds are read. */
export const readersOf = ({ service, kinds }: JobKinds): readonly ResourceKind[] =>
  kinds.flatMap(({ groups }) => groups.map((group) => readerOf(service, {}, group)));

/** Stands for any job of a collection, to look up the host and path that they share. */
const ANY_JOB = 'any';

/**
 * Resolves a parent to the lists of the jobs of one kind: one list as a rule, one for each value of a parameter that takes
 * one value at a time.
 *
 * @param needsWholeEntries whether a rule needs fields that the short form of the list leaves out
 * @throws Failure `ValueError` that names the field (`parents` or `filter`) and what it should be
 */
export function resolveJobCollections(reference: {
  readonly service: string;
  readonly version: string;
  readonly kind: JobKindGroups;
  readonly parent: string;
  readonly filter?: string | undefined;
  readonly needsWholeEntries: boolean;
}): readonly Collection[] {
  const { service, version, kind, parent, filter, needsWholeEntries } = reference;
  if (parent === '') throw valueFailure('parents', `missing; name ${formsOf(kind)}`);
  checkCharacters('parents', parent);
  const places = kind.groups
    .flatMap((group) => namesOf(group).map((pattern) => placeIn(group, pattern, parent)))
    .filter((one) => one !== undefined);
  // The parent as it is written goes before all locations of its project.
  const place = places.find(({ name }) => !name.split('/').includes('-')) ?? places[0];
  if (place === undefined) {
    throw valueFailure(
      'parents',
      `must be ${formsOf(kind)} for ${kind.kind} of ${service}, not ${quote(parent)}`,
    );
  }
  const { group, name, region, allLocations } = place;
  const { lists = {} } = group;
  const job = lookUpAny(reference, name, region);
  const base = job.url.slice(`https://${job.host}/`.length, -`${name}/${ANY_JOB}`.length);
  const path =
    allLocations === undefined
      ? base + name
      : `${base}${name.split('/').slice(0, 2).join('/')}/${allLocations}`;
  const { query, fullQuery = query, filterParameter = 'filter', within, wholeQuery } = lists;
  if (filterParameter === false && filter !== undefined) {
    throw valueFailure('filter', `${service} ${version} lists ${kind.kind} without a filter`);
  }
  const collection: Omit<Collection, 'jobs'> = {
    service,
    version,
    name,
    ...(job.project !== undefined && { project: job.project }),
    host: job.host,
    path,
    filter: filter ?? lists.filter,
    auth: job.auth,
    kind: job.kind,
  };
  const jobs: JobCollection = {
    kind: kind.kind,
    ...(region !== undefined && { region }),
    filterParameter: filterParameter === false ? 'filter' : filterParameter,
    ...(typeof within === 'object' && place.isWithin && { within: containersOf(job, within, version, name) }),
    ...(wholeQuery !== undefined && { wholeQuery }),
  };
  return variantsOf(lists, needsWholeEntries ? fullQuery : query).map((parameters) => ({
    ...collection,
    jobs: { ...jobs, ...(parameters !== undefined && { query: parameters }) },
  }));
}

/** The parameters of each list. */
function variantsOf({ each }: ListRule, query: Query | undefined): readonly (Query | undefined)[] {
  if (each === undefined) return [query];
  return Object.entries(each).flatMap(([parameter, values]) =>
    values.map((value) => ({ ...query, [parameter]: value })),
  );
}

/** The collection of a parent, in one of the forms that a parent can have. */
interface Place {
  readonly group: MethodGroup;
  /** With `-` for what the list, or the lists, go through. */
  readonly name: string;
  readonly region?: string;
  /** The path behind the project that lists all locations. */
  readonly allLocations?: string;
  /** Whether the last collection before the jobs is listed first. */
  readonly isWithin: boolean;
}

const REGIONS = new Set(['locations', 'regions']);

/** Undefined where a parent is not one of the names that a pattern has. */
function placeIn(group: MethodGroup, pattern: string, parent: string): Place | undefined {
  if (group.list === false) return undefined;
  const { allLocations, within } = group.lists ?? {};
  const forms = pattern.split('/').slice(0, -1);
  const segments = parent.split('/');
  if (segments.length % 2 === 1 && segments.at(-1) === forms.at(-1)) segments.pop();
  if (forms[0] === 'namespaces') return inNamespace(group, forms, segments);
  // Dataproc has jobs in regions and batches in locations.
  const [third = ''] = forms.slice(2);
  if (REGIONS.has(third) && REGIONS.has(segments[2] ?? '')) segments[2] = third;
  const isLocated = third === 'locations' && forms[3] === '*';
  if (segments.length === 2 && isLocated && allLocations !== undefined) segments.push('locations', '-');
  if (within !== undefined && segments.length === forms.length - 3) {
    segments.push(forms.at(-3) ?? '', '-');
  }
  const isParent =
    segments.length === forms.length - 1 &&
    segments.every((segment, at) => forms[at] === '*' || forms[at] === segment);
  if (!isParent) return undefined;
  const wildcards = segments.flatMap((segment, at) => (segment === '-' ? [at] : []));
  const isWithin = within !== undefined && wildcards.includes(segments.length - 1) && segments.length > 4;
  const isAnywhere = isLocated && wildcards.includes(3) && allLocations !== undefined;
  if (wildcards.length > (isWithin ? 1 : 0) + (isAnywhere ? 1 : 0) || (isWithin && isAnywhere))
    return undefined;
  return {
    group,
    name: [...segments, forms.at(-1)].join('/'),
    ...(isAnywhere && allLocations !== '-' && { allLocations }),
    isWithin: isWithin && typeof within === 'object',
  };
}

/** Cloud Run's v1 has a host for each region, and the project as a namespace. */
function inNamespace(
  group: MethodGroup,
  forms: readonly string[],
  segments: readonly string[],
): Place | undefined {
  const [first, project = '', locations, region] = segments;
  if (segments.length !== 4 || first !== 'projects' || locations !== 'locations' || region === '-')
    return undefined;
  return {
    group,
    name: ['namespaces', project, forms.at(-1)].join('/'),
    ...(region !== undefined && { region }),
    isWithin: false,
  };
}

/** The forms that a parent can have, for people. */
function formsOf({ groups }: JobKindGroups): string {
  const forms = groups
    .filter(({ list }) => list !== false)
    .flatMap((group) => {
      const { allLocations, within } = group.lists ?? {};
      return namesOf(group).flatMap((pattern) => {
        if (pattern.startsWith('namespaces/')) return ['projects/{project}/locations/{location}'];
        const segments = pattern.split('/').slice(0, -2);
        return [
          ...(allLocations === undefined
            ? []
            : [segments.slice(0, allLocations === '-' ? 3 : 2).concat(allLocations === '-' ? ['-'] : [])]),
          ...(within === undefined ? [] : [segments.slice(0, -2)]),
          segments,
        ].map((parts) =>
          parts
            .map((part, at) => (part === '*' ? `{${(parts[at - 1] ?? '').replace(/s$/, '')}}` : part))
            .join('/'),
        );
      });
    });
  return [...new Set(forms)].join(' or ');
}

function lookUpAny(
  {
    service,
    version,
    parent,
  }: { readonly service: string; readonly version: string; readonly parent: string },
  name: string,
  region: string | undefined,
): Resource {
  const resolution = lookUp({
    service,
    version,
    name: `${name}/${ANY_JOB}`,
    writtenName: `${name}/…`,
    allowsWildcards: true,
    isJob: true,
    ...(region !== undefined && { region }),
  });
  if (resolution.ok) return resolution.operation;
  throw valueFailure(
    'parents',
    `${quote(parent)} has no jobs that can be cancelled: ${resolution.failure.problem}`,
  );
}

/** The list of what contains the jobs of a collection. */
function containersOf(
  { auth }: Resource,
  { service, base, itemsField, pageSizeParameter }: ContainerList,
  version: string,
  name: string,
): Collection {
  const containers = name.split('/').slice(0, -2).join('/');
  const entry = Object.hasOwn(jobsPart.services, service) ? jobsPart.services[service] : undefined;
  return {
    service,
    version: base.replace(/^.*?(v\w+)\/$/, '$1').replace('{version}', version),
    name: containers,
    host: hostOf(service, entry ?? { versions: {} }, undefined),
    path: base.replace('{version}', version) + containers,
    auth: entry === undefined ? CLOUD_PLATFORM : auth,
    kind: containerKind(itemsField, pageSizeParameter),
  };
}

const CLOUD_PLATFORM: Resource['auth'] = {
  scopes: scopesOf({}),
  tokenScopes: tokenScopesOf({ versions: {} }, {}),
  delegated: false,
};

const containerKind = (itemsField: string, pageSizeParameter: string): ResourceKind =>
  jobKind({ noun: 'entry', itemsField, pageSizeParameter, states: {}, matchableFields: [] });

/** An id of a container, which becomes a segment of a path. */
const ID = /^[A-Za-z0-9._~()=@-]{1,256}$/;

/** Whether a text can be the id of a container: one segment of a path, and no wildcard. */
export const isContainerId = (text: string): boolean => ID.test(text) && !/^[.-]+$/.test(text);

/** The id of a container that an entry of its list names; undefined for a name that is none. */
export function containerIdOf(entryName: string | undefined): string | undefined {
  const id = entryName?.slice(entryName.lastIndexOf('/') + 1);
  return id !== undefined && isContainerId(id) ? id : undefined;
}

/** The list of one container, for a collection whose containers are listed one by one. */
export function inContainer(collection: Collection, id: string): Collection {
  const named = (text: string) => text.replace(/\/-\/(?=[^/]+$)/, () => `/${id}/`);
  return { ...collection, name: named(collection.name), path: named(collection.path) };
}

/**
 * Whether a job belongs to a collection: to its parent, where `-` stands for any one segment. Services may write a
 * project's number where the parent has its id, so an id and a number count as equal here; the policy then checks the
 * project.
 */
export function jobBelongsTo({ service, name: parent }: Collection, { name }: Resource): boolean {
  const segmentsOf = (text: string) => canonicalName(`//${service}.googleapis.com/${text}`).split('/');
  const wanted = segmentsOf(`${parent}/${ANY_JOB}`).slice(0, -1);
  const actual = segmentsOf(name);
  return (
    actual.length === wanted.length + 1 &&
    wanted.every(
      (segment, at) =>
        segment === '-' ||
        segment === actual[at] ||
        (PROJECTS.has(wanted[at - 1] ?? '') && isNumber(segment) !== isNumber(actual[at] ?? '')),
    )
  );
}

const PROJECTS = new Set(['projects', 'namespaces']);
const isNumber = (segment: string) => /^\d+$/.test(segment);
