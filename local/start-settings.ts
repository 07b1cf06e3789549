import { ownSettingsOrExit, readOwnSettings } from './own-settings.ts';
import { operationSweeps } from './sweep-scenarios.ts';

/** The settings of `npm start`, and a sentence about those of the demo that had to give way. */
export interface StartSettings {
  readonly settings: Readonly<Record<string, string>>;
  readonly note?: string;
}

const PROJECT = { GOOGLE_CLOUD_PROJECT: 'my-project' };
const SERVICES = { ALLOWED_SERVICES: '*,cloudchannel', ALLOWED_JOBS: '*' };
const PARENT = 'projects/my-project/locations/europe-west4';

/** The sweeps of the demo, and one of the jobs that cost most. */
const SWEEPS = JSON.stringify({
  ...operationSweeps({ dryRun: false }),
  'stop-jobs': {
    targets: [
      { service: 'aiplatform', version: 'v1', jobs: ['customJobs', 'pipelineJobs'], parents: [PARENT] },
    ],
    exclude: { displayName: '*-prod' },
    dryRun: false,
  },
});
const BUDGETS = JSON.stringify([
  { budgetDisplayName: 'training', threshold: 1, sweep: 'stop-training' },
  { budgetDisplayName: 'training', threshold: 1, sweep: 'stop-jobs' },
]);

const job = (path: string) => `https://europe-west4-aiplatform.googleapis.com/v1/${PARENT}/${path}`;
const HOUR_MS = 3_600_000;

/** The jobs that run at the simulated services. */
export const simulatedJobs = [
  {
    url: job('customJobs/4711'),
    afterMs: 3_000,
    ageMs: 9 * HOUR_MS,
    fields: { displayName: 'fine-tune' },
  },
  {
    url: job('customJobs/4712'),
    afterMs: 1_000,
    ageMs: 30 * HOUR_MS,
    fields: { displayName: 'pretrain' },
  },
  { url: job('customJobs/4713'), ageMs: 2 * HOUR_MS, fields: { displayName: 'ranking-prod' } },
  { url: job('pipelineJobs/nightly-features'), afterMs: 2_000, fields: { displayName: 'nightly-features' } },
];

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
      note: 'The budget of the demo is left out: it does not fit your settings.',
    },
    {
      defaults: SERVICES,
      note: 'The sweeps and the budget of the demo are left out: they do not fit your settings.',
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
