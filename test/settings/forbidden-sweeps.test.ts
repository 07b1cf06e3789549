import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '../../src/settings/settings.ts';

const LOCATION = 'locations/us-central1';
const sweepOf = (...targets: readonly object[]) => JSON.stringify({ nightly: { targets } });
const training = (...jobs: readonly string[]) => ({
  service: 'aiplatform',
  jobs,
  parents: [`projects/p/${LOCATION}`],
});
const notebooks = (...projects: readonly string[]) => ({
  service: 'notebooks',
  parents: projects.map((project) => `projects/${project}/${LOCATION}`),
});

/** The message of each mistake. */
function mistakesOf(environment: Readonly<Record<string, string>>): readonly string[] {
  const reading = readSettings(environment);
  return reading.ok ? [] : reading.mistakes.map(({ message }) => message);
}

describe('a sweep over lists that the policy forbids', () => {
  for (const [title, environment, expected] of [
    [
      'of another project than the allowed ones',
      { ALLOWED_PROJECTS: 'mine,123', SWEEPS: sweepOf(notebooks('mine', 'other')) },
      /^SWEEPS\.nightly\.targets\[0\]\.parents\[1\]: the project "other" is not allowed here \(ALLOWED_PROJECTS\)/,
    ],
    [
      'of another project than its own',
      { GOOGLE_CLOUD_PROJECT: 'mine', SWEEPS: sweepOf(notebooks('mine'), notebooks('other')) },
      /^SWEEPS\.nightly\.targets\[1\]\.parents\[0\]: the project "other"/,
    ],
    [
      'of a project by a number that is not allowed',
      { ALLOWED_PROJECTS: 'mine,123', SWEEPS: sweepOf(notebooks('456')) },
      /^SWEEPS\.nightly\.targets\[0\]\.parents\[0\]: the project "456"/,
    ],
    [
      'of a service that is not allowed',
      { ALLOWED_PROJECTS: '*', ALLOWED_SERVICES: 'aiplatform', SWEEPS: sweepOf(notebooks('a', 'b')) },
      /^SWEEPS\.nightly\.targets\[0\]\.service: notebooks is not allowed here \(ALLOWED_SERVICES\)/,
    ],
    [
      'of names without a project, of a service that is not listed by name',
      { SWEEPS: sweepOf({ service: 'cloudchannel' }) },
      /^SWEEPS\.nightly\.targets\[0\]\.service: "operations" contains no project/,
    ],
    [
      'of jobs while none are allowed',
      { SWEEPS: sweepOf(training('customJobs')) },
      /^SWEEPS\.nightly\.targets\[0\]\.jobs: jobs of the kind aiplatform\.customJobs are not allowed here \(ALLOWED_JOBS\)/,
    ],
    [
      'of two kinds of jobs of which one is allowed',
      {
        ALLOWED_JOBS: 'aiplatform.customJobs,dataflow',
        SWEEPS: sweepOf(training('customJobs', 'pipelineJobs')),
      },
      /^SWEEPS\.nightly\.targets\[0\]\.jobs: jobs of the kind aiplatform\.pipelineJobs/,
    ],
    [
      'of jobs that are allowed by their full name alone',
      {
        ALLOWED_JOBS: '*',
        SWEEPS: sweepOf({ service: 'osconfig', jobs: ['patchJobs'], parents: ['projects/p'] }),
      },
      /^SWEEPS\.nightly\.targets\[0\]\.jobs: jobs of the kind osconfig\.patchJobs/,
    ],
  ] as const) {
    it(`a sweep ${title} is refused at the start, with its place in the settings`, () => {
      const mistakes = mistakesOf(environment);
      assert.equal(mistakes.length, 1, mistakes.join('; '));
      assert.match(mistakes[0] ?? '', expected);
    });
  }

  for (const [title, environment] of [
    ['of jobs of an allowed kind', { ALLOWED_JOBS: 'aiplatform', SWEEPS: sweepOf(training('*')) }],
    ['of any project', { ALLOWED_PROJECTS: '*', SWEEPS: sweepOf(notebooks('other')) }],
    ['of an allowed project', { ALLOWED_PROJECTS: 'mine,other', SWEEPS: sweepOf(notebooks('other')) }],
    [
      'of a project by its number, where only ids are allowed',
      { ALLOWED_PROJECTS: 'mine', SWEEPS: sweepOf(notebooks('123')) },
    ],
    ['while the own project is known only at run time', { SWEEPS: sweepOf(notebooks('other')) }],
    [
      'of a service without projects that is listed by name',
      { ALLOWED_SERVICES: '*,cloudchannel', SWEEPS: sweepOf({ service: 'cloudchannel' }) },
    ],
  ] as const) {
    it(`a sweep ${title} is not refused`, () => assert.deepEqual(mistakesOf(environment), []));
  }
});
