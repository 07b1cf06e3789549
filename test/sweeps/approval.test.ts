import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryEventStore } from '../../src/google/memory-event-store.ts';
import { approvedRequestId } from '../../src/messages/event-ids.ts';
import { attributesOf } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import type { EventStore } from '../../src/ports.ts';
import { Failure } from '../../src/validation/failure.ts';
import { APPROVABLE, createApprovalApp, pagesOf } from '../support/approval-harness.ts';
import { answered, NOON_MS } from '../support/fakes.ts';
import { entry, LIST, page, PARENT } from '../support/sweep-harness.ts';
import { itRefuses } from '../support/refusals.ts';
import { pushBody } from '../support/test-app.ts';
import { LISTED_KINDS } from './job-lists.ts';
import { REFUSED_APPROVALS } from './sweeps.refusals.ts';

const DAY_MS = 24 * 3_600_000;
const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const full = (id: string) => `//notebooks.googleapis.com/${PARENT}/operations/${id}`;

/** A store whose entries stay in sight, and can be lost. */
function openStore() {
  const memory = createMemoryEventStore({ now: () => NOON_MS });
  const events: OutgoingEvent[] = [];
  const lost = new Set<string>();
  const store: EventStore = {
    put: async (event, untilMs, delivery) => {
      const stored = await memory.put(event, untilMs, delivery);
      if (stored === 'now') events.push(event);
      return stored;
    },
    get: (id) => (lost.has(id) ? Promise.resolve(undefined) : memory.get(id)),
  };
  const ofKind = (kind: string) => events.filter(({ data }) => (data as { entry: string }).entry === kind);
  return {
    store,
    ofKind,
    lose: (kind: string) => {
      for (const { id } of ofKind(kind)) lost.add(id);
    },
  };
}

describe('an approval of a dry run', () => {
  it('an approval requests a cancel for exactly what the dry run found, with who approved it', async () => {
    const lists = { now: pagesOf(['a', 'b'], ['c']) };
    const app = createApprovalApp((url) => lists.now(url), {
      sweeps: { nightly: { ...APPROVABLE, confirmWithin: '60s', exclude: { name: '**/operations/b' } } },
    });
    const runId = await app.sweep();
    assert.deepEqual(app.cancels(), []);
    lists.now = pagesOf(['c', 'new'], ['b', 'newer']);
    await app.approve(runId, { requestedBy: 'ada', reason: 'too expensive' });

    const dry = app.requests().filter((event) => !app.cancels().includes(event));
    assert.deepEqual(
      app.cancels().map(({ id, type, subject, data }) => ({ id, type, subject, data })),
      ['a', 'c'].map((id, index) => {
        const requestId = approvedRequestId(dry[index]?.id ?? '');
        return {
          id: requestId,
          type: 'lro-cancel.request.v1',
          subject: 'sweep/nightly',
          data: {
            operation: `${LIST}/${id}`,
            confirmWithin: '60s',
            requestId,
            requestedBy: 'ada',
            reason: 'too expensive',
            labels: { sweep: 'nightly', runId },
          },
        };
      }),
    );
    assert.match(app.cancels()[0]?.id ?? '', /^sweep-/);
    assert.equal(new Set(app.requests().map(({ id }) => id)).size, 4);
    assert.deepEqual(app.answers(), []);
  });

  it('a request of an approval without a name says which sweep was approved, and by what it was started', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    await app.approve(await app.sweep());
    const { requestedBy, reason } = app.cancels()[0]?.data as Record<string, string>;
    assert.equal(requestedBy, 'approval of sweep nightly');
    assert.equal(reason, 'sweep nightly: its dry run was approved; started by a message');
  });

  it('the report of a dry run says until when it can be approved, and that of its approval who did', async () => {
    const app = createApprovalApp(pagesOf(['a', 'b']));
    const runId = await app.sweep();
    const [dry] = app.reports();
    const until = new Date(NOON_MS + DAY_MS).toISOString();
    assert.deepEqual([dry?.dryRun, dry?.approval], [true, { runId, until }]);
    assert.match(dry?.detail ?? '', new RegExp(`Until ${until}, the message {"approve": "${runId}"}`));

    app.clock.advance(1_000);
    await app.approve(runId, { requestedBy: 'ada' });
    const [, report, ...others] = app.reports();
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...report, event: undefined },
      {
        event: undefined,
        sweep: 'nightly',
        runId,
        dryRun: false,
        complete: true,
        detail: 'A dry run that found 2 operations was approved by ada; a cancel was requested for 2.',
        found: 2,
        matched: 2,
        requested: 2,
        skipped: { ...dry?.skipped },
        operations: [full('a'), full('b')],
        examples: dry?.examples,
        notes: [],
        unreachable: [],
        failures: [],
        approved: { at: new Date(NOON_MS + 1_000).toISOString(), messageId: 'm2', requestedBy: 'ada' },
        missingFields: [],
        cause: { kind: 'message', messageId: 'm1' },
        startedAt: new Date(NOON_MS + 1_000).toISOString(),
        finishedAt: new Date(NOON_MS + 1_000).toISOString(),
      },
    );
    assert.notEqual(report?.event.id, dry?.event.id);
    assert.deepEqual(report?.event.attributes, { sweep: 'nightly', dryRun: 'false', complete: 'true' });
  });

  it('a dry run that a trigger made of a real sweep can be approved', async () => {
    const app = createApprovalApp(pagesOf(['a']), {
      sweeps: { nightly: { ...APPROVABLE, dryRun: false } },
    });
    await app.approve(await app.sweep({ sweep: 'nightly', dryRun: true }));
    assert.deepEqual(app.cancelled(), ['a']);
  });

  it('an approval of a run of many pages and deliveries requests each operation once, at most 100 in a delivery', async () => {
    const pages = ids('p', 7).map((name) => ids(`${name}-`, 90));
    const app = createApprovalApp(pagesOf(...pages), { pageMs: 6_000 });
    const runId = await app.sweep();
    assert.equal(app.reports().at(-1)?.requested, 630);
    const before = () => app.cancels().length;
    const counts: number[] = [];
    await app.begin({ approve: runId }, undefined, 'm2');
    await app.drain(async (event) => {
      const start = before();
      await app.deliver(event);
      counts.push(before() - start);
    });
    assert.deepEqual(app.cancelled().sort(), pages.flat().sort());
    assert.ok(Math.max(...counts) <= 100, `${counts.join(', ')} requests in the deliveries`);
    assert.deepEqual(app.reports().at(-1)?.operations, app.reports()[0]?.operations);
  });

  it('a page of 2,500 operations is kept in parts of at most 1,000, which a task of Cloud Tasks takes', async () => {
    const { store, ofKind } = openStore();
    const names = ids('n'.repeat(200), 2_500);
    const app = createApprovalApp(pagesOf(names), {
      sweeps: { nightly: { ...APPROVABLE, limit: 10_000 } },
      eventStore: store,
    });
    await app.approve(await app.sweep());
    assert.equal(new Set(app.cancelled()).size, 2_500);
    const parts = ofKind('part');
    assert.ok(parts.length > 2);
    for (const { data } of parts) {
      const message = Buffer.from(JSON.stringify(data)).toString('base64');
      assert.ok(Buffer.from(message).toString('base64').length < 1_000_000);
    }
  });

  it('an approval keeps the trace of its message', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    const runId = await app.sweep();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await app.begin({ approve: runId }, { 'ce-traceparent': traceparent }, 'm2');
    await app.drain();
    assert.deepEqual(
      [app.cancels()[0], app.reports().at(-1)?.event].map((event) => event?.trace?.traceparent),
      [traceparent, traceparent],
    );
  });

  it('an approval of a run that found nothing ends with a report of nothing', async () => {
    const app = createApprovalApp(pagesOf([]));
    const runId = await app.sweep();
    assert.equal(app.reports()[0]?.approval, undefined);
    await app.approve(runId);
    assert.deepEqual([app.cancels(), app.reports().at(-1)?.requested], [[], 0]);
  });

  it('a run of a sweep without approvable keeps no list', async () => {
    const { store, ofKind } = openStore();
    const app = createApprovalApp(pagesOf(['a']), {
      sweeps: { nightly: { ...APPROVABLE, approvable: false } },
      eventStore: store,
    });
    await app.sweep();
    assert.equal(app.reports()[0]?.approval, undefined);
    assert.deepEqual(['begun', 'part', 'end'].flatMap(ofKind), []);
  });
});

describe('an approval of a dry run of jobs', () => {
  for (const row of LISTED_KINDS) {
    it(`an approval requests the ${row.kind} of ${row.list} as jobs, each as its dry run did`, async () => {
      const app = createApprovalApp(
        (url) => {
          const [containers, body] = row.containers ?? [];
          if (url === `https://${containers}`) return answered(200, body);
          return answered(200, { [row.items]: [row.entry('runs', row.states.runs)] });
        },
        {
          sweeps: { nightly: { ...APPROVABLE, olderThan: '60s', targets: [row.target] } },
          environment: { ALLOWED_JOBS: row.kind },
        },
      );
      const runId = await app.sweep();
      await app.approve(runId, { requestedBy: 'ada', reason: 'why' });
      const [dry, live, ...others] = app.requests().map(({ data }) => data as Record<string, unknown>);
      assert.deepEqual(others, []);
      assert.equal(dry?.job, row.job('runs'));
      const { dryRun, requestId, requestedBy, reason, ...reference } = dry;
      assert.deepEqual([dryRun, requestedBy, reason === 'why'], [true, 'sweep nightly', false]);
      assert.deepEqual(live, {
        ...reference,
        requestId: approvedRequestId(String(requestId)),
        requestedBy: 'ada',
        reason: 'why',
      });
      assert.match(app.reports().at(-1)?.detail ?? '', /^A dry run that found 1 job was approved by ada;/);
    });
  }
});

describe('an approval that is refused', () => {
  /** The answer to an approval; nothing is requested. */
  async function answerTo(
    app: ReturnType<typeof createApprovalApp>,
    data: object,
    messageId = 'm2',
  ): Promise<string> {
    const [cancels, reports] = [app.cancels().length, app.reports().length];
    await app.begin(data, undefined, messageId);
    await app.drain();
    assert.deepEqual([app.cancels().length, app.reports().length], [cancels, reports]);
    const answers = app.answers();
    assert.deepEqual(
      answers.map(({ outcome }) => outcome),
      ['REJECTED'],
    );
    return answers[0]?.detail ?? '';
  }

  it('an approval of an unknown run is refused, and names the sweeps that can be approved', async () => {
    const app = createApprovalApp(pagesOf(['a']), { sweeps: { nightly: APPROVABLE, weekly: APPROVABLE } });
    assert.match(
      await answerTo(app, { approve: 'nonsense' }),
      /approve: "nonsense" is not the id of a run that can be approved.*"approvable": true: nightly, weekly$/,
    );
  });

  it('an approval is refused where no sweep is approvable, and names the setting', async () => {
    const app = createApprovalApp(pagesOf(['a']), {
      sweeps: { nightly: { ...APPROVABLE, approvable: false } },
    });
    const runId = await app.sweep();
    assert.match(
      await answerTo(app, { approve: runId }),
      /no run can be approved: SWEEPS defines no sweep with "approvable": true/,
    );
  });

  it('an approval of a run that was no dry run is refused', async () => {
    const app = createApprovalApp(pagesOf(['a']), { sweeps: { nightly: { ...APPROVABLE, dryRun: false } } });
    const runId = await app.sweep();
    assert.equal(app.reports()[0]?.approval, undefined);
    assert.match(await answerTo(app, { approve: runId }), /was no dry run/);
  });

  it('an approval of a run whose lists are not all dry is refused', async () => {
    const [target] = APPROVABLE.targets;
    const other = { ...target, parents: ['projects/my-project/locations/europe-west1'], dryRun: false };
    const app = createApprovalApp(pagesOf(['a']), {
      sweeps: { nightly: { ...APPROVABLE, targets: [target, other] } },
    });
    assert.match(await answerTo(app, { approve: await app.sweep() }), /was no dry run/);
  });

  it('an approval of a run that has not finished is refused, and does not use up the one that follows', async () => {
    const app = createApprovalApp(pagesOf(['a'], ['b']), { pageMs: 20_000 });
    await app.begin({ sweep: 'nightly' });
    const [first] = app.scheduler.sent;
    assert.ok(first);
    const { runId } = first.event.data as { runId: string };
    await app.deliver(first.event);
    await app.begin({ approve: runId }, undefined, 'm2');
    assert.match(app.answers()[0]?.detail ?? '', /has not finished/);
    await app.drain();
    assert.deepEqual(app.cancels(), []);
    await app.approve(runId, {}, 'm3');
    assert.deepEqual(app.cancelled().sort(), ['a', 'b']);
  });

  it('an approval of a run that ended early is refused', async () => {
    const app = createApprovalApp(pagesOf(['a'], ['b']), { pageMs: 20_000 });
    await app.begin({ sweep: 'nightly' });
    const [first] = app.scheduler.sent;
    assert.ok(first);
    await app.deliver(first.event);
    app.clock.advance(DAY_MS - 40_000);
    const runId = await app.sweep({ sweep: 'nightly' }, 'm1');
    assert.equal(app.reports()[0]?.complete, false);
    assert.equal(app.reports()[0]?.approval, undefined);
    assert.match(await answerTo(app, { approve: runId }), /has not finished, or ended early/);
  });

  it('an approval of a run that is older than a day is refused, also a day later', async () => {
    for (const [ageMs, answer] of [
      [DAY_MS + 1, /is older than a day; it could be until 2026-11-21T12:00:00.000Z/],
      [2 * DAY_MS - 1, /is older than a day/],
      [2 * DAY_MS, /is not the id of a run that can be approved/],
    ] as const) {
      const app = createApprovalApp(pagesOf(['a']));
      const runId = await app.sweep();
      app.clock.advance(ageMs);
      assert.match(await answerTo(app, { approve: runId }), answer);
    }
  });

  it('an approval at the last moment of the day requests everything', async () => {
    const app = createApprovalApp(pagesOf(ids('a', 100), ids('b', 100)), { pageMs: 0 });
    const runId = await app.sweep();
    app.clock.advance(DAY_MS);
    await app.begin({ approve: runId }, undefined, 'm2');
    await app.drain(async (event) => {
      app.clock.advance(3_600_000);
      await app.deliver(event);
    });
    assert.equal(app.cancelled().length, 200);
  });

  it('a second approval is refused, and says when and by whom the first one was', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    const runId = await app.sweep();
    await app.approve(runId, { requestedBy: 'ada' });
    assert.match(
      await answerTo(app, { approve: runId, requestedBy: 'bob' }, 'm3'),
      /was approved before, at 2026-11-20T12:00:00.000Z by "ada"/,
    );
    assert.deepEqual(app.cancelled(), ['a']);
  });

  it('the answer repeats who asked, and the reason', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    await answerTo(app, { approve: 'nonsense', requestedBy: 'bob', reason: 'why not' });
    const { requestedBy, reason } = app.publisher.results()[0] ?? {};
    assert.deepEqual([requestedBy, reason], ['bob', 'why not']);
  });

  itRefuses(REFUSED_APPROVALS, (title) => `an approval with ${title} is refused`);

  it('an approval with a field that there is not is answered', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    const runId = await app.sweep();
    assert.match(
      await answerTo(app, { approve: runId, dryRun: true }),
      /dryRun: unknown field; known are approve, requestedBy, reason/,
    );
  });

  it('an approval is refused where the function may not read its queue, and names the role', async () => {
    const denied = {
      put: () => Promise.resolve('now' as const),
      get: () => Promise.reject(new Failure('ValueError', 'the function may not read its queue')),
    };
    const app = createApprovalApp(pagesOf(['a']), { eventStore: denied });
    assert.match(await answerTo(app, { approve: await app.sweep() }), /may not read its queue/);
  });

  it('an approval of a sweep that is not approvable any more is refused, and one under way ends early', async () => {
    const { store } = openStore();
    const pages = pagesOf(ids('a', 100), ids('b', 100));
    const before = createApprovalApp(pages, { eventStore: store });
    const [runId, other] = [await before.sweep(), await before.sweep({ sweep: 'nightly' }, 'again')];
    await before.begin({ approve: other }, undefined, 'm3');
    const under = before.scheduler.sent.at(-1);
    assert.ok(under);

    const sweeps = { nightly: { ...APPROVABLE, approvable: false }, weekly: APPROVABLE };
    const after = createApprovalApp(pages, { eventStore: store, sweeps });
    assert.match(
      await answerTo(after, { approve: runId }),
      /SWEEPS does not define the sweep nightly with "approvable": true any more/,
    );
    await after.deliver(under.event);
    const report = after.reports().at(-1);
    assert.deepEqual([after.cancels(), report?.complete, report?.requested], [[], false, 0]);
    assert.match(report?.failures[0]?.message ?? '', /"approvable": true any more/);
  });
});

describe('an approval whose function dies', () => {
  const PAGES = [ids('a', 60), ids('b', 60), ids('c', 60)];

  // 180 requests and a report, twice; 17 is prime to the sizes of all portions.
  for (let survived = 0; survived <= 362; survived += 17) {
    it(`a run and its approval lose nothing and add nothing when the function dies after publishing ${survived} messages`, async () => {
      const app = createApprovalApp(pagesOf(...PAGES), { pageMs: 8_000 });
      app.publisher.failWith(new Failure('Unavailable', 'it died'), survived);
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
      await app.drain((event) => untilTaken(() => app.deliver(event)));
      const runId = app.reports()[0]?.runId ?? '';
      await untilTaken(() => app.begin({ approve: runId }, undefined, 'm2'));
      await app.drain((event) => untilTaken(() => app.deliver(event)));
      assert.deepEqual([...new Set(app.cancelled())].sort(), PAGES.flat().sort());
      assert.equal(new Set(app.cancels().map(({ id }) => id)).size, 180, 'under one id each');
      assert.equal(
        new Set(app.cancels().map(({ id, data }) => `${id} ${JSON.stringify(data)}`)).size,
        180,
        'and with one content each, by which a repeated request is recognized',
      );
      assert.deepEqual(
        app.reports().map(({ dryRun, requested }) => [dryRun, requested]),
        [
          [true, 180],
          [false, 180],
        ],
      );
    });
  }

  it('a message that is delivered again is no second approval', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    const runId = await app.sweep();
    await app.approve(runId);
    await app.approve(runId);
    assert.deepEqual([app.cancelled(), app.answers()], [['a'], []]);
  });

  it('an approval whose function dies before its first message is scheduled continues when it is delivered again', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    const runId = await app.sweep();
    app.scheduler.failWith(new Failure('Unavailable', 'it died'));
    await assert.rejects(app.approve(runId), /it died/);
    app.scheduler.failWith(undefined);
    assert.deepEqual(app.cancels(), []);
    await app.approve(runId);
    assert.deepEqual([app.cancelled(), app.answers()], [['a'], []]);
  });

  it('the list is that of the report where a repeated delivery finds other operations', async () => {
    const lists = { now: pagesOf(['a', 'gone'], ['c']) };
    const app = createApprovalApp((url) => lists.now(url), { pageMs: 20_000 });
    await app.begin({ sweep: 'nightly' });
    const [first] = app.scheduler.sent;
    assert.ok(first);
    // It dies between the part of its list and the message that continues the run.
    app.scheduler.failWith(new Failure('Unavailable', 'it died'));
    await assert.rejects(app.deliver(first.event), /it died/);
    app.scheduler.failWith(undefined);
    lists.now = pagesOf(['a', 'new'], ['c']);
    await app.drain();
    const [report] = app.reports();
    assert.deepEqual(report?.operations, [full('a'), full('new'), full('c')]);
    await app.approve(report.runId);
    assert.deepEqual(app.cancelled().sort(), ['a', 'c', 'new']);
  });

  it('the list is that of the report where the function dies between the two', async () => {
    const lists = { now: pagesOf(['a', 'gone']) };
    const app = createApprovalApp((url) => lists.now(url));
    // Two requests of the dry run are published, and not the report.
    app.publisher.failWith(new Failure('Unavailable', 'it died'), 2);
    await app.begin({ sweep: 'nightly' });
    await app.drain(async (event) => {
      try {
        await app.deliver(event);
      } catch {
        app.publisher.heal();
        lists.now = pagesOf(['a', 'new']);
        await app.deliver(event);
      }
    });
    const [report] = app.reports();
    await app.approve(report?.runId ?? '');
    assert.deepEqual(
      app.cancelled().map((id) => full(id ?? '')),
      report?.operations,
    );
  });

  it('a run that is begun twice can be approved by the report whose list is kept, and not by the other', async () => {
    const lists = { now: pagesOf(['a', 'gone']) };
    const app = createApprovalApp((url) => lists.now(url));
    await app.begin({ sweep: 'nightly' });
    const [first] = app.scheduler.sent;
    assert.ok(first);
    await app.deliver(first.event);
    lists.now = pagesOf(['a', 'new', 'newer']);
    await app.deliver(first.event);
    const ends = app.scheduler.sent.slice(-2).map(({ event }) => event);
    for (const event of [...ends, ...ends]) await app.deliver(event);
    assert.deepEqual(
      app.reports().map(({ requested, approval }) => [requested, approval !== undefined]),
      [
        [2, true],
        [3, false],
        [2, true],
        [3, false],
      ],
    );
    await app.approve(app.reports()[0]?.runId ?? '');
    assert.deepEqual(app.cancelled(), ['a', 'gone']);
  });

  it('an approval whose list is lost in the middle ends with an incomplete report', async () => {
    const { store, lose } = openStore();
    const app = createApprovalApp(pagesOf(['a']), { eventStore: store });
    const runId = await app.sweep();
    lose('part');
    await app.approve(runId);
    const report = app.reports().at(-1);
    assert.deepEqual([app.cancels(), report?.complete, report?.operations], [[], false, []]);
    assert.match(report?.detail ?? '', /a cancel was requested for 0\. It ended early: the rest of the list/);
  });

  it('an approval that is dead-lettered ends with an incomplete report', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    const runId = await app.sweep();
    await app.begin({ approve: runId }, undefined, 'm2');
    const step = app.scheduler.sent.at(-1);
    assert.ok(step);
    const attributes = {
      ...attributesOf(step.event),
      CloudPubSubDeadLetterSourceSubscription: 's',
      CloudPubSubDeadLetterSourceDeliveryCount: '100',
    };
    await app.handle(fromDeadLetters(pushBody(step.event.data, attributes)));
    const report = app.reports().at(-1);
    assert.deepEqual([report?.dryRun, report?.complete, report?.requested], [false, false, 0]);
    assert.match(report?.failures[0]?.message ?? '', /Pub\/Sub gave up after 100 deliveries/);
    assert.deepEqual(app.answers(), []);
  });
});

const fromDeadLetters = (body: object) => ({
  id: 'm1',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source: '//pubsub.googleapis.com/projects/my-project/topics/lro-cancel-dead-letters',
  specversion: '1.0',
  data: body,
});

describe('the messages of lists and approvals', () => {
  it('an entry of a list that is no longer kept is dropped without an answer', async () => {
    const { store, ofKind } = openStore();
    const app = createApprovalApp(pagesOf(['a']), { eventStore: store });
    await app.approve(await app.sweep());
    const published = app.publisher.published.length;
    for (const kind of ['begun', 'part', 'end', 'approval']) {
      const [event] = ofKind(kind);
      assert.ok(event);
      await app.deliver(event);
      await app.handle(fromDeadLetters(pushBody(event.data, attributesOf(event))));
    }
    assert.equal(app.publisher.published.length, published);
    const expired = app.lines.filter(({ event }) => event === 'run-list.expired');
    assert.deepEqual(
      expired.map(({ severity }) => severity),
      Array.from({ length: 8 }, () => 'DEBUG'),
    );
  });

  it('an entry that no run wrote is refused', async () => {
    const app = createApprovalApp(pagesOf([]));
    const event = {
      id: 'x',
      type: 'lro-cancel.run-list.v1',
      subject: 's',
      time: '2026-11-20T12:00:00Z',
    } as const;
    await app.deliver({ ...event, data: { runId: 'r', entry: 'part', startedAt: 'yesterday' } });
    assert.match(app.answers()[0]?.detail ?? '', /startedAt: must be an RFC 3339 timestamp/);
  });

  it('a forged message of an approval that nobody gave requests nothing', async () => {
    const { store, ofKind } = openStore();
    const app = createApprovalApp(pagesOf(['a']), { eventStore: store });
    const runId = await app.sweep();
    const part = ofKind('part')[0]?.id;
    const event = {
      id: 'x',
      type: 'lro-cancel.approval.v1',
      subject: 's',
      time: '2026-11-20T12:00:00Z',
    } as const;
    await app.deliver({ ...event, data: { runId, step: 0, part, offset: 0, requested: 0 } });
    assert.deepEqual(app.cancels(), []);
    assert.match(app.answers()[0]?.detail ?? '', /runId: names no run that was approved/);
  });

  it('a forged message cannot bring the list of another run under an approval', async () => {
    const { store, ofKind } = openStore();
    const app = createApprovalApp(pagesOf(['a']), { eventStore: store });
    const runId = await app.sweep();
    await app.sweep({ sweep: 'nightly' }, 'other');
    await app.approve(runId);
    const other = ofKind('part').find(({ data }) => (data as { runId: string }).runId !== runId);
    assert.ok(other);
    const cancels = app.cancels().length;
    const event = {
      id: 'x',
      type: 'lro-cancel.approval.v1',
      subject: 's',
      time: '2026-11-20T12:00:00Z',
    } as const;
    await app.deliver({ ...event, data: { runId, step: 9, part: other.id, offset: 0, requested: 0 } });
    assert.equal(app.cancels().length, cancels);
  });

  it('an operation that is shown by two lists under one rule is kept once', async () => {
    const [target] = APPROVABLE.targets;
    const app = createApprovalApp(() => page([entry('a', 30)]), {
      sweeps: { nightly: { ...APPROVABLE, targets: [target, target] } },
    });
    await app.approve(await app.sweep());
    assert.deepEqual(app.cancelled(), ['a']);
  });
});
