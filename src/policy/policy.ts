import { jobKindNames, namesNoProjects } from '../catalog/catalog.ts';
import type { Resource } from '../resources/resource.ts';
import { quote, valueFailure } from '../validation/failure.ts';
import type { Failure } from '../validation/failure.ts';
import { aliasesOf, matchAliases } from './aliases.ts';
import type { Glob } from './glob.ts';
import { isNumber } from './name-template.ts';
import { isWhollyKnown, namesOfProject, projectsIn, withProject } from './projects.ts';
import type { KnownProjects } from './projects.ts';

/**
 * Decides whether an operation may be cancelled. It is asked before the first call of every delivery, also of a re-check:
 * settings may have changed, and anybody who may publish can write a re-check.
 *
 * In doubt, less is cancelled. Where the decision depends on a name of the own project that is not known yet, the message
 * has to wait; where it depends on one that will never be known, the operation is refused.
 */
export interface Policy {
  /**
   * @throws Failure `ValueError` that says which setting forbids it; `Unavailable` while the own project, which the
   *   decision needs, is not known
   */
  check(operation: Resource, ownProject: OwnProjectNames): Promise<void>;
}

/** The names of the function's own project. Both methods throw Failure `Unavailable` while they are not known. */
interface OwnProjectNames {
  id(): string | Promise<string>;
  /** Its id and its number. */
  names(): readonly string[] | Promise<readonly string[]>;
}

/** The settings that forbid and allow. */
interface PolicySettings {
  /** Projects by id or number, `*` for any; the function's own where undefined. */
  readonly allowedProjects: readonly string[] | undefined;
  readonly allowedServices: readonly string[];
  /** Kinds of jobs, as `aiplatform.customJobs`, services, or `*`. */
  readonly allowedJobs: readonly string[];
  readonly protectedOperations: readonly Glob[];
  /** Projects whose id and number the settings give. */
  readonly projectNumbers: KnownProjects;
}

export function createPolicy(settings: PolicySettings): Policy {
  const { allowedProjects, allowedServices: services, allowedJobs: jobs } = settings;
  const { protectedOperations, projectNumbers } = settings;
  const needsOwnProject = allowedProjects === undefined || protectedOperations.length > 0;
  const judge = (operation: Resource, own: readonly string[]) => {
    const knownProjects = withProject(projectNumbers, own);
    const projects = allowedProjects ?? own;
    return judgeOperation({ projects, services, jobs, protectedOperations, knownProjects }, operation);
  };
  return {
    check: async (operation, ownProject) => {
      // Most decisions need the id alone, so that none of them waits for a metadata server that gives no number.
      const own = needsOwnProject ? [await ownProject.id()] : [];
      let refusal = judge(operation, own);
      if (refusal?.needsProject === true) {
        refusal = judge(operation, await ownProject.names());
      }
      if (refusal !== undefined) throw inFieldOf(operation, refusal.failure);
    },
  };
}

/** The rules with every name known that can be known. */
export interface PolicyRules {
  /** Projects by id or number; `*` for any. */
  readonly projects: readonly string[];
  /** Services by short name; `*` for any. Naming one that has only names without a project allows these. */
  readonly services: readonly string[];
  /** Kinds of jobs that may be cancelled; none where absent. */
  readonly jobs?: readonly string[];
  /** Patterns of operations that are never cancelled, by name or by full resource name. */
  readonly protectedOperations: readonly Glob[];
  /** Projects whose ids and numbers are known, among them the function's own. */
  readonly knownProjects?: KnownProjects;
}

/**
 * Checks an operation against the rules.
 *
 * @throws Failure `ValueError` that says which setting forbids it
 */
export function checkPolicy(rules: PolicyRules, operation: Resource): void {
  const refusal = judgeOperation(rules, operation);
  if (refusal !== undefined) throw inFieldOf(operation, refusal.failure);
}

/** A request names a job in another field than an operation. */
const inFieldOf = ({ job }: Resource, failure: Failure): Failure =>
  job === undefined ? failure : failure.inFieldsOf({ operation: ['job'] });

interface Refusal {
  readonly failure: Failure;
  /** Whether the other name of a project, which is not known, could change it. */
  readonly needsProject: boolean;
}

const certain = (field: string, problem: string): Refusal => ({
  failure: valueFailure(field, problem),
  needsProject: false,
});

/** The refusal of an operation. One that nothing can change goes before one that is in doubt. */
function judgeOperation(rules: PolicyRules, operation: Resource): Refusal | undefined {
  const refusals = [
    ...protections(rules, operation),
    ...restrictionsOfJobs(rules, operation),
    ...restrictionsOfServices(rules, operation),
    ...restrictionsOfProjects(rules, operation),
  ];
  return refusals.find(({ needsProject }) => !needsProject) ?? refusals[0];
}

const HOW_TO_NAME_A_PROJECT = 'write its other name, or list its id and number in PROJECT_NUMBERS';

function protections(
  { protectedOperations, knownProjects = [] }: PolicyRules,
  operation: Resource,
): readonly Refusal[] {
  if (protectedOperations.length === 0) return [];
  const aliases = aliasesOf(operation, knownProjects);
  const matches = protectedOperations.map((glob) => ({ glob, match: matchAliases(glob, aliases) }));
  const rule = ({ pattern }: Glob) => `the rule ${quote(pattern)} (PROTECTED_OPERATIONS)`;
  const sure = matches.find(({ match }) => match === 'yes');
  if (sure !== undefined) {
    return [certain('operation', `${quote(operation.name)} is protected by ${rule(sure.glob)}`)];
  }
  return matches.flatMap(({ glob, match }) => {
    if (typeof match === 'string') return [];
    const needsProject = match.perhaps === 'project';
    const advice = needsProject
      ? `whether its project is the one of the rule is not known; ${HOW_TO_NAME_A_PROJECT}`
      : 'it can be another name of an operation that the rule means; write the name with all of its parts';
    const problem = `${quote(operation.name)} may be protected by ${rule(glob)}: ${advice}`;
    return [{ failure: valueFailure('operation', problem), needsProject }];
  });
}

/** Jobs are allowed by their kind; some kinds, which a cancel harms more than it saves, only by their full name. */
function restrictionsOfJobs({ jobs = [] }: PolicyRules, { service, job }: Resource): readonly Refusal[] {
  if (job === undefined) return [];
  if (allowsJob(jobs, service, job)) return [];
  const kind = `${service}.${job}`;
  const problem = isExplicit(kind)
    ? `${kind} is allowed only where ALLOWED_JOBS lists this kind by its full name`
    : `jobs of the kind ${kind} are not allowed here (ALLOWED_JOBS)`;
  return [certain('operation', problem)];
}

/** Whether `ALLOWED_JOBS` allows a kind of jobs. */
export function allowsJob(allowed: readonly string[], service: string, job: string): boolean {
  const kind = `${service}.${job}`;
  if (allowed.includes(kind)) return true;
  return !isExplicit(kind) && (allowed.includes(service) || allowed.includes('*'));
}

const isExplicit = (kind: string) => jobKindNames.get(kind)?.explicit !== false;

function restrictionsOfServices({ services }: PolicyRules, operation: Resource): readonly Refusal[] {
  const { service, project, name } = operation;
  const isNamed = services.includes(service);
  if (!isNamed && !services.includes('*')) {
    return [certain('service', `${service} is not allowed here (ALLOWED_SERVICES)`)];
  }
  if (project !== undefined || (isNamed && namesNoProjects(service))) return [];
  const rule = namesNoProjects(service)
    ? 'which is allowed only for services that ALLOWED_SERVICES lists by name'
    : `which is not allowed for ${service}, because it has names with a project`;
  return [certain('operation', `${quote(name)} contains no project, ${rule}`)];
}

/** Every project that a name contains has to be allowed, also one that is hidden in an id. */
function restrictionsOfProjects(
  { projects: allowed, knownProjects = [] }: PolicyRules,
  { project, name }: Resource,
): readonly Refusal[] {
  if (allowed.includes('*')) return [];
  const contained = new Set([...(project === undefined ? [] : [project]), ...projectsIn(name)]);
  return [...contained].flatMap((one) => {
    if (namesOfProject(one, knownProjects).some((alias) => allowed.includes(alias))) return [];
    const problem = `the project ${quote(one)} is not allowed here (ALLOWED_PROJECTS)`;
    const isUnknown =
      !isWhollyKnown(one, knownProjects) && allowed.some((other) => isNumber(other) !== isNumber(one));
    if (!isUnknown) return [certain('operation', problem)];
    const advice = `if it is another name of an allowed one, ${HOW_TO_NAME_A_PROJECT}`;
    return [{ ...certain('operation', `${problem}; ${advice}`), needsProject: true }];
  });
}
