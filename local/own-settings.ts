import { readSettings } from '../src/settings/settings.ts';

/** Settings of the environment that `npm start` passes on; the others are those of the local system. */
const PASSED_ON = [
  'ALLOWED_JOBS',
  'ALLOWED_PROJECTS',
  'ALLOWED_SERVICES',
  'BUDGETS',
  'CONFIRM_WITHIN',
  'FIRST_RECHECK_AFTER',
  'PROTECTED_OPERATIONS',
  'SWEEPS',
] as const;

/** Settings that the local system makes for itself, whatever the environment says. */
const OWN = ['GOOGLE_API_ENDPOINT', 'GOOGLE_CLOUD_PROJECT', 'RECHECK_QUEUE', 'TASKS_SERVICE_ACCOUNT'];
const QUEUE = 'projects/my-project/locations/us-central1/queues/lro-cancel-rechecks';

/**
 * Checks the settings of the environment as the function does at its start, so that a mistake ends a command at a terminal
 * with a sentence for each, before anything is started.
 *
 * @param defaults settings that hold where the environment has none
 * @returns those that the environment replaces
 */
export function readOwnSettings(
  environment: Readonly<Record<string, string | undefined>>,
  defaults: Readonly<Record<string, string>>,
): { readonly settings: Readonly<Record<string, string>> } | { readonly mistakes: readonly string[] } {
  const given = Object.entries(environment).flatMap(([name, value = '']): [string, string][] =>
    value.trim() === '' ? [] : [[name, value]],
  );
  const checked = readSettings({
    ...defaults,
    ...Object.fromEntries(given.filter(([name]) => !OWN.includes(name))),
    RECHECK_QUEUE: QUEUE,
  });
  if (!checked.ok) return { mistakes: checked.mistakes.map(({ message }) => message) };
  return { settings: Object.fromEntries(given.filter(([name]) => PASSED_ON.some((one) => one === name))) };
}

/** As `readOwnSettings`, and ends the program with status 2 where the settings have mistakes. */
export function ownSettingsOrExit(
  defaults: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const reading = readOwnSettings(process.env, defaults);
  if ('settings' in reading) return reading.settings;
  for (const mistake of reading.mistakes) console.error(mistake);
  process.exit(2);
}
