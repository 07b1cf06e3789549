import { container } from './operations/container.ts';
import { longrunning, longrunningOf } from './operations/longrunning.ts';
import { sqladmin } from './operations/sqladmin.ts';
import type { ResourceKind } from './resource.ts';

/**
 * The kinds of resources that can be cancelled, by the name that the catalog knows them by.
 *
 * A kind says how a service writes a resource: its state, the pages of its list, its name, its age, and the fields that a
 * sweep can match on. Most resources that cost money and have a cancel of their own write their state as one word. Such a
 * kind is a row of data for `enumStateKind`. Custom jobs of Vertex AI would be
 *
 * ```ts
 * customJobs: enumStateKind({
 *   noun: 'job',
 *   stateField: 'state',
 *   states: {
 *     JOB_STATE_QUEUED: 'running',
 *     JOB_STATE_PENDING: 'running',
 *     JOB_STATE_RUNNING: 'running',
 *     JOB_STATE_PAUSED: 'running',
 *     JOB_STATE_UPDATING: 'running',
 *     JOB_STATE_CANCELLING: 'cancelling',
 *     JOB_STATE_CANCELLED: 'cancelled',
 *     JOB_STATE_SUCCEEDED: 'succeeded',
 *     JOB_STATE_PARTIALLY_SUCCEEDED: 'succeeded',
 *     JOB_STATE_FAILED: 'failed',
 *     JOB_STATE_EXPIRED: 'failed',
 *   },
 *   errorField: 'error',
 *   itemsField: 'customJobs',
 *   pageSizeParameter: 'pageSize',
 *   createdAtFields: ['createTime'],
 *   matchableFields: ['displayName', 'labels.*'],
 * }),
 * ```
 *
 * A word whose meaning needs more of the body has a function in place of its meaning, as `DONE` has in
 * `operations/container.ts`. A kind that no row describes, such as one with a list of conditions for its state, is a file
 * of its own that implements `ResourceKind`, as `operations/longrunning.ts` does. A state word that is not listed is
 * unreadable, never an end: list every word that the service documents.
 *
 * The kind is one of three steps. The catalog says where resources of the kind are:
 *
 * 1. a row here, or a file;
 * 2. names and methods: a group of the service in `tools/catalog/overlay.ts` (then `npm run catalog`), and where the cancel
 *    is not `POST :cancel`, a line in `catalog/call-forms.ts`, where a call can be a PUT and have a body or a query;
 * 3. which names are of the kind: `state` of the service in the catalog. A service with several kinds needs it in the
 *    groups of `catalog/catalog.ts`, and a sweep that lists them needs their collection in `catalog/resolve-collection.ts`,
 *    which knows `operations` alone.
 */
export const resourceKinds = { longrunning, container, sqladmin } satisfies Record<string, ResourceKind>;

export type ResourceKindName = keyof typeof resourceKinds;

/** The kind of a service's operations: the long-running operations of some services have a state of their own. */
export const kindOf = (name: ResourceKindName, service: string): ResourceKind =>
  name === 'longrunning' ? longrunningOf(service) : resourceKinds[name];

/** Whether resources of some kind have this field, for the patterns of sweeps, which may list several kinds. */
export const isMatchableField = (path: string): boolean =>
  Object.values(resourceKinds).some(({ matchableFields }) => matchableFields.test(path));
