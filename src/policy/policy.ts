import { quote, valueFailure } from '../validation/failure.ts';
import type { Glob } from './glob.ts';
import type { Resource } from '../resources/resource.ts';
import { aliasesOf } from './aliases.ts';

/**
 * Decides whether an operation may be cancelled. It is asked before the first call of every delivery, also of a re-check:
 * settings may have changed, and anybody who may publish can write a re-check.
 */
export interface Policy {
  /**
   * @throws Failure `ValueError` that says which setting forbids it; `Unavailable` while the own project, which the
   *   decision needs, is not known
   */
  check(operation: Resource, ownProject: OwnProjectNames): Promise<void>;
}

/** The names of the function's own project: its id and, where it is known, its number. */
interface OwnProjectNames {
  names(): readonly string[] | Promise<readonly string[]>;
}

/** The settings that forbid and allow. */
interface PolicySettings {
  /** Projects by id or number, `*` for any; the function's own where undefined. */
  readonly allowedProjects: readonly string[] | undefined;
  readonly allowedServices: readonly string[];
  readonly protectedOperations: readonly Glob[];
}

export function createPolicy(settings: PolicySettings): Policy {
  const { allowedProjects, allowedServices: services, protectedOperations } = settings;
  const needsOwnProject = allowedProjects === undefined || protectedOperations.length > 0;
  return {
    check: async (operation, ownProject) => {
      const own = needsOwnProject ? await ownProject.names() : [];
      checkPolicy(
        { projects: allowedProjects ?? own, services, protectedOperations, ownProject: own },
        operation,
      );
    },
  };
}

/** The rules with every name known. */
export interface PolicyRules {
  /** Projects by id or number; `*` for any. */
  readonly projects: readonly string[];
  /** Services by short name; `*` for any. Naming one also allows its names without a project. */
  readonly services: readonly string[];
  /** Patterns of operations that are never cancelled, by name or by full resource name. */
  readonly protectedOperations: readonly Glob[];
  /** Id and number of the function's own project, where they are known. */
  readonly ownProject?: readonly string[];
}

/**
 * Checks an operation against the rules.
 *
 * @throws Failure `ValueError` that says which setting forbids it
 */
export function checkPolicy(policy: PolicyRules, operation: Resource): void {
  const { service, project, name } = operation;
  const rule = policy.protectedOperations.find((glob) =>
    aliasesOf(operation, policy.ownProject ?? []).some((spelling) => glob.matches(spelling)),
  );
  if (rule !== undefined) {
    throw valueFailure(
      'operation',
      `${quote(name)} is protected by the rule ${quote(rule.pattern)} (PROTECTED_OPERATIONS)`,
    );
  }
  const named = policy.services.includes(service);
  if (!named && !policy.services.includes('*')) {
    throw valueFailure('service', `${service} is not allowed here (ALLOWED_SERVICES)`);
  }
  if (project === undefined) {
    if (named) return;
    throw valueFailure(
      'operation',
      `${quote(name)} contains no project, which is allowed only for services that ALLOWED_SERVICES lists by name`,
    );
  }
  if (policy.projects.includes('*') || policy.projects.includes(project)) return;
  throw valueFailure(
    'operation',
    `the project ${quote(project)} is not allowed here (ALLOWED_PROJECTS, in which a project's id and its number are separate entries)`,
  );
}
