import { quote, valueFailure } from '../validation/failure.ts';
import type { Service } from './catalog.ts';
import { checkLocation, contains } from './host.ts';
import type { KnownHost } from './host.ts';

/** A failure that names the two places that contradict. */
export const contradiction = (
  field: string,
  place: string,
  says: string,
  otherPlace: string,
  otherSays: string,
) => valueFailure(field, `${place} says ${quote(says)}, but ${otherPlace} says ${quote(otherSays)}`);

/** The location of an operation. Its name, its host and its request may each state one; they must agree. */
export function agreeOnLocation(
  { regional }: Service,
  nameLocation: string | undefined,
  host: KnownHost | undefined,
  region: string | undefined,
  regionalEndpoint: boolean,
): string | undefined {
  if (region !== undefined && !regionalEndpoint) checkLocation('region', region);
  const hostLocation = host?.location;
  if (hostLocation !== undefined && region !== undefined && hostLocation !== region) {
    throw contradiction('region', 'the host', hostLocation, 'region', region);
  }
  const asked = hostLocation ?? region;
  if (nameLocation === undefined) return asked;
  // Where only some locations have a host, a name may be in any location, and a host may serve several.
  const anyLocation = regional === undefined || regional.only !== undefined;
  if (!anyLocation) checkLocation('operation', nameLocation);
  if (asked === undefined || asked === nameLocation) return nameLocation;
  if (regional?.only !== undefined && contains(asked, nameLocation)) return asked;
  throw contradiction(
    'region',
    'the name',
    nameLocation,
    hostLocation === undefined ? 'region' : 'the host',
    asked,
  );
}

/**
 * The location of a job whose calls name it in a query, as BigQuery's: in upper case for a multi-region, as BigQuery writes
 * it (https://cloud.google.com/bigquery/docs/locations). No host is made of it.
 */
export function agreeOnParameter(
  host: KnownHost | undefined,
  region: string | undefined,
): string | undefined {
  const [hostLocation, asked] = [host?.location, region?.toLowerCase()];
  if (asked !== undefined && !/^[a-z][a-z0-9-]{1,40}$/.test(asked)) {
    throw valueFailure('region', `${quote(region ?? '')} is not a location, such as "us-central1" or "EU"`);
  }
  if (hostLocation !== undefined && asked !== undefined && hostLocation !== asked) {
    throw contradiction('region', 'the host', hostLocation, 'region', asked);
  }
  const location = hostLocation ?? asked;
  return location === 'us' || location === 'eu' ? location.toUpperCase() : location;
}
