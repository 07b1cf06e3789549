import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPageStore } from '../../../local/page/model/page-store.ts';
import { effectsOf } from '../../../local/page/model/message-effects.ts';
import type { PageLimits } from '../../../local/page/model/page-store.ts';
import type { RequestLife } from '../../../local/page/model/request-life.ts';
import { foundBy } from '../../../local/page/model/run-life.ts';
import type { ResultData } from '../../../src/cancellation/result.ts';
import type { SweepReport } from '../../../src/sweeps/report.ts';
import { EMPTY_TALLY } from '../../../src/sweeps/run-state.ts';

const OPERATION = '//notebooks.googleapis.com/projects/p/locations/l/operations/o';
const URL = 'https://notebooks.googleapis.com/v2/projects/p/locations/l/operations/o';

function logLine(event: string, message: string, fields: Record<string, unknown> = {}): string {
  const { requestId, operation, severity = 'INFO', ...others } = fields;
  const labels = { 'logging.googleapis.com/labels': { requestId, operation } };
  return JSON.stringify({ severity, message, event, ...labels, ...others });
}

const resultOf = (requestId: string, outcome: ResultData['outcome']): ResultData => ({
  requestId,
  outcome,
  detail: 'The operation was cancelled.',
  operation: { service: 'notebooks', name: 'projects/p/locations/l/operations/o' },
  cancel: { attempts: 3 },
  confirm: { checks: 1 },
  messageId: '1',
  requestedAt: '2026-11-20T11:34:04.000Z',
  finishedAt: '2026-11-20T11:34:09.000Z',
});

const reportOf = (changes: Partial<SweepReport>): SweepReport => ({
  sweep: 'stop',
  runId: 'run-1',
  dryRun: false,
  complete: true,
  detail: 'Of 2 operations, 2 matched.',
  ...EMPTY_TALLY,
  missingFields: [],
  cause: { kind: 'message', messageId: '1' },
  startedAt: '2026-11-20T11:34:04.000Z',
  finishedAt: '2026-11-20T11:34:09.000Z',
  ...changes,
});

function start(limits?: Partial<PageLimits>) {
  let nowMs = 1_000;
  const all = { requests: 100, runs: 100, notices: 100, simulated: 100, ...limits };
  const store = createPageStore(() => nowMs, all);
  const records = () => store.changes.since(0, 1_000)?.changed.map(([, record]) => record) ?? [];
  return {
    store,
    advance: (ms: number) => (nowMs += ms),
    log: (event: string, message: string, fields: Record<string, unknown> = {}) =>
      store.onLogLine(logLine(event, message, { requestId: 'r', operation: OPERATION, ...fields })),
    call: (method: string, status: number | 'none') =>
      store.onServiceCall({
        atMs: nowMs,
        method,
        url: method === 'POST' ? `${URL}:cancel` : URL,
        status,
      }),
    lives: (): RequestLife[] =>
      records().flatMap((record) => (record.kind === 'request' ? [record.request] : [])),
    runs: () => records().flatMap((record) => (record.kind === 'run' ? [record.run] : [])),
    notices: () => records().flatMap((record) => (record.kind === 'notice' ? [record.notice] : [])),
  };
}

describe("the page's store", () => {
  it('a request goes from its publication over each try and wait to its result', () => {
    const { store, log, call, lives, advance } = start();
    store.onPublished('r');
    log('request.accepted', 'Accepted; next: cancel');
    call('POST', 429);
    log('cancel.retrying', 'POST :cancel: trying again in 1.5 s after: Quota exceeded');
    advance(1_500);
    call('POST', 200);
    log('cancel.answered', 'POST :cancel: accepted');
    log('recheck.scheduled', `Next: confirm, at ${new Date(7_500).toISOString()}`);
    advance(5_000);
    call('GET', 200);
    log('get.answered', 'GET: cancelled');
    log('result.published', 'CANCELLED: The operation was cancelled.', { outcome: 'CANCELLED' });
    store.onResult(resultOf('r', 'CANCELLED'), { 'ce-subject': OPERATION });

    const [life, ...others] = lives();
    assert.deepEqual(others, []);
    assert.ok(life);
    assert.deepEqual(
      life.steps.map(({ title, calls, untilMs }) => [title, calls?.map(({ status }) => status), untilMs]),
      [
        ['Published', undefined, undefined],
        ['Accepted', undefined, undefined],
        ['POST', [429], 2_500],
        ['POST', [200], undefined],
        ['Waits', undefined, 7_500],
        ['GET', [200], undefined],
        ['CANCELLED', undefined, undefined],
      ],
    );
    const { key, service, status, ended, posts, gets, result } = life;
    assert.deepEqual([service, status, ended, posts, gets], ['notebooks', 'CANCELLED', true, 3, 1]);
    assert.equal(key, `r/${encodeURIComponent(OPERATION)}`);
    assert.equal(result?.outcome, 'CANCELLED');
  });

  it('a request that is refused has its result, though the log names no operation', () => {
    const { store, log, lives } = start();
    log('request.rejected', 'data.dryrun: unknown field', { operation: undefined });
    store.onResult({ ...resultOf('r', 'REJECTED'), operation: { reference: 'o' } }, { 'ce-subject': 'o' });
    assert.deepEqual(
      lives().map(({ key, status, steps, result: shown }) => [
        key,
        status,
        steps.length,
        shown?.operation?.reference,
      ]),
      [['r/o', 'REJECTED', 1, 'o']],
    );
  });

  it('a request that is refused is one request, also where its result comes before its line of the log', () => {
    const { store, log, lives } = start();
    for (const reference of ['o1', 'o2']) {
      store.onResult({ ...resultOf('r', 'REJECTED'), operation: { reference } }, { 'ce-subject': reference });
    }
    log('request.rejected', 'o1 is refused', { operation: undefined });
    log('request.rejected', 'o2 is refused', { operation: undefined });
    assert.deepEqual(
      lives().map(({ key, steps }) => [key, steps.length]),
      [
        ['r/o1', 1],
        ['r/o2', 1],
      ],
    );
  });

  it('operations of one request are requests of their own, and so is the request that was split', () => {
    const { store, log, lives } = start();
    store.onPublished('r');
    log('request.accepted', 'Accepted; next: cancel');
    log('request.accepted', 'Accepted; next: cancel', { operation: `${OPERATION}2` });
    log('request.fanned-out', 'Published a request for each operation: 2', { operation: undefined });
    assert.deepEqual(
      lives().map(({ operation, status }) => [operation, status]),
      [
        [OPERATION, 'Accepted'],
        [`${OPERATION}2`, 'Accepted'],
        [undefined, 'SPLIT'],
      ],
    );
  });

  it('a note about a request that has ended does not open it again, and a new step does', () => {
    const { log, lives } = start();
    log('result.published', 'CANCELLED: Done.', { outcome: 'CANCELLED' });
    log('recheck.scheduled', 'An earlier delivery of this message has scheduled the next step already');
    assert.deepEqual([lives()[0]?.ended, lives()[0]?.status], [true, 'CANCELLED']);
    log('request.accepted', 'Accepted; next: cancel');
    assert.deepEqual([lives()[0]?.ended, lives()[0]?.status], [false, 'Accepted']);
  });

  it('of too many requests, the oldest that have ended leave first', () => {
    const { log, lives } = start({ requests: 2 });
    log('request.accepted', 'Accepted', { requestId: 'runs' });
    for (const requestId of ['first', 'second', 'third']) {
      log('result.published', 'CANCELLED: Done.', { requestId, outcome: 'CANCELLED' });
    }
    assert.deepEqual(
      lives()
        .map(({ requestId }) => requestId)
        .sort(),
      ['runs', 'third'],
    );
  });

  it('a run of a sweep goes from its budget alert to its report', () => {
    const { store, runs } = start();
    const run = { sweep: 'stop', runId: 'run-1' };
    store.onLogLine(logLine('budget.crossed', 'Sweep stop: the budget "b" crossed 100 %', run));
    store.onLogLine(logLine('sweep.page', '2 operations on a page', { ...run, severity: 'DEBUG' }));
    store.onLogLine(logLine('sweep.finished', 'Of 2 operations, 2 matched.', run));
    const [one] = runs();
    assert.deepEqual(
      [one?.cause, one?.ended, one?.steps.length],
      ['Started because the budget "b" crossed 100 %', true, 3],
    );
  });

  it('the approval of a dry run is a run of its own, and the dry run says who approved it', () => {
    const { store, runs, advance } = start();
    const run = { sweep: 'stop', runId: 'run-1' };
    const report = reportOf({ ...run, dryRun: true });
    store.onLogLine(logLine('sweep.finished', 'Of 2 operations, 2 matched.', run));
    store.onReport(report);
    advance(5_000);
    store.onLogLine(logLine('approval.accepted', 'The dry run of sweep stop was approved by "ada"', run));
    assert.deepEqual(
      runs().map(({ key, isApproval, ended, approved }) => [key, isApproval, ended, approved]),
      [
        ['run-1-approval', true, false, undefined],
        ['run-1', false, true, { atMs: 6_000 }],
      ],
    );
    const approved = {
      at: '2026-11-20T11:34:04.000Z',
      messageId: '7',
      requestedBy: 'ada',
      reason: 'left over',
    };
    store.onReport({ ...report, dryRun: false, approved });
    store.onLogLine(logLine('approval.finished', 'A cancel was requested for 2.', run));
    const [dryRun, approval] = runs().sort((a, b) => a.key.length - b.key.length);
    assert.deepEqual(dryRun?.approved, { atMs: Date.parse(approved.at), by: 'ada' });
    assert.equal(dryRun.report?.dryRun, true);
    assert.deepEqual(
      [approval?.cause, approval?.ended, approval?.report?.approved],
      ['Approval of a dry run: left over', true, approved],
    );
  });

  it('a run counts the operations and the jobs that it found, as far as its report names them', () => {
    const [operation, job] = [OPERATION, '//batch.googleapis.com/projects/p/locations/l/jobs/j'];
    assert.equal(foundBy({ requested: 1, operations: [operation] }), '1 operation');
    assert.equal(foundBy({ requested: 3, operations: [job, operation, job] }), '1 operation and 2 jobs');
    assert.equal(foundBy({ requested: 2_300, operations: [operation] }), '2,300 operations or jobs');
  });

  for (const order of ['before', 'after'] as const) {
    it(`a refused trigger is no request, where its result comes ${order} its line of the log`, () => {
      const { store, lives, notices, log } = start();
      const problem = 'sweep: "nope" is not a sweep; SWEEPS defines none';
      const steps = [
        () =>
          store.onResult(
            {
              ...resultOf('17', 'REJECTED'),
              messageId: '17',
              detail: `Refused before any call: ${problem}`,
              operation: {},
              error: { type: 'ValueError', message: problem },
            },
            { 'ce-subject': 'request/17' },
          ),
        () => log('request.rejected', problem, { requestId: '17', operation: undefined }),
      ];
      for (const step of order === 'before' ? steps : steps.reverse()) step();
      assert.deepEqual(lives(), []);
      assert.deepEqual(
        notices().map(({ event, messageId }) => [event, messageId]),
        [['trigger.refused', '17']],
      );
    });
  }

  it('the effects of a message are the runs that it started and the notices about it', () => {
    const { store, runs, notices, lives } = start();
    const fields = { messageId: '54', severity: 'DEBUG' };
    store.onLogLine(logLine('budget.crossed', 'Sweep a: crossed', { ...fields, sweep: 'a', runId: 'run-a' }));
    store.onLogLine(logLine('sweep.page', 'a page', { sweep: 'a', runId: 'run-a', messageId: '55' }));
    store.onLogLine(
      logLine('budget.swept-before', 'Sweep b was started before', { ...fields, sweep: 'b', runId: 'run-b' }),
    );
    store.onLogLine(logLine('budget.not-crossed', 'nothing crossed', { messageId: '56' }));
    store.onLogLine(
      logLine('request.rejected', 'reason: must be a string', { requestId: '57', operation: undefined }),
    );
    const known = {
      runs: new Map(runs().map((one) => [one.key, one])),
      notices: new Map(notices().map((one) => [String(one.id), one])),
      requests: new Map(lives().map((one) => [one.key, one])),
    };
    const effects = (messageId: string) => {
      const { runs: started, notices: told, refusal } = effectsOf(known, messageId);
      return [started.map(({ sweep }) => sweep), told.map(({ event }) => event), refusal];
    };
    assert.deepEqual(effects('54'), [['a'], ['budget.swept-before'], undefined]);
    assert.deepEqual(effects('55'), [[], [], undefined]);
    assert.deepEqual(effects('56'), [[], ['budget.not-crossed'], undefined]);
    assert.deepEqual(effects('57'), [[], [], 'REJECTED: reason: must be a string']);
  });

  it('an alert that starts nothing is a message of the function, with its reason', () => {
    const { store, runs, notices } = start();
    store.onLogLine(logLine('budget.not-crossed', 'The budget "b" has crossed no threshold of a rule'));
    store.onLogLine(
      logLine('budget.swept-before', 'Sweep s was started before', { sweep: 's', runId: 'run-1' }),
    );
    store.onLogLine(logLine('message.not-due', 'not due yet'));
    store.onLogLine('Serving function...');
    assert.deepEqual(runs(), []);
    assert.deepEqual(
      notices().map(({ event }) => event),
      ['budget.not-crossed', 'budget.swept-before'],
    );
  });

  it('only simulated operations that changed are sent again, and those that are gone leave', () => {
    const { store } = start();
    const one = {
      url: URL,
      service: 'notebooks',
      kind: 'operations',
      state: 'running',
      since: 'x',
      script: {},
    };
    const two = { ...one, url: `${URL}2` };
    store.onSimulated([one, two]);
    const sequence = store.changes.sequence();
    store.onSimulated([{ ...one, state: 'cancelled' }]);
    assert.deepEqual(store.changes.since(sequence, 10), {
      sequence: sequence + 2,
      changed: [[`simulated ${URL}`, { kind: 'simulated', simulated: { ...one, state: 'cancelled' } }]],
      removed: [`simulated ${URL}2`],
    });
  });
});
