import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJobReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { compileNameGlob } from '../../src/policy/name-glob.ts';
import { checkPolicy } from '../../src/policy/policy.ts';
import type { PolicyRules } from '../../src/policy/policy.ts';

const PLACE = 'projects/my-project/locations/us-central1';
const job = (text: string, context: ReferenceContext = {}) => resolve(parseJobReference(text, context));
const custom = job(`//aiplatform.googleapis.com/${PLACE}/customJobs/1`);
const stream = job(`//dataflow.googleapis.com/${PLACE}/jobs/j`);
const session = job(`//dataproc.googleapis.com/${PLACE}/sessions/s`);

const rules = (jobs: readonly string[], changes: Partial<PolicyRules> = {}): PolicyRules => ({
  projects: ['my-project'],
  services: ['*'],
  protectedOperations: [],
  jobs,
  ...changes,
});

const NOT_ALLOWED = { code: 'ValueError', path: ['job'], message: /ALLOWED_JOBS/ };

describe('jobs that a policy allows', () => {
  for (const jobs of [['aiplatform.customJobs'], ['aiplatform'], ['*']]) {
    it(`a custom job is allowed by ${jobs.join()}`, () =>
      assert.doesNotThrow(() => checkPolicy(rules(jobs), custom)));
  }

  for (const jobs of [[], ['aiplatform.pipelineJobs'], ['dataflow'], ['aiplatform.nasJobs', 'batch']]) {
    it(`a custom job is refused by ${jobs.length === 0 ? 'no kind' : jobs.join()}`, () =>
      assert.throws(() => checkPolicy(rules(jobs), custom), NOT_ALLOWED));
  }

  it('the services of the same names are told apart', () => {
    assert.doesNotThrow(() => checkPolicy(rules(['dataflow.jobs']), stream));
    assert.throws(() => checkPolicy(rules(['batch.jobs']), stream), NOT_ALLOWED);
  });

  it('a kind that has to be named in full is allowed by its full name alone', () => {
    assert.doesNotThrow(() => checkPolicy(rules(['dataproc.sessions']), session));
    for (const jobs of [['*'], ['dataproc'], ['dataproc.jobs', '*', 'dataproc']]) {
      assert.throws(() => checkPolicy(rules(jobs), session), NOT_ALLOWED);
    }
  });

  it('an allowed job of another project or service is refused in the field of the job', () => {
    assert.throws(() => checkPolicy(rules(['*'], { projects: ['other'] }), custom), { path: ['job'] });
    assert.throws(() => checkPolicy(rules(['*'], { services: ['batch'] }), custom), { path: ['service'] });
    const execution = job('namespaces/other/executions/e', { service: 'run', region: 'us-central1' });
    assert.throws(() => checkPolicy(rules(['*']), execution), { path: ['job'] });
  });
});

describe('jobs that a pattern protects', () => {
  for (const [pattern, resource] of [
    ['**/customJobs/1', custom],
    ['projects/my-project/**', custom],
    ['projects/123/locations/us-central1/customJobs/*', custom],
    ['//aiplatform.googleapis.com/**', custom],
    ['**/CUSTOMJOBS/1', custom],
    [
      'projects/my-project/locations/global/builds/b',
      job('projects/my-project/builds/b', { service: 'cloudbuild' }),
    ],
    [
      'projects/my-project/builds/b',
      job('projects/my-project/locations/global/builds/b', { service: 'cloudbuild' }),
    ],
    [
      'projects/my-project/locations/global/dlpJobs/*',
      job('projects/my-project/dlpJobs/d', { service: 'dlp' }),
    ],
    [
      'projects/my-project/locations/us-central1/jobs/nightly/executions/*',
      job('namespaces/my-project/executions/e', { service: 'run', region: 'us-central1' }),
    ],
    ['namespaces/my-project/executions/e', job(`//run.googleapis.com/${PLACE}/jobs/nightly/executions/e`)],
    ['projects/my-project/jobs/keep-*', job('my-project:US.keep-1')],
  ] as const) {
    it(`${resource.name} is protected by ${pattern}`, () => {
      const compiled = compileNameGlob(pattern.replace('CUSTOMJOBS', 'customJobs'));
      assert.ok(compiled.ok, compiled.ok ? '' : compiled.problem);
      const protecting = rules(['*'], {
        protectedOperations: [compiled.glob],
        knownProjects: [['my-project', '123']],
      });
      assert.throws(() => checkPolicy(protecting, resource), { path: ['job'], message: /protected/ });
    });
  }

  it('a job that no pattern names is not protected', () => {
    const compiled = compileNameGlob('**/customJobs/keep-*');
    assert.ok(compiled.ok);
    assert.doesNotThrow(() => checkPolicy(rules(['*'], { protectedOperations: [compiled.glob] }), custom));
  });
});
