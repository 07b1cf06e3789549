import { andThen } from './core/eventual.ts';
import type { Eventual } from './core/eventual.ts';
import type { Glob } from './core/glob.ts';
import type { Operation } from './core/operation.ts';
import { checkPolicy } from './core/policy.ts';
import type { OwnProject } from './core/ports.ts';

/**
 * Lets an operation pass that the policy allows. Asked before every delivery's first call, a re-check's
 * included.
 *
 * @param messageProject the project that the message at hand came from
 * @throws Failure `ValueError` that says which setting forbids it; `Unavailable` when the own project cannot
 *   be told
 */
export type Admission = (operation: Operation, messageProject: string | undefined) => Eventual<void>;

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
    andThen(needsOwn ? ownProject.names(messageProject) : [], (own) => {
      const projects = allowedProjects ?? own;
      checkPolicy({ projects, services: allowedServices, protectedOperations, ownProject: own }, operation);
    });
}
