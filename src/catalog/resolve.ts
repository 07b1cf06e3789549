import { Failure, isPermanent, quote, valueFailure } from '../validation/failure.ts';
import type { PermanentFailure } from '../validation/failure.ts';
import { kindOf } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import type { NameReference, Reference } from './reference.ts';
import { mostSimilar } from '../validation/similar.ts';
import { catalog } from './catalog.ts';
import type { Service } from './catalog.ts';
import {
  findHost,
  hostOf,
  regionalEndpointOf,
  regionOf,
  serviceByOwnLabel,
  canonicalHostOf,
} from './host.ts';
import type { KnownHost } from './host.ts';
import { agreeOnLocation, contradiction } from './location.ts';
import { findByName, findByPath } from './find.ts';
import { locationOf, projectOf } from './name-pattern.ts';
import { checkSpelling } from './spelling.ts';
import { scopesOf, tokenScopesOf } from './scopes.ts';

/**
 * Resolves references: the catalog decides whether a reference names an operation, and which host, path and
 * scopes belong to it. A reference that it refuses never reaches the network.
 */

/** In bytes: Pub/Sub's limit for the value of an attribute. The full resource name is one (`ce-subject`). */
const MAX_FULL_NAME_LENGTH = 1_024;

const { services, uncancellable } = catalog;
const cannotCancel = new Set(uncancellable);

export const isKnownService = (service: string) => Object.hasOwn(services, service);

/** The operation that a reference names, or the failure and the parts of the reference that were understood. */
export type Resolution =
  | { readonly ok: true; readonly operation: Resource }
  | { readonly ok: false; readonly failure: PermanentFailure; readonly understood: UnderstoodReference };

export interface UnderstoodReference {
  /** Short name of the service, such as `notebooks`. */
  readonly service?: string;
  /** The location in its name, which need not exist. */
  readonly location?: string;
}

/**
 * Resolves a reference to its operation. The failure names the field in the sender's words: `ValueError`, or
 * `Unsupported` for operations that their service has no method to cancel.
 */
export function lookUp(reference: Reference): Resolution {
  const understood: { service?: string; location?: string } = {};
  try {
    return { ok: true, operation: resolveReference(reference, understood) };
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { ok: false, failure: error.inFieldsOf(reference.fields ?? {}), understood };
  }
}

/**
 * Resolves a reference to its operation.
 *
 * @throws Failure, where `lookUp` returns it
 */
export function resolve(reference: Reference): Resource {
  const resolution = lookUp(reference);
  if (resolution.ok) return resolution.operation;
  throw resolution.failure;
}

/** @param understood receives the service and the location as soon as they are known */
function resolveReference(
  reference: Reference,
  understood: { service?: string; location?: string },
): Resource {
  const host = reference.host === undefined ? undefined : knownHost(reference.host, reference);
  const serviceName = findService(reference, host);
  understood.service = serviceName;
  if (cannotCancel.has(serviceName)) throw refuseOperationOf(serviceName, reference);
  const service = services[serviceName] as Service;
  checkSpelling(serviceName, reference);
  const { version, name, pattern, group, form } =
    'path' in reference
      ? findByPath(serviceName, service, reference)
      : findByName(serviceName, service, reference);
  if (form === undefined) throw unsupported(`${serviceName} ${version}`, quote(name));

  const project = projectOf(pattern, name);
  const regionalEndpoint = host?.regionalEndpoint ?? reference.regionalEndpoint ?? false;
  const placed = locationOf(pattern, name);
  const nameLocation = placed === undefined ? undefined : regionOf(placed);
  if (nameLocation !== undefined) understood.location = nameLocation;
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
    fullResourceName: fullResourceNameOf(serviceName, name),
    host: serving,
    url: `https://${serving}/${path}`,
    calls: { cancel: form.cancel(path), ...(get !== undefined && { get }) },
    auth: {
      scopes: scopesOf(group),
      tokenScopes: tokenScopesOf(service, group),
      delegated: service.delegated ?? false,
    },
    kind: kindOf(form.kind, serviceName),
  };
}

/** Names that look like operations are `Unsupported`; any other name is not an operation. */
function refuseOperationOf(serviceName: string, reference: Reference): Failure {
  const name = 'path' in reference ? reference.path : reference.name;
  if (/(?:^|\/)\w*operations\/[^/]/i.test(name)) return unsupported(serviceName, 'its operations');
  return valueFailure('operation', `${quote(name)} is not the name of an operation of ${serviceName}`);
}

const unsupported = (service: string, what: string) =>
  new Failure('Unsupported', `${service} has no method to cancel ${what}`);

function fullResourceNameOf(serviceName: string, name: string): string {
  const fullResourceName = `//${serviceName}.googleapis.com/${name}`;
  if (fullResourceName.length <= MAX_FULL_NAME_LENGTH) return fullResourceName;
  throw valueFailure(
    'operation',
    `must be shorter: the full resource name has ${fullResourceName.length} characters, and at most ${MAX_FULL_NAME_LENGTH} are allowed`,
  );
}

/** An older host that several APIs share. The first segment of the path names the API. */
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
  if (canonicalHostOf(host) === COMMON_HOST && common !== undefined) return { service: common };
  const known = findHost(host);
  if (known !== undefined) return known;
  throw valueFailure(
    'operation',
    `the host ${quote(host)} is not in the catalog; docs/services.md lists the hosts`,
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
  const isUrl = /^[a-z0-9.-]+\.googleapis\.com\//.test(name);
  throw valueFailure(
    'service',
    isUrl
      ? `missing; if ${quote(name)} is meant as a URL, begin it with https://`
      : `missing; the bare name ${quote(name)} does not name its service`,
  );
}

/** Accepts `notebooks` and `notebooks.googleapis.com`, and `translation` for translate, whose host begins with it. */
function knownService(service: string): string {
  const short = service.replace(/\.googleapis\.com$/, '');
  if (isKnownService(short) || cannotCancel.has(short)) return short;
  const byLabel = serviceByOwnLabel(short);
  if (byLabel !== undefined) return byLabel;
  throw valueFailure('service', `${quote(service)} is not in the catalog; ${adviceOn(short)}`);
}

/** Suggests the service that the sender probably meant, or names the list of services. */
function adviceOn(service: string): string {
  const host = findHost(`${service}.googleapis.com`);
  if (host?.location !== undefined) {
    return `did you mean ${quote(host.service)} in the region ${quote(host.location)}?`;
  }
  const meant = host?.service ?? mostSimilar(service, [...Object.keys(services), ...uncancellable]);
  return meant === undefined ? 'docs/services.md lists the services' : `did you mean ${quote(meant)}?`;
}
