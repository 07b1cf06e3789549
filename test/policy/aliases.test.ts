import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileGlob } from '../../src/policy/glob.ts';
import { checkPolicy } from '../../src/policy/policy.ts';
import { aliasesOf } from '../../src/policy/aliases.ts';
import { anOperation } from '../support/fakes.ts';
import { failureOf } from '../support/refusals.ts';

const OWN = ['my-project', '123456789012'];

describe('the aliases of an operation', () => {
  for (const [name, others] of [
    [
      'projects/my-project/locations/us-central1/operations/o',
      ['projects/123456789012/locations/us-central1/operations/o'],
    ],
    ['projects/123456789012/operations/o', ['projects/my-project/operations/o']],
    ['projects/other/locations/l/operations/o', []],
    [
      'projects/my-project/zones/us-central1-a/operations/o',
      [
        'projects/123456789012/zones/us-central1-a/operations/o',
        'projects/my-project/locations/us-central1-a/operations/o',
        'projects/123456789012/locations/us-central1-a/operations/o',
      ],
    ],
    [
      'projects/other/locations/us-central1-a/operations/o',
      ['projects/other/zones/us-central1-a/operations/o'],
    ],
    ['b/bucket/operations/o', ['projects/_/buckets/bucket/operations/o']],
    ['projects/_/buckets/bucket/operations/o', ['b/bucket/operations/o']],
    ['operations/o', []],
  ] as const) {
    it(`the operation ${name} has ${1 + others.length} names, each relative and full`, () => {
      const expected = [name, ...others].flatMap((one) => [one, `//notebooks.googleapis.com/${one}`]);
      assert.deepEqual([...aliasesOf({ service: 'notebooks', name }, OWN)].sort(), expected.sort());
    });
  }

  it('a rule for one alias of an operation protects it under every alias', () => {
    const check = (pattern: string, name: string) => () => {
      const policy = {
        projects: ['*'],
        services: ['*'],
        protectedOperations: [compileGlob(pattern)],
        ownProject: OWN,
      };
      checkPolicy(policy, anOperation({ name }));
    };
    for (const [pattern, name] of [
      ['projects/my-project/**/operations/keep-*', 'projects/123456789012/locations/l/operations/keep-1'],
      ['projects/p/locations/us-central1-a/**', 'projects/p/zones/us-central1-a/operations/o'],
      ['projects/p/zones/us-central1-a/**', 'projects/p/locations/us-central1-a/operations/o'],
      ['projects/_/buckets/b/**', 'b/b/operations/o'],
      ['//notebooks.googleapis.com/projects/my-project/**', 'projects/123456789012/operations/o'],
    ] as const) {
      const { code, path } = failureOf(check(pattern, name));
      assert.deepEqual([code, path], ['ValueError', ['operation']]);
    }
    check('projects/my-project/**', 'projects/99/locations/l/operations/o')();
  });
});
