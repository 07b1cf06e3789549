import { jobKind } from '../resources/job-kind.ts';
import type { Collection, Resource, ResourceKind } from '../resources/resource.ts';
import { jobsPart } from './catalog.ts';
import type { ContainerList } from './catalog.ts';
import { hostOf } from './host.ts';
import { scopesOf, tokenScopesOf } from './scopes.ts';

/** The list of what contains the jobs of a collection. */
export function containersOf(
  { auth }: Resource,
  { service, base, itemsField, pageSizeParameter }: ContainerList,
  version: string,
  name: string,
): Collection {
  const containers = name.split('/').slice(0, -2).join('/');
  const entry = Object.hasOwn(jobsPart.services, service) ? jobsPart.services[service] : undefined;
  return {
    service,
    version: base.replace(/^.*?(v\w+)\/$/, '$1').replace('{version}', version),
    name: containers,
    host: hostOf(service, entry ?? { versions: {} }, undefined),
    path: base.replace('{version}', version) + containers,
    auth: entry === undefined ? CLOUD_PLATFORM : auth,
    kind: containerKind(itemsField, pageSizeParameter),
  };
}

const CLOUD_PLATFORM: Resource['auth'] = {
  scopes: scopesOf({}),
  tokenScopes: tokenScopesOf({ versions: {} }, {}),
  delegated: false,
};

const containerKind = (itemsField: string, pageSizeParameter: string): ResourceKind =>
  jobKind({ noun: 'entry', itemsField, pageSizeParameter, states: {}, matchableFields: [] });

/** An id of a container, which becomes a segment of a path. */
const ID = /^[A-Za-z0-9._~()=@-]{1,256}$/;

/** Whether a text can be the id of a container: one segment of a path, and no wildcard. */
export const isContainerId = (text: string): boolean => ID.test(text) && !/^[.-]+$/.test(text);

/** The id of a container that an entry of its list names; undefined for a name that is none. */
export function containerIdOf(entryName: string | undefined): string | undefined {
  const id = entryName?.slice(entryName.lastIndexOf('/') + 1);
  return id !== undefined && isContainerId(id) ? id : undefined;
}

/** The list of one container, for a collection whose containers are listed one by one. */
export function inContainer(collection: Collection, id: string): Collection {
  const named = (text: string) => text.replace(/\/-\/(?=[^/]+$)/, () => `/${id}/`);
  return { ...collection, name: named(collection.name), path: named(collection.path) };
}
