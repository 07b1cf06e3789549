import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '../../src/settings/settings.ts';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { settingsOf } from '../support/settings.ts';
import { REFUSED_ENVIRONMENTS, REFUSED_SETTINGS } from './settings.refusals.ts';

describe('the settings', () => {
  it('every setting has a default', () => {
    assert.deepEqual(settingsOf({}), {
      topics: {
        requests: 'lro-cancel-requests',
        rechecks: 'lro-cancel-rechecks',
        results: 'lro-cancel-results',
        triggers: 'lro-cancel-triggers',
        deadLetters: 'lro-cancel-dead-letters',
      },
      recheckDelay: { by: 'redelivery' },
      allowedProjects: undefined,
      allowedServices: ['*'],
      allowedJobs: [],
      projectNumbers: [],
      protectedOperations: [],
      confirmWithinMs: 900_000,
      firstRecheckMs: 5_000,
      messageKeys: [],
      sweeps: new Map(),
      budgets: [],
      googleApiEndpoint: 'https://{host}',
      sendsCredentials: true,
      subject: undefined,
      usesEmulator: false,
      project: undefined,
    });
  });

  it('a mistake in MESSAGE_KEYS repeats no key', () => {
    const reading = readSettings({ MESSAGE_KEYS: `${'secret'.repeat(6)},secret` });
    assert.ok(!reading.ok && reading.mistakes.every(({ message }) => !message.includes('secret')));
  });

  it('every setting is read from the environment', () => {
    const settings = settingsOf({
      REQUESTS_TOPIC: 'projects/p/topics/incoming',
      RECHECKS_TOPIC: 'again',
      RESULTS_TOPIC: 'out',
      TRIGGERS_TOPIC: 'start',
      DEAD_LETTER_TOPIC: 'dead',
      RECHECK_DELAY: 'cloud-tasks',
      RECHECK_QUEUE: 'projects/p/locations/us-central1/queues/q',
      TASKS_SERVICE_ACCOUNT: 'a@p.iam.gserviceaccount.com',
      ALLOWED_PROJECTS: 'p, 123,example.com:q',
      ALLOWED_SERVICES: '*, cloudchannel.googleapis.com',
      PROJECT_NUMBERS: 'p=123, example.com:q=42',
      PROTECTED_OPERATIONS: 'projects/p/**, **/keep-*',
      CONFIRM_WITHIN: '60s',
      FIRST_RECHECK_AFTER: '1.5s',
      MESSAGE_KEYS: `${'new'.repeat(11)}, ${'old'.repeat(11)}`,
      DELEGATED_SUBJECT: 'admin@reseller.example',
      SWEEPS:
        '{"nightly":{"targets":[{"service":"notebooks","parents":["projects/p/locations/us-central1"]}]}}',
      BUDGETS: '[{"budgetId": "b1", "sweep": "nightly"}]',
      GOOGLE_API_ENDPOINT: 'http://127.0.0.1:9099/{host}/',
      PUBSUB_EMULATOR_HOST: '127.0.0.1:8085',
      GOOGLE_CLOUD_PROJECT: 'p',
    });
    const { protectedOperations, sweeps, budgets, ...others } = settings;
    assert.deepEqual([...sweeps.keys()], ['nightly']);
    assert.deepEqual(budgets, [{ budgetId: 'b1', threshold: 1, onForecast: false, sweep: 'nightly' }]);
    assert.deepEqual(
      protectedOperations.map(({ pattern }) => pattern),
      ['projects/p/**', '**/keep-*'],
    );
    assert.deepEqual(others, {
      topics: {
        requests: 'projects/p/topics/incoming',
        rechecks: 'again',
        results: 'out',
        triggers: 'start',
        deadLetters: 'dead',
      },
      recheckDelay: {
        by: 'cloud-tasks',
        queue: 'projects/p/locations/us-central1/queues/q',
        serviceAccount: 'a@p.iam.gserviceaccount.com',
      },
      allowedProjects: ['p', '123', 'example.com:q'],
      allowedServices: ['*', 'cloudchannel'],
      allowedJobs: [],
      projectNumbers: [
        ['p', '123'],
        ['example.com:q', '42'],
      ],
      confirmWithinMs: 60_000,
      firstRecheckMs: 1_500,
      messageKeys: ['new'.repeat(11), 'old'.repeat(11)],
      googleApiEndpoint: 'http://127.0.0.1:9099/{host}',
      sendsCredentials: false,
      subject: 'admin@reseller.example',
      usesEmulator: true,
      project: 'p',
    });
  });

  it('the settings send credentials only to the endpoint of Google', () => {
    const sends = ['https://{host}', 'https://{host}/', 'https://proxy.example/{host}', 'http://{host}'].map(
      (endpoint) => settingsOf({ GOOGLE_API_ENDPOINT: endpoint }).sendsCredentials,
    );
    assert.deepEqual(sends, [true, true, false, false]);
  });

  itRefuses(
    REFUSED_SETTINGS,
    (title) => `the settings are refused with ${title}, and the failure has the path of the variable`,
  );

  for (const { title, path, refuse } of REFUSED_SETTINGS) {
    it(`the message for a refused setting names the variable once: ${title}`, () => {
      assert.equal(failureOf(refuse).message.split(String(path[0])).length, 2);
    });
  }

  itRefuses(REFUSED_ENVIRONMENTS, (title) => `the settings are refused with ${title}`);

  it('the settings ignore the variables of other programs', () => {
    const environment = {
      PATH: '/bin',
      HOME: '/',
      K_SERVICE: 'x',
      GOOGLE_CLOUD_REGION: 'x',
      PORT: '1',
      TOPIC: 'x',
    };
    assert.ok(
      readSettings({ ...environment, GOOGLE_APPLICATION_CREDENTIALS: 'x', PUBSUB_EMULATOR_PORT: '1' }).ok,
    );
  });

  it('the settings leave the account of tasks undefined if none is named', () => {
    const queue = 'projects/p/locations/l/queues/q';
    assert.deepEqual(settingsOf({ RECHECK_DELAY: 'cloud-tasks', RECHECK_QUEUE: queue }).recheckDelay, {
      by: 'cloud-tasks',
      queue,
      serviceAccount: undefined,
    });
  });

  it('the settings report all mistakes at once', () => {
    const reading = readSettings({ CONFIRM_WITHIN: 'x', ALLOWED_SERVICES: 'y' });
    assert.ok(!reading.ok);
    assert.deepEqual(
      reading.mistakes.map(({ path }) => path),
      [['ALLOWED_SERVICES'], ['CONFIRM_WITHIN']],
    );
  });

  it('an empty variable counts as one that is not set', () => {
    assert.deepEqual(
      settingsOf({ ALLOWED_PROJECTS: '', CONFIRM_WITHIN: ' ', REQUESTS_TOPIC: '' }),
      settingsOf({}),
    );
  });
});
