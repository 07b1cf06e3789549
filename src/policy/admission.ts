import { mapMaybe } from '../google/maybe-promise.ts';
import type { MaybePromise } from '../google/maybe-promise.ts';
import type { Glob } from './glob.ts';
import type { Operation } from '../resources/resource.ts';
import { checkPolicy } from './policy.ts';
import type { OwnProject } from '../ports.ts';

/**
 * Lets an operation pass that the policy allows. Asked before every delivery's first call, a re-check's
 * included.
 *
 * @param messageProject the project that the message at hand came from
 * @throws Failure `ValueError` that says which setting forbids it; `Unavailable` when the own project cannot
 *   be told
 */
export type Admission = (operation: Operation, messageProject: string | undefined) => MaybePromise<void>;

export function createAdmission(options: {
  readonly ownProject: OwnProject;
  /** Undefined for the function's own project. */
  readonly allowedProjects: readonly string[] | undefined;
  readonly allowedServices: readonly string[];
  readonly protectedOperations: readonly Glob[];
}): Admission {
  const { ownProject, allowedProjects, allowedServices, protectedOperations } = options;
  const needsOwn = allowedProjects === undefined || protectedOperations.length > 0;
  return (operation, messageProject) =>
    mapMaybe(needsOwn ? ownProject.names(messageProject) : [], (own) => {
      const projects = allowedProjects ?? own;
      checkPolicy({ projects, services: allowedServices, protectedOperations, ownProject: own }, operation);
    });
}
