import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { readOwnSettings } from '../../local/own-settings.ts';

const mistakesOf = (environment: Readonly<Record<string, string>>) => {
  const reading = readOwnSettings(environment, { GOOGLE_CLOUD_PROJECT: 'my-project' });
  return 'mistakes' in reading ? reading.mistakes : [];
};

describe('the settings of the environment for npm start and npm run demo', () => {
  for (const [name, value, expected] of [
    ['CONFIRM_WITHIN', 'nonsense', /^CONFIRM_WITHIN: must be a duration/],
    ['SWEEP', '{}', /^SWEEP: is not a setting; did you mean SWEEPS\?$/],
    ['SWEEPS', '{', /^SWEEPS: must be JSON/],
    ['BUDGETS', '[{"budgetId":"b","sweep":"none"}]', /^BUDGETS\[0\]\.sweep: "none" is not a sweep/],
    ['RECHECK_DELAY', 'sleep', /^RECHECK_DELAY: must be redelivery or cloud-tasks/],
    ['REQUESTS_TOPIC', 'a b', /^REQUESTS_TOPIC: must be/],
  ] as const) {
    it(`the environment is refused with ${name}=${value}, as the function refuses it`, () => {
      const mistakes = mistakesOf({ [name]: value });
      assert.equal(mistakes.length, 1);
      assert.match(mistakes[0] ?? '', expected);
    });
  }

  it('the environment passes on only the settings that the local system leaves open', () => {
    const settings = { CONFIRM_WITHIN: '60s', FIRST_RECHECK_AFTER: '1s' };
    const environment = { ...settings, PATH: '/bin', RECHECK_DELAY: 'cloud-tasks', BUDGETS: ' ' };
    assert.deepEqual(readOwnSettings(environment, {}), { settings });
  });

  for (const command of ['start', 'demo']) {
    it(`npm ${command} refuses a mistake in the settings as text`, () => {
      const { status, stderr } = spawnSync(process.execPath, [`local/${command}.ts`], {
        env: { PATH: process.env.PATH, CONFIRM_WITHIN: 'nonsense' },
        encoding: 'utf8',
      });
      assert.equal(status, 2);
      assert.match(stderr, /^CONFIRM_WITHIN: must be a duration in seconds[^\n]*\n$/);
    });
  }
});
