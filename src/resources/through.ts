import { isObject } from '../validation/schema.ts';
import { fieldReader } from './field-path.ts';
import type { Call, Resource } from './resource.ts';

/**
 * Cancels that need to read their resource first, because it names the operation to cancel: a batch of Dataproc is
 * cancelled by its operation, as `gcloud dataproc batches cancel` does.
 */

const PLACEHOLDER = /\{(\w+)\}/;
/** `projects/{project}/regions/{region}/operations/{id}`. */
const OPERATION =
  /^projects\/([A-Za-z0-9.:-]+)\/(?:regions|locations)\/([a-z0-9-]+)\/operations\/[A-Za-z0-9_-]+$/;
const OWNER = /^projects\/([^/]+)\/(?:regions|locations)\/([^/]+)\//;

/** Whether the cancel needs the body of the resource. */
export const needsBody = ({ calls }: Resource): boolean => PLACEHOLDER.test(calls.cancel.path);

/**
 * The cancel, with the operation that the body names in place of the field in braces. An operation of another project or
 * place is not taken, so that a call goes nowhere else than the policy allowed.
 *
 * @returns the problem where the body names no such operation
 */
export function cancelThrough(
  { name, calls: { cancel } }: Resource,
  body: unknown,
): Call | { readonly problem: string } {
  const [, field = ''] = PLACEHOLDER.exec(cancel.path) ?? [];
  const operation = isObject(body) ? fieldReader(field)(body) : undefined;
  if (typeof operation !== 'string' || operation === '') return { problem: `it names no "${field}" yet` };
  const [, project = '', place] = OPERATION.exec(operation) ?? [];
  const [, ownProject = '', ownPlace] = OWNER.exec(name) ?? [];
  const isOwn = place === ownPlace && (project === ownProject || isNumber(project) !== isNumber(ownProject));
  if (place === undefined || !isOwn)
    return { problem: `its "${field}" is not an operation of its own project and place` };
  return { ...cancel, path: cancel.path.replace(PLACEHOLDER, () => operation) };
}

const isNumber = (project: string) => /^\d+$/.test(project);
