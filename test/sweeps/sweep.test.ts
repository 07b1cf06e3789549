import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { REFUSED_TRIGGERS, TRIGGERED } from './sweeps.refusals.ts';
import { Failure } from '../../src/validation/failure.ts';
import { SKIP_REASONS } from '../../src/sweeps/select.ts';
import { createSweepApp, entry, LIST, NIGHTLY, page, PARENT, TARGET } from '../support/sweep-harness.ts';

describe('a sweep', () => {
  it('a sweep requests operations that are running, old enough, matching and not excluded, and reports the rest', async () => {
    const app = createSweepApp(
      {
        nightly: {
          ...NIGHTLY,
          match: { 'metadata.@type': '**OperationMetadata' },
          exclude: { name: '**/keep-*', 'metadata.target': ['**/instances/prod-*'] },
          limit: 2,
          confirmWithin: '60s',
        },
      },
      () =>
        page([
          entry('old', 30),
          entry('finished', 30, { done: true, response: {} }),
          entry('young', 0.5),
          entry('just-as-old-as-it-may-be', 1),
          entry('undated', undefined),
          entry('other-type', 30, { metadata: { '@type': 'type.googleapis.com/google.x.Other' } }),
          entry('keep-me', 30),
          entry('by-target', 30, { metadata: { target: `${PARENT}/instances/prod-1` } }),
          entry('protected-1', 30),
          entry('old-2', 30),
          entry('one-too-many', 30),
          { name: 'projects/my-project/locations/us-central1/instances/no-operation' },
          { metadata: {} },
          'text',
          { ...entry('x', 30), name: 'projects/my-project/locations/europe-west1/operations/elsewhere' },
        ]),
      { environment: { PROTECTED_OPERATIONS: '**/protected-*' } },
    );
    await app.trigger({ sweep: 'nightly' });

    assert.deepEqual(app.requested(), ['old', 'old-2']);
    const [report] = app.reports();
    assert.ok(report);
    assert.deepEqual(report.skipped, {
      done: 1,
      notMatched: 1,
      excluded: 2,
      tooYoung: 2,
      undated: 1,
      unclear: 0,
      forbidden: 1,
      overLimit: 1,
      unknown: 4,
    });
    assert.deepEqual([report.found, report.matched, report.requested], [15, 4, 2]);
    const skipped = SKIP_REASONS.reduce((sum, reason) => sum + report.skipped[reason], 0);
    assert.equal(report.found, report.requested + skipped, 'each one found is requested or skipped');
    assert.equal(report.complete, false, 'the policy forbids one');
    assert.equal(report.dryRun, false);
    assert.equal(
      report.detail,
      'Of 15 operations, 4 matched; a cancel was requested for 2. The policy forbids 1 of them.',
    );
    const [undated, forbidden] = report.notes;
    assert.deepEqual([undated?.reason, undated?.operation], ['undated', `${PARENT}/operations/undated`]);
    assert.match(
      forbidden?.detail ?? '',
      /protected by the rule "\*\*\/protected-\*" \(PROTECTED_OPERATIONS\)/,
    );
    assert.equal(report.event.attributes?.sweep, 'nightly');
  });

  it('the requests of a sweep say who asks and why, and are the same for the same run', async () => {
    const app = createSweepApp({ nightly: { ...NIGHTLY, confirmWithin: '60s' } }, () =>
      page([entry('old', 30)]),
    );
    const trace = 'ce-traceparent';
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const id of ['m1', 'm1', 'm2'])
      await app.trigger({ sweep: 'nightly' }, { [trace]: traceparent }, id);
    const [first, again, other] = app.requests();
    assert.ok(first);
    const { requestId, ...data } = first.data as Record<string, unknown>;
    assert.equal(first.id, requestId);
    assert.deepEqual(data, {
      operation: `https://notebooks.googleapis.com/v2/${PARENT}/operations/old`,
      requestedBy: 'sweep nightly',
      reason: 'sweep nightly: started by a message',
      labels: { sweep: 'nightly', runId: app.reports()[0]?.runId },
      confirmWithin: '60s',
    });
    assert.equal(first.trace?.traceparent, traceparent);
    assert.equal(again?.id, first.id);
    assert.notEqual(other?.id, first.id);
    const [report, sameReport, otherReport] = app.reports();
    assert.equal(report?.event.id, sameReport?.event.id);
    assert.notEqual(report?.event.id, otherReport?.event.id);
  });

  for (const [title, definition, trigger, dry] of [
    ['by default', { targets: [TARGET] }, { sweep: 'nightly' }, true],
    ['when the message sets dryRun', NIGHTLY, { sweep: 'nightly', dryRun: true }, true],
    ['when its definition turns dryRun off', NIGHTLY, { sweep: 'nightly' }, false],
    [
      'when its definition and the message turn dryRun off',
      NIGHTLY,
      { sweep: 'nightly', dryRun: false },
      false,
    ],
  ] as const) {
    it(`a sweep is ${dry ? 'a dry run' : 'no dry run'} ${title}`, async () => {
      const app = createSweepApp({ nightly: definition }, () => page([entry('old', 30)]));
      await app.trigger(trigger);
      const [request] = app.requests();
      assert.equal((request?.data as { dryRun?: boolean }).dryRun ?? false, dry);
      assert.equal(app.reports()[0]?.dryRun, dry);
    });
  }

  it('a sweep without a minimum age requests operations without a date', async () => {
    const app = createSweepApp({ all: { targets: [TARGET] } }, () => page([entry('undated', undefined)]));
    await app.trigger({ sweep: 'all' });
    assert.deepEqual(app.requested(), ['undated']);
  });

  it('a sweep skips operations that are excluded or protected under any of their names', async () => {
    const id = (name: string) => ({ ...entry('x', 30), name });
    const app = createSweepApp(
      { nightly: { ...NIGHTLY, exclude: 'projects/my-project/locations/*/operations/out-*' } },
      () =>
        page([
          id('projects/123456789012/locations/us-central1/operations/out-1'),
          id('projects/123456789012/locations/us-central1/operations/keep-1'),
          id('projects/123456789012/locations/us-central1/operations/other'),
        ]),
      { environment: { PROTECTED_OPERATIONS: 'projects/my-project/**/operations/keep-*' } },
    );
    await app.trigger({ sweep: 'nightly' });
    assert.deepEqual(app.requested(), ['other']);
    assert.deepEqual([app.reports()[0]?.skipped.excluded, app.reports()[0]?.skipped.forbidden], [1, 1]);
  });

  const deep = (levels: number): unknown => (levels === 0 ? '**' : [deep(levels - 1)]);
  for (const [title, target, isExcluded] of [
    ['an excluded target', `${PARENT}/instances/prod`, true],
    ['another target', `${PARENT}/instances/test`, false],
    ['no target', undefined, true],
    ['an empty list of targets', [], false],
    ['a target of null', null, true],
    ['a number as target', 5, false],
    ['an excluded target among several', [`${PARENT}/instances/test`, `${PARENT}/instances/prod`], true],
    ['a target too long to match', 'x'.repeat(5_000), true],
    ['a list of targets too long to match', Array.from({ length: 101 }, () => 'x'), true],
    ['an object as target', { name: 'prod' }, true],
    ['nested lists of targets', deep(3_000), true],
  ] as const) {
    it(`a sweep ${isExcluded ? 'skips' : 'requests'} an operation with ${title}`, async () => {
      const app = createSweepApp({ nightly: { ...NIGHTLY, exclude: { 'metadata.target': '**/prod' } } }, () =>
        page([entry('x', 30, { metadata: { target } }), entry('y', 30)]),
      );
      await app.trigger({ sweep: 'nightly' });
      assert.deepEqual(app.requested(), isExcluded ? ['y'] : ['x', 'y']);
    });
  }

  it('a sweep leaves alone an operation whose excluded field is absent or unreadable, and reports each for a reason of its own', async () => {
    const targets = [undefined, { name: 'prod' }, `${PARENT}/instances/prod`, 'x'.repeat(5_000)];
    const entries = targets.map((target, index) => entry(`o${index}`, 30, { metadata: { target } }));
    const app = createSweepApp({ nightly: { ...NIGHTLY, exclude: { 'metadata.target': '**/prod' } } }, () =>
      page([...entries, entry('young', 0.1, { metadata: { target: undefined } }), entry('other', 30)]),
    );
    await app.trigger({ sweep: 'nightly' });
    assert.deepEqual(app.requested(), ['other']);
    const [report] = app.reports();
    assert.deepEqual(
      [report?.skipped.unclear, report?.skipped.excluded, report?.skipped.tooYoung],
      [3, 1, 1],
    );
    assert.deepEqual(
      report?.notes.map(({ operation, reason, detail }) => [operation.split('/').at(-1), reason, detail]),
      [
        ['o0', 'unclear', 'exclude names "metadata.target", which is absent from its entry in the list'],
        ['o1', 'unclear', 'exclude names "metadata.target", which cannot be read as text'],
        ['o3', 'unclear', 'exclude names "metadata.target", which cannot be read as text'],
      ],
    );
    assert.match(report.detail, /3 operations left alone, because a field that exclude names/);
  });

  for (const [title, metadata, isRequested] of [
    ['that has the label with another value', { labels: { keep: 'no' } }, true],
    ['that has other labels', { labels: { team: 'a' } }, true],
    ['that has the label', { labels: { keep: 'yes' } }, false],
    ['without labels', {}, false],
    ['whose label is an object', { labels: { keep: {} } }, false],
    ['whose labels are text', { labels: 'keep' }, false],
  ] as const) {
    it(`a sweep that excludes a label ${isRequested ? 'requests' : 'skips'} an operation ${title}`, async () => {
      const app = createSweepApp(
        { nightly: { ...NIGHTLY, exclude: { 'metadata.labels.keep': 'yes' } } },
        () => page([entry('x', 30, { metadata })]),
      );
      await app.trigger({ sweep: 'nightly' });
      assert.deepEqual(app.requested(), isRequested ? ['x'] : []);
    });
  }

  it('a sweep reads a field that a service writes by the name of its proto', async () => {
    const app = createSweepApp(
      { nightly: { ...NIGHTLY, exclude: { 'metadata.statusMessage': 'critical*' } } },
      () =>
        page([
          entry('x', 30, { metadata: { status_message: 'critical' } }),
          entry('y', 30, { metadata: { status_message: 'usual' } }),
        ]),
    );
    await app.trigger({ sweep: 'nightly' });
    assert.deepEqual(app.requested(), ['y']);
  });

  it('a report names the fields of rules that none of the listed operations has', async () => {
    const rules = {
      match: { 'metadata.purpose': '**' },
      exclude: { name: '**/x', 'metadata.guarded': 'yes', 'metadata.target': '**/prod' },
    };
    const app = createSweepApp({ nightly: { ...NIGHTLY, ...rules }, idle: { ...NIGHTLY, ...rules } }, (url) =>
      page([entry('a', 30), entry('done', 30, { done: true, metadata: { purpose: 'test' } })], {
        ...(url === LIST && { nextPageToken: 'two' }),
      }),
    );
    await app.trigger({ sweep: 'nightly' });
    const [report] = app.reports();
    assert.deepEqual(report?.missingFields, [{ rule: 'exclude', field: 'metadata.guarded' }]);
    assert.match(report.detail, /No listed operation has the field "metadata\.guarded" of exclude\.$/);
    assert.equal(app.lines.at(-1)?.severity, 'WARNING');
  });

  it('a report names no field of a rule if it listed no operation', async () => {
    const app = createSweepApp({ nightly: { ...NIGHTLY, exclude: { 'metadata.guarded': 'yes' } } }, () =>
      page([]),
    );
    await app.trigger({ sweep: 'nightly' });
    assert.deepEqual(app.reports()[0]?.missingFields, []);
  });

  it('a report shows the first operations by the facts that a person decides by', async () => {
    const entries = Array.from({ length: 30 }, (_, index) =>
      entry(`o${index}`, 30, { metadata: { verb: 'create', target: '😀'.repeat(1_000) } }),
    );
    const app = createSweepApp({ nightly: NIGHTLY }, () => page(entries));
    await app.trigger({ sweep: 'nightly' });
    const examples = app.reports()[0]?.examples ?? [];
    assert.equal(examples.length, 20);
    assert.deepEqual(examples[0], {
      operation: `//notebooks.googleapis.com/${PARENT}/operations/o0`,
      project: 'my-project',
      type: 'OperationMetadata',
      verb: 'create',
      target: `${'😀'.repeat(127)}…`,
      createTime: '2026-11-19T06:00:00.000Z',
    });
  });

  it('a report has notes on each reason for skipping operations, however many another reason has', async () => {
    const undated = Array.from({ length: 50 }, (_, index) => entry(`undated-${index}`, undefined));
    const app = createSweepApp({ nightly: NIGHTLY }, () => page([...undated, entry('keep-me', 30)]), {
      environment: { PROTECTED_OPERATIONS: '**/keep-*' },
    });
    await app.trigger({ sweep: 'nightly' });
    const reasons = app.reports()[0]?.notes.map(({ reason }) => reason) ?? [];
    assert.deepEqual(
      [reasons.filter((reason) => reason === 'undated').length, reasons.at(-1)],
      [10, 'forbidden'],
    );
  });

  it('a sweep is not acknowledged when its report could not be published', async () => {
    const app = createSweepApp({ nightly: NIGHTLY }, () => page([]));
    app.publisher.failWith(new Failure('Unavailable', 'no Pub/Sub'));
    await assert.rejects(app.trigger({ sweep: 'nightly' }), /no Pub\/Sub/);
  });

  itRefuses(REFUSED_TRIGGERS, (title) => `a trigger with ${title} is refused`);

  for (const { title, input, refuse } of REFUSED_TRIGGERS) {
    it(`a trigger with ${title} is answered with REJECTED`, async () => {
      const app = createSweepApp(TRIGGERED, () => page([]));
      await app.trigger(...input);
      const [answer] = app.answers();
      assert.equal(answer?.outcome, 'REJECTED');
      assert.equal(answer.detail, `Refused before any call: ${failureOf(refuse).message}`);
      assert.deepEqual(app.requests(), []);
      assert.deepEqual(app.reports(), []);
    });
  }
});
