import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '../../src/settings/settings.ts';
import { settingsOf } from '../support/settings.ts';

const mistakeOf = (text: string) => {
  const reading = readSettings({ ALLOWED_JOBS: text });
  return reading.ok ? undefined : reading.mistakes.map(({ message }) => message).join('\n');
};

describe('ALLOWED_JOBS', () => {
  it('no kind of jobs is allowed by default', () => assert.deepEqual(settingsOf({}).allowedJobs, []));

  for (const [text, expected] of [
    ['*', ['*']],
    ['aiplatform.customJobs, dataflow', ['aiplatform.customJobs', 'dataflow']],
    ['dataflow.googleapis.com', ['dataflow']],
    ['clouddeploy.rollouts', ['clouddeploy.rollouts']],
  ] as const) {
    it(`${text} is ${expected.join(' and ')}`, () =>
      assert.deepEqual(settingsOf({ ALLOWED_JOBS: text }).allowedJobs, expected));
  }

  for (const [text, expected] of [
    ['aiplatform.customJob', /did you mean aiplatform\.customJobs\?/],
    ['customJobs', /did you mean aiplatform\.customJobs\?/],
    ['dataflw', /did you mean dataflow\?/],
    ['notebooks', /docs\/jobs\.md lists them/],
    ['clouddeploy', /allows nothing: its kinds are allowed by full name, as clouddeploy\.rollouts, /],
    ['cloudchannel.entitlements', /must be kinds of jobs/],
    ['', undefined],
  ] as const) {
    it(`${text === '' ? 'an empty text' : text} ${expected === undefined ? 'allows none' : 'is a mistake'}`, () => {
      const mistake = mistakeOf(text);
      if (expected === undefined) assert.equal(mistake, undefined);
      else assert.match(mistake ?? '', expected);
    });
  }
});
