import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSweepRun } from '../../src/sweeps/run-state.ts';
import { Failure } from '../../src/validation/failure.ts';
import { createSweepApp, entry, LIST, NIGHTLY, page } from '../support/sweep-harness.ts';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { pushBody } from '../support/test-app.ts';
import { REFUSED_RUNS, RUN_CHANGES } from './sweeps.refusals.ts';

/** A sweep of a list with `pages` pages, each of which takes `eachMs` to read. */
function slowPages(pages: number, eachMs: number) {
  let advance: (ms: number) => void = () => undefined;
  const app = createSweepApp(
    { nightly: NIGHTLY },
    (url) => {
      const number = Number(new URL(url).searchParams.get('pageToken') ?? '0');
      const more = number + 1 < pages ? { nextPageToken: String(number + 1) } : {};
      return page([entry(`o${number}`, 30)], more);
    },
    { onList: () => advance(eachMs) },
  );
  advance = app.clock.advance;
  return app;
}

type Data = Record<string, unknown> & { tally: Record<string, unknown>; place: Record<string, unknown> };

/** A run after its first delivery, and the message that resumes it, with the change of a test. */
async function beginRun(change: (data: Data) => Record<string, unknown> = (data) => data) {
  const app = slowPages(3, 20_000);
  await app.trigger({ sweep: 'nightly' });
  const [later] = app.scheduled();
  assert.ok(later);
  const data = JSON.parse(JSON.stringify(later.event.data)) as Data;
  return { app, event: { ...later.event, data: change(data) } };
}

describe('a sweep whose function dies', () => {
  const pages = 3;
  const ids = ['a0', 'b0', 'a1', 'b1', 'a2', 'b2'];
  /** Two operations a page, each page a delivery. */
  const prepare = () => {
    let advance: (ms: number) => void = () => undefined;
    const app = createSweepApp(
      { nightly: NIGHTLY },
      (url) => {
        const number = Number(new URL(url).searchParams.get('pageToken') ?? '0');
        const more = number + 1 < pages ? { nextPageToken: String(number + 1) } : {};
        return page([entry(`a${number}`, 30), entry(`b${number}`, 30)], more);
      },
      { onList: () => advance(20_000) },
    );
    advance = app.clock.advance;
    return app;
  };

  // Six requests and the report are published: seven points of failure, and one run without a failure.
  for (let survived = 0; survived <= ids.length + 1; survived += 1) {
    it(`a sweep whose function dies after publishing ${survived} messages loses nothing and publishes nothing else`, async () => {
      const app = prepare();
      app.publisher.failWith(new Failure('Unavailable', 'it died'), survived);
      /** Delivers until the message is acknowledged, as Pub/Sub does. */
      const untilTaken = async (deliver: () => Promise<void>) => {
        for (let times = 0; times < 3; times += 1) {
          try {
            await deliver();
            return;
          } catch {
            app.publisher.heal();
          }
        }
        assert.fail('it is never taken');
      };
      await untilTaken(() => app.begin({ sweep: 'nightly' }));
      for (let next = 0; next < app.scheduler.sent.length; next += 1) {
        const later = app.scheduler.sent[next];
        assert.ok(later);
        await untilTaken(() => app.deliver(later.event));
      }
      assert.deepEqual([...new Set(app.requested())].sort(), [...ids].sort());
      assert.equal(new Set(app.requests().map(({ id }) => id)).size, ids.length, 'under one id each');
      const [report, ...others] = app.reports();
      assert.deepEqual(others, []);
      assert.deepEqual([report?.found, report?.requested], [6, 6], 'each is counted once');
    });
  }
});

describe('a sweep that takes several deliveries', () => {
  it('a sweep resumes at its page in further messages, and reports the whole run', async () => {
    const app = slowPages(40, 5_000);
    await app.trigger({ sweep: 'nightly' });
    for (let next = 0; app.reports().length === 0; next += 1) {
      const later = app.scheduled()[next];
      assert.ok(later, 'it neither goes on nor ends');
      assert.ok(later.dueMs <= app.clock.now(), 'there is nothing to wait for');
      await app.deliver(later.event);
    }
    const expected = Array.from({ length: 40 }, (_, number) => `o${number}`);
    assert.deepEqual(app.requested(), expected);
    assert.equal(app.reports()[0]?.found, 40);
    assert.ok(app.scheduled().length >= 10);
    const ids = app.scheduled().map(({ event }) => event.id);
    assert.equal(new Set(ids).size, ids.length, 'each message has an id of its own');
  });

  it('a sweep schedules the same message when a delivery is repeated, so that Cloud Tasks starts no second chain', async () => {
    const app = slowPages(3, 20_000);
    await app.trigger({ sweep: 'nightly' });
    await app.trigger({ sweep: 'nightly' });
    const [first, second] = app.scheduled();
    assert.equal(first?.event.id, second?.event.id);
  });

  it('a resumed sweep keeps the trace of its trigger', async () => {
    const app = slowPages(2, 20_000);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await app.trigger({ sweep: 'nightly' }, { 'ce-traceparent': traceparent });
    const [later] = app.scheduled();
    assert.ok(later);
    await app.deliver(later.event);
    assert.deepEqual(
      [...app.requests(), ...app.reports().map(({ event }) => event)].map(({ trace }) => trace?.traceparent),
      [traceparent, traceparent, traceparent],
    );
  });

  it('a resumed sweep stays a dry run', async () => {
    const app = slowPages(2, 20_000);
    await app.trigger({ sweep: 'nightly', dryRun: true });
    const [later] = app.scheduled();
    assert.ok(later);
    await app.deliver(later.event);
    assert.deepEqual(
      app.requests().map(({ data }) => (data as { dryRun?: boolean }).dryRun),
      [true, true],
    );
    assert.equal(app.reports()[0]?.dryRun, true);
  });

  for (const [title, change, problem] of [
    ['the sweep is no longer defined', { sweep: 'weekly' }, /SWEEPS does not define it any more/],
    ['its definition has changed', { fingerprint: 'another' }, /definition in SWEEPS changed/],
    ['its deadline has passed', { deadline: '2026-11-20T12:00:00.000Z' }, /did not finish within a day/],
  ] as const) {
    it(`a resumed sweep ends with a report when ${title}`, async () => {
      const { app, event } = await beginRun((data) => ({ ...data, ...change }));
      const before = app.requests().length;
      await app.deliver(event);
      const [report] = app.reports();
      assert.equal(report?.complete, false);
      assert.match(report.failures[0]?.message ?? '', problem);
      assert.equal(report.found, 1, 'what it had seen is kept');
      assert.equal(app.requests().length, before, 'nothing more is requested');
    });
  }

  itRefuses(REFUSED_RUNS, (title) => `a message ${title} cannot resume a sweep`);

  for (const [title, change] of RUN_CHANGES) {
    it(`a message ${title} is answered with its refusal, and without a report`, async () => {
      const { app, event } = await beginRun(change);
      await app.deliver(event);
      const { message } = failureOf(() => parseSweepRun(event.data, app.clock.now()));
      assert.equal(app.answers()[0]?.detail, `Refused before any call: ${message}`);
      assert.deepEqual(app.reports(), []);
    });
  }

  for (const [title, change] of [
    ['that says dry run of a real sweep', { allDry: true }],
    ['that says dry run of a run that is none', { dryRun: true }],
    [
      'with more requests than the sweep may make',
      { tally: { found: 1_001, matched: 1_001, requested: 1_001 } },
    ],
    ['behind the last list', { nextIndex: 2 }],
    [
      'that is reading a list that it has not begun',
      { cursor: { listing: 9, pages: 1, quietPages: 0, attempt: 0 } },
    ],
  ] as const) {
    it(`a message ${title} is refused, without a report`, async () => {
      const { app, event } = await beginRun((data) => ({
        ...data,
        ...change,
        tally: { ...data.tally, ...('tally' in change && change.tally) },
      }));
      const before = app.resourceApi.calls.length;
      await app.deliver(event);
      assert.deepEqual(
        app.answers().map(({ outcome }) => outcome),
        ['REJECTED'],
      );
      assert.deepEqual([app.reports(), app.resourceApi.calls.length], [[], before]);
    });
  }

  it('a resumed sweep takes no list and no rule from a message', async () => {
    const { app, event } = await beginRun((data) => ({
      ...data,
      dryRun: false,
      targets: [{ service: 'notebooks', parents: ['projects/other/locations/us-central1'] }],
      place: { ...data.place, parent: 'projects/other/locations/us-central1' },
    }));
    const before = app.resourceApi.calls.length;
    await app.deliver(event);
    const lists = app.resourceApi.calls.slice(before);
    assert.ok(lists.length > 0);
    assert.ok(lists.every((call) => call.startsWith(`LIST ${LIST}`)));
  });

  it('a sweep keeps its messages small, however much it has to report', async () => {
    const many = Array.from({ length: 3_000 }, (_, number) => ({
      ...entry(`o${number}-${'x'.repeat(900)}`, undefined),
    }));
    const places = Array.from(
      { length: 5_000 },
      (_, number) => `projects/p/locations/${'y'.repeat(300)}${number}`,
    );
    let advance: (ms: number) => void = () => undefined;
    const app = createSweepApp(
      { nightly: { ...NIGHTLY, olderThan: '0s' } },
      () =>
        page([...many, ...Array.from({ length: 300 }, (_, n) => entry(`old-${n}-${'z'.repeat(800)}`, 30))], {
          nextPageToken: 'n',
          unreachable: places,
        }),
      { onList: () => advance(20_000) },
    );
    advance = app.clock.advance;
    await app.trigger({ sweep: 'nightly' });
    const [later] = app.scheduled();
    const bytes = JSON.stringify(later?.event.data).length;
    assert.ok(bytes > 50_000 && bytes < 400_000, `${bytes} bytes`);
    assert.equal((later?.event.data as { tally: { found: number } }).tally.found, 3_300);
  });

  it('a sweep ends with a report when Pub/Sub gives up its message', async () => {
    const { app, event } = await beginRun();
    const attributes = {
      'ce-type': event.type,
      'ce-id': event.id,
      CloudPubSubDeadLetterSourceSubscription: 'lro-cancel-rechecks-push',
      CloudPubSubDeadLetterSourceDeliveryCount: '100',
    };
    await app.handle(pushBody(event.data, attributes));
    const [report] = app.reports();
    assert.match(report?.failures[0]?.message ?? '', /gave up after 100 deliveries/);
    assert.equal(report?.found, 1);
    assert.deepEqual(app.answers(), []);
  });

  it('a sweep goes on when Pub/Sub gave up its message only because it waited', async () => {
    const { app, event } = await beginRun((data) => ({ ...data, notBefore: '2026-11-20T13:00:00.000Z' }));
    await app.handle(
      pushBody(event.data, { 'ce-type': event.type, CloudPubSubDeadLetterSourceSubscription: 's' }),
    );
    assert.deepEqual(app.reports(), []);
    const again = app.scheduled().at(-1);
    assert.notEqual(again?.event.id, event.id, 'Cloud Tasks would take the same id for done');
    assert.equal(again?.dueMs, Date.parse('2026-11-20T13:00:00.000Z'));
  });
});
