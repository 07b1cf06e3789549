import { quote, valueFailure } from '../validation/failure.ts';
import { catalog, hostServices } from './catalog.ts';
import type { Service } from './catalog.ts';

/**
 * Hosts and locations: which host serves an operation, and which service a host belongs to. A credential goes
 * only to what `hostOf` returns, so a location becomes part of a host only when it looks like one of
 * Google's.
 */

const MULTI_REGIONS = new Set(['us', 'eu']);
/**
 * Google Cloud's regions: a continent or country, a direction, a number
 * (https://cloud.google.com/about/locations).
 */
const REGION = /^[a-z]{2,20}-[a-z]{2,20}\d{1,2}$/;

const isLocation = (text: string) => text === 'global' || MULTI_REGIONS.has(text) || REGION.test(text);

/** Throws a `ValueError` at `field` unless the text is a location. */
export function checkLocation(field: string, location: string): void {
  if (isLocation(location)) return;
  const region = regionOf(location);
  if (region !== location)
    throw valueFailure(field, `${quote(location)} is a zone; name its region, ${quote(region)}`);
  throw valueFailure(field, `${quote(location)} is not a location, such as "us-central1", "eu" or "global"`);
}

/**
 * The region of a zone, as `us-central1` of `us-central1-a`, and of an AI zone, as of `us-central1-ai1a`
 * (https://cloud.google.com/compute/docs/regions-zones/ai-zones); any other location as it is.
 */
export const regionOf = (location: string) => location.replace(/^([a-z]+-[a-z]+\d+)-(?:ai\d+)?[a-z]$/, '$1');

/** Whether a multi-region contains a region, by the names of both. */
export const contains = (multiRegion: string, region: string) =>
  region.startsWith(multiRegion === 'eu' ? 'europe-' : `${multiRegion}-`);

/** The host for names that carry no location, or one without a host of its own. */
const plainHostOf = (name: string, { host }: Service) => host ?? `${name}.googleapis.com`;

/**
 * The host that serves operations of a service.
 *
 * @param location the location of the operations; undefined where it is not known or not needed
 * @throws Failure `ValueError` where the host depends on a location and no location is given
 */
export function hostOf(serviceName: string, service: Service, location: string | undefined): string {
  const { regional } = service;
  const plain = plainHostOf(serviceName, service);
  if (regional === undefined || location === 'global') return plain;
  if (location === undefined) {
    if (regional.required !== true) return plain;
    throw valueFailure(
      'region',
      `missing; ${serviceName} has a host for each region, and the name contains no location`,
    );
  }
  if (regional.only?.includes(location) === false) return plain;
  const template = MULTI_REGIONS.has(location) ? (regional.multiRegionHost ?? regional.host) : regional.host;
  return template.replace('{location}', location);
}

/**
 * The host of a service's regional endpoint, which is used where a request names it.
 *
 * @throws Failure `ValueError` where the service has no regional endpoint in this location
 */
export function regionalEndpointOf(serviceName: string, location = ''): string {
  const host = `${serviceName}.${location}.rep.googleapis.com`;
  if (findHost(host)?.regionalEndpoint === true) return host;
  throw valueFailure('region', `${serviceName} has no regional endpoint in ${quote(location)}`);
}

/**
 * The host that an alias stands for; any other host as it is. Aliases serve the same API: one is for clients with
 * certificates (`*.mtls.googleapis.com`, https://google.aip.dev/auth/4114), the other for pages in browsers
 * (`content-*.googleapis.com`, which Google's JavaScript client calls). No alias is ever called.
 */
export const canonicalHostOf = (host: string) =>
  host
    .replace(/\.mtls\.googleapis\.com$/, '.googleapis.com')
    .replace(/^content-(?=[a-z0-9-]+\.googleapis\.com$)/, '')
    .replace(/^content\.googleapis\.com$/, 'www.googleapis.com');

export interface KnownHost {
  readonly service: string;
  /** The location that the host stands for; absent for a plain host, which is used with any. */
  readonly location?: string;
  readonly regionalEndpoint?: boolean;
}

/** Hosts that were found, up to a number: nearly all requests of a system name few of them. */
const foundHosts = new Map<string, KnownHost>();
const MAX_FOUND_HOSTS = 1_000;

/** The service and location that a host stands for, or undefined for one that the catalog does not list. */
export function findHost(given: string): KnownHost | undefined {
  const before = foundHosts.get(given);
  if (before !== undefined) return before;
  const found = findNewHost(given);
  if (found !== undefined && foundHosts.size < MAX_FOUND_HOSTS) foundHosts.set(given, found);
  return found;
}

function findNewHost(given: string): KnownHost | undefined {
  const host = canonicalHostOf(given);
  const [, regionalService = '', endpointLocation = ''] =
    /^([a-z0-9]+)\.([a-z0-9-]+)\.rep\.googleapis\.com$/.exec(host) ?? [];
  const [, label = ''] = /^([a-z0-9-]+)\.googleapis\.com$/.exec(host) ?? [];
  const candidates: readonly KnownHost[] = [
    { service: regionalService, location: endpointLocation, regionalEndpoint: true },
    { service: regionalService, location: endpointLocation },
    { service: BY_OWN_LABEL.get(label) ?? label },
    { service: label.slice(label.lastIndexOf('-') + 1), location: label.slice(0, label.lastIndexOf('-')) },
    { service: label.slice(0, label.indexOf('-')), location: label.slice(label.indexOf('-') + 1) },
  ];
  return candidates.find((candidate) => isServedBy(candidate, host));
}

function hasRegionalEndpoint({ regionalEndpoints = '' }: Service, location: string): boolean {
  const listed = regionalEndpoints.split(' ');
  if (listed.includes(location)) return true;
  const inAll = listed.includes('*') && catalog.regions.split(' ').includes(location);
  return inAll && !listed.includes(`-${location}`);
}

/** The service whose own host begins with this label: translate for `translation`. */
export const serviceByOwnLabel = (label: string) => BY_OWN_LABEL.get(label);

/** The labels that the hosts of a service's full resource names begin with, its short name first. */
export function serviceLabelsOf(service: string): readonly string[] {
  const host = Object.hasOwn(hostServices, service) ? hostServices[service]?.host : undefined;
  return host === undefined ? [service] : [service, host.replace('.googleapis.com', '')];
}

/** Services by the host that they have instead of `{service}.googleapis.com`. */
const BY_OWN_LABEL = new Map(
  Object.entries(hostServices).flatMap(([name, { host }]) =>
    host === undefined ? [] : [[host.replace('.googleapis.com', ''), name] as const],
  ),
);

/** Whether the service would serve one of its names from this host. */
function isServedBy(known: KnownHost, host: string): boolean {
  const { service: name, location } = known;
  const service = Object.hasOwn(hostServices, name) ? hostServices[name] : undefined;
  if (service !== undefined) return isServedByService(service, known, host);
  // No call goes to it: it is known so that a request is told that there is no cancel.
  return catalog.uncancellable.includes(name) && (location === undefined || isLocation(location));
}

function isServedByService(
  service: Service,
  { service: name, location, regionalEndpoint }: KnownHost,
  host: string,
): boolean {
  if (location === undefined) return host === plainHostOf(name, service) || host === `${name}.googleapis.com`;
  if (regionalEndpoint === true) {
    return hasRegionalEndpoint(service, location);
  }
  if (!isLocation(location) || location === 'global') return false;
  return (
    hostOf(name, service, location) === host ||
    (host === `${location}-${name}.googleapis.com` && hasLocationalHost(service, location))
  );
}

/**
 * Whether `{location}-{service}.googleapis.com` is an alias of the plain host. Services with regional endpoints have
 * such aliases in the same locations (https://cloud.google.com/assured-workloads/docs/api-endpoints).
 */
const hasLocationalHost = (service: Service, location: string) =>
  service.regional === undefined &&
  (service.locationalHosts === true || hasRegionalEndpoint(service, location));
