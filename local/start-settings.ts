import { demoSettings } from './demo-settings.ts';
import { ownSettingsOrExit, readOwnSettings } from './own-settings.ts';

/** The settings of `npm start`, and a sentence about those of the demo that had to give way. */
export interface StartSettings {
  readonly settings: Readonly<Record<string, string>>;
  readonly note?: string;
}

const PROJECT = { GOOGLE_CLOUD_PROJECT: 'my-project' };
const SERVICES = { ALLOWED_SERVICES: '*,cloudchannel', ALLOWED_JOBS: '*' };
const { SWEEPS, BUDGETS } = demoSettings({
  stopTraining: { dryRun: false },
  stopJobs: { dryRun: false },
  approvable: true,
});

/**
 * Puts the settings of the environment over those of the demo. Where the two do not fit together, as a sweep of the demo
 * over a project that ALLOWED_PROJECTS leaves out, the demo's sweeps and budgets are left out. Mistakes of the environment
 * itself end the program with status 2.
 */
export function startSettings(environment: Readonly<Record<string, string | undefined>>): StartSettings {
  const attempts = [
    { defaults: { ...SERVICES, SWEEPS, BUDGETS }, note: undefined },
    {
      defaults: { ...SERVICES, SWEEPS },
      note: 'The budgets of the demo are left out: they do not fit your settings.',
    },
    {
      defaults: SERVICES,
      note: 'The sweeps and the budgets of the demo are left out: they do not fit your settings.',
    },
  ];
  for (const { defaults, note } of attempts) {
    const all = { ...PROJECT, ...defaults };
    const reading = readOwnSettings(environment, all);
    if ('settings' in reading) {
      return { settings: { ...all, ...reading.settings }, ...(note !== undefined && { note }) };
    }
  }
  // Only the settings of the environment are left, so the mistakes are in them.
  const own = { ...PROJECT, ...SERVICES };
  return { settings: { ...own, ...ownSettingsOrExit(own) } };
}
