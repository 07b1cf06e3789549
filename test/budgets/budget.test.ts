import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUDGET_ALERT as CROSSED, BUDGET_ATTRIBUTES as ATTRIBUTES } from '../support/budget-alert.ts';
import { Failure } from '../../src/validation/failure.ts';
import { parseRequest } from '../../src/messages/request.ts';
import { createSweepApp, entry, NIGHTLY, page, TARGET } from '../support/sweep-harness.ts';

/** JSON leaves an undefined field out. */
const NOT_CROSSED = { ...CROSSED, alertThresholdExceeded: undefined, costAmount: 89.99 };

const RULE = { budgetId: ATTRIBUTES.budgetId, sweep: 'stop' };
const STOP = { targets: [TARGET], dryRun: false };

function prepare(
  budgets: readonly unknown[] = [RULE],
  options: Omit<NonNullable<Parameters<typeof createSweepApp>[2]>, 'budgets'> = {},
  sweeps: Readonly<Record<string, unknown>> = { stop: STOP, other: STOP, dry: { targets: [TARGET] } },
) {
  const app = createSweepApp(sweeps, () => page([entry('a', 30)]), { budgets, ...options });
  let message = 0;
  return {
    ...app,
    /** Each notification is a message of its own. */
    notify: (data: object, attributes: Record<string, string> = ATTRIBUTES) =>
      app.trigger(data, attributes, `m${(message += 1)}`),
  };
}

describe('a budget notification', () => {
  it('a budget notification of a crossed threshold starts the sweep of its rule, and the report names the budget', async () => {
    const app = prepare();
    await app.notify(CROSSED);
    assert.deepEqual(app.requested(), ['a']);
    const { reason, requestedBy } = app.requests()[0]?.data as Record<string, unknown>;
    assert.equal(reason, 'sweep stop: the budget "name-of-budget" crossed 100 % (100.01 of 100 USD)');
    assert.equal(requestedBy, 'sweep stop');
    const [report] = app.reports();
    assert.deepEqual(report?.cause, {
      kind: 'budget',
      messageId: 'm1',
      threshold: 1,
      forecast: false,
      billingAccountId: ATTRIBUTES.billingAccountId,
      budgetId: ATTRIBUTES.budgetId,
      budgetDisplayName: 'name-of-budget',
      costAmount: 100.01,
      budgetAmount: 100,
      currencyCode: 'USD',
      costIntervalStart: '2019-01-01T00:00:00Z',
    });
  });

  it('a budget notification without a crossed threshold logs one line at DEBUG and publishes nothing', async () => {
    const app = prepare();
    await app.notify(NOT_CROSSED);
    assert.deepEqual(app.publisher.published, []);
    assert.deepEqual(
      app.lines.map(({ severity, event }) => [severity, event]),
      [['DEBUG', 'budget.not-crossed']],
    );
  });

  it('a budget notification starts its sweep once, however often it is repeated', async () => {
    const app = prepare();
    for (const costAmount of [100.01, 100.2, 107]) await app.notify({ ...CROSSED, costAmount });
    assert.equal(app.reports().length, 1);
    assert.equal(app.requests().length, 1);
    assert.equal(app.lines.filter(({ event }) => event === 'budget.swept-before').length, 2);
    assert.ok(
      app.lines
        .filter(({ event }) => event === 'budget.swept-before')
        .every(({ severity }) => severity === 'DEBUG'),
    );
  });

  it('two simultaneous budget notifications start one sweep', async () => {
    const app = prepare();
    await Promise.all([app.notify(CROSSED), app.notify(CROSSED)]);
    assert.equal(app.reports().length, 1);
  });

  for (const [title, changed, attributes] of [
    ['a higher threshold', { alertThresholdExceeded: 1.5 }, ATTRIBUTES],
    ['the next interval', { costIntervalStart: '2019-02-01T00:00:00Z' }, ATTRIBUTES],
    ['a budget of another account', {}, { ...ATTRIBUTES, billingAccountId: 'another' }],
  ] as const) {
    it(`a budget notification starts its sweep again for ${title}, under other request ids`, async () => {
      const app = prepare();
      await app.notify(CROSSED);
      await app.notify({ ...CROSSED, ...changed }, attributes);
      const [first, second] = app.requests();
      assert.ok(second);
      assert.notEqual(first?.id, second.id);
    });
  }

  it('a budget notification leads to the same request ids in any instance', async () => {
    const ids = [];
    for (const app of [prepare(), prepare()]) {
      await app.notify(CROSSED);
      ids.push(app.requests()[0]?.id);
    }
    assert.ok(ids[0]);
    assert.equal(ids[0], ids[1]);
  });

  it('a budget notification starts the real sweep even after a dry run for the same threshold', async () => {
    const recorded = new Set<string>();
    const idempotencyStore = {
      has: (key: string) => Promise.resolve(recorded.has(key)),
      put: (key: string) => Promise.resolve(void recorded.add(key)),
      renew: () => Promise.resolve(),
    };
    const dry = prepare([RULE], { idempotencyStore }, { stop: { ...STOP, dryRun: true } });
    await dry.notify(CROSSED);
    assert.equal(dry.reports()[0]?.dryRun, true);
    const live = prepare([RULE], { idempotencyStore }, { stop: STOP });
    await live.notify(CROSSED);
    assert.equal(live.reports()[0]?.dryRun, false);
  });

  it('a budget notification whose sweep could not be started is not acknowledged, and starts it when redelivered', async () => {
    const app = prepare();
    app.scheduler.failWith(new Failure('Unavailable', 'no Cloud Tasks'));
    await assert.rejects(app.notify(CROSSED), /no Cloud Tasks/);
    app.scheduler.failWith(undefined);
    await app.notify(CROSSED);
    assert.equal(app.reports().length, 1);
  });

  it('a budget notification starts the sweep of one rule even if that of another could not be started', async () => {
    const app = prepare([
      { ...RULE, sweep: 'dry' },
      { ...RULE, sweep: 'stop' },
    ]);
    const schedule = app.scheduler.schedule;
    app.scheduler.schedule = (event, dueMs) =>
      (event.data as { sweep: string }).sweep === 'dry'
        ? Promise.reject(new Failure('Unavailable', 'not this one'))
        : schedule(event, dueMs);
    await assert.rejects(app.notify(CROSSED), /not this one/);
    assert.deepEqual(
      app.scheduler.sent.map(({ event }) => (event.data as { sweep: string }).sweep),
      ['stop'],
    );
  });

  it('budget notifications that write the start of an interval differently start one run', async () => {
    const app = prepare();
    for (const costIntervalStart of [
      '2019-01-01T00:00:00Z',
      '2019-01-01T00:00:00.000Z',
      '2018-12-31T19:00:00-05:00',
    ]) {
      await app.notify({ ...CROSSED, costIntervalStart });
    }
    assert.equal(app.reports().length, 1);
  });

  for (const [title, ahead] of [
    ['of an interval that has not begun', { data: { costIntervalStart: '2026-12-01T08:00:00Z' } }],
    [
      'of a month that has not begun',
      { data: { costIntervalStart: undefined }, attributes: { 'ce-time': '2026-12-01T08:00:00Z' } },
    ],
  ] as const) {
    it(`a budget notification ${title} starts nothing, logs one warning, and does not use up the sweep of that interval`, async () => {
      const app = prepare();
      const notify = () =>
        app.notify(
          { ...CROSSED, ...ahead.data },
          { ...ATTRIBUTES, ...('attributes' in ahead && ahead.attributes) },
        );
      await notify();
      assert.deepEqual([app.reports(), app.scheduler.sent, app.answers()], [[], [], []]);
      assert.deepEqual(
        app.lines.map(({ severity, event }) => [severity, event]),
        [['WARNING', 'trigger.unknown']],
      );
      assert.match(app.lines[0]?.message ?? '', /an interval that has not begun: "2026-12/);
      app.clock.advance(15 * 24 * 3_600_000);
      await notify();
      assert.equal(app.reports().length, 1);
    });
  }

  it('a budget notification is understood however odd the name of the budget is', async () => {
    const app = prepare([RULE]);
    await app.notify({ ...CROSSED, budgetDisplayName: `${'\u0001'.repeat(300)}\ud800"` });
    const { reason } = app.requests()[0]?.data as { reason: string };
    assert.ok(reason.length < 2_048);
    assert.doesNotThrow(() => parseRequest(app.requests()[0]?.data, 'id'));
    assert.equal(app.reports().length, 1);
  });

  it('a budget notification starts its sweep and logs a warning when the idempotency store cannot answer', async () => {
    const app = prepare([RULE], {
      idempotencyStore: {
        has: () => Promise.resolve({ unknown: 'PERMISSION_DENIED' }),
        put: () => Promise.resolve(),
        renew: () => Promise.resolve(),
      },
    });
    await app.notify(CROSSED);
    assert.deepEqual(app.requested(), ['a']);
    assert.ok(
      app.lines.some(({ event, severity }) => event === 'idempotency.unknown' && severity === 'WARNING'),
    );
  });

  const FORECAST = { ...NOT_CROSSED, forecastThresholdExceeded: 1.2 };
  for (const [title, rule, data, sweeps] of [
    ['the forecast alone', RULE, FORECAST, []],
    [
      'the forecast alone, where the rule includes forecasts,',
      { ...RULE, onForecast: true },
      FORECAST,
      ['stop'],
    ],
    ['a lower threshold than the rule’s', RULE, { ...CROSSED, alertThresholdExceeded: 0.9 }, []],
    ['a higher threshold than the rule’s', { ...RULE, threshold: 0.5 }, CROSSED, ['stop']],
    [
      'the display name of the rule’s budget',
      { budgetDisplayName: 'name-of-budget', sweep: 'other' },
      CROSSED,
      ['other'],
    ],
    [
      'the display name of another budget',
      { budgetDisplayName: 'name-of-Budget', sweep: 'other' },
      CROSSED,
      [],
    ],
    [
      'another currency',
      RULE,
      { ...CROSSED, currencyCode: 'JPY', costAmount: 1e7, budgetAmount: 9e6 },
      ['stop'],
    ],
    ['the amount of the last period', RULE, { ...CROSSED, budgetAmountType: 'LAST_PERIODS_COST' }, ['stop']],
    ['nothing but the threshold', RULE, { budgetDisplayName: 'x', alertThresholdExceeded: 1 }, ['stop']],
    ['its threshold as text', RULE, { ...CROSSED, alertThresholdExceeded: '1.0' }, ['stop']],
    ['a threshold above the whole amount', RULE, { ...CROSSED, alertThresholdExceeded: 1.5 }, ['stop']],
    ['nothing but the threshold and its attributes', RULE, { alertThresholdExceeded: 1 }, ['stop']],
    ['a threshold of null', RULE, { ...CROSSED, alertThresholdExceeded: null }, []],
    ['costs as text', RULE, { ...CROSSED, costAmount: '100.01', budgetAmount: '1e2' }, ['stop']],
    ['costs that are no number', RULE, { ...CROSSED, costAmount: 'much', budgetAmount: {} }, ['stop']],
    [
      'shown fields of other types',
      RULE,
      { ...CROSSED, currencyCode: 5, budgetDisplayName: ['x'], costIntervalStart: 0, budgetAmountType: {} },
      ['stop'],
    ],
    ['a wrong forecast beside crossed costs', RULE, { ...CROSSED, forecastThresholdExceeded: 'x' }, ['stop']],
    ['null fields', RULE, { ...CROSSED, forecastThresholdExceeded: null, currencyCode: null }, ['stop']],
    ['a new field', RULE, { ...CROSSED, somethingNew: { a: 1 } }, ['stop']],
  ] as const) {
    it(`a budget notification with ${title} starts ${sweeps.length === 0 ? 'nothing' : sweeps.join()}`, async () => {
      const app = prepare([rule]);
      await app.notify(data);
      assert.deepEqual(
        app.reports().map(({ sweep }) => sweep),
        sweeps,
      );
    });
  }

  it('a budget notification starts the sweep of each rule whose threshold was crossed', async () => {
    const rules = [
      { ...RULE, threshold: 0.5, sweep: 'dry' },
      { ...RULE, sweep: 'stop' },
      { ...RULE, threshold: 1.5, sweep: 'other' },
    ];
    const app = prepare(rules);
    await app.notify(CROSSED);
    assert.deepEqual(
      app.reports().map(({ sweep, dryRun }) => [sweep, dryRun]),
      [
        ['dry', true],
        ['stop', false],
      ],
    );
  });

  for (const [title, data, attributes, seen] of [
    [
      'a budget notification of another version',
      CROSSED,
      { ...ATTRIBUTES, schemaVersion: '2.0' },
      /schemaVersion "2\.0"; the function reads only 1\.0/,
    ],
    [
      'an anomaly alert',
      { name: 'projects/p/anomalies/a', detectionTime: '2026-11-20' },
      { billingAccountId: 'b', schemaVersion: '1.0' },
      /not a budget notification, but fields "name, detectionTime"/,
    ],
    ['an anomaly alert without attributes', { anomalyName: 'x' }, {}, /fields "anomalyName"/],
    ...[90, 10, -1, 'NaN', '90', 'all', true, {}, [1]].map(
      (alertThresholdExceeded) =>
        [
          `a budget notification with the threshold ${JSON.stringify(alertThresholdExceeded)}`,
          { ...CROSSED, alertThresholdExceeded },
          ATTRIBUTES,
          /alertThresholdExceeded: must be a fraction of the budget below 10, such as 1 for all of it/,
        ] as const,
    ),
    ['not JSON', 'Hello', ATTRIBUTES, /must be JSON/],
    ['empty', '', ATTRIBUTES, /missing; the message has no data/],
    ['a list', [CROSSED], ATTRIBUTES, /but data of type "object"/],
  ] as const) {
    it(`a trigger that is ${title} is logged once as unknown, and acknowledged`, async () => {
      const app = prepare();
      await app.trigger(data, attributes);
      assert.deepEqual(app.publisher.published, []);
      assert.equal(app.lines.length, 1);
      assert.deepEqual([app.lines[0]?.severity, app.lines[0]?.event], ['WARNING', 'trigger.unknown']);
      assert.match(app.lines[0]?.message ?? '', seen);
    });
  }

  it('a budget notification with a wrong forecast starts its sweep and logs one warning', async () => {
    const app = prepare();
    await app.notify({ ...CROSSED, forecastThresholdExceeded: 120 });
    assert.deepEqual(app.requested(), ['a']);
    const warnings = app.lines.filter(({ severity }) => severity === 'WARNING');
    assert.deepEqual(
      warnings.map(({ event }) => event),
      ['trigger.unknown'],
    );
    assert.match(warnings[0]?.message ?? '', /forecastThresholdExceeded: must be a fraction .* not "120"/);
  });

  it('a budget notification without its attributes warns that a rule by the id of the budget cannot fire', async () => {
    const app = prepare();
    await app.notify(CROSSED, {});
    assert.deepEqual(
      app.lines.map(({ severity, event }) => [severity, event]),
      [['WARNING', 'budget.unnamed']],
    );
    assert.match(app.lines[0]?.message ?? '', /the subscription must pass on the attributes of messages/);
  });

  it('a budget notification starts the real run of a list even after a run in which only that list was dry', async () => {
    const recorded = new Set<string>();
    const idempotencyStore = {
      has: (key: string) => Promise.resolve(recorded.has(key)),
      put: (key: string) => Promise.resolve(void recorded.add(key)),
      renew: () => Promise.resolve(),
    };
    const other = { ...TARGET, parents: ['projects/my-project/locations/europe-west1'] };
    const sweepOf = (dryRun: boolean) => ({
      stop: { targets: [TARGET, { ...other, dryRun }], dryRun: false },
    });
    for (const dryRun of [true, false]) {
      const app = prepare([RULE], { idempotencyStore }, sweepOf(dryRun));
      await app.notify(CROSSED);
      assert.equal(app.reports().length, 1);
    }
  });

  it('a budget notification that no rule names is logged once at NOTICE and then at DEBUG', async () => {
    const app = prepare([{ budgetId: 'another', sweep: 'stop' }]);
    for (let times = 0; times < 3; times += 1) await app.notify(CROSSED);
    assert.deepEqual(
      app.lines.map(({ severity, event }) => [severity, event]),
      [
        ['NOTICE', 'budget.unnamed'],
        ['DEBUG', 'budget.unnamed'],
        ['DEBUG', 'budget.unnamed'],
      ],
    );
  });

  it('a budget notification past a threshold that the budget lacks warns that the rule will never fire', async () => {
    const app = prepare([{ ...RULE, threshold: 1.2 }]);
    await app.notify({ ...CROSSED, costAmount: 130 });
    assert.deepEqual(app.requests(), []);
    assert.equal(app.lines[0]?.severity, 'WARNING');
    assert.match(
      app.lines[0].message,
      /have passed 1\.2 of its amount, but the budget has no such threshold/,
    );
  });

  it('a trigger starts a sweep by its name when there are no budget rules', async () => {
    const app = prepare([], {}, { nightly: NIGHTLY });
    await app.trigger({ sweep: 'nightly' }, {});
    assert.equal(app.reports().length, 1);
  });
});
