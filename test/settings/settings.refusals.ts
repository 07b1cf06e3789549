import { readSettings } from '../../src/settings/settings.ts';
import { parseConfirmWithinMs } from '../../src/validation/duration.ts';
import { refusalsOf } from '../support/refusals.ts';

/** Variables with a wrong value, each the only mistake of its environment. */
export const REFUSED_SETTINGS = refusalsOf(
  (variable: string, value: string) => readSettings({ [variable]: value }),
  [
    ['REQUESTS_TOPIC=no spaces', 'REQUESTS_TOPIC', 'no spaces', 'ValueError', ['REQUESTS_TOPIC']],
    [
      'RECHECKS_TOPIC=projects/p/subscriptions/s',
      'RECHECKS_TOPIC',
      'projects/p/subscriptions/s',
      'ValueError',
      ['RECHECKS_TOPIC'],
    ],
    ['RESULTS_TOPIC=1a', 'RESULTS_TOPIC', '1a', 'ValueError', ['RESULTS_TOPIC']],
    ['TRIGGERS_TOPIC=x', 'TRIGGERS_TOPIC', 'x', 'ValueError', ['TRIGGERS_TOPIC']],
    ['DEAD_LETTER_TOPIC=a/b', 'DEAD_LETTER_TOPIC', 'a/b', 'ValueError', ['DEAD_LETTER_TOPIC']],
    ['RECHECK_DELAY=sleep', 'RECHECK_DELAY', 'sleep', 'ValueError', ['RECHECK_DELAY']],
    ['RECHECK_QUEUE=q', 'RECHECK_QUEUE', 'q', 'ValueError', ['RECHECK_QUEUE']],
    ['TASKS_SERVICE_ACCOUNT=me', 'TASKS_SERVICE_ACCOUNT', 'me', 'ValueError', ['TASKS_SERVICE_ACCOUNT']],
    ['ALLOWED_PROJECTS=p,,q', 'ALLOWED_PROJECTS', 'p,,q', 'ValueError', ['ALLOWED_PROJECTS']],
    ['ALLOWED_SERVICES=notebook', 'ALLOWED_SERVICES', 'notebook', 'ValueError', ['ALLOWED_SERVICES']],
    [
      'PROTECTED_OPERATIONS=**/a,,**/b',
      'PROTECTED_OPERATIONS',
      '**/a,,**/b',
      'ValueError',
      ['PROTECTED_OPERATIONS'],
    ],
    ['PROTECTED_OPERATIONS=a b', 'PROTECTED_OPERATIONS', 'a b', 'ValueError', ['PROTECTED_OPERATIONS']],
    ['PROTECTED_OPERATIONS=keep-*', 'PROTECTED_OPERATIONS', 'keep-*', 'ValueError', ['PROTECTED_OPERATIONS']],
    ['PROTECTED_OPERATIONS=*', 'PROTECTED_OPERATIONS', '*', 'ValueError', ['PROTECTED_OPERATIONS']],
    [
      'PROTECTED_OPERATIONS=//notebook.googleapis.com/**',
      'PROTECTED_OPERATIONS',
      '//notebook.googleapis.com/**',
      'ValueError',
      ['PROTECTED_OPERATIONS'],
    ],
    [
      'PROTECTED_OPERATIONS=^projects/.*$',
      'PROTECTED_OPERATIONS',
      '^projects/.*$',
      'ValueError',
      ['PROTECTED_OPERATIONS'],
    ],
    [
      'PROTECTED_OPERATIONS=["projects/p/**"]',
      'PROTECTED_OPERATIONS',
      '["projects/p/**"]',
      'ValueError',
      ['PROTECTED_OPERATIONS'],
    ],
    [
      'PROTECTED_OPERATIONS=/projects/p/**',
      'PROTECTED_OPERATIONS',
      '/projects/p/**',
      'ValueError',
      ['PROTECTED_OPERATIONS'],
    ],
    [
      'PROTECTED_OPERATIONS=https://notebooks.googleapis.com/v2/projects/p/**',
      'PROTECTED_OPERATIONS',
      'https://notebooks.googleapis.com/v2/projects/p/**',
      'ValueError',
      ['PROTECTED_OPERATIONS'],
    ],
    ['DELEGATED_SUBJECT=admin', 'DELEGATED_SUBJECT', 'admin', 'ValueError', ['DELEGATED_SUBJECT']],
    ['CONFIRM_WITHIN=900', 'CONFIRM_WITHIN', '900', 'ValueError', ['CONFIRM_WITHIN']],
    ['CONFIRM_WITHIN=0s', 'CONFIRM_WITHIN', '0s', 'ValueError', ['CONFIRM_WITHIN']],
    ['SWEEPS={', 'SWEEPS', '{', 'ValueError', ['SWEEPS']],
    ['SWEEPS=null', 'SWEEPS', 'null', 'ValueError', ['SWEEPS']],
    ['RESULTS_TOPIC=google-topic', 'RESULTS_TOPIC', 'google-topic', 'ValueError', ['RESULTS_TOPIC']],
    [
      'PUBSUB_EMULATOR_HOST=localhost',
      'PUBSUB_EMULATOR_HOST',
      'localhost',
      'ValueError',
      ['PUBSUB_EMULATOR_HOST'],
    ],
    [
      'PUBSUB_EMULATOR_HOST=127.0.0.1:99999',
      'PUBSUB_EMULATOR_HOST',
      '127.0.0.1:99999',
      'ValueError',
      ['PUBSUB_EMULATOR_HOST'],
    ],
    [
      'GOOGLE_API_ENDPOINT=http://127.0.0.1:1/{host}/{host}',
      'GOOGLE_API_ENDPOINT',
      'http://127.0.0.1:1/{host}/{host}',
      'ValueError',
      ['GOOGLE_API_ENDPOINT'],
    ],
    [
      'GOOGLE_API_ENDPOINT=http://127.0.0.1:1/{host}?',
      'GOOGLE_API_ENDPOINT',
      'http://127.0.0.1:1/{host}?',
      'ValueError',
      ['GOOGLE_API_ENDPOINT'],
    ],
    ['BUDGETS=x', 'BUDGETS', 'x', 'ValueError', ['BUDGETS']],
    ['BUDGETS={}', 'BUDGETS', '{}', 'ValueError', ['BUDGETS']],
    [
      'BUDGETS=[{"budgetId": "b", "sweep": "x"}]',
      'BUDGETS',
      '[{"budgetId": "b", "sweep": "x"}]',
      'ValueError',
      ['BUDGETS', 0, 'sweep'],
    ],
    [
      'GOOGLE_API_ENDPOINT=http://127.0.0.1:9099',
      'GOOGLE_API_ENDPOINT',
      'http://127.0.0.1:9099',
      'ValueError',
      ['GOOGLE_API_ENDPOINT'],
    ],
    [
      'GOOGLE_API_ENDPOINT=ftp://{host}',
      'GOOGLE_API_ENDPOINT',
      'ftp://{host}',
      'ValueError',
      ['GOOGLE_API_ENDPOINT'],
    ],
    [
      'PUBSUB_EMULATOR_HOST=http://x/y',
      'PUBSUB_EMULATOR_HOST',
      'http://x/y',
      'ValueError',
      ['PUBSUB_EMULATOR_HOST'],
    ],
    [
      'GOOGLE_CLOUD_PROJECT=My Project',
      'GOOGLE_CLOUD_PROJECT',
      'My Project',
      'ValueError',
      ['GOOGLE_CLOUD_PROJECT'],
    ],
  ],
);

/** Environments with another mistake than one wrong value. */
export const REFUSED_ENVIRONMENTS = refusalsOf(
  (environment: Record<string, string>) => readSettings(environment),
  [
    ['PROTECTED_OPERATION', { PROTECTED_OPERATION: 'x' }, 'ValueError', ['PROTECTED_OPERATION']],
    ['ALLOWED_PROJECT', { ALLOWED_PROJECT: 'x' }, 'ValueError', ['ALLOWED_PROJECT']],
    ['ALOWED_SERVICES', { ALOWED_SERVICES: 'x' }, 'ValueError', ['ALOWED_SERVICES']],
    ['RECHECKS_QUEUE', { RECHECKS_QUEUE: 'x' }, 'ValueError', ['RECHECKS_QUEUE']],
    ['cloud-tasks and no queue', { RECHECK_DELAY: 'cloud-tasks' }, 'ValueError', ['RECHECK_QUEUE']],
    ['one name for two topics', { REQUESTS_TOPIC: 'same', RESULTS_TOPIC: 'same' }, 'ValueError', []],
  ],
);

/** Values of `confirmWithin`, in a request or in the settings. */
export const REFUSED_DURATIONS = refusalsOf(
  (place: string, text: string) => parseConfirmWithinMs(place, text),
  [
    ['0s', 'confirmWithin', '0s', 'ValueError', ['confirmWithin']],
    ['-1s', 'confirmWithin', '-1s', 'ValueError', ['confirmWithin']],
    ['2592000.1s', 'confirmWithin', '2592000.1s', 'ValueError', ['confirmWithin']],
    ['999999999s', 'confirmWithin', '999999999s', 'ValueError', ['confirmWithin']],
    ['15m', 'CONFIRM_WITHIN', '15m', 'ValueError', ['CONFIRM_WITHIN']],
  ],
);
