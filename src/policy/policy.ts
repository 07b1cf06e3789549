import { quote, valueFailure } from '../validation/failure.ts';
import type { Glob } from './glob.ts';
import type { Operation } from '../resources/resource.ts';
import { aliasesOf } from './aliases.ts';

/** What may be cancelled here, as the settings say it. */
export interface Policy {
  /** Projects by id or number; `*` for any. */
  readonly projects: readonly string[];
  /** Services by short name; `*` for any. Naming one also allows its names without a project. */
  readonly services: readonly string[];
  /** What is never cancelled, by name or by full resource name. */
  readonly protectedOperations: readonly Glob[];
  /** Id and number of the function's own project, where they are known. */
  readonly ownProject?: readonly string[];
}

/**
 * Checks an operation against the policy.
 *
 * @throws Failure `ValueError` that says which setting forbids it
 */
export function checkPolicy(policy: Policy, operation: Operation): void {
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
      `${quote(name)} carries no project, which is allowed only for services that ALLOWED_SERVICES lists by name`,
    );
  }
  if (policy.projects.includes('*') || policy.projects.includes(project)) return;
  throw valueFailure(
    'operation',
    `the project ${quote(project)} is not allowed here (ALLOWED_PROJECTS, where an id and a number are two different entries)`,
  );
}
