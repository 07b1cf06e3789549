import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '../../src/settings/settings.ts';

describe('the settings', () => {
  it('have a default each', () => {
    assert.deepEqual(readSettings({}), {
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
      protectedOperations: [],
      confirmWithinMs: 900_000,
      sweeps: new Map(),
      budgets: [],
      googleApiEndpoint: 'https://{host}',
      sendsCredentials: true,
      subject: undefined,
      usesEmulator: false,
      project: undefined,
    });
  });

  it('are read from the environment, each', () => {
    const settings = readSettings({
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
      PROTECTED_OPERATIONS: 'projects/p/**, **/keep-*',
      CONFIRM_WITHIN: '60s',
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
      confirmWithinMs: 60_000,
      googleApiEndpoint: 'http://127.0.0.1:9099/{host}',
      sendsCredentials: false,
      subject: 'admin@reseller.example',
      usesEmulator: true,
      project: 'p',
    });
  });

  it('send credentials to Google only: any other endpoint gets none', () => {
    const sends = ['https://{host}', 'https://{host}/', 'https://proxy.example/{host}', 'http://{host}'].map(
      (endpoint) => readSettings({ GOOGLE_API_ENDPOINT: endpoint }).sendsCredentials,
    );
    assert.deepEqual(sends, [true, true, false, false]);
  });

  for (const [name, value, problem] of [
    ['REQUESTS_TOPIC', 'no spaces', /must be a topic's id or projects/],
    ['RECHECKS_TOPIC', 'projects/p/subscriptions/s', /must be a topic's id or projects/],
    ['RESULTS_TOPIC', '1a', /must be a topic's id/],
    ['TRIGGERS_TOPIC', 'x', /must be a topic's id/],
    ['DEAD_LETTER_TOPIC', 'a/b', /must be a topic's id/],
    ['RECHECK_DELAY', 'sleep', /must be redelivery or cloud-tasks, not "sleep"/],
    [
      'RECHECK_QUEUE',
      'q',
      /must be projects\/\{project\}\/locations\/\{location\}\/queues\/\{queue\}, not "q"/,
    ],
    ['TASKS_SERVICE_ACCOUNT', 'me', /must be the email address of a service account, not "me"/],
    ['ALLOWED_PROJECTS', 'p,,q', /must be ids or numbers of projects, separated by commas, or \*, not ""/],
    ['ALLOWED_SERVICES', 'notebook', /must be services that docs.* not "notebook"/],
    ['PROTECTED_OPERATIONS', '**/a,,**/b', /must be patterns such as projects\/p\/\*\*, .* not ""/],
    ['PROTECTED_OPERATIONS', 'a b', /must be patterns/],
    ['PROTECTED_OPERATIONS', 'keep-*', /"keep-\*" protects nothing/],
    ['PROTECTED_OPERATIONS', '*', /protects nothing/],
    ['PROTECTED_OPERATIONS', '//notebook.googleapis.com/**', /protects nothing/],
    ['PROTECTED_OPERATIONS', '^projects/.*$', /protects nothing/],
    ['PROTECTED_OPERATIONS', '["projects/p/**"]', /protects nothing/],
    ['PROTECTED_OPERATIONS', '/projects/p/**', /protects nothing/],
    ['PROTECTED_OPERATIONS', 'https://notebooks.googleapis.com/v2/projects/p/**', /protects nothing/],
    ['DELEGATED_SUBJECT', 'admin', /must be the email address of a domain's administrator, not "admin"/],
    ['CONFIRM_WITHIN', '900', /must be a duration in seconds such as "900s", not "900"/],
    ['CONFIRM_WITHIN', '0s', /must be more than 0s and at most 2592000s/],
    ['SWEEPS', '{', /must be JSON/],
    ['SWEEPS', 'null', /must be a JSON object of sweeps/],
    ['RESULTS_TOPIC', 'google-topic', /must be a topic's id/],
    ['PUBSUB_EMULATOR_HOST', 'localhost', /must be \{host\}:\{port\}/],
    ['PUBSUB_EMULATOR_HOST', '127.0.0.1:99999', /must be \{host\}:\{port\}/],
    ['GOOGLE_API_ENDPOINT', 'http://127.0.0.1:1/{host}/{host}', /must be a URL with \{host\} in it once/],
    ['GOOGLE_API_ENDPOINT', 'http://127.0.0.1:1/{host}?', /must be a URL with \{host\} in it once/],
    ['BUDGETS', 'x', /must be JSON/],
    ['BUDGETS', '{}', /must be a JSON array of rules/],
    ['BUDGETS', '[{"budgetId": "b", "sweep": "x"}]', /"x" is not a sweep that SWEEPS defines/],
    ['GOOGLE_API_ENDPOINT', 'http://127.0.0.1:9099', /must be a URL with \{host\} in it/],
    ['GOOGLE_API_ENDPOINT', 'ftp://{host}', /must be a URL with \{host\} in it/],
    ['PUBSUB_EMULATOR_HOST', 'http://x/y', /must be \{host\}:\{port\}/],
    ['GOOGLE_CLOUD_PROJECT', 'My Project', /must be the id of a project/],
  ] as const) {
    it(`are refused with ${name}=${value}, by its name`, () => {
      assert.throws(
        () => readSettings({ [name]: value }),
        (error: Error) => {
          assert.ok(error.message.startsWith(`${name}: `), error.message);
          assert.match(error.message, problem);
          assert.equal(error.message.split(name).length, 2, 'the name is said once');
          return true;
        },
      );
    });
  }

  for (const [variable, meant] of [
    ['PROTECTED_OPERATION', 'PROTECTED_OPERATIONS'],
    ['ALLOWED_PROJECT', 'ALLOWED_PROJECTS'],
    ['ALOWED_SERVICES', 'ALLOWED_SERVICES'],
    ['RECHECKS_QUEUE', 'RECHECK_QUEUE'],
  ] as const) {
    it(`are refused with ${variable}, which is none`, () => {
      assert.throws(() => readSettings({ [variable]: 'x' }), {
        message: `${variable}: is not a setting; did you mean ${meant}?`,
      });
    });
  }

  it('leave alone what other programs read', () => {
    const environment = {
      PATH: '/bin',
      HOME: '/',
      K_SERVICE: 'x',
      GOOGLE_CLOUD_REGION: 'x',
      PORT: '1',
      TOPIC: 'x',
    };
    assert.doesNotThrow(() =>
      readSettings({ ...environment, GOOGLE_APPLICATION_CREDENTIALS: 'x', PUBSUB_EMULATOR_PORT: '1' }),
    );
  });

  it('are refused with cloud-tasks and no queue', () => {
    assert.throws(() => readSettings({ RECHECK_DELAY: 'cloud-tasks' }), {
      message: 'RECHECK_QUEUE: missing; RECHECK_DELAY=cloud-tasks needs the name of a queue',
    });
  });

  it('leave the account of a task to the function where none is named', () => {
    const queue = 'projects/p/locations/l/queues/q';
    assert.deepEqual(readSettings({ RECHECK_DELAY: 'cloud-tasks', RECHECK_QUEUE: queue }).recheckDelay, {
      by: 'cloud-tasks',
      queue,
      serviceAccount: undefined,
    });
  });

  it('are refused where one topic is to be two', () => {
    assert.throws(
      () => readSettings({ REQUESTS_TOPIC: 'same', RESULTS_TOPIC: 'same' }),
      /five different topics, but "same" is there twice/,
    );
  });

  it('are checked whole: every mistake is told at once', () => {
    assert.throws(
      () => readSettings({ CONFIRM_WITHIN: 'x', ALLOWED_SERVICES: 'y' }),
      (error: Error) => error.message.split('\n').length === 2,
    );
  });

  it('take an empty variable for one that is not set', () => {
    assert.deepEqual(
      readSettings({ ALLOWED_PROJECTS: '', CONFIRM_WITHIN: ' ', REQUESTS_TOPIC: '' }),
      readSettings({}),
    );
  });
});
