import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namesNoProjects } from '../../src/catalog/catalog.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { compileNameGlob } from '../../src/policy/name-glob.ts';
import { checkPolicy } from '../../src/policy/policy.ts';
import type { KnownProjects } from '../../src/policy/projects.ts';
import { Failure } from '../../src/validation/failure.ts';
import { listed, nameOfPattern } from '../support/name-patterns.ts';

const KNOWN: KnownProjects = [['my-project', '123456789012']];

/** The refusal of an operation under one rule, or undefined where it may be cancelled. */
function refusalUnder(
  rule: string,
  text: string,
  context: ReferenceContext,
  knownProjects = KNOWN,
): string | undefined {
  const compiled = compileNameGlob(rule);
  assert.ok(compiled.ok, rule);
  const operation = resolve(parseReference(text, context));
  const rules = {
    projects: ['*'],
    services: ['*', operation.service],
    protectedOperations: [compiled.glob],
    knownProjects,
  };
  try {
    checkPolicy(rules, operation);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Failure && error.code === 'ValueError', String(error));
    return error.message;
  }
}

const US = 'us-central1';
const IN_US = `projects/p/locations/${US}`;

/** Names of one operation, by the service that takes them as the same. A rule for one of them protects all of them. */
const SAME: readonly (readonly [service: string, names: readonly string[], context?: ReferenceContext])[] = [
  [
    'notebooks',
    [
      `projects/my-project/locations/${US}/operations/o`,
      `projects/123456789012/locations/${US}/operations/o`,
    ],
  ],
  [
    'aiplatform',
    [`${IN_US}/customJobs/1/operations/2`, `${IN_US}/operations/2`, `${IN_US}/models/9/operations/2`],
  ],
  ['aiplatform', [`${IN_US}/ragEngineConfig/operations/2`, `${IN_US}/operations/2`]],
  [
    'aiplatform',
    [
      `projects/123456789012/locations/${US}/models/1/operations/2`,
      `projects/my-project/locations/${US}/operations/2`,
    ],
  ],
  ['aiplatform', [`${IN_US}/customJobs/1/operations/2`, 'customJobs/1/operations/2'], { region: US }],
  ['dataproc', [`projects/p/regions/${US}/operations/o`, `${IN_US}/operations/o`]],
  [
    'container',
    ['projects/p/zones/us-central1-a/operations/o', 'projects/p/locations/us-central1-a/operations/o'],
  ],
  [
    'container',
    ['projects/p/zones/us-central1-ai1a/operations/o', 'projects/p/locations/us-central1-ai1a/operations/o'],
  ],
  ['container', [`projects/p/zones/${US}/operations/o`, `${IN_US}/operations/o`]],
  ['dialogflow', ['projects/p/operations/o', 'projects/p/locations/global/operations/o'], { version: 'v2' }],
  ['dialogflow', ['projects/p/operations/o', `${IN_US}/operations/o`], { version: 'v3', region: US }],
  [
    'discoveryengine',
    [
      'projects/p/locations/global/dataStores/d/branches/b/operations/o',
      'projects/p/locations/global/collections/default_collection/dataStores/d/branches/b/operations/o',
      'projects/p/operations/o',
    ],
  ],
  ['storage', ['b/bucket/operations/o', 'projects/_/buckets/bucket/operations/o']],
  ['videointelligence', [`operations/projects/p/locations/${US}/operations/o`, `${IN_US}/operations/o`]],
  [
    'bigtableadmin',
    [
      'operations/projects/my-project/instances/i/locations/l/operations/o',
      'operations/projects/123456789012/instances/i/locations/l/operations/o',
    ],
  ],
  [
    'cloudbuild',
    ['operations/build/my-project/AAA=', 'operations/build/123456789012/AAA='],
    { version: 'v1' },
  ],
  [
    'cloudbuild',
    ['operations/build/p/AAA=', 'projects/p/locations/global/operations/AAA='],
    { version: 'v1' },
  ],
  [
    'iam',
    [
      `projects/p/locations/global/workloadIdentityPools/w/operations/o`,
      'projects/p/locations/global/workloadIdentityPools/w/providers/x/operations/o',
    ],
    { version: 'v1beta' },
  ],
];

describe('the names of one operation', () => {
  for (const [service, names, context = {}] of SAME) {
    it(`a rule for any name of an operation of ${service} protects all of them: ${names.join(', ')}`, () => {
      for (const rule of names) {
        for (const name of names) {
          for (const pattern of [rule, `//${service}.googleapis.com/${rule}`, rule.toLowerCase()]) {
            assert.match(
              refusalUnder(pattern, name, { service, ...context }) ?? 'allowed',
              /protected by the rule/,
              `${pattern} and ${name}`,
            );
          }
        }
      }
    });
  }

  it('a rule protects an operation in every version and at every host of its service', () => {
    for (const url of [
      `https://${US}-aiplatform.googleapis.com/v1/${IN_US}/operations/2`,
      `https://${US}-aiplatform.googleapis.com/v1beta1/${IN_US}/models/3/operations/2:cancel`,
      `https://${US}-aiplatform.googleapis.com/ui/${IN_US}/operations/2`,
      `https://${US}-aiplatform.mtls.googleapis.com/v1/${IN_US}/operations/2`,
    ]) {
      assert.match(refusalUnder(`${IN_US}/customJobs/1/operations/2`, url, {}) ?? url, /protected/);
    }
    const translate = `https://translation.googleapis.com/v3/${IN_US}/operations/o`;
    for (const host of ['translate', 'translation', 'trans*']) {
      assert.match(refusalUnder(`//${host}.googleapis.com/**`, translate, {}) ?? host, /protected/);
    }
  });

  for (const [rule, name, context] of [
    [`${IN_US}/endpoints/**`, `${IN_US}/customJobs/1/operations/2`, { service: 'aiplatform' }],
    [`${IN_US}/customJobs/1/operations/3`, `${IN_US}/operations/2`, { service: 'aiplatform' }],
    ['projects/my-project/**', 'projects/99/locations/l/operations/o', { service: 'notebooks' }],
    ['projects/99/**', 'projects/my-project/locations/l/operations/o', { service: 'notebooks' }],
    ['projects/p/operations/o', 'projects/p/locations/global/operations/o', { service: 'notebooks' }],
    [
      'projects/p/locations/us/operations/o',
      'projects/p/operations/o',
      { service: 'dialogflow', version: 'v2', region: US },
    ],
    ['projects/*/locations/*/operations/keep-*', `${IN_US}/operations/drop-1`, { service: 'notebooks' }],
    ['//dataproc.googleapis.com/**', `${IN_US}/operations/o`, { service: 'notebooks' }],
    [
      'projects/p/instances/i/operations/o',
      'projects/p/instances/i/databases/d/operations/o',
      { service: 'spanner' },
    ],
  ] as const) {
    it(`the rule ${rule} leaves ${name} of ${context.service} unprotected, which is another operation`, () => {
      assert.equal(refusalUnder(rule, name, context), undefined);
    });
  }
});

describe('a part that a name does not say', () => {
  for (const [title, rule, name, context, known] of [
    [
      'the id of a project',
      'projects/other/**',
      'projects/999/locations/l/operations/o',
      { service: 'notebooks' },
      KNOWN,
    ],
    [
      'the number of a project',
      'projects/999/**',
      'projects/other/locations/l/operations/o',
      { service: 'notebooks' },
      KNOWN,
    ],
    [
      'the id of a project that the rule has in part',
      'projects/my-*/**',
      'projects/999/locations/l/operations/o',
      { service: 'notebooks' },
      KNOWN,
    ],
    [
      'the number of the own project',
      'projects/my-project/**',
      'projects/123456789012/locations/l/operations/o',
      { service: 'notebooks' },
      [['my-project']],
    ],
    [
      'the own project, by its number',
      'projects/123456789012/**',
      'projects/my-project/locations/l/operations/o',
      { service: 'notebooks' },
      [['my-project']],
    ],
    [
      'the number of a project in an id',
      'operations/projects/other/**',
      'operations/projects/999/instances/i/locations/l/operations/o',
      { service: 'bigtableadmin' },
      KNOWN,
    ],
    ['the parent', `${IN_US}/endpoints/**`, `${IN_US}/operations/2`, { service: 'aiplatform' }, KNOWN],
    [
      'the location',
      `${IN_US}/**`,
      'projects/p/operations/o',
      { service: 'dialogflow', version: 'v2' },
      KNOWN,
    ],
    ['the project of a bucket', 'projects/prod/**', 'b/x/operations/o', { service: 'storage' }, KNOWN],
    [
      'the project of a transfer',
      'projects/prod/**',
      'transferOperations/o',
      { service: 'storagetransfer' },
      KNOWN,
    ],
    [
      'the case of letters',
      '**/operations/keep-*',
      `${IN_US}/operations/KEEP-1`,
      { service: 'notebooks' },
      KNOWN,
    ],
  ] as const) {
    it(`a part that a name does not say never opens what a rule protects: ${title}`, () => {
      assert.match(refusalUnder(rule, name, context, known) ?? 'allowed', /may be protected by the rule/);
    });
  }

  it('the refusal of a number that may be any project says what to write and what to set', () => {
    const refusal = refusalUnder('projects/other/**', 'projects/999/locations/l/operations/o', {
      service: 'notebooks',
    });
    assert.match(
      refusal ?? '',
      /whether its project is the one of the rule is not known; .* PROJECT_NUMBERS$/,
    );
  });

  it('a project whose number the settings give is told apart from the project of a rule', () => {
    const known = [...KNOWN, ['other', '42'], ['third', '999']];
    const context = { service: 'notebooks' };
    const name = (project: string) => `projects/${project}/locations/l/operations/o`;
    assert.match(refusalUnder('projects/other/**', name('42'), context, known) ?? '', /is protected by/);
    assert.match(refusalUnder('projects/42/**', name('other'), context, known) ?? '', /is protected by/);
    assert.equal(refusalUnder('projects/other/**', name('999'), context, known), undefined);
    assert.equal(refusalUnder('projects/42/**', name('third'), context, known), undefined);
  });

  it('a service whose operations have no project is not taken for one of a protected project', () => {
    assert.equal(refusalUnder('projects/prod/**', 'operations/o', { service: 'cloudchannel' }), undefined);
  });
});

describe('every pattern of the catalog', () => {
  /** Other names of an operation, derived from its name in another way than in src/. */
  function othersOf(service: string, name: string): readonly string[] {
    const all = new Set([name]);
    const add = (rewrite: (one: string) => readonly string[]) => {
      for (const one of [...all]) for (const other of rewrite(one)) all.add(other);
    };
    add((one) => [one.replace('projects/my-project/', 'projects/123456789012/')]);
    add((one) => [one.replace('build/my-project/', 'build/123456789012/')]);
    if (service === 'aiplatform') {
      add((one) => [one.replace(/^(projects\/[^/]+\/locations\/[^/]+)\/.*\/(operations\/[^/]+)$/, '$1/$2')]);
    }
    add((one) =>
      ['regions', 'zones'].map((place) =>
        one.replace(/^(projects\/[^/]+)\/(?:locations|regions|zones)\//, `$1/${place}/`),
      ),
    );
    add((one) => [`//${service}.googleapis.com/${one}`]);
    return [...all];
  }

  const names = new Map(
    listed.map(({ service, version, pattern }) => {
      const name = nameOfPattern(pattern)
        .replace('operations/a/b', 'operations/opaque-a/b')
        .replace(/(projects|build)\/(?:x1|\{project\})/, '$1/my-project');
      return [`${service} ${name}`, { service, version, name }];
    }),
  );

  it('the catalog has more than 200 forms of names to try', () => {
    assert.ok(names.size > 200, String(names.size));
  });

  for (const [title, { service, version, name }] of names) {
    it(`a rule for any alias protects the operation by its name: ${title}`, () => {
      const context = {
        service,
        version,
        ...(!/(?:locations|regions|zones)\//.test(name) && { region: US }),
      };
      for (const rule of othersOf(service, name)) {
        assert.match(refusalUnder(rule, name, context) ?? 'allowed', /protected by the rule/, rule);
        if (!/^(?:\/\/[^/]+\/)?(?:projects\/_\/|b\/)/.test(rule)) {
          // No alias is known while the number of the project is not.
          const refusal = refusalUnder(rule, name, context, [['my-project']]);
          assert.match(refusal ?? 'allowed', /protected by the rule/, rule);
        }
      }
      if (!name.includes('my-project') && !namesNoProjects(service)) return;
      const other = `${name.slice(0, name.lastIndexOf('/'))}/another`;
      assert.equal(refusalUnder(other, name, context), undefined, other);
    });
  }
});
