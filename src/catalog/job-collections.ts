import type { Collection, JobCollection, Query, Resource } from '../resources/resource.ts';
import { quote, valueFailure } from '../validation/failure.ts';
import { canonicalName } from './canonical-name.ts';
import type { ListRule } from './catalog.ts';
import { containersOf } from './job-containers.ts';
import type { JobKindGroups } from './job-kinds.ts';
import { findPlace, parentFormsOf } from './job-parents.ts';
import { checkCharacters } from './reference.ts';
import { lookUp } from './resolve.ts';

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
  if (parent === '') throw valueFailure('parents', `missing; name ${parentFormsOf(kind)}`);
  checkCharacters('parents', parent);
  const place = findPlace(kind, parent);
  if (place === undefined) {
    throw valueFailure(
      'parents',
      `must be ${parentFormsOf(kind)} for ${kind.kind} of ${service}, not ${quote(parent)}`,
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
