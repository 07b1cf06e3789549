import { allowsJob } from '../policy/policy.ts';
import type { Sweeps } from '../sweeps/sweep.ts';
import { quote, valueFailure } from '../validation/failure.ts';
import type { Failure } from '../validation/failure.ts';

/** The settings that forbid whole lists. */
interface Allowed {
  /** Projects by id or number; undefined for the function's own. */
  readonly allowedProjects: readonly string[] | undefined;
  readonly allowedServices: readonly string[];
  /** Kinds of jobs, as `aiplatform.customJobs`, services, or `*`. */
  readonly allowedJobs: readonly string[];
  /** The function's own project, where the settings name it. */
  readonly project: string | undefined;
}

/**
 * Finds the lists that a sweep would read in vain, because the policy forbids each of their operations. Such a sweep is
 * refused at the start: at night, it would only report that everything is forbidden.
 *
 * A project that is named by its number may be one that is allowed by its id, and the other way round, so only projects in
 * a form that the allowed ones have too are compared. The policy checks each operation again.
 */
export function findForbiddenLists(sweeps: Sweeps, allowed: Allowed): readonly Failure[] {
  const failures = [...sweeps.values()].flatMap(({ listings }) =>
    listings.flatMap(({ collection: { service, project, name, jobs }, places }) => {
      if (jobs !== undefined && !allowsJob(allowed.allowedJobs, service, jobs.kind)) {
        const problem = `jobs of the kind ${service}.${jobs.kind} are not allowed here (ALLOWED_JOBS), so a sweep could cancel none of them`;
        return [valueFailure(places.jobs, problem)];
      }
      if (!allowsService(service, project, allowed)) {
        const problem =
          project === undefined && allowed.allowedServices.includes('*')
            ? `${quote(name)} contains no project, which is allowed only for services that ALLOWED_SERVICES lists by name`
            : `${service} is not allowed here (ALLOWED_SERVICES), so a sweep could cancel nothing of it`;
        return [valueFailure(places.service, problem)];
      }
      if (project === undefined || allowsProject(project, allowed)) return [];
      const problem = `the project ${quote(project)} is not allowed here (ALLOWED_PROJECTS), so a sweep could cancel nothing of it`;
      return [valueFailure(places.parent, problem)];
    }),
  );
  // The parents of one target share the place of its service.
  const byMessage = new Map(failures.map((failure) => [failure.message, failure]));
  return [...byMessage.values()].map((failure) => failure.at('SWEEPS'));
}

const allowsService = (service: string, project: string | undefined, { allowedServices }: Allowed) =>
  allowedServices.includes(service) || (project !== undefined && allowedServices.includes('*'));

function allowsProject(project: string, { allowedProjects, project: own }: Allowed): boolean {
  const allowed = allowedProjects ?? (own === undefined ? ['*'] : [own]);
  if (allowed.includes('*') || allowed.includes(project) || project === '-') return true;
  return !allowed.some((other) => isNumber(other) === isNumber(project));
}

const isNumber = (project: string) => /^\d+$/.test(project);
