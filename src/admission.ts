import { resolve } from './catalog/catalog.ts';
import type { Operation } from './core/operation.ts';
import { checkPolicy } from './core/policy.ts';
import type { OwnProject } from './core/ports.ts';
import type { Reference } from './core/reference.ts';

/**
 * Lets a reference pass as an operation that may be called: it is in the catalogue, and the policy allows it. Asked before every
 * call, whoever wants it, a re-check of our own included.
 *
 * @param near the project that the message at hand came from
 * @throws Failure `ValueError` that names the field and what it should be
 */
export type Admission = (reference: Reference, near: string | undefined) => Promise<Operation>;

export function createAdmission(options: {
  readonly ownProject: OwnProject;
  /** Undefined for the function's own project. */
  readonly allowedProjects: readonly string[] | undefined;
  readonly allowedServices: readonly string[];
}): Admission {
  const { ownProject, allowedProjects, allowedServices } = options;
  return async (reference, near) => {
    const operation = resolve(reference);
    const projects = allowedProjects ?? (await ownProject.names(near));
    checkPolicy({ projects, services: allowedServices }, operation);
    return operation;
  };
}
