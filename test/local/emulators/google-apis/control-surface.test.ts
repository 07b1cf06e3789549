import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPERATION, read, startCaller, type Caller, type ReadAnswer } from './service-caller.ts';

const PARENT = OPERATION.replace('/operation-1', '');

async function control(caller: Caller, method: string, path: string, input?: unknown): Promise<ReadAnswer> {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  return read(
    await fetch(`${caller.services.url}/_control${path === '' ? '' : `/${path}`}`, {
      method,
      ...(input !== undefined && { body }),
    }),
  );
}

describe('the control surface', () => {
  it('the control surface adds an operation that then behaves as scripted', async () => {
    await using caller = await startCaller();
    const script = {
      onCancel: 'failed',
      afterMs: 3000,
      state: 'running',
      endsItself: { state: 'succeeded', afterMs: 60_000 },
      ageMs: 1000,
      metadata: { verb: 'delete' },
      error: { code: 10, message: 'Aborted.' },
      cancelFaults: [{ kind: 'UNAVAILABLE', retryDelayMs: 500 }],
      getFaults: [{ kind: 'json', value: [], times: 1 }],
    };
    const added = await control(caller, 'PUT', 'operations', { url: OPERATION, ...script });
    assert.deepEqual([added.status, added.json], [200, { url: OPERATION }]);

    assert.equal((await caller.cancel(OPERATION)).status, 503);
    assert.equal((await caller.cancel(OPERATION)).status, 200);
    assert.deepEqual((await caller.get(OPERATION)).json, []);
    caller.advance(3000);
    const { error, metadata } = (await caller.get(OPERATION)).json as Record<string, Record<string, unknown>>;
    assert.deepEqual(error, script.error);
    assert.equal(metadata?.['verb'], 'delete');
  });

  it('the control surface shows each operation with its state and its script', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { onCancel: 'vanishes' });
    caller.services.add(`${OPERATION}0`, { state: 'failed' });
    await caller.cancel(OPERATION);
    const common = { service: 'notebooks', kind: 'operations', since: '2026-11-20T11:34:04.000Z' };
    assert.deepEqual((await control(caller, 'GET', 'operations')).json, {
      operations: [
        { url: OPERATION, ...common, state: 'gone', script: { onCancel: 'vanishes' } },
        { url: `${OPERATION}0`, ...common, state: 'failed', script: { state: 'failed' } },
      ],
    });
  });

  it('the control surface adds a job, and shows it as it shows operations', async () => {
    await using caller = await startCaller();
    const url =
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/customJobs/j';
    const script = { onCancel: 'failed', afterMs: 3000, fields: { labels: { team: 'a' } } };
    const added = await control(caller, 'PUT', 'jobs', { url, ...script });
    assert.deepEqual([added.status, added.json], [200, { url }]);
    assert.equal((await caller.cancel(url)).status, 200);
    const common = { url, service: 'aiplatform', kind: 'customJobs', script };
    const since = '2026-11-20T11:34:04.000Z';
    assert.deepEqual((await control(caller, 'GET', 'jobs')).json, {
      jobs: [{ ...common, state: 'cancelling', word: 'JOB_STATE_CANCELLING', since }],
    });
    caller.advance(3000);
    assert.deepEqual((await control(caller, 'GET', 'jobs')).json, {
      jobs: [{ ...common, state: 'failed', word: 'JOB_STATE_FAILED', since: '2026-11-20T11:34:07.000Z' }],
    });
  });

  it('the control surface refuses a job of an unknown kind, and one in a state that its service has not', async () => {
    await using caller = await startCaller();
    const url = 'https://dataflow.googleapis.com/v1b3/projects/p/locations/us-central1/jobs/j';
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ url: OPERATION }, /url: Not the URL of a job/],
      [{ url: `${url}:cancel` }, /url: Not the URL of a job/],
      [{ url, state: 'ACTIVE' }, /url: No state ACTIVE; there are JOB_STATE_PENDING, /],
      [{ url, endsItself: { state: 'DONE', afterMs: 1 } }, /url: No state DONE/],
      [{ url, location: 'EU' }, /url: Its name has the location/],
      [{ url, onCancel: 'neither' }, /onCancel: must be one of cancelled, /],
      [{ url, metadata: {} }, /metadata: must be left out; known are url, /],
    ];
    for (const [input, problem] of wrong) {
      const { status, json } = await control(caller, 'PUT', 'jobs', input);
      assert.equal(status, 400, JSON.stringify(input));
      assert.match((json as { error: string }).error, problem);
    }
  });

  it('the control surface scripts a list', async () => {
    await using caller = await startCaller();
    const unreachable = ['us-east1'];
    const input = { url: PARENT, unreachable, maxPageSize: 5, listFaults: [{ kind: 'INTERNAL' }] };
    assert.equal((await control(caller, 'PUT', 'lists', input)).status, 200);
    assert.equal((await caller.send(PARENT)).status, 500);
    assert.deepEqual(await (await caller.send(PARENT)).json(), { unreachable });
  });

  it("the control surface scripts a list without wildcards, and one with a project's number", async () => {
    await using caller = await startCaller();
    const anywhere = PARENT.replace('us-central1', '-');
    const numbered = PARENT.replace('projects/p', 'projects/123');
    caller.services.add(`${numbered}/o`);
    await control(caller, 'PUT', 'lists', { url: anywhere, noWildcard: true });
    await control(caller, 'PUT', 'lists', { url: PARENT, projectNumber: '123' });
    assert.equal((await caller.send(anywhere)).status, 400);
    const { json } = await read(await caller.send(PARENT));
    assert.equal((json as { operations: unknown[] }).operations.length, 1);
  });

  it('the control surface gives a host a quota, and shows the calls that it admitted and refused', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION);
    const host = 'notebooks.googleapis.com';
    const quota = { host, calls: 'cancels', perSecond: 0.5, windowMs: 2_000, retryAfter: false };
    const added = await control(caller, 'PUT', 'quotas', quota);
    assert.deepEqual([added.status, added.json], [200, { host }]);
    const answers = [await caller.cancel(OPERATION), await caller.cancel(OPERATION)];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 429],
    );
    assert.equal(answers[1]?.headers.get('retry-after'), null);
    assert.deepEqual((await control(caller, 'GET', 'quotas')).json, {
      quotas: [{ ...quota, admitted: 1, refused: 1 }],
    });
  });

  it('the control surface shows the requests to the services, and never its own', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION);
    await caller.get(OPERATION);
    await caller.cancel(OPERATION);
    const shown = await control(caller, 'GET', 'requests');
    assert.deepEqual(shown.json, { requests: caller.services.requests() });
    const posts = await control(caller, 'GET', 'requests?method=POST');
    assert.deepEqual(posts.json, { requests: caller.services.requests({ method: 'POST' }) });
    const none = await control(caller, 'GET', `requests?url=${encodeURIComponent(PARENT)}`);
    assert.deepEqual(none.json, { requests: [] });
    const last = await control(caller, 'GET', 'requests?last=1');
    assert.deepEqual(last.json, { requests: caller.services.requests().slice(-1) });
  });

  it('the control surface answers 507 when it is full', async () => {
    await using caller = await startCaller({ operationLimit: 1 });
    caller.services.add(OPERATION);
    assert.equal((await control(caller, 'PUT', 'operations', { url: `${OPERATION}0` })).status, 507);
  });

  for (const [method, path] of [
    ['POST', 'operations'],
    ['DELETE', 'operations'],
    ['GET', 'lists'],
    ['GET', 'nothing'],
  ] as const) {
    it(`the control surface has nothing at ${method} /_control/${path}`, async () => {
      await using caller = await startCaller();
      assert.equal((await control(caller, method, path, method === 'GET' ? undefined : {})).status, 404);
    });
  }
});

describe('malformed control input', () => {
  const url = OPERATION;
  const mistakes: readonly (readonly [string, unknown, RegExp])[] = [
    ['text that is not JSON', '{"url":', /^the input: must be JSON$/],
    ['a list', [], /^the input: must be an object$/],
    ['no URL', {}, /^url: must be given$/],
    ['the URL of something else', { url: PARENT }, /^url: Not the URL of an operation/],
    [
      'a misspelled field',
      { url, oncancel: 'fails' },
      /^oncancel: must be left out; known are url, onCancel/,
    ],
    ['a field that every object inherits', '{"url":"x","constructor":1}', /^constructor: must be left out/],
    ['an unknown effect', { url, onCancel: 'fails' }, /^onCancel: must be one of cancelled, /],
    ['a time in words', { url, afterMs: '3s' }, /^afterMs: must be a whole number from 0 to /],
    ['a negative time', { url, afterMs: -1 }, /^afterMs: must be a whole number/],
    ['an unknown state', { url, state: 'done' }, /^state: must be one of running, cancelled, /],
    ['half of an end', { url, endsItself: { state: 'failed' } }, /^endsItself\.afterMs: must be given$/],
    ['an age in words', { url, ageMs: 'old' }, /^ageMs: must be a whole number from 0 to \d+, or unknown$/],
    ['metadata that is not an object', { url, metadata: [] }, /^metadata: must be an object$/],
    ['faults that are not a list', { url, getFaults: {} }, /^getFaults: must be a list/],
    ['a fault without a kind', { url, getFaults: [{}] }, /^getFaults\[0\]\.kind: must be one of CANCELLED, /],
    [
      'a fault of an inherited kind',
      { url, getFaults: [{ kind: 'toString' }] },
      /^getFaults\[0\]\.kind: must be one of /,
    ],
    [
      'an unknown field of a fault',
      { url, cancelFaults: [{ kind: 'hang' }, { kind: 'reset', when: 'now' }] },
      /^cancelFaults\[1\]\.when: must be left out/,
    ],
    [
      'a fault without what it needs',
      { url, cancelFaults: [{ kind: 'giant' }] },
      /^cancelFaults\[0\]\.bytes: must be given$/,
    ],
    [
      'a fault that comes never',
      { url, cancelFaults: [{ kind: 'hang', times: 0 }] },
      /^cancelFaults\[0\]\.times: must be a whole number from 1/,
    ],
    [
      'a fault applied in words',
      { url, cancelFaults: [{ kind: 'hang', applied: 'yes' }] },
      /^cancelFaults\[0\]\.applied: must be true or false$/,
    ],
  ];
  for (const [what, input, message] of mistakes) {
    it(`a malformed operation is refused with the name of the field: ${what}`, async () => {
      await using caller = await startCaller();
      const answer = await control(caller, 'PUT', 'operations', input);
      assert.equal(answer.status, 400);
      assert.match((answer.json as { error: string }).error, message);
      assert.deepEqual((await control(caller, 'GET', 'operations')).json, { operations: [] });
    });
  }

  it('a malformed list is refused with the name of the field', async () => {
    await using caller = await startCaller();
    const answer = await control(caller, 'PUT', 'lists', { url: PARENT, unreachable: 'us-east1' });
    assert.equal(answer.status, 400);
    assert.match((answer.json as { error: string }).error, /^unreachable: must be a list/);
  });

  it('a list script without effect is refused', async () => {
    await using caller = await startCaller();
    const answer = await control(caller, 'PUT', 'lists', { url: PARENT, noWildcard: true });
    assert.equal(answer.status, 400);
    assert.match((answer.json as { error: string }).error, /^url: Not a wildcard: /);
  });

  const host = 'notebooks.googleapis.com';
  const calls = 'cancels';
  for (const [what, input, message] of [
    ['no host', { calls, perSecond: 1 }, /^host: must be given$/],
    ['a URL', { host: OPERATION, calls, perSecond: 1 }, /^host: Not the host of operations: https/],
    ['no calls', { host, perSecond: 1 }, /^calls: must be given$/],
    ['calls of no kind', { host, calls: 'POST', perSecond: 1 }, /^calls: must be one of cancels, reads$/],
    ['no rate', { host, calls }, /^perSecond: must be given$/],
    ['a rate of nothing', { host, calls, perSecond: 0 }, /^perSecond: must be a number from 0\.001 to /],
    ['a rate in words', { host, calls, perSecond: '50' }, /^perSecond: must be a number/],
    ['no window', { host, calls, perSecond: 1, windowMs: 0 }, /^windowMs: must be a whole number from 1/],
    ['an answer in words', { host, calls, perSecond: 1, retryAfter: 'no' }, /^retryAfter: must be true or/],
    [
      'a misspelled field',
      { host, calls, persecond: 1 },
      /^persecond: must be left out; known are host, calls,/,
    ],
  ] as const) {
    it(`a malformed quota is refused with the name of the field: ${what}`, async () => {
      await using caller = await startCaller();
      const answer = await control(caller, 'PUT', 'quotas', input);
      assert.equal(answer.status, 400);
      assert.match((answer.json as { error: string }).error, message);
      assert.deepEqual((await control(caller, 'GET', 'quotas')).json, { quotas: [] });
    });
  }

  for (const last of ['0', 'all', '10001']) {
    it(`the query last=${last} is refused with the name of the parameter`, async () => {
      await using caller = await startCaller();
      const answer = await control(caller, 'GET', `requests?last=${last}`);
      assert.equal(answer.status, 400);
      assert.match((answer.json as { error: string }).error, /^last: must be a whole number/);
    });
  }

  const kinds = [
    { kind: 'RESOURCE_EXHAUSTED', reason: 'RESOURCE_QUOTA_EXCEEDED', retryAfterSeconds: 1, message: 'm' },
    { kind: 'UNAVAILABLE', retryAfterSeconds: 1, retryAfterForm: 'http-date', times: 'always' },
    { kind: 'hang', at: 'mid-answer' },
    { kind: 'reset', applied: true },
    { kind: 'html', status: 502 },
    { kind: 'truncated-json' },
    { kind: 'giant', bytes: 1000, declareLength: true },
    { kind: 'redirect', location: 'https://elsewhere.example/', status: 307 },
    { kind: 'json', value: null, status: 200 },
    { kind: 'odd-operation', fields: { done: 'yes' } },
    { kind: 'slow', delayMs: 1 },
  ];
  for (const fault of kinds) {
    it(`a fault of kind ${fault.kind} is accepted with all its fields`, async () => {
      await using caller = await startCaller();
      const input = { url, getFaults: [fault] };
      assert.equal((await control(caller, 'PUT', 'operations', input)).status, 200);
      const { operations } = (await control(caller, 'GET', 'operations')).json as {
        operations: { script: unknown }[];
      };
      assert.deepEqual(operations[0]?.script, { getFaults: [fault] });
    });
  }
});

const JOB = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/customJobs/1';

describe('the control surface as a whole', () => {
  it('the control surface lists everything in a form that it imports again, and resets', async () => {
    await using caller = await startCaller();
    const seed = {
      operations: [{ url: OPERATION, onCancel: 'failed' }, { url: `${OPERATION}0` }],
      jobs: [{ url: JOB, onCancel: 'ignored' }],
      lists: [{ url: PARENT, maxPageSize: 5 }],
      quotas: [{ host: 'notebooks.googleapis.com', calls: 'cancels', perSecond: 5 }],
    };
    const imported = await control(caller, 'POST', '', seed);
    assert.deepEqual(
      [imported.status, imported.json],
      [200, { operations: 2, jobs: 1, lists: 1, quotas: 1 }],
    );
    assert.equal((await caller.cancel(OPERATION)).status, 200);
    assert.deepEqual((await control(caller, 'GET', '')).json, seed);

    assert.equal((await control(caller, 'DELETE', '')).status, 200);
    assert.equal((await caller.get(OPERATION)).status, 404);
    assert.deepEqual((await control(caller, 'GET', '')).json, {
      operations: [],
      jobs: [],
      lists: [],
      quotas: [],
    });
    assert.equal(caller.services.requests({ method: 'POST' }).length, 0);
    await control(caller, 'POST', '', seed);
    assert.equal((await caller.get(`${OPERATION}0`)).status, 200);
  });

  it('the control surface names the mistake in what it is to import', async () => {
    await using caller = await startCaller();
    const { status, json } = await control(caller, 'POST', '', {
      operations: [{ url: OPERATION, afterMS: 1 }],
    });
    assert.equal(status, 400);
    assert.match(
      (json as { error: string }).error,
      /^operations\[0\]\.afterMS: must be left out; known are url,/,
    );
  });

  it('a job that follows another script is stubborn from then on', async () => {
    await using caller = await startCaller();
    caller.services.addJob(JOB);
    caller.services.change(JOB, { onCancel: 'never-ends' });
    await caller.cancel(JOB);
    assert.deepEqual(
      caller.services.resources().map(({ kind, state, word }) => [kind, state, word]),
      [['customJobs', 'cancelling', 'JOB_STATE_CANCELLING']],
    );
  });

  it('an operation that follows another script keeps the cancel that it took', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { afterMs: 5_000 });
    await caller.cancel(OPERATION);
    caller.services.change(OPERATION, { onCancel: 'never-ends' });
    caller.advance(9_000);
    assert.equal(caller.services.resources()[0]?.state, 'running');
    caller.services.change(OPERATION, { afterMs: 5_000 });
    assert.equal(caller.services.resources()[0]?.state, 'cancelled');
    assert.throws(() => caller.services.change(`${OPERATION}0`, {}), /do not know/);
  });
});
