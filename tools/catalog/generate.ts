import { namesOf, DEFAULT_NAME_PATTERNS } from '../../src/catalog/catalog.ts';
import type { Catalog, MethodGroup, RegionalHosts, Service } from '../../src/catalog/catalog.ts';
import type { ApiVersion, Resource } from './extract.ts';
import * as overlay from './overlay.ts';
import { regionalEndpoints, REGIONS } from './regional-endpoints.ts';

/**
 * Makes the catalog from the extract of the npm package and the overlay. Pure, so that tests can check it.
 */
export function generateCatalogue(apis: readonly ApiVersion[]): Catalog {
  const versions = new Map<string, Map<string, MethodGroup[]>>();
  const versionsOf = (service: string) => {
    const known = versions.get(service) ?? new Map<string, MethodGroup[]>();
    versions.set(service, known);
    return known;
  };
  for (const { api, version, resources } of apis) {
    if (overlay.formerNames.includes(api)) continue;
    const groups = resources.filter(isOfOperations).map((resource) => toGroup(api, version, resource));
    if (groups.length > 0) versionsOf(api).set(version, groups);
  }
  for (const { service, version, names } of overlay.additions) {
    const known = versionsOf(service);
    known.set(version, [...(known.get(version) ?? []), { names }]);
  }
  for (const { service, name, path } of overlay.aliases) {
    for (const groups of versionsOf(service).values()) {
      const group = groups.find(({ names }) => names?.includes(path));
      if (group !== undefined) groups.push({ ...group, names: [name], path });
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
    if (group !== undefined) groups.push({ ...group, names: [name] });
  }
  for (const [version, kinds] of Object.entries(overlay.aiplatformKinds)) {
    const known = versionsOf('aiplatform');
    known.set(version, completeAiplatform(known.get(version) ?? [], kinds));
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
  return { services, uncancellable: [...uncancellable].sort(), regions: REGIONS };
}

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

/** A path begins with its version; in some APIs there is a prefix before it, or `admin/` behind. */
function splitPath(path: string) {
  const [, base = '', rest = ''] =
    /^((?:[a-z]+\/)?(?:v[^/]+|alpha|beta)\/(?:admin\/)?)(.*)$/.exec(path) ?? [];
  if (rest === '') throw new Error(`no version in the path ${path}`);
  return { base, rest };
}

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
  return [
    { names: patternsOf(listable), ...(scopes !== undefined && { scopes }) },
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
    ...(overlay.delegated.includes(name) && { delegated: true }),
    ...(overlay.tokenScopes[name] !== undefined && { tokenScope: overlay.tokenScopes[name] }),
    ...(listFilter !== undefined && { listFilter }),
    versions: Object.fromEntries(
      [...versions]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([version, groups]) => [version, mergeGroups(groups)]),
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
 * the overlay decides; otherwise requests must name one.
 */
function chooseDefault(
  name: string,
  versions: ReadonlyMap<string, readonly MethodGroup[]>,
): string | undefined {
  const { [name]: chosen } = overlay.defaultVersions;
  if (chosen !== undefined) return chosen;
  const cancelling = [...versions]
    .filter(([, groups]) => groups.some(({ cancel }) => cancel !== false))
    .map(([version]) => version);
  const stable = cancelling.filter((version) => /^v\d+$/.test(version));
  const candidates = stable.length > 0 ? stable : cancelling;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Names of which all else is the same go together; those that cannot be cancelled come last. */
function mergeGroups(groups: readonly MethodGroup[]): readonly MethodGroup[] {
  const merged = new Map<string, Set<string>>();
  for (const { names = DEFAULT_NAME_PATTERNS, ...rest } of groups) {
    const key = JSON.stringify(rest);
    merged.set(key, new Set([...(merged.get(key) ?? []), ...names]));
  }
  const rank = ({ cancel }: MethodGroup) => (cancel === false ? 1 : 0);
  return [...merged]
    .map(([rest, names]): MethodGroup => {
      const usual = [...names].join() === DEFAULT_NAME_PATTERNS.join();
      return { ...(!usual && { names: [...names].sort() }), ...(JSON.parse(rest) as MethodGroup) };
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** The catalog as it is kept: a line for each service, so that a change shows where it is. */
export function printCatalog({ services, uncancellable, regions }: Catalog): string {
  const lines = Object.entries(services).map(([name, service]) => `"${name}":${JSON.stringify(service)}`);
  return `{"services":{\n${lines.join(',\n')}\n},\n"uncancellable":${JSON.stringify(uncancellable)},\n"regions":${JSON.stringify(regions)}}\n`;
}
