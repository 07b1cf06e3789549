import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { awaitResults } from '../../client/awaited-results.ts';
import type { Progress, RequestOptions, SweepProgress } from '../../client/options.ts';
import { prepareRequests } from '../../client/prepare-request.ts';
import type { ReceivedEvent, Result } from '../../client/received-event.ts';
import { approvalOfRun, awaitRun, runOfSweep } from '../../client/swept-run.ts';
import { resultId } from '../../src/messages/event-ids.ts';

const NAME = '//notebooks.googleapis.com/projects/p/locations/l/operations/o';

const resultOf = (changes: Partial<Result>): Result => ({
  requestId: 'r',
  outcome: 'CANCELLED',
  detail: '',
  operation: {},
  cancel: { attempts: 1 },
  confirm: { checks: 1 },
  messageId: 'ours',
  requestedAt: '2026-11-26T12:00:00.000Z',
  finishedAt: '2026-11-26T12:00:00.000Z',
  ...changes,
});

/** One request, and the events that it gets. */
function waiting(options: RequestOptions = {}) {
  const progress: Progress[] = [];
  const { requests } = prepareRequests([NAME], options, 'own-');
  const awaited = awaitResults(requests, (one) => progress.push(one));
  const take = (changes: Partial<Result>, id = resultId('r', NAME, options.dryRun === true)) =>
    awaited.take({ kind: 'result', id, result: resultOf(changes) });
  return { ...awaited, progress, take, outcome: () => awaited.settled()[0]?.result?.outcome };
}

describe('the results that a client waits for', () => {
  it('a result that comes before its message id is known settles the request when it is known', async () => {
    const request = waiting({ requestId: 'r' });
    request.take({});
    assert.equal(request.outcome(), undefined);
    request.sent(0, 'ours');
    assert.equal(request.outcome(), 'CANCELLED');
    await request.all;
    assert.deepEqual(
      request.progress.map(({ kind }) => kind),
      ['sent', 'result'],
    );
  });

  it('an end answers a request whichever sending it belongs to, and another outcome only its own', () => {
    const request = waiting({ requestId: 'r' });
    request.sent(0, 'ours');
    request.take({ outcome: 'UNCONFIRMED', messageId: 'of an earlier sending' });
    assert.equal(request.outcome(), undefined);
    request.take({ outcome: 'SUCCEEDED', messageId: 'of an earlier sending' });
    assert.equal(request.outcome(), 'SUCCEEDED');
    const other = waiting({ requestId: 'r' });
    other.sent(0, 'ours');
    other.take({ outcome: 'UNCONFIRMED' });
    assert.equal(other.outcome(), 'UNCONFIRMED');
  });

  it('a dead letter answers a request, although it comes under another message id', () => {
    const request = waiting({ requestId: 'r' });
    request.sent(0, 'ours');
    request.take({ outcome: 'ERROR', messageId: 'dead', error: { type: 'DeadLetter', message: '' } });
    assert.equal(request.outcome(), 'ERROR');
  });

  it('a result of the same request id for another operation, or for a dry run, answers nothing', () => {
    const request = waiting({ requestId: 'r' });
    request.sent(0, 'ours');
    request.take({}, resultId('r', NAME, true));
    request.take({}, resultId('r', `${NAME}2`, false));
    assert.equal(request.outcome(), undefined);
  });

  it('a request with an id of its own takes the result of a function that gives it another event id', () => {
    const request = waiting();
    request.sent(0, 'ours');
    request.take({ requestId: 'own-1' }, 'an id of a newer function');
    assert.equal(request.outcome(), 'CANCELLED');
  });

  it('a request that could not be published is settled without a result', async () => {
    const request = waiting();
    request.failed(0, new Error('no permission'));
    await request.all;
    assert.equal(request.settled()[0]?.error?.message, 'no permission');
  });
});

const reportOf = (runId: string, messageId: string, requested: number, more: object = {}): ReceivedEvent => ({
  kind: 'report',
  id: `report-${runId}`,
  report: { sweep: 'nightly', runId, requested, cause: { kind: 'message', messageId }, ...more } as never,
});
const resultOfRun = (runId: string, id: string, changes: Partial<Result> = {}): ReceivedEvent => ({
  kind: 'result',
  id,
  result: resultOf({ labels: { sweep: 'nightly', runId }, requestedBy: 'sweep nightly', ...changes }),
});

describe('the run that a client waits for', () => {
  it('a run is whole with its report and the results of its requests, whatever comes first, and nothing of other runs', async () => {
    const progress: SweepProgress[] = [];
    const run = awaitRun(runOfSweep('nightly'), 'trigger', (one) => progress.push(one));
    run.take(resultOfRun('ours', 'a'));
    run.take(reportOf('ours', 'm1', 2));
    run.take(reportOf('theirs', 'm2', 0));
    run.sent('m1');
    run.take(resultOfRun('theirs', 'x'));
    assert.equal(run.swept().isWhole, false);
    run.take(resultOfRun('ours', 'b', { outcome: 'UNCONFIRMED' }));
    run.take(resultOfRun('ours', 'b', { outcome: 'SUCCEEDED' }));
    await run.whole;
    const { report, results, isWhole } = run.swept();
    assert.deepEqual([report?.runId, isWhole], ['ours', true]);
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['CANCELLED', 'SUCCEEDED'],
    );
    assert.deepEqual(
      progress.map(({ kind }) => kind),
      ['started', 'report', 'result', 'result', 'result'],
    );
  });

  it('a trigger that is rejected ends the wait', async () => {
    const run = awaitRun(runOfSweep('nope'), 'trigger', () => undefined);
    run.sent('m1');
    run.take({ kind: 'result', id: 'a', result: resultOf({ requestId: 'trigger', outcome: 'REJECTED' }) });
    await run.whole;
    assert.equal(run.swept().rejection?.outcome, 'REJECTED');
  });

  it('a run takes nothing of its own later approval', () => {
    const run = awaitRun(runOfSweep('nightly'), 'trigger', () => undefined);
    run.sent('m1');
    run.take(reportOf('ours', 'm1', 5, { approved: { at: '', messageId: 'm2' } }));
    run.take(reportOf('ours', 'm1', 1));
    run.take(resultOfRun('ours', 'a', { requestedBy: 'ada' }));
    assert.deepEqual([run.swept().report?.requested, run.swept().results], [1, []]);
  });
});

describe('the approval that a client waits for', () => {
  const approvedIn = (messageId: string, requestedBy?: string) => ({ approved: { messageId, requestedBy } });
  const outcomesIn = (approval: ReturnType<typeof awaitRun>) =>
    approval.swept().results.map(({ outcome }) => outcome);

  it('an approval takes the results of its requests, whatever comes first, and none of the dry run', async () => {
    const approval = awaitRun(approvalOfRun('ours'), 'trigger', () => undefined);
    approval.take(resultOfRun('ours', 'a', { requestedBy: 'ada' }));
    approval.take(resultOfRun('ours', 'dry-1', { outcome: 'DRY_RUN' }));
    approval.take(resultOfRun('ours', 'dry-2', { outcome: 'NOT_FOUND' }));
    approval.sent('m2');
    approval.take(reportOf('ours', 'm1', 2));
    approval.take(reportOf('theirs', 'm1', 2, approvedIn('m2')));
    approval.take(reportOf('ours', 'm1', 2, approvedIn('m2', 'ada')));
    assert.deepEqual([approval.swept().isWhole, outcomesIn(approval)], [false, ['CANCELLED']]);
    approval.take(resultOfRun('theirs', 'x', { requestedBy: 'ada' }));
    approval.take(resultOfRun('ours', 'b', { requestedBy: 'ada', outcome: 'SUCCEEDED' }));
    await approval.whole;
    assert.deepEqual(outcomesIn(approval), ['CANCELLED', 'SUCCEEDED']);
  });

  it('an approval that names no person takes the results of its requests, and none of the dry run', async () => {
    const approval = awaitRun(approvalOfRun('ours'), 'trigger', () => undefined);
    approval.sent('m2');
    approval.take(reportOf('ours', 'm1', 1, approvedIn('m2')));
    approval.take(resultOfRun('ours', 'dry', { outcome: 'NOT_FOUND' }));
    approval.take(resultOfRun('ours', 'a', { requestedBy: 'approval of sweep nightly' }));
    await approval.whole;
    assert.deepEqual(outcomesIn(approval), ['CANCELLED']);
  });

  it('an approval that came second takes nothing of the first, and ends with its rejection', async () => {
    const approval = awaitRun(approvalOfRun('ours'), 'trigger', () => undefined);
    approval.sent('m3');
    approval.take(reportOf('ours', 'm1', 1, approvedIn('m2', 'ada')));
    approval.take(resultOfRun('ours', 'a', { requestedBy: 'ada' }));
    assert.deepEqual(approval.swept(), { results: [], isWhole: false });
    approval.take({
      kind: 'result',
      id: 'r',
      result: resultOf({ requestId: 'trigger', outcome: 'REJECTED' }),
    });
    await approval.whole;
    assert.equal(approval.swept().rejection?.outcome, 'REJECTED');
  });
});
