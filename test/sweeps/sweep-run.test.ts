import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSweepRun } from '../../src/sweeps/sweep-run.ts';
import { Failure } from '../../src/validation/failure.ts';
import { createSweepStory, entry, LIST, NIGHTLY, page } from '../support/sweep-harness.ts';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { pushBody } from '../support/test-app.ts';
import { REFUSED_RUNS, RUN_CHANGES } from './sweeps.refusals.ts';

/** A list of so many pages, each of which takes its time. */
function slowPages(pages: number, eachMs: number) {
  let advance: (ms: number) => void = () => undefined;
  const app = createSweepStory(
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

/** A run after its first delivery, with the message with which it goes on, changed as a test wants it. */
async function begun(change: (data: Data) => Record<string, unknown> = (data) => data) {
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
    const app = createSweepStory(
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

  // Six requests and the report are published: seven places to die at, and one without.
  for (let survived = 0; survived <= ids.length + 1; survived += 1) {
    it(`after ${survived} of what it publishes, loses nothing and says nothing else`, async () => {
      const app = prepare();
      app.publisher.failWith(new Failure('Unavailable', 'it died'), survived);
      /** As Pub/Sub does: what was not acknowledged comes again. */
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

describe('a sweep that outlives a delivery', () => {
  it('goes on from its page in further messages, and reports the whole', async () => {
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

  it('schedules the same message when a delivery comes again, so that Cloud Tasks begins no second chain', async () => {
    const app = slowPages(3, 20_000);
    await app.trigger({ sweep: 'nightly' });
    await app.trigger({ sweep: 'nightly' });
    const [first, second] = app.scheduled();
    assert.equal(first?.event.id, second?.event.id);
  });

  it('carries the trace on', async () => {
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

  it('does not make a real one of a dry run on the way', async () => {
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
    ['its day is over', { deadline: '2026-11-20T12:00:00.000Z' }, /not over within a day/],
  ] as const) {
    it(`ends with a report when ${title}`, async () => {
      const { app, event } = await begun((data) => ({ ...data, ...change }));
      const before = app.requests().length;
      await app.deliver(event);
      const [report] = app.reports();
      assert.equal(report?.complete, false);
      assert.match(report.failures[0]?.message ?? '', problem);
      assert.equal(report.found, 1, 'what it had seen is kept');
      assert.equal(app.requests().length, before, 'nothing more is requested');
    });
  }

  itRefuses(REFUSED_RUNS, (title) => `is not read from a message ${title}`);

  for (const [title, change] of RUN_CHANGES) {
    it(`answers a message ${title}, which nobody here wrote`, async () => {
      const { app, event } = await begun(change);
      await app.deliver(event);
      const { message } = failureOf(() => parseSweepRun(event.data, app.clock.now()));
      assert.equal(app.answers()[0]?.detail, `Refused before any call: ${message}`);
      assert.deepEqual(app.reports(), []);
    });
  }

  it('takes no list and no rule from a message', async () => {
    const { app, event } = await begun((data) => ({
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

  it('keeps its messages small, however much there is to tell', async () => {
    const many = Array.from({ length: 3_000 }, (_, number) => ({
      ...entry(`o${number}-${'x'.repeat(900)}`, undefined),
    }));
    const places = Array.from(
      { length: 5_000 },
      (_, number) => `projects/p/locations/${'y'.repeat(300)}${number}`,
    );
    let advance: (ms: number) => void = () => undefined;
    const app = createSweepStory(
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

  it('ends with a report when Pub/Sub gives its message up', async () => {
    const { app, event } = await begun();
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

  it('goes on when it was only given up for waiting', async () => {
    const { app, event } = await begun((data) => ({ ...data, notBefore: '2026-11-20T13:00:00.000Z' }));
    await app.handle(
      pushBody(event.data, { 'ce-type': event.type, CloudPubSubDeadLetterSourceSubscription: 's' }),
    );
    assert.deepEqual(app.reports(), []);
    const again = app.scheduled().at(-1);
    assert.notEqual(again?.event.id, event.id, 'Cloud Tasks would take the same id for done');
    assert.equal(again?.dueMs, Date.parse('2026-11-20T13:00:00.000Z'));
  });
});
