import { container } from './operations/container.ts';
import { longrunning, longrunningOf } from './operations/longrunning.ts';
import { sqladmin } from './operations/sqladmin.ts';
import type { ResourceKind } from './resource.ts';

/**
 * The kinds of operations, by the name that the catalog knows them by (`state` of a service): how the service writes the
 * state, the pages of its list, the name, the age, and the fields that a sweep can match on.
 *
 * Kinds of jobs are no code: each is a row of data in `tools/catalog/jobs.ts`, which `job-kind.ts` reads. A kind of operations
 * that writes its state as one word is a row for `enumStateKind`, as `operations/container.ts` is; a word whose meaning needs
 * more of the body has a function in place of its meaning. Any other kind is a file of its own that implements
 * `ResourceKind`, as `operations/longrunning.ts` does. A state word that is not listed is unreadable, never an end: list every
 * word that the service documents.
 */
export const resourceKinds = { longrunning, container, sqladmin } satisfies Record<string, ResourceKind>;

export type ResourceKindName = keyof typeof resourceKinds;

/** The kind of a service's operations: the long-running operations of some services have a state of their own. */
export const kindOf = (name: ResourceKindName, service: string): ResourceKind =>
  name === 'longrunning' ? longrunningOf(service) : resourceKinds[name];

/** Whether resources of some kind have this field, for the patterns of sweeps, which may list several kinds. */
export const isMatchableField = (path: string): boolean =>
  Object.values(resourceKinds).some(({ matchableFields }) => matchableFields.test(path));
