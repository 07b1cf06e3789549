import { quote, valueFailure } from '../core/failure.ts';
import type { Operation } from '../core/operation.ts';
import type { Reference } from '../core/reference.ts';
import { checkLocation, findHost, hostOf } from './host.ts';
import { compilePatterns } from './pattern.ts';
import { services } from './services.ts';
import type { Service } from './services.ts';

/**
 * The catalogue decides for every reference to an operation whether it is one, and which host, path and
 * scopes are right. Nothing that it refuses reaches the network.
 */

/** Pub/Sub's limit for an attribute's value, which the full resource name must fit (`ce-subject`). */
const MAX_FULL_NAME_LENGTH = 1_024;

export const isKnownService = (service: string) => Object.hasOwn(services, service);
export const knownServices = () => Object.keys(services).sort();

/**
 * Resolves what a request refers to.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function resolve(reference: Reference): Operation {
  const { name } = reference;
  const host = reference.host === undefined ? undefined : knownHost(reference.host);
  const serviceName = agree('service', [
    ['the host', host?.service],
    ['service', reference.service === undefined ? undefined : knownService(reference.service)],
  ]);
  if (serviceName === undefined) {
    throw valueFailure(
      'service',
      `missing; the bare name ${quote(name)} does not say which service it belongs to`,
    );
  }
  const service = services[serviceName] as Service;
  const version = findVersion(serviceName, service, reference.version);
  checkName(serviceName, version, name);

  const [, project] = /^projects\/([^/]+)\//.exec(name) ?? [];
  const [, nameLocation] = /^projects\/[^/]+\/locations\/([^/]+)\//.exec(name) ?? [];
  // Where the host does not depend on the location, a name may stand in any, such as a zone.
  const regional = service.endpoint !== 'global';
  if (regional && nameLocation !== undefined) checkLocation('operation', nameLocation);
  if (regional && reference.region !== undefined) checkLocation('region', reference.region);
  const location = regional
    ? agree('region', [
        ['the name', nameLocation],
        ['the host', host?.location],
        ['region', reference.region],
      ])
    : undefined;

  const serving = hostOf(serviceName, service.endpoint, location, name);
  const fullResourceName = `//${serviceName}.googleapis.com/${name}`;
  if (fullResourceName.length > MAX_FULL_NAME_LENGTH) {
    throw valueFailure(
      'operation',
      `too long; the full resource name has ${fullResourceName.length} characters, at most 1024 fit`,
    );
  }
  return {
    service: serviceName,
    version,
    name,
    ...(nameLocation === undefined && location !== undefined && { region: location }),
    ...(project !== undefined && { project }),
    host: serving,
    url: `https://${serving}/${version}/${name}`,
    fullResourceName,
    scopes: service.scopes,
    canGet: true,
  };
}

/**
 * Of several places that may say the same thing: what they say, or a failure that names the two that
 * contradict.
 */
function agree(
  field: string,
  said: readonly (readonly [place: string, value: string | undefined])[],
): string | undefined {
  const [first, ...others] = said.filter(([, value]) => value !== undefined);
  const other = others.find(([, value]) => value !== first?.[1]);
  if (first !== undefined && other !== undefined) {
    throw valueFailure(
      field,
      `${first[0]} says ${quote(first[1] ?? '')}, but ${other[0]} says ${quote(other[1] ?? '')}`,
    );
  }
  return first?.[1];
}

function knownHost(host: string) {
  const known = findHost(host);
  if (known !== undefined) return known;
  throw valueFailure(
    'operation',
    `the host ${quote(host)} is not one that the catalogue lists; it knows ${knownServices().join(', ')}`,
  );
}

/** Takes `notebooks` and `notebooks.googleapis.com`. */
function knownService(service: string): string {
  const short = service.replace(/\.googleapis\.com$/, '');
  if (isKnownService(short)) return short;
  throw valueFailure(
    'service',
    `${quote(service)} is not in the catalogue; known are ${knownServices().join(', ')}`,
  );
}

function findVersion(serviceName: string, service: Service, asked: string | undefined): string {
  const known = () => Object.keys(service.versions).join(', ');
  if (asked !== undefined) {
    if (Object.hasOwn(service.versions, asked)) return asked;
    throw valueFailure(
      'version',
      `${serviceName} has no version ${quote(asked)} that can cancel; it has ${known()}`,
    );
  }
  if (service.defaultVersion !== undefined) return service.defaultVersion;
  throw valueFailure('version', `missing; ${serviceName} has ${known()}, and none of them is a safe default`);
}

const compiled = new Map<string, RegExp>();

function checkName(serviceName: string, version: string, name: string): void {
  const patterns = services[serviceName]?.versions[version]?.patterns ?? [];
  const key = `${serviceName}/${version}`;
  let expression = compiled.get(key);
  if (expression === undefined) {
    expression = compilePatterns(patterns);
    compiled.set(key, expression);
  }
  // Dots alone are path segments to some servers and proxies, never ids.
  if (expression.test(name) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(name)) return;
  const [form = ''] = patterns;
  const advice = /^v\d/.test(name) ? 'the name begins after the version' : `a name has the form ${form}`;
  throw valueFailure(
    'operation',
    `${quote(name)} is not the name of an operation of ${serviceName} ${version}; ${advice}`,
  );
}
