import { quote, valueFailure } from '../core/failure.ts';
import { services } from './services.ts';
import type { Endpoint } from './services.ts';

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

/** Requires a location; `field` is where it stands. */
export function checkLocation(field: string, location: string): void {
  if (isLocation(location)) return;
  throw valueFailure(field, `${quote(location)} is not a location, such as "us-central1", "eu" or "global"`);
}

/**
 * The host that serves operations of `service` in `location`.
 *
 * @throws Failure `ValueError` where the host depends on a location and there is none
 */
export function hostOf(
  service: string,
  endpoint: Endpoint,
  location: string | undefined,
  name: string,
): string {
  const plain = `${service}.googleapis.com`;
  switch (endpoint) {
    case 'global':
      return plain;
    case 'location-prefix':
      return location === undefined || location === 'global' ? plain : `${location}-${plain}`;
    case 'location-required':
      if (location === undefined) {
        throw valueFailure(
          'region',
          `missing; ${service} has a host for each region, and the name ${quote(name)} carries no location`,
        );
      }
      if (location === 'global') return plain;
      return MULTI_REGIONS.has(location)
        ? `${service}.${location}.rep.googleapis.com`
        : `${location}-${plain}`;
  }
}

export interface KnownHost {
  readonly service: string;
  /** The location that the host stands for; absent for a plain host, which is used with any. */
  readonly location?: string;
}

/** The service and location that a host stands for, or undefined for one that the catalogue does not list. */
export function findHost(host: string): KnownHost | undefined {
  const [, prefix, service = '', residency] =
    /^(?:([a-z0-9-]+)-)?([a-z0-9]+)(?:\.([a-z]+)\.rep)?\.googleapis\.com$/.exec(host) ?? [];
  const endpoint = Object.hasOwn(services, service) ? services[service]?.endpoint : undefined;
  if (endpoint === undefined) return undefined;
  const location = prefix ?? residency;
  if (location === undefined) return { service };
  // Only what hostOf would say of this location is a host of the service.
  const listed = isLocation(location) && hostOf(service, endpoint, location, '') === host;
  return listed && location !== 'global' ? { service, location } : undefined;
}
