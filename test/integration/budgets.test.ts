import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BUDGET_ALERT as ALERT, BUDGET_ATTRIBUTES as ATTRIBUTES } from '../support/budget-alert.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

const BUDGETS = JSON.stringify([{ budgetId: 'de72f49d-779b-4945-a127-4d6ce8def0bb', sweep: 'stop' }]);
const SWEEPS = (dryRun: boolean) =>
  JSON.stringify({
    stop: {
      targets: [
        { service: 'notebooks', version: 'v2', parents: ['projects/my-project/locations/us-central1'] },
      ],
      dryRun,
    },
  });

describe('a budget alert, through the built function and a simulated Cloud Tasks', () => {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem({ delay: 'cloud-tasks', settings: { BUDGETS, SWEEPS: SWEEPS(true) } });
  });
  after(() => system.close());

  it('a budget alert starts one sweep across instances, and another at a higher threshold', async () => {
    system.services.add(inNotebooks('expensive'), {});
    const alert = async (event: string, changed: object = {}) => {
      const messageId = await system.trigger({ ...ALERT, ...changed }, ATTRIBUTES);
      await system.logged((line) => line.includes(`"${event}"`) && line.includes(`"${messageId}"`));
    };
    const cancels = () => system.services.requests({ url: `${inNotebooks('expensive')}:cancel` }).length;

    await alert('budget.not-crossed', { alertThresholdExceeded: undefined, costAmount: 90 });
    await alert('budget.crossed');
    assert.equal((await system.reportOf('stop')).dryRun, true);
    await alert('budget.swept-before', { costAmount: 103 });
    assert.equal(cancels(), 0);

    await system.fn.kill();
    await system.fn.restart({ SWEEPS: SWEEPS(false) });
    await alert('budget.crossed', { costAmount: 104 });
    const live = await system.reportOf('stop', (report) => !report.dryRun);
    assert.deepEqual(live.operations, [
      '//notebooks.googleapis.com/projects/my-project/locations/us-central1/operations/expensive',
    ]);
    const result = await system.resultWhere(
      ({ labels, outcome }) => labels?.runId === live.runId && outcome === 'CANCELLED',
    );
    assert.match(result.reason ?? '', /the budget "name-of-budget" crossed 100 % \(104 of 100 USD\)/);
    assert.equal(cancels(), 1);

    await system.fn.kill();
    await system.fn.restart();
    system.services.add(inNotebooks('approved-since'), {});
    await alert('budget.swept-before', { costAmount: 109 });
    await alert('budget.crossed', { alertThresholdExceeded: 1.2, costAmount: 121 });
    const higher = await system.reportOf('stop', ({ runId, dryRun }) => runId !== live.runId && !dryRun);
    assert.equal(higher.requested, 1);
    const ids = system.reports.map(({ attributes }) => attributes['ce-id']);
    assert.equal(new Set(ids).size, 3, 'a dry run, the real one, and that of the higher threshold');
  });

  it('a message that is no trigger is logged or answered once, and acknowledged', async () => {
    const dead = await system.copyOf('deadLetters');
    const messageId = await system.trigger({ anomaly: 'projects/p/anomalies/a' }, { schemaVersion: '1.0' });
    await system.logged((line) => line.includes('"trigger.unknown"') && line.includes(`"${messageId}"`));
    await system.trigger({ sweep: 'unheard-of' });
    const { detail } = await system.resultWhere(({ outcome }) => outcome === 'REJECTED');
    assert.match(detail, /SWEEPS defines stop/);
    assert.equal(system.logLines.filter((line) => line.includes(`"${messageId}"`)).length, 1);
    assert.equal(dead(), 0);
  });
});
