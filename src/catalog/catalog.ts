import { Failure, isPermanent, quote, valueFailure } from '../core/failure.ts';
import type { Operation } from '../core/operation.ts';
import type { NameReference, Reference, UrlReference } from '../core/reference.ts';
import { withoutCancel } from '../core/reference.ts';
import { catalogue, namesOf } from './catalogue.ts';
import type { MethodGroup, Service } from './catalogue.ts';
import { basesOf, formOf } from './forms.ts';
import type { Form } from './forms.ts';
import { checkLocation, contains, findHost, hostOf, regionalEndpointOf, regionOf } from './host.ts';
import type { KnownHost } from './host.ts';
import { indexPatterns, locationOf, projectOf } from './pattern.ts';
import type { NameIndex } from './pattern.ts';
import { scopesOf, tokenScopesOf } from './scopes.ts';

/**
 * The catalogue decides for every reference to an operation whether it is one, and which host, path and
 * scopes are right. Nothing that it refuses reaches the network.
 */

/** Pub/Sub's limit for an attribute's value, which the full resource name must fit (`ce-subject`). */
const MAX_FULL_NAME_LENGTH = 1_024;

const { services, uncancellable } = catalogue;
const cannotCancel = new Set(uncancellable);

export const isKnownService = (service: string) => Object.hasOwn(services, service);

/**
 * Resolves what a request refers to.
 *
 * @throws Failure `ValueError` that names the field and what it should be; `Unsupported` for operations that
 *   their service has no method to cancel
 */
export function resolve(reference: Reference): Operation {
  try {
    return resolveReference(reference);
  } catch (error) {
    throw isPermanent(error) ? inTheWordsOf(reference, error) : error;
  }
}

/** A failure names the field as the sender knows it. */
function inTheWordsOf({ fields = {} }: Reference, failure: Failure): Failure {
  const [, field = '', problem = ''] = /^(\w+): (.*)$/s.exec(failure.message) ?? [];
  const name = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return name === undefined ? failure : new Failure(failure.code, `${name}: ${problem}`);
}

function resolveReference(reference: Reference): Operation {
  const host = reference.host === undefined ? undefined : knownHost(reference.host, reference);
  const serviceName = findService(reference, host);
  if (cannotCancel.has(serviceName)) throw unsupported(serviceName, 'its operations');
  const service = services[serviceName] as Service;
  const { version, name, pattern, group, form } =
    'path' in reference
      ? findByPath(serviceName, service, reference)
      : findByName(serviceName, service, reference);
  if (form === undefined) throw unsupported(`${serviceName} ${version}`, quote(name));

  const project = projectOf(pattern, name);
  const regionalEndpoint = host?.regionalEndpoint ?? reference.regionalEndpoint ?? false;
  const placed = locationOf(pattern, name);
  const nameLocation = placed === undefined ? undefined : regionOf(placed);
  const location = agreeOnLocation(service, nameLocation, host, reference.region, regionalEndpoint);
  const serving = regionalEndpoint
    ? regionalEndpointOf(serviceName, location)
    : hostOf(serviceName, service, location);
  const path = form.path(name);
  const get = form.get(path);
  return {
    service: serviceName,
    version,
    name,
    ...(location !== undefined && location !== nameLocation && { region: location }),
    ...(regionalEndpoint && { regionalEndpoint }),
    ...(project !== undefined && { project }),
    host: serving,
    url: `https://${serving}/${path}`,
    cancel: form.cancel(path),
    ...(get !== undefined && { get }),
    state: form.state,
    fullResourceName: fullResourceNameOf(serviceName, name),
    scopes: scopesOf(group),
    tokenScopes: tokenScopesOf(service, group),
    delegated: service.delegated ?? false,
  };
}

const unsupported = (service: string, what: string) =>
  new Failure('Unsupported', `${service} has no method to cancel ${what}`);

function fullResourceNameOf(serviceName: string, name: string): string {
  const fullResourceName = `//${serviceName}.googleapis.com/${name}`;
  if (fullResourceName.length <= MAX_FULL_NAME_LENGTH) return fullResourceName;
  throw valueFailure(
    'operation',
    `too long; the full resource name has ${fullResourceName.length} characters, at most ${MAX_FULL_NAME_LENGTH} fit`,
  );
}

/** An older common host, which serves several APIs by the first segment of the path. */
const COMMON_HOST = 'www.googleapis.com';
const byFirstSegment = new Map(
  Object.entries(services).flatMap(([name, { versions }]) =>
    Object.values(versions)
      .flat()
      .flatMap(({ base = '' }) =>
        /^[a-z]+\/v/.test(base) ? [[base.split('/')[0] ?? '', name] as const] : [],
      ),
  ),
);

function knownHost(host: string, reference: Reference): KnownHost {
  const [segment = ''] = 'path' in reference ? reference.path.split('/') : [];
  const common = byFirstSegment.get(segment) ?? (cannotCancel.has(segment) ? segment : undefined);
  if (host === COMMON_HOST && common !== undefined) return { service: common };
  const known = findHost(host);
  if (known !== undefined) return known;
  throw valueFailure(
    'operation',
    `the host ${quote(host)} is not one that the catalogue lists; docs/services.md has them`,
  );
}

function findService(reference: Reference, host: KnownHost | undefined): string {
  const asked = reference.service === undefined ? undefined : knownService(reference.service);
  if (host !== undefined && asked !== undefined && host.service !== asked) {
    throw contradiction('service', 'the host', host.service, 'service', asked);
  }
  const service = host?.service ?? asked;
  if (service !== undefined) return service;
  const { name } = reference as NameReference;
  throw valueFailure(
    'service',
    `missing; the bare name ${quote(name)} does not say which service it belongs to`,
  );
}

/** Takes `notebooks` and `notebooks.googleapis.com`. */
function knownService(service: string): string {
  const short = service.replace(/\.googleapis\.com$/, '');
  if (isKnownService(short) || cannotCancel.has(short)) return short;
  throw valueFailure('service', `${quote(service)} is not in the catalogue; docs/services.md lists what is`);
}

const contradiction = (field: string, place: string, says: string, otherPlace: string, otherSays: string) =>
  valueFailure(field, `${place} says ${quote(says)}, but ${otherPlace} says ${quote(otherSays)}`);

/** What the catalogue has for a name. */
interface Found {
  readonly version: string;
  readonly name: string;
  /** The pattern that the name matches. */
  readonly pattern: string;
  readonly group: MethodGroup;
  /** Undefined where operations of this name cannot be cancelled. */
  readonly form: Form | undefined;
}

function findByName(serviceName: string, service: Service, reference: NameReference & Reference): Found {
  const { name } = reference;
  const version = findVersion(serviceName, service, reference.version);
  const match = indexOf(serviceName, service, version)(name);
  if (match !== undefined) return { version, name, pattern: match.pattern, ...match.value };
  throw notAName(serviceName, version, service, name);
}

/** A path is what the paths of a version begin with, followed by a name. */
function findByPath(serviceName: string, service: Service, reference: UrlReference & Reference): Found {
  const { path, version: asked } = reference;
  let failure = valueFailure(
    'operation',
    `the path ${quote(`/${path}`)} does not begin as those of ${serviceName} do: ${pathsOf(service)}`,
  );
  for (const [version, groups] of Object.entries(service.versions)) {
    const base = basesOf(version, groups).find((start) => path.startsWith(start));
    if (base === undefined) continue;
    if (asked !== undefined && asked !== version) {
      throw contradiction('version', 'the URL', version, 'version', asked);
    }
    const name = path.slice(base.length);
    const index = indexOf(serviceName, service, version);
    // A URL may be that of the cancel itself; `:cancel` has been taken off before.
    for (const candidate of [name, name.replace(/\/cancel$/, '')]) {
      const match = index(candidate);
      if (match !== undefined && basesOf(version, [match.value.group]).includes(base)) {
        return { version, name: candidate, pattern: match.pattern, ...match.value };
      }
    }
    failure = notAName(serviceName, version, service, withoutCancel(name));
  }
  throw failure;
}

const versionsOf = ({ versions }: Service) => Object.keys(versions).join(', ');
const pathsOf = ({ versions }: Service) =>
  Object.entries(versions)
    .flatMap(([version, groups]) => basesOf(version, groups))
    .map((base) => `/${base}`)
    .join(', ');

function findVersion(serviceName: string, service: Service, asked: string | undefined): string {
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
    `missing; ${serviceName} has ${versionsOf(service)}, and none of them is a safe default`,
  );
}

function notAName(serviceName: string, version: string, service: Service, name: string): Failure {
  const [group = {}] = service.versions[version] ?? [];
  const [form = ''] = namesOf(group);
  const advice = /^v\d/.test(name) ? 'the name begins after the version' : `a name has the form ${form}`;
  return valueFailure(
    'operation',
    `${quote(name)} is not the name of an operation of ${serviceName} ${version}; ${advice}`,
  );
}

type Entry = Pick<Found, 'group' | 'form'>;

/** Made when a version is first asked for, and kept. */
const indexes = new Map<string, NameIndex<Entry>>();

function indexOf(serviceName: string, service: Service, version: string): NameIndex<Entry> {
  const key = `${serviceName}/${version}`;
  let index = indexes.get(key);
  if (index === undefined) {
    const entries = (service.versions[version] ?? []).flatMap((group) => {
      const entry = { group, form: formOf(service, version, group) };
      return namesOf(group).map((pattern) => [pattern, entry] as const);
    });
    index = indexPatterns(entries);
    indexes.set(key, index);
  }
  return index;
}

/** Of name, host and request, each of which may say where the operation is: what they agree on. */
function agreeOnLocation(
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
  // Where only some locations have a host of their own, a name may stand in any, and a host for several.
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
