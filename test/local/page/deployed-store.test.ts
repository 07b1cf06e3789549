import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDeployedStore } from '../../../local/page/model/deployed-store.ts';
import type { DeployedLimits } from '../../../local/page/model/deployed-store.ts';
import type { WaitingRequest, WaitingTask } from '../../../local/page/model/waiting-task.ts';
import type { ResultData } from '../../../src/cancellation/result.ts';
import type { SweepReport } from '../../../src/sweeps/report.ts';

const OPERATION = '//notebooks.googleapis.com/projects/p/locations/l/operations/o';
const AT = (seconds: number) => Date.parse('2026-11-20T11:34:00Z') + seconds * 1_000;
const TIME = (seconds: number) => new Date(AT(seconds)).toISOString();

const resultOf = (outcome: ResultData['outcome'], changes: Partial<ResultData> = {}): ResultData => ({
  requestId: 'r',
  outcome,
  detail: 'As it is.',
  operation: { service: 'notebooks', name: 'projects/p/locations/l/operations/o' },
  cancel: { attempts: 1, acceptedAt: TIME(1) },
  confirm: { checks: 2, lastCheckedAt: TIME(8) },
  messageId: 'm',
  requestedAt: TIME(0),
  finishedAt: TIME(9),
  ...changes,
});

const taskOf = (id: string, changes: Partial<WaitingRequest> = {}): WaitingTask => ({
  id,
  dueMs: AT(20),
  attempts: 0,
  purpose: 'recheck',
  request: {
    requestId: 'r',
    messageId: 'm',
    operation: OPERATION,
    requestedAtMs: AT(0),
    step: 'confirm',
    posts: 1,
    acceptedAtMs: AT(1),
    gets: 1,
    lastCheckedAtMs: AT(6),
    ...changes,
  },
});

function start(limits?: Partial<DeployedLimits>) {
  const store = createDeployedStore(() => AT(30), {
    requests: 100,
    runs: 100,
    deadLetters: 100,
    notices: 100,
    ...limits,
  });
  const records = () => store.changes.since(0, 1_000)?.changed.map(([, record]) => record) ?? [];
  return {
    store,
    end: (result: ResultData, subject = OPERATION) => store.onResult(result, { subject, traceId: undefined }),
    lives: () => records().flatMap((record) => (record.kind === 'request' ? [record.request] : [])),
    runs: () => records().flatMap((record) => (record.kind === 'run' ? [record.run] : [])),
    tasks: () => records().flatMap((record) => (record.kind === 'task' ? [record.task.id] : [])),
  };
}

describe('the store of a deployed system', () => {
  it('a result tells the whole life of its request, by its own times', () => {
    const { end, lives } = start();
    end(resultOf('CANCELLED'));
    const [life] = lives();
    assert.deepEqual(
      life?.steps.map(({ kind, atMs }) => [kind, atMs]),
      [
        ['accepted', AT(0)],
        ['post', AT(1)],
        ['get', AT(8)],
        ['result', AT(9)],
      ],
    );
    assert.deepEqual([life.firstMs, life.lastMs, life.posts, life.gets], [AT(0), AT(9), 1, 2]);
  });

  it('a request goes from its re-check in the queue over the delivery to its result, as one request', () => {
    const { store, end, lives, tasks } = start();
    store.onTasks([taskOf('t')], true);
    const [waiting] = lives();
    assert.deepEqual([waiting?.status, waiting?.steps.at(-1)?.untilMs], ['Waiting', AT(20)]);
    store.onTasks([], true);
    assert.deepEqual([lives()[0]?.status, tasks()], ['Checking', []]);
    end(resultOf('CANCELLED'));
    assert.deepEqual(
      lives().map(({ key, status, ended }) => [key, status, ended]),
      [[waiting?.key, 'CANCELLED', true]],
    );
  });

  it('a request is not said to be checked where only a part of the queue was read', () => {
    const { store, lives } = start();
    store.onTasks([taskOf('t')], true);
    store.onTasks([], false);
    assert.equal(lives()[0]?.status, 'Waiting');
    store.onTasks([], true);
    assert.equal(lives()[0]?.status, 'Checking');
  });

  it('a reading of the queue that is older than the result does not open the request again', () => {
    const { store, end, lives } = start();
    end(resultOf('CANCELLED'));
    store.onTasks([taskOf('t')], true);
    assert.deepEqual([lives()[0]?.status, lives()[0]?.ended], ['CANCELLED', true]);
  });

  it('a request that is sent again waits again, and keeps its end where the new result is none', () => {
    const { store, end, lives } = start();
    end(resultOf('CANCELLED'));
    store.onTasks([taskOf('t', { messageId: 'again' })], true);
    assert.deepEqual([lives()[0]?.status, lives()[0]?.ended], ['Waiting', false]);
    end(resultOf('UNCONFIRMED', { messageId: 'again' }));
    assert.deepEqual([lives()[0]?.status, lives()[0]?.ended], ['CANCELLED', true]);
  });

  it('an end replaces a result that is none, and nothing replaces an end', () => {
    const { end, lives } = start();
    end(resultOf('UNCONFIRMED'));
    end(resultOf('SUCCEEDED'));
    end(resultOf('ERROR'));
    assert.deepEqual(
      lives().map(({ status }) => status),
      ['SUCCEEDED'],
    );
  });

  it('a request that the page published becomes that of its operation', () => {
    const { store, end, lives } = start();
    store.onPublished('r');
    assert.equal(lives()[0]?.status, 'Queued');
    store.onTasks([taskOf('t')], true);
    end(resultOf('CANCELLED'));
    assert.deepEqual(
      lives().map(({ operation, status }) => [operation, status]),
      [[OPERATION, 'CANCELLED']],
    );
  });

  it('a result without an operation is that of the request that the page published', () => {
    const { store, end, lives } = start();
    store.onPublished('r');
    end(resultOf('REJECTED', { operation: {} }), 'request/r');
    assert.deepEqual(
      lives().map(({ operation, status }) => [operation, status]),
      [[undefined, 'REJECTED']],
    );
  });

  it('a run goes from its message in the queue to its report, and its approval is a run of its own', () => {
    const { store, runs } = start();
    const run = {
      runId: 'run-1',
      sweep: 'nightly',
      cause: 'started by a message',
      startedAtMs: AT(0),
      found: 7,
      requested: 3,
    };
    const task: WaitingTask = { id: 's', dueMs: AT(9), attempts: 0, purpose: 'sweep-run', run };
    store.onTasks([task], true);
    assert.deepEqual([runs()[0]?.cause, runs()[0]?.ended], ['Started by a message', false]);
    assert.match(runs()[0]?.steps[0]?.text ?? '', /^7 found and 3 requested so far; continues at /);
    const report = {
      runId: 'run-1',
      sweep: 'nightly',
      startedAt: TIME(0),
      finishedAt: TIME(5),
      cause: { kind: 'message', messageId: '54' },
    } as SweepReport;
    store.onReport(report, 'started by a message', undefined);
    // The reading is older than the report.
    store.onTasks([{ ...task, dueMs: AT(10) }], true);
    assert.deepEqual(
      runs().map(({ ended, lastMs, messageId }) => [ended, lastMs, messageId]),
      [[true, AT(5), '54']],
    );
    const approved = { at: TIME(6), messageId: 'm' };
    store.onReport({ ...report, approved }, 'started by a message', undefined);
    assert.equal(runs().length, 2);
  });

  it('a refused trigger is no request, but a notice that names its message', () => {
    const { store, end, lives } = start();
    const error = {
      type: 'ValueError',
      message: 'sweep: "nope" is not a sweep; SWEEPS defines none',
    } as const;
    const requestId = 'sweep-now-1 /lro-cancel/client';
    end(resultOf('REJECTED', { requestId, operation: {}, error }), 'request/sweep-now-1_/lro-cancel/client');
    assert.deepEqual(lives(), []);
    const notices = (store.changes.since(0, 10)?.changed ?? []).map(([, record]) =>
      record.kind === 'notice' ? [record.notice.event, record.notice.messageId] : [],
    );
    assert.deepEqual(notices, [['trigger.refused', 'm']]);
  });

  it('of too many requests, the oldest that have ended leave first', () => {
    const { store, end, lives } = start({ requests: 2 });
    store.onTasks([taskOf('t')], true);
    for (const requestId of ['first', 'second', 'third']) end(resultOf('CANCELLED', { requestId }));
    assert.deepEqual(
      lives()
        .map(({ requestId }) => requestId)
        .sort(),
      ['r', 'third'],
    );
  });

  it('only tasks that changed are sent again', () => {
    const { store } = start();
    store.onTasks([taskOf('t'), taskOf('u', { requestId: 'u' })], true);
    const sequence = store.changes.sequence();
    store.onTasks([taskOf('t')], true);
    const { changed = [], removed = [] } = store.changes.since(sequence, 10) ?? {};
    assert.deepEqual(removed, ['task u']);
    assert.deepEqual(
      changed.map(([id]) => id.split(' ')[0]),
      ['request'],
    );
  });
});
