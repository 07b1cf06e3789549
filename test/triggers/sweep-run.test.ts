import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/core/failure.ts';
import { createSweepStory, entry, LIST, NIGHTLY, page } from './sweeping.ts';
import { pushBody } from '../story.ts';

/** A list of so many pages, each of which takes its time. */
function slowPages(pages: number, eachMs: number) {
  let advance: (ms: number) => void = () => undefined;
  const story = createSweepStory(
    { nightly: NIGHTLY },
    (url) => {
      const number = Number(new URL(url).searchParams.get('pageToken') ?? '0');
      const more = number + 1 < pages ? { nextPageToken: String(number + 1) } : {};
      return page([entry(`o${number}`, 30)], more);
    },
    { onList: () => advance(eachMs) },
  );
  advance = story.clock.advance;
  return story;
}

type Data = Record<string, unknown> & { tally: Record<string, unknown>; place: Record<string, unknown> };

/** A run after its first delivery, with the message with which it goes on, changed as a test wants it. */
async function begun(change: (data: Data) => Record<string, unknown> = (data) => data) {
  const story = slowPages(3, 20_000);
  await story.trigger({ sweep: 'nightly' });
  const [later] = story.scheduled();
  assert.ok(later);
  const data = JSON.parse(JSON.stringify(later.event.data)) as Data;
  return { story, event: { ...later.event, data: change(data) } };
}

describe('a sweep whose function dies', () => {
  const pages = 3;
  const ids = ['a0', 'b0', 'a1', 'b1', 'a2', 'b2'];
  /** Two operations a page, each page a delivery. */
  const prepare = () => {
    let advance: (ms: number) => void = () => undefined;
    const story = createSweepStory(
      { nightly: NIGHTLY },
      (url) => {
        const number = Number(new URL(url).searchParams.get('pageToken') ?? '0');
        const more = number + 1 < pages ? { nextPageToken: String(number + 1) } : {};
        return page([entry(`a${number}`, 30), entry(`b${number}`, 30)], more);
      },
      { onList: () => advance(20_000) },
    );
    advance = story.clock.advance;
    return story;
  };

  // Six requests and the report are published: seven places to die at, and one without.
  for (let survived = 0; survived <= ids.length + 1; survived += 1) {
    it(`after ${survived} of what it publishes, loses nothing and says nothing else`, async () => {
      const story = prepare();
      story.publisher.failWith(new Failure('Unavailable', 'it died'), survived);
      /** As Pub/Sub does: what was not acknowledged comes again. */
      const untilTaken = async (deliver: () => Promise<void>) => {
        for (let times = 0; times < 3; times += 1) {
          try {
            await deliver();
            return;
          } catch {
            story.publisher.heal();
          }
        }
        assert.fail('it is never taken');
      };
      await untilTaken(() => story.begin({ sweep: 'nightly' }));
      for (let next = 0; next < story.later.sent.length; next += 1) {
        const later = story.later.sent[next];
        assert.ok(later);
        await untilTaken(() => story.deliver(later.event));
      }
      assert.deepEqual([...new Set(story.requested())].sort(), [...ids].sort());
      assert.equal(new Set(story.requests().map(({ id }) => id)).size, ids.length, 'under one id each');
      const [report, ...others] = story.reports();
      assert.deepEqual(others, []);
      assert.deepEqual([report?.found, report?.requested], [6, 6], 'each is counted once');
    });
  }
});

describe('a sweep that outlives a delivery', () => {
  it('goes on from its page in further messages, and reports the whole', async () => {
    const story = slowPages(40, 5_000);
    await story.trigger({ sweep: 'nightly' });
    for (let next = 0; story.reports().length === 0; next += 1) {
      const later = story.scheduled()[next];
      assert.ok(later, 'it neither goes on nor ends');
      assert.ok(later.dueMs <= story.clock.now(), 'there is nothing to wait for');
      await story.deliver(later.event);
    }
    const expected = Array.from({ length: 40 }, (_, number) => `o${number}`);
    assert.deepEqual(story.requested(), expected);
    assert.equal(story.reports()[0]?.found, 40);
    assert.ok(story.scheduled().length >= 10);
    const ids = story.scheduled().map(({ event }) => event.id);
    assert.equal(new Set(ids).size, ids.length, 'each message has an id of its own');
  });

  it('schedules the same message when a delivery comes again, so that Cloud Tasks begins no second chain', async () => {
    const story = slowPages(3, 20_000);
    await story.trigger({ sweep: 'nightly' });
    await story.trigger({ sweep: 'nightly' });
    const [first, second] = story.scheduled();
    assert.equal(first?.event.id, second?.event.id);
  });

  it('carries the trace on', async () => {
    const story = slowPages(2, 20_000);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await story.trigger({ sweep: 'nightly' }, { 'ce-traceparent': traceparent });
    const [later] = story.scheduled();
    assert.ok(later);
    await story.deliver(later.event);
    assert.deepEqual(
      [...story.requests(), ...story.reports().map(({ event }) => event)].map(
        ({ trace }) => trace?.traceparent,
      ),
      [traceparent, traceparent, traceparent],
    );
  });

  it('does not make a real one of a dry run on the way', async () => {
    const story = slowPages(2, 20_000);
    await story.trigger({ sweep: 'nightly', dryRun: true });
    const [later] = story.scheduled();
    assert.ok(later);
    await story.deliver(later.event);
    assert.deepEqual(
      story.requests().map(({ data }) => (data as { dryRun?: boolean }).dryRun),
      [true, true],
    );
    assert.equal(story.reports()[0]?.dryRun, true);
  });

  for (const [title, change, problem] of [
    ['the sweep is no longer defined', { sweep: 'weekly' }, /SWEEPS does not define it any more/],
    ['its definition has changed', { fingerprint: 'another' }, /definition in SWEEPS changed/],
    ['its day is over', { deadline: '2026-11-20T12:00:00.000Z' }, /not over within a day/],
  ] as const) {
    it(`ends with a report when ${title}`, async () => {
      const { story, event } = await begun((data) => ({ ...data, ...change }));
      const before = story.requests().length;
      await story.deliver(event);
      const [report] = story.reports();
      assert.equal(report?.complete, false);
      assert.match(report.failures[0]?.message ?? '', problem);
      assert.equal(report.found, 1, 'what it had seen is kept');
      assert.equal(story.requests().length, before, 'nothing more is requested');
    });
  }

  for (const [title, change, problem] of [
    ['without a run', () => ({}), /runId: missing/],
    [
      'with a negative count',
      (data: Data) => ({ ...data, tally: { ...data.tally, found: -1 } }),
      /must not be negative/,
    ],
    [
      'with a deadline far off',
      (data: Data) => ({ ...data, deadline: '2027-11-20T12:00:00.000Z' }),
      /at most a day ahead/,
    ],
    [
      'due after its deadline',
      (data: Data) => ({ ...data, notBefore: '2026-11-22T12:00:00.000Z' }),
      /not be after the deadline/,
    ],
  ] as const) {
    it(`answers a message ${title}, which nobody here wrote`, async () => {
      const { story, event } = await begun(change);
      await story.deliver(event);
      assert.match(story.answers()[0]?.detail ?? '', problem);
      assert.deepEqual(story.reports(), []);
    });
  }

  it('takes no list and no rule from a message', async () => {
    const { story, event } = await begun((data) => ({
      ...data,
      dryRun: false,
      targets: [{ service: 'notebooks', parents: ['projects/other/locations/us-central1'] }],
      place: { ...data.place, parent: 'projects/other/locations/us-central1' },
    }));
    const before = story.operations.calls.length;
    await story.deliver(event);
    const lists = story.operations.calls.slice(before);
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
    const story = createSweepStory(
      { nightly: { ...NIGHTLY, olderThan: '0s' } },
      () =>
        page([...many, ...Array.from({ length: 300 }, (_, n) => entry(`old-${n}-${'z'.repeat(800)}`, 30))], {
          nextPageToken: 'n',
          unreachable: places,
        }),
      { onList: () => advance(20_000) },
    );
    advance = story.clock.advance;
    await story.trigger({ sweep: 'nightly' });
    const [later] = story.scheduled();
    const bytes = JSON.stringify(later?.event.data).length;
    assert.ok(bytes > 50_000 && bytes < 400_000, `${bytes} bytes`);
    assert.equal((later?.event.data as { tally: { found: number } }).tally.found, 3_300);
  });

  it('ends with a report when Pub/Sub gives its message up', async () => {
    const { story, event } = await begun();
    const attributes = {
      'ce-type': event.type,
      'ce-id': event.id,
      CloudPubSubDeadLetterSourceSubscription: 'lro-cancel-rechecks-push',
      CloudPubSubDeadLetterSourceDeliveryCount: '100',
    };
    await story.handle(pushBody(event.data, attributes));
    const [report] = story.reports();
    assert.match(report?.failures[0]?.message ?? '', /gave up after 100 deliveries/);
    assert.equal(report?.found, 1);
    assert.deepEqual(story.answers(), []);
  });

  it('goes on when it was only given up for waiting', async () => {
    const { story, event } = await begun((data) => ({ ...data, notBefore: '2026-11-20T13:00:00.000Z' }));
    await story.handle(
      pushBody(event.data, { 'ce-type': event.type, CloudPubSubDeadLetterSourceSubscription: 's' }),
    );
    assert.deepEqual(story.reports(), []);
    const again = story.scheduled().at(-1);
    assert.notEqual(again?.event.id, event.id, 'Cloud Tasks would take the same id for done');
    assert.equal(again?.dueMs, Date.parse('2026-11-20T13:00:00.000Z'));
  });
});
