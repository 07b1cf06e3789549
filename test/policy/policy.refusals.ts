import type { Resource } from '../../src/resources/resource.ts';
import { compileGlob } from '../../src/policy/glob.ts';
import { checkPolicy } from '../../src/policy/policy.ts';
import type { PolicyRules } from '../../src/policy/policy.ts';
import { anOperation } from '../support/fakes.ts';
import { refusalsOf } from '../support/refusals.ts';

export const own: PolicyRules = { projects: ['my-project', '123'], services: ['*'], protectedOperations: [] };
export const protecting = (pattern: string): PolicyRules => ({
  ...own,
  protectedOperations: [compileGlob(pattern)],
});
function aProjectless(service: string, name: string): Resource {
  const operation = anOperation({ service, name });
  delete (operation as { project?: string }).project;
  return operation;
}
export const withoutProject = aProjectless('cloudchannel', 'operations/o1');

/** Operations that a policy forbids. */
export const FORBIDDEN_OPERATIONS = refusalsOf(
  (policy: PolicyRules, operation: Resource) => checkPolicy(policy, operation),
  [
    ['another project', own, anOperation({ project: 'other' }), 'ValueError', ['operation']],
    [
      'a project that only begins like the own',
      own,
      anOperation({ project: 'my-project-2' }),
      'ValueError',
      ['operation'],
    ],
    [
      'a service that is not listed',
      { ...own, services: ['dialogflow'] },
      anOperation(),
      'ValueError',
      ['service'],
    ],
    [
      'an operation that a rule protects by its name',
      protecting('projects/*/locations/*/operations/o?'),
      anOperation(),
      'ValueError',
      ['operation'],
    ],
    [
      'an operation that a rule protects by its full resource name',
      protecting('//notebooks.googleapis.com/**'),
      anOperation(),
      'ValueError',
      ['operation'],
    ],
    ['a name without a project', own, withoutProject, 'ValueError', ['operation']],
    [
      'a name without a project of a service that has others, even if it is listed by name',
      { ...own, services: ['aiplatform'] },
      aProjectless('aiplatform', 'customJobs/1/operations/2'),
      'ValueError',
      ['operation'],
    ],
    [
      'a project that is hidden in an id',
      { ...own, services: ['serviceusage'] },
      aProjectless('serviceusage', 'operations/projects/other/o1'),
      'ValueError',
      ['operation'],
    ],
    [
      'a name without a project that has the own one in an id',
      own,
      aProjectless('serviceusage', 'operations/projects/my-project/o1'),
      'ValueError',
      ['operation'],
    ],
    [
      'a number that can be that of the project that a rule names',
      { ...protecting('projects/other/**'), projects: ['*'] },
      anOperation({ name: 'projects/999/locations/l/operations/o', project: '999' }),
      'ValueError',
      ['operation'],
    ],
    [
      'a short name that can be that of the operation of a rule',
      protecting('projects/my-project/locations/us-central1/customJobs/1/operations/o1'),
      anOperation({ service: 'aiplatform' }),
      'ValueError',
      ['operation'],
    ],
    [
      'a name without a project, even if any project is allowed',
      { ...own, projects: ['*'] },
      withoutProject,
      'ValueError',
      ['operation'],
    ],
  ],
);
