import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSweepRun } from '../../src/sweeps/run-state.ts';
import { NOON_MS } from '../support/fakes.ts';
import { createSweepApp, entry, LIST, NIGHTLY, page, PARENT, TARGET } from '../support/sweep-harness.ts';

type App = ReturnType<typeof createSweepApp>;

/** Starts a sweep and delivers each of its messages until it reports. */
async function runToEnd(app: App): Promise<ReturnType<App['reports']>[number]> {
  await app.trigger({ sweep: 'nightly' });
  for (let next = 0; app.reports().length === 0; next += 1) {
    const later = app.scheduled()[next];
    assert.ok(later, 'the run neither continues nor ends');
    app.clock.advance(Math.max(0, later.dueMs - app.clock.now()));
    // The message is read as it travels.
    await app.deliver({ ...later.event, data: JSON.parse(JSON.stringify(later.event.data)) as unknown });
  }
  const [report] = app.reports();
  assert.ok(report);
  return report;
}

const tokenOf = (url: string) => new URL(url).searchParams.get('pageToken');
const numberOf = (url: string) => Number(tokenOf(url) ?? '0');

describe('the bounds of a sweep', () => {
  for (const [title, entries] of [
    ['empty pages', []],
    ['pages with the same operations', [entry('a', 30), entry('b', 0.1)]],
  ] as const) {
    it(`a list of ${title} and ever new tokens is given up after 300 pages, slowly, and reported with its parent`, async () => {
      let calls = 0;
      const app = createSweepApp({ nightly: NIGHTLY }, (url) => {
        calls += 1;
        return page(entries, { nextPageToken: String(numberOf(url) + 1) });
      });
      const report = await runToEnd(app);
      assert.ok(calls >= 300 && calls <= 302, `${calls} pages`);
      assert.ok(app.clock.now() - NOON_MS >= 29_000, 'at most ten pages are requested in a second');
      assert.equal(report.complete, false);
      assert.equal(report.found, entries.length);
      assert.equal(report.failures.length, 1);
      const { list, message } = report.failures[0] ?? {};
      assert.match(list ?? '', /notebooks v2 projects\/my-project\/locations\/us-central1\/operations/);
      assert.match(
        message ?? '',
        /the last 300 showed no new operation: 30\d pages were read; the rest was not/,
      );
    });
  }

  it('a list of endless pages with ever new operations is given up after 10,000 pages', async () => {
    let calls = 0;
    const app = createSweepApp({ nightly: { ...NIGHTLY, olderThan: '864000s' } }, (url) => {
      calls += 1;
      return page([entry(`o${numberOf(url)}`, 30)], { nextPageToken: String(numberOf(url) + 1) });
    });
    const report = await runToEnd(app);
    assert.equal(calls, 10_000);
    assert.ok(app.clock.now() - NOON_MS >= 10_000 * 19, 'at most fifty pages are requested in a second');
    assert.match(report.failures[0]?.message ?? '', /too long .* 10000 pages were read; the rest was not/);
  });

  it('an operation that two pages show is counted and requested once, also in different deliveries', async () => {
    let advance: (ms: number) => void = () => undefined;
    const app = createSweepApp(
      { nightly: NIGHTLY },
      (url) => {
        const number = numberOf(url);
        const shown = [entry(`o${number}`, 30), entry(`o${number + 1}`, 30), entry('young', 0.1)];
        return page(shown, number < 9 ? { nextPageToken: String(number + 1) } : {});
      },
      { onList: () => advance(6_000) },
    );
    advance = app.clock.advance;
    const report = await runToEnd(app);
    const expected = Array.from({ length: 11 }, (_, number) => `o${number}`);
    assert.deepEqual(app.requested(), expected);
    assert.deepEqual([report.found, report.matched, report.requested], [12, 11, 11]);
    assert.equal(report.skipped.tooYoung, 1);
    assert.ok(app.scheduled().length > 2);
    assert.equal(report.complete, true);
  });

  it('an operation in two lists of the same rules is one, and in lists of different rules is requested once', async () => {
    const parents = ['projects/my-project/locations/-', PARENT];
    const targets = [
      { ...TARGET, parents },
      { ...TARGET, olderThan: '86400s' },
    ];
    const app = createSweepApp({ nightly: { ...NIGHTLY, targets } }, () =>
      page([entry('a', 30), entry('b', 2)]),
    );
    const report = await runToEnd(app);
    assert.deepEqual(app.requested(), ['a', 'b']);
    assert.equal(report.requested, 2);
    assert.equal(report.found, 3, 'b is too young under the rules of the second target');
  });

  it('100,000 operations that are each shown twice are counted once, in messages that fit into a task', async () => {
    const app = createSweepApp({ nightly: { ...NIGHTLY, olderThan: '864000s' } }, (url) => {
      const number = numberOf(url);
      const first = number * 500;
      const entries = Array.from({ length: 1_000 }, (_, index) => ({
        name: `${PARENT}/operations/o${Math.min(first + index, 99_999)}`,
        metadata: { createTime: '2026-11-20T10:00:00Z' },
      }));
      return page(entries, number < 199 ? { nextPageToken: String(number + 1) } : {});
    });
    const report = await runToEnd(app);
    assert.deepEqual([report.found, report.complete], [100_000, true]);
    const sizes = app.scheduled().map(({ event }) => JSON.stringify(event.data).length);
    // In base64 as the data of a message: less than the 1 MB of a task.
    assert.ok(Math.max(0, ...sizes) < 600_000, sizes.join());
  });

  it('a list of 40,000 empty entries is read in a moment, and other messages get their turn', async () => {
    const app = createSweepApp({ nightly: NIGHTLY }, () => page(Array.from({ length: 40_000 }, () => ({}))));
    const begunMs = performance.now();
    const report = await runToEnd(app);
    assert.ok(performance.now() - begunMs < 3_000);
    assert.deepEqual([report.found, report.skipped.unknown, report.notes.length], [40_000, 40_000, 10]);
    assert.ok(app.clock.slept.filter((ms) => ms === 0).length > 100);
  });

  const nested = (levels: number): unknown =>
    JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`) as unknown;
  for (const [title, answer] of [
    ['deeply nested places', page([], { unreachable: [nested(20_000)] })],
    ['a deeply nested object as a place', page([], { unreachable: { a: nested(20_000) } })],
    ['a deeply nested token', page([], { nextPageToken: nested(20_000) })],
    ['deeply nested entries', page([nested(20_000), { name: nested(20_000) }])],
    ['no array of operations', page([], { operations: {} })],
    ['places that are text', page([], { unreachable: 'us-east1' })],
  ] as const) {
    it(`a list with ${title} does not hide the list behind it`, async () => {
      const parents = ['projects/my-project/locations/first', PARENT];
      const app = createSweepApp({ nightly: { ...NIGHTLY, targets: [{ ...TARGET, parents }] } }, (url) =>
        url.startsWith(LIST) ? page([entry('a', 30)]) : answer,
      );
      const report = await runToEnd(app);
      assert.deepEqual(app.requested(), ['a']);
      const { failures, unreachable, skipped } = report;
      assert.ok(failures.length + unreachable.length + skipped.unknown > 0, 'the report shows it');
    });
  }

  it('a list whose call fails for an unexpected reason does not hide the list behind it', async () => {
    const parents = ['projects/my-project/locations/first', PARENT];
    const app = createSweepApp({ nightly: { ...NIGHTLY, targets: [{ ...TARGET, parents }] } }, (url) => {
      if (url.startsWith(LIST)) return page([entry('a', 30)]);
      throw new RangeError('too deep');
    });
    const report = await runToEnd(app);
    assert.deepEqual(app.requested(), ['a']);
    assert.match(report.failures[0]?.message ?? '', /too deep/);
  });

  it('a forged message of a run with long lists is refused in a moment', async () => {
    let advance: (ms: number) => void = () => undefined;
    const app = createSweepApp({ nightly: NIGHTLY }, () => page([], { nextPageToken: 'two' }), {
      onList: () => advance(20_000),
    });
    advance = app.clock.advance;
    await app.trigger({ sweep: 'nightly' });
    const [later] = app.scheduled();
    assert.ok(later);
    const data = later.event.data as { readonly tally: object; readonly memory: object };
    const many = <T>(value: T) => Array.from({ length: 200_000 }, () => value);
    for (const forged of [
      { ...data, tally: { ...data.tally, notes: many({ operation: '', reason: 'unknown', detail: '' }) } },
      { ...data, tally: { ...data.tally, operations: many('') } },
      { ...data, tally: { ...data.tally, examples: many({ operation: '' }) } },
      { ...data, tally: { ...data.tally, unreachable: many('') } },
      { ...data, tally: { ...data.tally, failures: many({ message: '' }) } },
      { ...data, postponed: many({}) },
      { ...data, memory: { ...data.memory, missingFields: many(1) } },
      { ...data, memory: { ...data.memory, operations: 'A'.repeat(5_000_000) } },
    ]) {
      const begunMs = performance.now();
      assert.throws(() => parseSweepRun(forged, later.dueMs), /must have at most/);
      assert.ok(performance.now() - begunMs < 200);
    }
    await app.deliver({ ...later.event, data: { ...data, memory: { ...data.memory, operations: '9.AA' } } });
    assert.equal(app.answers()[0]?.outcome, 'REJECTED');
  });
});
