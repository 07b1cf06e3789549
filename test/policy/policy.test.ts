import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPolicy } from '../../src/policy/policy.ts';
import { anOperation } from '../support/fakes.ts';
import { itRefuses } from '../support/refusals.ts';
import { FORBIDDEN_OPERATIONS, own, protecting, withoutProject } from './policy.refusals.ts';

describe('the policy', () => {
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

  itRefuses(FORBIDDEN_OPERATIONS, (title) => `forbids ${title}`);
});
