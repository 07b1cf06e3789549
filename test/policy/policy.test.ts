import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPolicy, createPolicy } from '../../src/policy/policy.ts';
import { compileGlob } from '../../src/policy/glob.ts';
import { Failure } from '../../src/validation/failure.ts';
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

  const unknown = new Failure('Unavailable', 'the metadata server does not answer');
  const withNumber = (names: () => Promise<readonly string[]>) => ({ id: () => 'my-project', names });
  const byNumber = anOperation({ name: 'projects/123/locations/l/operations/keep-1', project: '123' });
  const settings = {
    allowedProjects: undefined,
    allowedServices: ['*'],
    allowedJobs: [],
    protectedOperations: [],
    projectNumbers: [],
  };
  for (const [title, changes] of [
    [
      'it is protected',
      { allowedProjects: ['*'], protectedOperations: [compileGlob('projects/my-project/**')] },
    ],
    ['its project is allowed', {}],
    ['its project is allowed by id', { allowedProjects: ['my-project'] }],
  ] as const) {
    it(`an operation waits while the number that decides whether ${title} is unknown`, async () => {
      const policy = createPolicy({ ...settings, ...changes });
      const check = policy.check(
        byNumber,
        withNumber(() => Promise.reject(unknown)),
      );
      await assert.rejects(check, { code: 'Unavailable' });
    });
  }

  it('an operation that no unknown number decides about does not wait for it', async () => {
    const policy = createPolicy({ ...settings, protectedOperations: [compileGlob('**/operations/keep-*')] });
    const never = withNumber(() => Promise.reject(unknown));
    await policy.check(anOperation(), never);
    await assert.rejects(policy.check(byNumber, never), { code: 'ValueError', message: /is protected/ });
  });

  it('the number of the own project is its id for every rule, as soon as it is known', async () => {
    const own = withNumber(() => Promise.resolve(['my-project', '123']));
    for (const allowedProjects of [undefined, ['my-project'], ['123']]) {
      await createPolicy({ ...settings, allowedProjects }).check(byNumber, own);
    }
    const protectedOperations = [compileGlob('projects/my-project/**')];
    await assert.rejects(createPolicy({ ...settings, protectedOperations }).check(byNumber, own), {
      code: 'ValueError',
    });
  });

  it('a number that the settings give decides without the metadata server', async () => {
    const projectNumbers = [['my-project', '123']];
    const never = withNumber(() => Promise.reject(unknown));
    await createPolicy({ ...settings, projectNumbers }).check(byNumber, never);
  });
});
