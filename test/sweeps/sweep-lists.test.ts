import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/validation/failure.ts';
import { answered, status } from '../support/fakes.ts';
import { createSweepApp, entry, LIST, NIGHTLY, page, PARENT, TARGET } from '../support/sweep-harness.ts';

describe('the lists of a sweep', () => {
  it('a sweep follows the pages of a list to the end, and counts over all of them', async () => {
    const pages = new Map([
      [LIST, page([entry('a', 30)], { nextPageToken: 'two' })],
      [`${LIST}?pageToken=two`, page([], { nextPageToken: 'three', unreachable: ['us-east1'] })],
      [`${LIST}?pageToken=three`, page([entry('b', 30)])],
    ]);
    const app = createSweepApp({ nightly: NIGHTLY }, (url) => pages.get(url) ?? answered(500));
    await app.trigger({ sweep: 'nightly' });
    assert.deepEqual(app.requested(), ['a', 'b']);
    const [report] = app.reports();
    assert.deepEqual([report?.found, report?.complete, report?.unreachable], [2, false, ['us-east1']]);
  });

  for (const [title, cycle] of [
    ['one page', ['a', 'a']],
    ['two pages', ['a', 'b', 'a', 'b']],
    ['earlier pages after a while', ['1', '2', '3', 'a', 'b', 'c', 'a']],
  ] as const) {
    it(`a sweep stops reading a list when the service repeats ${title}`, async () => {
      const [last] = cycle.slice(-1);
      const app = createSweepApp({ nightly: NIGHTLY }, (url) => {
        const token = new URL(url).searchParams.get('pageToken');
        const at = token === null ? -1 : cycle.indexOf(token as never);
        return page([entry('a', 30)], { nextPageToken: cycle[at + 1] ?? last });
      });
      await app.trigger({ sweep: 'nightly' });
      const [report] = app.reports();
      assert.match(report?.failures[0]?.message ?? '', /same pages again/);
      assert.ok((report?.found ?? Infinity) < 30, 'the repetition is detected early');
    });
  }

  it('a list that does not answer does not delay the other lists of a sweep', async () => {
    const parents = ['busy', 'asks', 'locked', 'us-central1'].map(
      (id) => `projects/my-project/locations/${id}`,
    );
    const app = createSweepApp({ nightly: { ...NIGHTLY, targets: [{ ...TARGET, parents }] } }, (url) => {
      if (url.includes('/busy/')) return status(503, 'UNAVAILABLE');
      if (url.includes('/asks/')) return status(429, 'RESOURCE_EXHAUSTED', [], '80000');
      if (url.includes('/locked/')) throw new Failure('Unavailable', 'no access token');
      return page([entry('a', 30)]);
    });
    const beganMs = app.clock.now();
    await app.trigger({ sweep: 'nightly' });
    for (let next = 0; app.requested().length === 0; next += 1) {
      const later = app.scheduled()[next];
      assert.ok(later);
      app.clock.advance(Math.max(0, later.dueMs - app.clock.now()));
      await app.deliver(later.event);
    }
    assert.ok(app.clock.now() - beganMs < 60_000, 'the list that answers was read within a minute');
    for (let next = 0; app.reports().length === 0; next += 1) {
      const later = app.scheduled()[next];
      assert.ok(later);
      if (app.clock.now() > later.dueMs) continue;
      app.clock.advance(later.dueMs - app.clock.now());
      await app.deliver(later.event);
    }
    const failures = app.reports()[0]?.failures.map(({ message }) => message) ?? [];
    assert.ok(
      failures.some((message) => /asks to wait for 80000 s/.test(message)),
      failures.join(),
    );
    assert.ok(failures.some((message) => /no access token/.test(message)));
    assert.equal(failures.length, 3);
  });

  it('a sweep accepts operations of its project by id or by number, and of no other project', async () => {
    const named = (project: string, id: string) => ({
      ...entry(id, 30),
      name: `projects/${project}/locations/us-central1/operations/${id}`,
    });
    const app = createSweepApp(
      { nightly: NIGHTLY },
      () =>
        page([
          named('123456789012', 'by-number'),
          named('my-project', 'by-id'),
          named('other', 'not-asked-for'),
        ]),
      { environment: { ALLOWED_PROJECTS: '*' } },
    );
    await app.trigger({ sweep: 'nightly' });
    assert.deepEqual(app.requested(), ['by-number', 'by-id']);
    assert.equal(app.reports()[0]?.skipped.unknown, 1);
  });

  it('a sweep applies its limit across pages and deliveries, and counts the operations over the limit', async () => {
    const app = createSweepApp({ nightly: { ...NIGHTLY, limit: 250 } }, (url) => {
      const number = Number(new URL(url).searchParams.get('pageToken') ?? '0');
      const entries = Array.from({ length: 100 }, (_, index) => entry(`o${number}-${index}`, 30));
      return page(entries, number < 3 ? { nextPageToken: String(number + 1) } : {});
    });
    await app.trigger({ sweep: 'nightly' });
    for (let next = 0; app.reports().length === 0; next += 1) {
      const later = app.scheduled()[next];
      assert.ok(later);
      await app.deliver(later.event);
    }
    assert.equal(new Set(app.requests().map(({ id }) => id)).size, 250);
    const [report] = app.reports();
    assert.deepEqual([report?.matched, report?.requested, report?.skipped.overLimit], [400, 250, 150]);
    assert.ok(app.scheduled().length >= 2, 'the run goes on in another message after a hundred requests');
  });

  for (const [title, answer, problem] of [
    ['is denied', status(403, 'PERMISSION_DENIED'), /PERMISSION_DENIED it is/],
    ['does not exist', answered(404, { error: { status: 'NOT_FOUND', message: 'gone' } }), /gone/],
    ['refuses the parent', status(400, 'INVALID_ARGUMENT'), /INVALID_ARGUMENT it is/],
    ['is an array', answered(200, ['x']), /not a JSON object/],
    ['is null', answered(200, null), /not a JSON object/],
    ['has no body', answered(200), /not a JSON object/],
    ['has operations that are not an array', answered(200, { operations: 'x' }), /no array of operations/],
    ['has a page token that is not a string', answered(200, { nextPageToken: 7 }), /no usable token/],
  ] as const) {
    it(`a sweep reports a list that ${title}, and goes on with the others`, async () => {
      const other = { ...TARGET, parents: ['projects/my-project/locations/europe-west1', PARENT] };
      const app = createSweepApp({ nightly: { ...NIGHTLY, targets: [other] } }, (url) =>
        url === LIST ? page([entry('a', 30)]) : answer,
      );
      await app.trigger({ sweep: 'nightly' });
      assert.deepEqual(app.requested(), ['a']);
      const [report] = app.reports();
      assert.equal(report?.complete, false);
      const [failure] = report.failures;
      assert.equal(failure?.list, 'notebooks v2 projects/my-project/locations/europe-west1/operations');
      assert.match(failure.message, problem);
    });
  }

  it('a sweep requests a throttled list again, and leaves a long wait to a later message', async () => {
    let calls = 0;
    const app = createSweepApp({ nightly: NIGHTLY }, () => {
      calls += 1;
      if (calls === 1) return status(429, 'RESOURCE_EXHAUSTED');
      if (calls === 2) return status(503, 'UNAVAILABLE', [], '120');
      return page([entry('a', 30)]);
    });
    await app.trigger({ sweep: 'nightly' });
    assert.equal(calls, 2);
    assert.deepEqual(app.reports(), []);
    const [later] = app.scheduled();
    assert.ok(later);
    assert.ok(later.dueMs - app.clock.now() >= 120_000);

    await assert.rejects(
      app.deliver(later.event),
      (error) => error instanceof Failure && error.code === 'NotDue',
    );
    app.clock.advance(120_000);
    await app.deliver(later.event);
    assert.deepEqual(app.requested(), ['a']);
    assert.equal(app.reports()[0]?.complete, true);
  });

  it('a sweep gives up a list that does not answer for a quarter of an hour, and reports it', async () => {
    const app = createSweepApp({ nightly: NIGHTLY }, () => status(503, 'UNAVAILABLE'));
    await app.trigger({ sweep: 'nightly' });
    for (let next = 0; app.reports().length === 0; next += 1) {
      const later = app.scheduled()[next];
      assert.ok(later, 'the run is scheduled again until it has its report');
      app.clock.advance(later.dueMs - app.clock.now());
      await app.deliver(later.event);
    }
    assert.match(app.reports()[0]?.failures[0]?.message ?? '', /UNAVAILABLE it is/);
    assert.ok(app.scheduled().length >= 5);
  });
});
