import { namesOf, DEFAULT_NAME_PATTERNS } from '../../src/catalog/catalog.ts';
import type { Catalog, CatalogKind, MethodGroup, RegionalHosts, Service } from '../../src/catalog/catalog.ts';
import type { JobKindRow } from '../../src/resources/job-kind.ts';
import { configuredVersions, mergeSources } from './configuration-groups.ts';
import type { Configuration } from './extract-configurations.ts';
import type { ApiVersion, Resource } from './extract.ts';
import * as overlay from './overlay.ts';
import { splitPath } from './path.ts';
import { jobs, jobServices, uncancellableJobs } from './jobs.ts';
import type { JobEntry } from './jobs.ts';
import { regionalEndpoints, REGIONS } from './regional-endpoints.ts';

/**
 * Makes the catalog from the extract of the npm package, the service configurations and the overlay. Pure, so
 * that tests can check it.
 */
export function generateCatalog(
  apis: readonly ApiVersion[],
  configurations: readonly Configuration[],
): Catalog {
  const versions = new Map<string, Map<string, readonly MethodGroup[]>>();
  const versionsOf = (service: string) => {
    const known = versions.get(service) ?? new Map<string, readonly MethodGroup[]>();
    versions.set(service, known);
    return known;
  };
  for (const { api, version, resources } of apis) {
    if (overlay.formerNames.includes(api)) continue;
    const groups = resources.filter(isOfOperations).map((resource) => toGroup(api, version, resource));
    if (groups.length > 0) versionsOf(api).set(version, groups);
  }
  const append = (service: string, version: string, group: MethodGroup) => {
    const known = versionsOf(service);
    known.set(version, [...(known.get(version) ?? []), group]);
  };
  for (const { service, version, names } of overlay.additions) {
    append(service, version, { names, source: 'overlay' });
  }
  for (const [version, kinds] of Object.entries(overlay.aiplatformKinds)) {
    const known = versionsOf('aiplatform');
    known.set(version, completeAiplatform(known.get(version) ?? [], kinds));
  }
  for (const { service, version, groups } of configuredVersions(configurations)) {
    const known = versionsOf(service);
    known.set(version, mergeSources(known.get(version) ?? [], groups));
  }
  for (const { service, name, path } of overlay.aliases) {
    for (const [version, groups] of versionsOf(service)) {
      const group = groups.find(({ names }) => names?.includes(path));
      if (group !== undefined) append(service, version, { ...group, names: [name], path, source: 'overlay' });
    }
  }
  for (const { service, version, base } of overlay.legacyBases) {
    const groups = versionsOf(service).get(version) ?? [];
    versionsOf(service).set(
      version,
      groups.map((group) => ({ ...group, legacyBase: base })),
    );
  }
  for (const { service, version, name } of overlay.projectPlaces) {
    const groups = versionsOf(service).get(version) ?? [];
    const group = groups.find(({ names }) => names?.includes('operations/**'));
    if (group !== undefined) append(service, version, { ...group, names: [name], source: 'overlay' });
  }
  for (const { service, version, names } of overlay.uncancellableNames) {
    append(service, version, { names, cancel: false, source: 'overlay' });
  }

  const cancelling = apis.filter(({ resources }) => resources.some(isCancellable));
  const hosts = new Map(cancelling.map(({ api, host }) => [api, host]));
  const services: Record<string, Service> = {};
  const uncancellable = new Set(overlay.uncancellable);
  for (const name of [...versions.keys()].sort()) {
    const ofService = versionsOf(name);
    if ([...ofService.values()].flat().some(({ cancel }) => cancel !== false)) {
      services[name] = toService(name, ofService, hosts.get(name));
    } else {
      uncancellable.add(name);
    }
  }
  return {
    services,
    jobs: generateJobs(services),
    kinds: generateKinds(),
    uncancellable: [...uncancellable].sort(),
    regions: REGIONS,
  };
}

/** The services that have jobs, with what the part on operations does not say of them. */
function generateJobs(services: Readonly<Record<string, Service>>): Readonly<Record<string, Service>> {
  return Object.fromEntries(
    Object.entries(jobServices).map(([name, { defaultVersion, ...hosts }]) => {
      const entries = jobs.filter(({ service }) => service === name);
      const without = uncancellableJobs.filter(({ service }) => service === name);
      const versions = [
        ...new Set([...entries.flatMap((entry) => entry.versions), ...without.map(({ version }) => version)]),
      ].sort();
      const groupsOf = (version: string): readonly MethodGroup[] => [
        ...entries.filter((entry) => entry.versions.includes(version)).map(toJobGroup),
        ...without
          .filter((entry) => entry.version === version)
          .map(({ names }) => ({ names, cancel: false as const })),
      ];
      const service: Service = {
        ...(services[name] === undefined && hosts),
        defaultVersion,
        versions: Object.fromEntries(versions.map((version) => [version, groupsOf(version)])),
      };
      return [name, service];
    }),
  );
}

const toJobGroup = ({ kind, names, row, explicit, calls = {} }: JobEntry): MethodGroup => ({
  kind,
  names,
  ...calls,
  ...(row !== undefined && { row }),
  ...(explicit !== undefined && { explicit }),
});

/** The rows by their keys; a row that differs little from the first of its service is written as that difference. */
function generateKinds(): Catalog['kinds'] {
  const rows = new Map<string, JobKindRow>();
  for (const { service, kind, row = `${service}.${kind}`, reads } of jobs) {
    if (!rows.has(row)) rows.set(row, { itemsField: kind, ...reads });
  }
  const written: Record<string, CatalogKind> = {};
  for (const [key, row] of rows) {
    const like = Object.keys(written).find((other) => isSpecialized(row, rows.get(other)));
    const base = like === undefined ? undefined : rows.get(like);
    written[key] =
      like === undefined || base === undefined
        ? row
        : { like, ...Object.fromEntries(differences(base, row)) };
  }
  return written;
}

/** Whether a row has the states and all fields of another one. */
const isSpecialized = (row: JobKindRow, base: JobKindRow | undefined): boolean =>
  base !== undefined &&
  JSON.stringify(row.states) === JSON.stringify(base.states) &&
  Object.keys(base).every((field) => field in row);

const differences = (base: JobKindRow, row: JobKindRow) =>
  Object.entries(row).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(base[field as keyof JobKindRow]),
  );

const isOfOperations = ({ resource, methods }: Resource) =>
  /(?:^|\.)(?:operations|transferOperations|managedZoneOperations)$/.test(resource) &&
  (methods.cancel !== undefined || methods.get !== undefined);

const isCancellable = (resource: Resource) =>
  isOfOperations(resource) && resource.methods.cancel !== undefined;

function toGroup(api: string, version: string, { methods, sample, resource, scopes }: Resource): MethodGroup {
  const [verb = '', path = ''] = (methods.cancel ?? methods.get ?? '').split(' ');
  const { base, rest } = splitPath(path);
  const [, template = '', suffix = ''] = /^(.*?)(:cancel|\/cancel|)$/.exec(rest) ?? [];
  const name = template.replace('{+name}', nameOfSample(sample, resource)).replace(/\{[^}]+\}/g, '*');
  const accepted = overlay.scopes[api] ?? (sample === undefined ? undefined : scopes);
  const cancel = `${verb} ${suffix}`;
  const common = { names: [name], ...(base !== `${version}/` && { base }) };
  if (methods.cancel === undefined) return { ...common, cancel: false };
  return {
    ...common,
    ...(cancel !== 'POST :cancel' && { cancel }),
    ...(methods.get === undefined && { get: false }),
    ...(methods.list === undefined && { list: false }),
    ...(accepted !== undefined && !isCloudPlatform(accepted) && { scopes: accepted }),
  };
}

const isCloudPlatform = (scopes: readonly string[]) => scopes.join() === 'cloud-platform';

/** The sample `projects/my-project/operations/my-operation` as a pattern. */
function nameOfSample(sample: string | undefined, resource: string): string {
  if (sample === undefined) return `${resource.replaceAll('.', '/*/')}/*`;
  return sample
    .split(/\/(?![^[]*\])/)
    .map((segment) => {
      if (segment === '.*') return '**';
      return segment.startsWith('my-') || segment === '[^/]+' ? '*' : segment;
    })
    .join('/');
}

const IN_LOCATION = 'projects/*/locations/*/';

/**
 * Every kind of resource stands in a location, and also without project and location, where the region comes
 * from the request. That rule makes all patterns, those of kinds that the package lacks included.
 */
function completeAiplatform(groups: readonly MethodGroup[], laterKinds: readonly string[]): MethodGroup[] {
  const kindsOf = (isWanted: (group: MethodGroup) => boolean) =>
    groups
      .filter(isWanted)
      .flatMap(namesOf)
      .map((name) => name.replace(IN_LOCATION, '').replace(/\/?operations\/\*$/, ''));
  const listable = new Set([
    ...kindsOf(({ cancel, list }) => cancel !== false && list !== false),
    ...laterKinds,
  ]);
  const unlisted = new Set(
    kindsOf(({ cancel, list }) => cancel !== false && list === false).filter((kind) => !listable.has(kind)),
  );
  const cancellable = new Set([...listable, ...unlisted]);
  const others = new Set(kindsOf(({ cancel }) => cancel === false).filter((kind) => !cancellable.has(kind)));
  const patternsOf = (kinds: ReadonlySet<string>) =>
    [...kinds].sort().map((kind) => `[${IN_LOCATION}]${kind === '' ? '' : `${kind}/`}operations/*`);
  const [{ scopes } = {}] = groups;
  const ofPackage = new Set([...listable].filter((kind) => !laterKinds.includes(kind)));
  return [
    { names: patternsOf(ofPackage), ...(scopes !== undefined && { scopes }) },
    { names: patternsOf(new Set(laterKinds)), ...(scopes !== undefined && { scopes }), source: 'overlay' },
    ...(unlisted.size === 0
      ? []
      : [{ names: patternsOf(unlisted), list: false, ...(scopes !== undefined && { scopes }) }]),
    { names: patternsOf(others), cancel: false },
  ];
}

function toService(
  name: string,
  versions: ReadonlyMap<string, readonly MethodGroup[]>,
  host: string | undefined,
): Service {
  const { [name]: regional } = overlay.regional;
  const { [name]: endpoints } = regionalEndpoints;
  const defaultVersion = chooseDefault(name, versions);
  const state = overlay.states[name];
  const listFilter = overlay.listFilters[name];
  return {
    ...(host !== undefined && host !== `${name}.googleapis.com` && { host }),
    ...(regional !== undefined && { regional: withoutSource(regional) }),
    ...(endpoints !== undefined && { regionalEndpoints: endpoints }),
    ...(defaultVersion !== undefined && { defaultVersion }),
    ...(state !== undefined && { state }),
    ...(overlay.locationalHosts[name] !== undefined && { locationalHosts: true }),
    ...(overlay.delegated.includes(name) && { delegated: true }),
    ...(overlay.tokenScopes[name] !== undefined && { tokenScope: overlay.tokenScopes[name] }),
    ...(listFilter !== undefined && { listFilter }),
    versions: Object.fromEntries(
      [...versions]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([version, groups]) => [version, mergeGroups(name, groups)]),
    ),
  };
}

/** A source is for people; what is loaded at run time has none. */
const withoutSource = (rule: overlay.Regional) =>
  Object.fromEntries(
    Object.entries(rule).filter(([field]) => field !== 'source'),
  ) as unknown as RegionalHosts;

/**
 * The version for requests that name none: the only stable one, or the only one. Where several are stable,
 * the overlay decides; otherwise the first source alone, so that the second source never changes a default;
 * otherwise requests must name one.
 */
function chooseDefault(
  name: string,
  versions: ReadonlyMap<string, readonly MethodGroup[]>,
): string | undefined {
  const { [name]: chosen } = overlay.defaultVersions;
  if (chosen !== undefined) return chosen;
  const versionsWhere = (isWanted: (group: MethodGroup) => boolean) =>
    [...versions]
      .filter(([, groups]) => groups.some((group) => group.cancel !== false && isWanted(group)))
      .map(([version]) => version)
      .filter((version) => !version.startsWith('ui'));
  return (
    onlyChoice(versionsWhere(() => true)) ??
    onlyChoice(versionsWhere(({ source }) => source !== 'configuration'))
  );
}

function onlyChoice(versions: readonly string[]): string | undefined {
  const stable = versions.filter((version) => /^v\d+$/.test(version));
  const candidates = stable.length > 0 ? stable : versions;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/**
 * Merges the groups that differ in their names alone. The usual form of a name goes first, because refusals
 * suggest the first name; names that cannot be cancelled come last.
 */
function mergeGroups(service: string, groups: readonly MethodGroup[]): readonly MethodGroup[] {
  const merged = new Map<string, Set<string>>();
  for (const { names = DEFAULT_NAME_PATTERNS, ...rest } of groups) {
    const key = JSON.stringify(rest);
    merged.set(key, new Set([...(merged.get(key) ?? []), ...names]));
  }
  const usual = compareNames(service);
  return [...merged]
    .map(([rest, names]): [string[], MethodGroup] => [
      [...names].sort(usual),
      JSON.parse(rest) as MethodGroup,
    ])
    .sort(
      ([[a = ''], { cancel: cancelOfA }], [[b = ''], { cancel: cancelOfB }]) =>
        Number(cancelOfA === false) - Number(cancelOfB === false) || usual(a, b),
    )
    .map(([names, rest]) => ({
      ...(names.join() !== DEFAULT_NAME_PATTERNS.join() && { names }),
      ...rest,
    }));
}

/** Orders names: first the usual name in the overlay, then the default pattern, names in a project, shorter names. */
function compareNames(service: string) {
  const rank = (name: string) => {
    const whole = name.replace(/[[\]]/g, '');
    const preferred = [overlay.usualNames[service], ...DEFAULT_NAME_PATTERNS].indexOf(whole);
    return [preferred < 0 ? 2 : preferred, whole.startsWith('projects/') ? 0 : 1, whole.split('/').length];
  };
  return (a: string, b: string) => {
    const ranks = rank(b);
    const difference = rank(a).map((value, at) => value - (ranks[at] ?? 0));
    return difference.find((value) => value !== 0) ?? (a < b ? -1 : Number(a > b));
  };
}

/** The catalog as it is kept: a line for each service, so that a change shows where it is. */
export function printCatalog({ services, jobs, kinds, uncancellable, regions }: Catalog): string {
  const linesOf = (part: Readonly<Record<string, unknown>>) =>
    Object.entries(part)
      .map(([name, value]) => `"${name}":${JSON.stringify(value)}`)
      .join(',\n');
  return `{"services":{\n${linesOf(services)}\n},\n"jobs":{\n${linesOf(jobs)}\n},\n"kinds":{\n${linesOf(kinds)}\n},\n"uncancellable":${JSON.stringify(uncancellable)},\n"regions":${JSON.stringify(regions)}}\n`;
}
