import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SweepReport } from '../../src/sweeps/report.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

const HOUR_MS = 3_600_000;
const SWEEP = {
  targets: [{ service: 'notebooks', version: 'v2', parents: ['projects/my-project/locations/us-central1'] }],
  match: { name: '**/operations/*' },
};
const SWEEPS = JSON.stringify({
  nightly: { ...SWEEP, approvable: true },
  forbidden: SWEEP,
  live: { ...SWEEP, match: { name: '**/operations/nothing-*' }, approvable: true, dryRun: false },
  stop: { ...SWEEP, match: { name: '**/operations/expensive' }, approvable: true },
});
const BUDGETS = JSON.stringify([{ budgetDisplayName: 'training', sweep: 'stop' }]);

async function until(condition: () => boolean, description: string): Promise<void> {
  const deadline = Date.now() + 100_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `never came true: ${description}`);
    await sleep(10);
  }
}

const cancels = (system: TestSystem) =>
  system.services.requests({ method: 'POST' }).filter(({ url }) => url.endsWith(':cancel'));

for (const delay of ['cloud-tasks', 'redelivery'] as const) {
  describe(`an approval of a dry run, through the built function (${delay})`, () => {
    let system: TestSystem;
    before(async () => {
      system = await startTestSystem({
        delay,
        backoff: { minimumSeconds: 0.5, maximumSeconds: 2 },
        settings: { SWEEPS, BUDGETS, MESSAGE_KEYS: randomBytes(32).toString('hex') },
      });
    });
    after(() => system.close());

    const posts = (id: string) => system.services.requests({ url: `${inNotebooks(id)}:cancel` }).length;
    /** A dry run, and the answer to an approval of it. */
    const dryRun = async (sweep: string): Promise<SweepReport> => {
      const known = new Set(system.reports.map(({ data }) => data.runId));
      await system.trigger({ sweep, dryRun: true });
      return system.reportOf(sweep, (report) => report.dryRun && !known.has(report.runId));
    };
    const approved = (runId: string) =>
      system.reportOf('nightly', (report) => report.runId === runId && !report.dryRun);
    const resultOf = (runId: string, id: string) =>
      system.resultWhere(
        ({ labels, operation, outcome }) =>
          labels?.runId === runId && operation?.url === inNotebooks(id) && outcome !== 'DRY_RUN',
      );
    const refusal = async (data: object): Promise<string> => {
      const requestId = await system.trigger(data);
      const { outcome, detail } = (await system.resultOf(requestId)).data;
      assert.equal(outcome, 'REJECTED');
      return detail;
    };

    it('an approval cancels what the dry run found, with who approved it, and nothing that began since', async () => {
      for (const id of ['runs', 'ended', 'kept']) system.services.add(inNotebooks(id), { afterMs: 50 });
      const { runId, approval, requested } = await dryRun('nightly');
      assert.deepEqual([approval?.runId, requested], [runId, 3]);
      assert.deepEqual(['runs', 'ended', 'kept'].map(posts), [0, 0, 0]);

      system.services.add(inNotebooks('new'), {});
      system.services.add(inNotebooks('ended'), { state: 'succeeded' });
      if (delay === 'cloud-tasks') {
        await system.fn.kill();
        await system.fn.restart({ PROTECTED_OPERATIONS: '**/operations/kept' });
      }
      await system.trigger({ approve: runId, requestedBy: 'ada', reason: 'looked at it' });
      const report = await approved(runId);
      assert.deepEqual([report.requested, report.complete, report.approved?.requestedBy], [3, true, 'ada']);
      const outcomes = await Promise.all(['runs', 'ended', 'kept'].map((id) => resultOf(runId, id)));
      assert.deepEqual(
        outcomes.map(({ outcome }) => outcome),
        ['CANCELLED', 'SUCCEEDED', delay === 'cloud-tasks' ? 'REJECTED' : 'CANCELLED'],
      );
      for (const { requestedBy, reason } of outcomes) {
        assert.deepEqual([requestedBy, reason], ['ada', 'looked at it']);
      }
      assert.deepEqual(['runs', 'kept', 'new'].map(posts), [1, delay === 'cloud-tasks' ? 0 : 1, 0]);

      assert.match(
        await refusal({ approve: runId, requestedBy: 'bob' }),
        /was approved before, at .* by "ada"/,
      );
      assert.equal(posts('runs'), 1);
    });

    it('a run that is unknown, of a sweep without approvable, or no dry run is refused', async () => {
      assert.match(await refusal({ approve: 'unheard-of' }), /not the id of a run.*: nightly, live, stop$/);
      const { runId } = await dryRun('forbidden');
      assert.match(await refusal({ approve: runId }), /not the id of a run that can be approved/);
      await system.trigger({ sweep: 'live' });
      const live = await system.reportOf('live');
      assert.equal(live.dryRun, false);
      assert.match(await refusal({ approve: live.runId }), /was no dry run/);
    });

    it('the dry run of a budget can be approved', async () => {
      system.services.add(inNotebooks('expensive'), { afterMs: 50 });
      const alert = {
        budgetDisplayName: 'training',
        alertThresholdExceeded: 1,
        costAmount: 1,
        budgetAmount: 1,
      };
      await system.trigger(
        { ...alert, costIntervalStart: '2026-01-01T00:00:00Z' },
        { billingAccountId: 'b', budgetId: 'c', schemaVersion: '1.0' },
      );
      const { runId, cause } = await system.reportOf('stop');
      assert.equal(cause.kind, 'budget');
      await system.trigger({ approve: runId, requestedBy: 'ada' });
      const { outcome, reason } = await resultOf(runId, 'expensive');
      assert.equal(outcome, 'CANCELLED');
      assert.match(reason ?? '', /its dry run was approved; the budget "training" crossed 100 %/);
    });
  });
}

describe('an approval whose function is killed, or comes too late', () => {
  it('an approval whose function is killed in the middle requests every operation once', async () => {
    const system = await startTestSystem({
      delay: 'cloud-tasks',
      backoff: { minimumSeconds: 0.5, maximumSeconds: 2 },
      settings: { SWEEPS },
    });
    try {
      const ids = Array.from({ length: 250 }, (_, n) => `of-many-${n}`);
      for (const id of ids) system.services.add(inNotebooks(id), { afterMs: 50 });
      await system.trigger({ sweep: 'nightly' });
      const { runId, requested } = await system.reportOf('nightly');
      assert.equal(requested, 250);
      const posts = () => cancels(system).length;
      await system.trigger({ approve: runId, requestedBy: 'ada' });
      for (const count of [1, 60]) {
        await until(() => posts() >= count, `${count} cancels are under way`);
        await system.fn.kill();
        await system.fn.restart();
      }
      const report = await system.reportOf('nightly', ({ dryRun }) => !dryRun);
      assert.deepEqual([report.requested, report.complete], [250, true]);
      const results = () =>
        [...system.results.values()].flat().filter(({ data }) => data.outcome !== 'DRY_RUN');
      const ended = () => new Set(results().map(({ data }) => data.operation?.url));
      await until(() => ended().size >= 250, 'every operation has its result');
      for (const { data } of results())
        assert.deepEqual([data.outcome, data.requestedBy], ['CANCELLED', 'ada']);
      assert.equal(new Set(results().map(({ attributes }) => attributes['ce-id'])).size, 250);
    } finally {
      await system.close();
    }
  });

  it('an approval a day later is refused', async () => {
    const system = await startTestSystem({ delay: 'cloud-tasks', settings: { SWEEPS } });
    try {
      system.services.add(inNotebooks('runs'), {});
      await system.trigger({ sweep: 'nightly' });
      const { runId } = await system.reportOf('nightly');
      await system.fn.kill();
      // At twice the rate since 25 hours ago, it is now 25 hours later.
      const clock = { FAST_CLOCK: `${Date.now() - 25 * HOUR_MS}:2` };
      await system.fn.restart({ NODE_OPTIONS: '--import=./test/integration/fast-clock.ts', ...clock });
      const requestId = await system.trigger({ approve: runId });
      const { outcome, detail } = (await system.resultOf(requestId)).data;
      assert.equal(outcome, 'REJECTED');
      assert.match(detail, /is older than a day/);
      assert.deepEqual(cancels(system), []);
    } finally {
      await system.close();
    }
  });

  it('an approval is answered with the roles that are missing where the function may not read its queue', async () => {
    const system = await startTestSystem({
      delay: 'cloud-tasks',
      tasks: { fullViewDenied: true },
      settings: { SWEEPS },
    });
    try {
      await system.trigger({ sweep: 'nightly' });
      const { runId } = await system.reportOf('nightly');
      const { outcome, detail } = (await system.resultOf(await system.trigger({ approve: runId }))).data;
      assert.equal(outcome, 'REJECTED');
      assert.match(detail, /roles\/cloudtasks\.viewer/);
    } finally {
      await system.close();
    }
  });
});
