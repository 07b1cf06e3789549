import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSweeps } from '../../src/sweeps/sweep.ts';
import { parseTrigger } from '../../src/sweeps/trigger.ts';
import { failureOf } from '../support/refusals.ts';
import { BUDGET_ALERT, BUDGET_ATTRIBUTES } from '../support/budget-alert.ts';
import { answered, status } from '../support/fakes.ts';
import { createSweepApp, entry, LIST, NIGHTLY, page, PARENT, TARGET } from '../support/sweep-harness.ts';

describe('the ids of a sweep run', () => {
  it('the id of a sweep run differs with the sweep, the message and each part of a crossed threshold', async () => {
    const rules = [
      { budgetDisplayName: 'name-of-budget', sweep: 'stop', threshold: 0.5, onForecast: true },
      { budgetDisplayName: 'name-of-budget', sweep: 'other', threshold: 0.5 },
    ];
    const app = createSweepApp({ stop: NIGHTLY, other: NIGHTLY }, () => page([entry('a', 30)]), {
      budgets: rules,
    });
    const notify = (changed: object, attributes: object = {}) =>
      app.trigger({ ...BUDGET_ALERT, ...changed }, { ...BUDGET_ATTRIBUTES, ...attributes });
    await notify({});
    await notify({}, { budgetId: 'another' });
    await app.trigger(
      { ...BUDGET_ALERT, alertThresholdExceeded: undefined, forecastThresholdExceeded: 1 },
      BUDGET_ATTRIBUTES,
    );
    await app.trigger({ sweep: 'stop' }, {}, 'm1');
    await app.trigger({ sweep: 'other' }, {}, 'm1');
    await app.trigger({ sweep: 'stop' }, { 'ce-id': 'an-event', 'ce-specversion': '1.0' }, 'm1');
    const ids = app.reports().map(({ runId }) => runId);
    // Two rules for each of the first two, one for the forecast, and three messages.
    assert.equal(ids.length, 8);
    assert.equal(new Set(ids).size, 8);
  });

  it('two runs of a sweep use different ids for their messages and requests', async () => {
    let advance: (ms: number) => void = () => undefined;
    const app = createSweepApp(
      { nightly: NIGHTLY },
      (url) => page([entry('a', 30)], url === LIST ? { nextPageToken: 't' } : {}),
      { onList: () => advance(20_000) },
    );
    advance = app.clock.advance;
    for (const id of ['m1', 'm2']) await app.trigger({ sweep: 'nightly' }, {}, id);
    const [first, second] = app.scheduled();
    assert.ok(first && second);
    assert.notEqual(first.event.id, second.event.id);
    const [one, two] = app.requests();
    assert.notEqual(one?.id, two?.id);
  });

  it('a sweep requests operations of the same name at two services under different ids', async () => {
    const target = { service: 'cloudaicompanion', parents: [PARENT] };
    const app = createSweepApp({ nightly: { ...NIGHTLY, targets: [TARGET, target] } }, () =>
      page([entry('a', 30)]),
    );
    await app.trigger({ sweep: 'nightly' });
    const [one, two] = app.requests();
    assert.ok(one && two);
    assert.notEqual(one.id, two.id);
  });

  it('the fingerprint of a sweep definition changes with any of its fields', () => {
    const fingerprint = (definition: object) => parseSweeps({ s: definition }).get('s')?.fingerprint;
    const prints = [
      NIGHTLY,
      { ...NIGHTLY, dryRun: true },
      { ...NIGHTLY, exclude: '**/x' },
      { ...NIGHTLY, limit: 5 },
    ].map(fingerprint);
    assert.equal(new Set(prints).size, prints.length);
    assert.equal(fingerprint(NIGHTLY), fingerprint({ ...NIGHTLY }));
  });
});

describe('triggers, lists and reports of a sweep', () => {
  it('a message cannot turn a sweep that is partly a dry run into a real one', async () => {
    const mixed = { targets: [TARGET, { ...TARGET, dryRun: true }], dryRun: false };
    const app = createSweepApp({ mixed }, () => page([entry('a', 30)]));
    await app.trigger({ sweep: 'mixed', dryRun: false });
    const { path, message } = failureOf(() =>
      parseTrigger({ sweep: 'mixed', dryRun: false }, parseSweeps({ mixed })),
    );
    assert.deepEqual(path, ['dryRun']);
    assert.equal(app.answers()[0]?.detail, `Refused before any call: ${message}`);
    await app.trigger({ sweep: 'mixed' });
    const [report] = app.reports();
    assert.deepEqual(
      [report?.dryRun, report?.event.attributes?.dryRun, report?.requested],
      [false, 'false', 2],
    );
    const ids = app.requests().map(({ id }) => id);
    assert.equal(new Set(ids).size, 2, 'the dry request has another id than the real one');
  });

  it('the attributes of a report show the sweep, whether it was a dry run and whether it is complete', async () => {
    const app = createSweepApp({ dry: { targets: [TARGET] } }, () => page([], { unreachable: [{ odd: 1 }] }));
    await app.trigger({ sweep: 'dry' });
    const [report] = app.reports();
    assert.deepEqual(report?.event.attributes, { sweep: 'dry', dryRun: 'true', complete: 'false' });
    assert.deepEqual(report.unreachable, ['{"odd":1}']);
    assert.match(report.detail, /a dry run was requested for 0\. 1 place could not be reached/);
  });

  it('a budget notification of schemaVersion 1.1 is logged as unknown and starts no sweep', async () => {
    const app = createSweepApp({ stop: NIGHTLY }, () => page([]), {
      budgets: [{ budgetDisplayName: 'name-of-budget', sweep: 'stop' }],
    });
    await app.trigger(BUDGET_ALERT, { ...BUDGET_ATTRIBUTES, schemaVersion: '1.1' });
    assert.deepEqual(app.reports(), []);
    assert.equal(app.lines[0]?.event, 'trigger.unknown');
  });

  for (const [title, first] of [
    ['does not answer in time', { kind: 'no-answer', timedOut: true, problem: 'no answer' }],
    ['answers with 500', status(500, 'INTERNAL')],
    ['answers with 502 and no JSON', answered(502)],
    ['cannot be reached', { kind: 'not-sent', problem: 'ECONNREFUSED' }],
  ] as const) {
    it(`a sweep requests a page again when the service ${title}`, async () => {
      let calls = 0;
      const app = createSweepApp({ nightly: NIGHTLY }, () => {
        calls += 1;
        return calls === 1 ? first : page([entry('a', 30)]);
      });
      await app.trigger({ sweep: 'nightly' });
      assert.deepEqual(app.requested(), ['a']);
      assert.equal(app.reports()[0]?.complete, true);
    });
  }

  it('a sweep of Kubernetes Engine builds the names of operations from their ids and zones', async () => {
    const target = { service: 'container', version: 'v1', parents: ['projects/my-project/locations/-'] };
    const at = new Date(Date.parse('2026-11-19T00:00:00Z')).toISOString();
    const app = createSweepApp(
      { gke: { targets: [target], olderThan: '60s', exclude: { operationType: 'UPGRADE_*' } } },
      () =>
        answered(200, {
          operations: [
            {
              name: 'operation-1',
              zone: 'us-central1-a',
              status: 'RUNNING',
              operationType: 'CREATE_CLUSTER',
              startTime: at,
            },
            {
              name: 'operation-2',
              location: 'us-east1',
              status: 'PENDING',
              operationType: 'CREATE_CLUSTER',
              startTime: at,
            },
            {
              name: 'operation-3',
              zone: 'us-central1-a',
              status: 'RUNNING',
              operationType: 'UPGRADE_MASTER',
              startTime: at,
            },
            { name: 'operation-4', status: 'RUNNING', startTime: at },
            { name: 'operation-5', zone: '../../x', status: 'RUNNING', startTime: at },
            { name: 'operation-6', zone: 'us-central1-a', status: 'DONE', startTime: at },
          ],
          missingZones: ['us-east4-c'],
        }),
    );
    await app.trigger({ sweep: 'gke' });
    const [report] = app.reports();
    assert.deepEqual(report?.operations, [
      '//container.googleapis.com/projects/my-project/locations/us-central1-a/operations/operation-1',
      '//container.googleapis.com/projects/my-project/locations/us-east1/operations/operation-2',
    ]);
    assert.deepEqual([report.skipped.excluded, report.skipped.unknown, report.skipped.done], [1, 2, 1]);
    assert.deepEqual(report.unreachable, ['us-east4-c']);
  });
});
