import { container } from './operations/container.ts';
import { longrunning } from './operations/longrunning.ts';
import { sqladmin } from './operations/sqladmin.ts';
import type { ResourceKind } from './resource.ts';

/**
 * The kinds of resources that can be cancelled, by the name that the catalog knows them by.
 *
 * Most resources that cost money and have a cancel of their own give their state in one word. Such a kind is a row of
 * data here, and nothing else has to change for it: reading its state, listing it, its name, its age and the fields
 * that a sweep matches on follow from the row. Custom jobs of Vertex AI would be
 *
 * ```ts
 * customJobs: enumStateKind({
 *   noun: 'job',
 *   stateField: 'state',
 *   states: {
 *     JOB_STATE_QUEUED: 'running',
 *     JOB_STATE_RUNNING: 'running',
 *     JOB_STATE_CANCELLING: 'cancelling',
 *     JOB_STATE_CANCELLED: 'cancelled',
 *     JOB_STATE_SUCCEEDED: 'succeeded',
 *     JOB_STATE_FAILED: 'failed',
 *   },
 *   errorField: 'error',
 *   itemsField: 'customJobs',
 *   pageSizeParameter: 'pageSize',
 *   createdAtFields: ['createTime'],
 *   matchableFields: ['displayName', 'labels.*'],
 * }),
 * ```
 *
 * A word whose end has to be read elsewhere in the body has a function in place of its meaning, as `DONE` has in
 * `operations/container.ts`. A kind that a row cannot express, such as one with its state in a list of conditions, is a
 * file of its own that implements `ResourceKind`, as `operations/longrunning.ts` does.
 */
export const resourceKinds = { longrunning, container, sqladmin } satisfies Record<string, ResourceKind>;

export type ResourceKindName = keyof typeof resourceKinds;

/** Whether resources of some kind have this field, for the patterns of sweeps, which may list several kinds. */
export const isMatchableField = (path: string): boolean =>
  Object.values(resourceKinds).some(({ matchableFields }) => matchableFields.test(path));
