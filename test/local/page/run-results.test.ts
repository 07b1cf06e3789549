import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newLife } from '../../../local/page/model/request-life.ts';
import type { RequestLife } from '../../../local/page/model/request-life.ts';
import type { RunLife } from '../../../local/page/model/run-life.ts';
import { requestsByRun, resultsOf } from '../../../local/page/model/run-results.ts';
import type { ResultData } from '../../../src/cancellation/result.ts';
import type { SweepReport } from '../../../src/sweeps/report.ts';

const TIME = (second: number) => new Date(second * 1_000).toISOString();

const life = (status: string, runId: string | undefined, requestedAt = TIME(10)): RequestLife => ({
  ...newLife('r', undefined, 0),
  status,
  ended: status === status.toUpperCase(),
  result: { requestedAt, ...(runId !== undefined && { labels: { runId } }) } as unknown as ResultData,
});
const run = (changes: Partial<RunLife>, report?: Partial<SweepReport>): RunLife => ({
  key: 'run-1',
  runId: 'run-1',
  sweep: 'stop',
  isApproval: false,
  cause: 'Started by a message',
  ended: true,
  firstMs: 0,
  lastMs: 0,
  steps: [],
  ...(report && { report: { requested: 5, ...report } as SweepReport }),
  ...changes,
});

describe('the results of a run', () => {
  it('its requests are counted by outcome, with those that have no result, and those of no other run', () => {
    const lives = [
      life('CANCELLED', 'run-1'),
      life('CANCELLED', 'run-1'),
      life('SUCCEEDED', 'run-1'),
      life('DENIED', 'run-2'),
      life('DENIED', undefined),
      newLife('waits', undefined, 0),
    ];
    assert.deepEqual(resultsOf(run({}, {}), requestsByRun(lives).get('run-1')), {
      outcomes: [
        { outcome: 'CANCELLED', count: 2 },
        { outcome: 'SUCCEEDED', count: 1 },
      ],
      missing: 2,
    });
  });

  it('a request that is sent again has no result until it has ended again', () => {
    const lives = [life('CANCELLED', 'run-1'), life('Waiting', 'run-1')];
    const { outcomes, missing } = resultsOf(run({}, { requested: 2 }), lives) ?? {};
    assert.deepEqual([outcomes, missing], [[{ outcome: 'CANCELLED', count: 1 }], 1]);
  });

  it('a run without a report has no counts, and one whose requests are not known misses all of them', () => {
    assert.equal(resultsOf(run({})), undefined);
    assert.deepEqual(resultsOf(run({}, {})), { outcomes: [], missing: 5 });
  });

  it('a dry run and its approval, which share an id, have the results of their own requests', () => {
    const lives = [life('DRY_RUN', 'run-1', TIME(10)), life('CANCELLED', 'run-1', TIME(20))];
    const dryRun = run({ approved: { atMs: 20_000 } }, { requested: 1 });
    const approval = run(
      { key: 'run-1-approval', isApproval: true },
      { requested: 1, approved: { at: TIME(20), messageId: '7' } },
    );
    const outcomesOf = (one: RunLife) => resultsOf(one, lives)?.outcomes.map(({ outcome }) => outcome);
    assert.deepEqual([outcomesOf(dryRun), outcomesOf(approval)], [['DRY_RUN'], ['CANCELLED']]);
  });
});
