import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Resource } from '../../src/resources/resource.ts';
import { compileGlob } from '../../src/policy/glob.ts';
import { checkPolicy } from '../../src/policy/policy.ts';
import type { PolicyRules } from '../../src/policy/policy.ts';
import { anOperation } from '../support/fakes.ts';

describe('the policy', () => {
  const own: PolicyRules = { projects: ['my-project', '123'], services: ['*'], protectedOperations: [] };
  const protecting = (pattern: string): PolicyRules => ({
    ...own,
    protectedOperations: [compileGlob(pattern)],
  });
  const withoutProject: Resource = anOperation({ service: 'cloudchannel', name: 'operations/o1' });
  delete (withoutProject as { project?: string }).project;

  for (const [title, policy, operation] of [
    ['the own project', own, anOperation()],
    ['what no rule protects', protecting('projects/my-project/*'), anOperation()],
    ['the own project by its number', own, anOperation({ project: '123' })],
    ['any project, where that is allowed', { ...own, projects: ['*'] }, anOperation({ project: 'other' })],
    [
      'a name without a project of a service that is listed by name',
      { ...own, services: ['cloudchannel'] },
      withoutProject,
    ],
    ['the same beside any other service', { ...own, services: ['*', 'cloudchannel'] }, withoutProject],
  ] as const) {
    it(`allows ${title}`, () => assert.doesNotThrow(() => checkPolicy(policy, operation)));
  }

  for (const [title, policy, operation, message] of [
    [
      'another project',
      own,
      anOperation({ project: 'other' }),
      /^operation: the project "other" is not allowed here \(ALLOWED_PROJECTS/,
    ],
    [
      'a project that only begins like the own',
      own,
      anOperation({ project: 'my-project-2' }),
      /ALLOWED_PROJECTS/,
    ],
    [
      'a service that is not listed',
      { ...own, services: ['dialogflow'] },
      anOperation(),
      /^service: notebooks is not allowed here \(ALLOWED_SERVICES\)/,
    ],
    [
      'what a rule protects by its name',
      protecting('projects/*/locations/*/operations/o?'),
      anOperation(),
      /^operation: "projects.*o1" is protected by the rule "projects.*o\?" \(PROTECTED_OPERATIONS\)$/,
    ],
    [
      'what a rule protects by its full resource name',
      protecting('//notebooks.googleapis.com/**'),
      anOperation(),
      /PROTECTED_OPERATIONS/,
    ],
    ['a name without a project', own, withoutProject, /^operation: .* carries no project/],
    [
      'the same, even where any project is allowed',
      { ...own, projects: ['*'] },
      withoutProject,
      /carries no project/,
    ],
  ] as const) {
    it(`forbids ${title}`, () => {
      assert.throws(
        () => checkPolicy(policy, operation),
        (error: Error & { code: string }) => error.code === 'ValueError' && message.test(error.message),
      );
    });
  }
});
