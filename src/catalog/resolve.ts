import { Failure, isPermanent, quote, valueFailure } from '../validation/failure.ts';
import type { PermanentFailure } from '../validation/failure.ts';
import type { Resource } from '../resources/resource.ts';
import { JOB_FIELDS } from './reference.ts';
import type { NameReference, Reference } from './reference.ts';
import { mostSimilar } from '../validation/similar.ts';
import { catalog, hostServices, jobsPart, operationsPart } from './catalog.ts';
import type { CatalogPart, MethodGroup, Service } from './catalog.ts';
import {
  findHost,
  hostOf,
  regionalEndpointOf,
  regionOf,
  serviceByOwnLabel,
  serviceLabelsOf,
  canonicalHostOf,
} from './host.ts';
import type { KnownHost } from './host.ts';
import { agreeOnLocation, agreeOnParameter, contradiction } from './location.ts';
import { findByName, findByPath } from './find.ts';
import { checkSpelling } from './spelling.ts';

/**
 * Resolves references: the catalog decides whether a reference names an operation, and which host, path and
 * scopes belong to it. A reference that it refuses never reaches the network.
 */

/** In bytes: Pub/Sub's limit for the value of an attribute. The full resource name is one (`ce-subject`). */
const MAX_FULL_NAME_LENGTH = 1_024;

const { uncancellable } = catalog;
const cannotCancel = new Set(uncancellable);

/** Whether a service has operations or jobs that can be cancelled. */
export const isKnownService = (service: string) => Object.hasOwn(hostServices, service);

/** The operation or job that a reference names, or the failure and the parts of the reference that were understood. */
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
    const { isJob = false, fields = isJob ? JOB_FIELDS : {} } = reference;
    const failure = misplacement(reference) ?? error;
    return { ok: false, failure: failure.inFieldsOf(fields), understood };
  }
}

/** The failure of a job that stands in the field of an operation, or the other way round: it is not cancelled by mistake. */
function misplacement(reference: Reference): PermanentFailure | undefined {
  const isJob = reference.isJob !== true;
  try {
    const { service, name } = resolveReference({ ...reference, isJob }, {});
    const [kind, field] = isJob ? (['a job', 'job'] as const) : (['an operation', 'operation'] as const);
    const finding = `${quote(name)} is ${kind} of ${service}`;
    const misplacement = { finding, field };
    const failure = valueFailure('operation', `${finding}; name it in ${field}`, { misplacement });
    return isPermanent(failure) ? failure : undefined;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return undefined;
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
  const part = reference.isJob === true ? jobsPart : operationsPart;
  const service = Object.hasOwn(part.services, serviceName) ? part.services[serviceName] : undefined;
  if (service === undefined) throw refuseResourceOf(serviceName, reference, part);
  checkSpelling(serviceName, reference);
  const {
    version,
    name,
    project,
    location: placed,
    entry: { group, form, auth },
  } = 'path' in reference
    ? findByPath(part, serviceName, service, reference)
    : findByName(part, serviceName, service, reference);
  if (form === undefined) throw unsupported(`${serviceName} ${version}`, quote(name));

  const regionalEndpoint = host?.regionalEndpoint ?? reference.regionalEndpoint ?? false;
  const nameLocation = placed === undefined ? undefined : regionOf(placed);
  if (nameLocation !== undefined) understood.location = nameLocation;
  const placement = placementOf(service, group);
  const location =
    group.locationParameter === undefined
      ? agreeOnLocation(placement, nameLocation, host, reference.region, regionalEndpoint)
      : agreeOnParameter(host, reference.region);
  const serving = regionalEndpoint
    ? regionalEndpointOf(serviceName, location)
    : hostOf(serviceName, placement, location);
  const target = { path: form.path(name), name, project, location };
  const get = form.get(target);
  return {
    service: serviceName,
    version,
    name,
    ...(location !== undefined && location !== nameLocation && { region: location }),
    ...(regionalEndpoint && { regionalEndpoint }),
    ...(group.kind !== undefined && { job: group.kind }),
    ...(project !== undefined && { project }),
    fullResourceName: fullResourceNameOf(serviceName, name),
    host: serving,
    url: `https://${serving}/${target.path}`,
    calls: { cancel: form.cancel(target), ...(get !== undefined && { get }) },
    auth,
    kind: form.kind,
    ...(group.locationParameter !== undefined && location === undefined && { lacksLocation: true }),
  };
}

/** Cloud Run has a host for each region in one of its versions. */
const placementOf = (service: Service, { regional }: MethodGroup): Service =>
  regional === undefined ? service : { ...service, regional };

/** Names that look like operations are `Unsupported`; any other name is not an operation. */
function refuseResourceOf(serviceName: string, reference: Reference, { noun }: CatalogPart): Failure {
  const name = 'path' in reference ? reference.path : reference.name;
  if (noun === 'job') return valueFailure('operation', `${serviceName} has no jobs that can be cancelled`);
  if (cannotCancel.has(serviceName) && /(?:^|\/)\w*operations\/[^/]/i.test(name))
    return unsupported(serviceName, 'its operations');
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
  [...Object.entries(catalog.jobs), ...Object.entries(catalog.services)].flatMap(([name, { versions }]) =>
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
  const meant = similarHost(host);
  const advice = meant === undefined ? 'docs/services.md lists the hosts' : `did you mean ${quote(meant)}?`;
  throw valueFailure('operation', `the host ${quote(host)} is not in the catalog; ${advice}`);
}

const GOOGLE_APIS = 'googleapis.com';

/** The host that was probably meant, where either the service or the domain is misspelled. */
function similarHost(host: string): string | undefined {
  const dot = host.indexOf('.');
  const [label, domain] = [host.slice(0, dot), host.slice(dot + 1)];
  if (domain !== GOOGLE_APIS) {
    const isMisspelled = mostSimilar(domain, [GOOGLE_APIS]) !== undefined;
    return isMisspelled && findHost(`${label}.${GOOGLE_APIS}`) ? `${label}.${GOOGLE_APIS}` : undefined;
  }
  const service = mostSimilar(label, [...Object.keys(hostServices), ...uncancellable]);
  return service && `${serviceLabelsOf(service).at(-1) ?? service}.${GOOGLE_APIS}`;
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
export function knownService(service: string): string {
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
  const meant = host?.service ?? mostSimilar(service, [...Object.keys(hostServices), ...uncancellable]);
  return meant === undefined ? 'docs/services.md lists the services' : `did you mean ${quote(meant)}?`;
}
