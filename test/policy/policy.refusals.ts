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
export const withoutProject: Resource = anOperation({ service: 'cloudchannel', name: 'operations/o1' });
delete (withoutProject as { project?: string }).project;

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
      'a name without a project, even if any project is allowed',
      { ...own, projects: ['*'] },
      withoutProject,
      'ValueError',
      ['operation'],
    ],
  ],
);
