import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPolicy } from '../../src/policy/policy.ts';
import { anOperation } from '../support/fakes.ts';
import { itRefuses } from '../support/refusals.ts';
import { FORBIDDEN_OPERATIONS, own, protecting, withoutProject } from './policy.refusals.ts';

describe('the policy', () => {
  for (const [title, policy, operation] of [
    ['the own project', own, anOperation()],
    ['an operation that no rule protects', protecting('projects/my-project/*'), anOperation()],
    ['the own project by its number', own, anOperation({ project: '123' })],
    [
      'another project if any project is allowed',
      { ...own, projects: ['*'] },
      anOperation({ project: 'other' }),
    ],
    [
      'a name without a project of a service that is listed by name',
      { ...own, services: ['cloudchannel'] },
      withoutProject,
    ],
    [
      'a name without a project of a service that is listed beside *',
      { ...own, services: ['*', 'cloudchannel'] },
      withoutProject,
    ],
  ] as const) {
    it(`the policy allows ${title}`, () => assert.doesNotThrow(() => checkPolicy(policy, operation)));
  }

  itRefuses(FORBIDDEN_OPERATIONS, (title) => `the policy forbids ${title}`);
});
