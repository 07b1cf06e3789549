import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operation } from '../../src/core/operation.ts';
import { checkPolicy } from '../../src/core/policy.ts';
import { anOperation } from '../fakes.ts';

describe('the policy', () => {
  const own = { projects: ['my-project', '123'], services: ['*'] };
  const withoutProject: Operation = anOperation({ service: 'cloudchannel', name: 'operations/o1' });
  delete (withoutProject as { project?: string }).project;

  for (const [title, policy, operation] of [
    ['the own project', own, anOperation()],
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
    ['a name without a project', own, withoutProject, /^operation: .* carries no project/],
    [
      'the same, even where any project is allowed',
      { projects: ['*'], services: ['*'] },
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
