import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWorld } from '../support/virtual-time.ts';
import type { ServiceResponse, Postponed } from '../../src/resources/response.ts';
import { FIRST_IN_FLIGHT } from '../../src/calls/adaptive-rate.ts';
import { createRateLimiter } from '../../src/calls/rate-limiter.ts';
import type { CallRequest } from '../../src/calls/turn.ts';
import { anOperation, NOON_MS, OK, status } from '../support/fakes.ts';

const LATENCY_MS = 100;
const throttled = (retryAfter?: string) => status(429, 'RESOURCE_EXHAUSTED', [], retryAfter);

const POISON = anOperation({ fullResourceName: 'poison' });
/** As many as it takes to tell that it is the service that refuses. */
const REFUSED = { count: 4 };
const PATIENT = { startByMs: NOON_MS + 600_000 };

/** Calls through one pacing, in virtual time; each remembers when it was made. */
function createScene(options: { readonly random?: number } = {}) {
  const world = createWorld(1, NOON_MS);
  const now = () => world.now() - NOON_MS;
  const clock = {
    now: () => world.now(),
    sleep: (delayMs: number) => new Promise<void>((resolve) => world.after(delayMs, resolve)),
  };
  const logged: string[] = [];
  // No jitter.
  const pacing = createRateLimiter({
    clock,
    random: () => options.random ?? 0,
    log: (_s, event) => void logged.push(event),
  });
  const made: number[] = [];
  const ended: (ServiceResponse | Postponed)[] = [];
  const endedAt: number[] = [];
  let operations = 0;
  const call = async (answer: ServiceResponse | Error, turn: Partial<CallRequest> = {}) => {
    const answered = await pacing(
      {
        kind: 'cancel',
        // Each another, unless it is said.
        operation: anOperation({ fullResourceName: `operation-${(operations += 1)}` }),
        postponements: 0,
        wasAttempted: false,
        startByMs: world.now() + 20_000,
        deadlineMs: NOON_MS + 900_000,
        ...turn,
      },
      async () => {
        made.push(now());
        await clock.sleep(LATENCY_MS);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    );
    ended.push(answered);
    endedAt.push(now());
    return answered;
  };
  return {
    made,
    endedAt,
    postponed: () => ended.filter((one): one is Postponed => one.kind === 'postponed'),
    logged,
    /** When those were made that came after the first. */
    madeAfterRefusal: () => made.filter((atMs) => atMs > 0),
    /** Makes calls at a time, in milliseconds from the start. */
    at: (
      atMs: number,
      answer: ServiceResponse | Error,
      options: { count?: number } & Partial<CallRequest> = {},
    ) => {
      const { count = 1, ...turn } = options;
      world.after(atMs, () => {
        for (let index = 0; index < count; index += 1) void call(answer, turn).catch(() => undefined);
      });
    },
    run: () => world.run(NOON_MS + 3_600_000, 1_000_000),
  };
}

describe('the pace of calls to a service', () => {
  it('begins no more than so many before the first are answered, and twice as many then', async () => {
    const scenario = createScene();
    scenario.at(0, OK, { count: 1_000 });
    await scenario.run();
    const madeAt = (atMs: number) => scenario.made.filter((one) => one === atMs).length;
    assert.equal(madeAt(0), FIRST_IN_FLIGHT);
    assert.equal(madeAt(LATENCY_MS), 2 * FIRST_IN_FLIGHT);
    assert.equal(scenario.made.length, 1_000);
  });

  it('closes the way for a second, tries one, and then lets the others follow', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('7'), REFUSED);
    scenario.at(200, OK, { count: 5 });
    await scenario.run();
    const [probe = 0, next = 0] = scenario.madeAfterRefusal();
    assert.equal(probe, LATENCY_MS + 1_000);
    assert.ok(next >= probe + LATENCY_MS, `${next}`);
    assert.equal(scenario.madeAfterRefusal().length, 5);
    assert.deepEqual(scenario.logged, ['calls.throttled']);
  });

  it('comes to believe the time that the service asks for, up to a minute', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('86400'), REFUSED);
    for (let atMs = 200; atMs < 700; atMs += 100) scenario.at(atMs, throttled('86400'), PATIENT);
    await scenario.run();
    const closedMs = scenario
      .madeAfterRefusal()
      .map((atMs, index, all) => atMs - (all[index - 1] ?? 0) - LATENCY_MS);
    assert.deepEqual(closedMs, [1_000, 4_000, 16_000, 60_000, 60_000]);
  });

  it('closes it for no longer than the service asks', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('7'), REFUSED);
    for (const atMs of [200, 300, 400]) scenario.at(atMs, throttled('7'), PATIENT);
    await scenario.run();
    assert.deepEqual(scenario.madeAfterRefusal(), [1_100, 5_200, 12_300]);
  });

  it('closes it twice as long each time, where the service does not say for how long', async () => {
    const scenario = createScene();
    scenario.at(0, throttled(), REFUSED);
    for (const atMs of [200, 300, 400]) scenario.at(atMs, throttled());
    await scenario.run();
    assert.deepEqual(scenario.madeAfterRefusal(), [1_100, 3_200, 7_300]);
  });

  it('adds up to a fifth, so that instances do not come back together', async () => {
    const scenario = createScene({ random: 0.5 });
    scenario.at(0, throttled('1'), REFUSED);
    scenario.at(200, OK);
    await scenario.run();
    assert.deepEqual(scenario.madeAfterRefusal(), [1_200]);
  });

  it('takes refusals of calls that were under way together for one', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('2'), { count: 50 });
    scenario.at(200, OK);
    await scenario.run();
    assert.equal(scenario.made.at(-1), LATENCY_MS + 1_000);
    assert.deepEqual(scenario.logged, ['calls.throttled']);
  });

  it('asks no longer than the shortest time of several', async () => {
    const scenario = createScene();
    const soon = status(429, 'RESOURCE_EXHAUSTED', [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.4s' },
    ]);
    scenario.at(0, throttled('30'));
    scenario.at(10, soon, { count: 2 });
    scenario.at(20, throttled('40'), { count: 5 });
    scenario.at(200, OK);
    await scenario.run();
    assert.equal(scenario.made.at(-1), 20 + LATENCY_MS + 400);
  });

  it('holds nobody for longer than it may: who cannot be served so soon is told when to come back', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('30'), REFUSED);
    scenario.at(200, OK, { startByMs: NOON_MS + 1_000 });
    await scenario.run();
    assert.deepEqual(scenario.madeAfterRefusal(), []);
    const [answer] = scenario.postponed();
    assert.ok(answer !== undefined && answer.waitMs >= 900 && answer.waitMs < 40_000, `${answer?.waitMs}`);
    assert.equal(answer.error.httpStatus, 429);
  });

  it('sends those away that stand in line already, when it closes for longer than they can stand', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('30'), REFUSED);
    scenario.at(200, throttled('30'));
    scenario.at(300, OK, { startByMs: NOON_MS + 3_000 });
    await scenario.run();
    assert.equal(scenario.postponed().length, 1);
    assert.equal(scenario.endedAt.at(-1), 1_100 + LATENCY_MS);
  });

  describe('shortly before the deadline', () => {
    for (const [title, turn, isMade] of [
      ['makes one at once that was never made', { deadlineMs: NOON_MS + 2_200 }, true],
      ['lets one wait that still has time', { deadlineMs: NOON_MS + 2_300 }, false],
      [
        'makes one at once that was postponed before',
        { deadlineMs: NOON_MS + 20_000, postponements: 1 },
        true,
      ],
      ['lets one wait that was made before', { deadlineMs: NOON_MS + 300, wasAttempted: true }, false],
      ['makes that one at the deadline', { deadlineMs: NOON_MS + 200, wasAttempted: true }, true],
    ] as const satisfies [string, Partial<CallRequest>, boolean][]) {
      it(title, async () => {
        const scenario = createScene();
        scenario.at(0, throttled('60'), REFUSED);
        scenario.at(200, OK, { startByMs: NOON_MS + 250, ...turn });
        await scenario.run();
        assert.deepEqual(scenario.madeAfterRefusal(), isMade ? [200] : []);
        const latestMs = turn.deadlineMs - NOON_MS - 200;
        assert.ok(scenario.postponed().every(({ waitMs }) => waitMs >= 0 && waitMs <= latestMs));
        assert.equal(scenario.postponed().length, isMade ? 0 : 1);
      });
    }
  });

  describe('with an operation that is refused again and again', () => {
    it('holds up no other', async () => {
      const scenario = createScene();
      for (let atMs = 0; atMs < 20_000; atMs += 500) {
        scenario.at(atMs, throttled('600'), { operation: POISON });
        scenario.at(atMs + 250, OK);
      }
      await scenario.run();
      assert.equal(scenario.made.length, 80);
      assert.deepEqual(scenario.logged, []);
    });

    it('lets another try whether the way is open', async () => {
      const scenario = createScene();
      scenario.at(-100, throttled('1'), { operation: POISON });
      scenario.at(0, throttled('1'), { count: 3 });
      scenario.at(200, throttled('600'), { operation: POISON });
      scenario.at(300, OK);
      await scenario.run();
      assert.equal(scenario.made.at(-1), 1_100 + LATENCY_MS);
    });

    it('is closed where that is refused too', async () => {
      const scenario = createScene();
      scenario.at(0, throttled('1'), { operation: POISON });
      scenario.at(0, throttled('1'), { count: 3 });
      scenario.at(200, throttled('2'), { operation: POISON });
      scenario.at(300, throttled('3'));
      scenario.at(400, OK);
      await scenario.run();
      assert.equal(scenario.made.at(-1), 1_100 + 2 * LATENCY_MS + 3_000);
    });
  });

  it('is not slowed by a few refusals among many that are taken', async () => {
    const scenario = createScene();
    for (let atMs = 0; atMs < 20_000; atMs += 500) {
      scenario.at(atMs, throttled('600'));
      scenario.at(atMs + 50, OK, { count: 8 });
    }
    await scenario.run();
    assert.deepEqual(scenario.logged, []);
  });

  for (const [title, turn] of [
    ['another service', { operation: anOperation({ host: 'dialogflow.googleapis.com' }) }],
    ['another project', { operation: anOperation({ project: 'other' }) }],
    ['what only looks', { kind: 'get' }],
  ] as const) {
    it(`does not hold back ${title}`, async () => {
      const scenario = createScene();
      scenario.at(0, throttled('60'), REFUSED);
      scenario.at(200, OK, turn);
      await scenario.run();
      assert.deepEqual(scenario.madeAfterRefusal(), [200]);
    });
  }

  const exhausted = [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' },
  ];
  for (const [title, answer, isHeld] of [
    ['a 503 that says for how long', status(503, 'UNAVAILABLE', [], '9'), true],
    ['a 503 that does not', status(503, 'UNAVAILABLE'), false],
    ['a 500', status(500, 'INTERNAL'), false],
    ['a quota that does not refill soon', status(429, 'RESOURCE_EXHAUSTED', exhausted, '9'), false],
    ['a connection that failed', { kind: 'not-sent', problem: 'ECONNREFUSED' } as const, false],
    ['a call without an answer', { kind: 'no-answer', timedOut: true, problem: '' } as const, false],
    ['a call that threw', new Error('no token'), false],
  ] as const satisfies [string, ServiceResponse | Error, boolean][]) {
    it(`${isHeld ? 'is slowed' : 'is not slowed'} by ${title}`, async () => {
      const scenario = createScene();
      scenario.at(0, answer, REFUSED);
      scenario.at(500, OK);
      await scenario.run();
      assert.deepEqual(scenario.madeAfterRefusal(), [isHeld ? LATENCY_MS + 1_000 : 500]);
    });
  }

  it('gives the place of a call that threw to the next', async () => {
    const scenario = createScene();
    scenario.at(0, new Error('no token'), { count: FIRST_IN_FLIGHT });
    scenario.at(50, OK, { count: FIRST_IN_FLIGHT });
    await scenario.run();
    assert.equal(scenario.made.filter((one) => one === LATENCY_MS).length, FIRST_IN_FLIGHT);
  });

  it('tries another when the one that was to try the way had no answer', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('1'), REFUSED);
    scenario.at(200, { kind: 'no-answer', timedOut: true, problem: '' });
    scenario.at(300, OK);
    await scenario.run();
    assert.deepEqual(scenario.madeAfterRefusal(), [1_100, 1_100 + LATENCY_MS]);
  });

  it('counts an operation that was taken since as another', async () => {
    const scenario = createScene();
    const four = ['a', 'b', 'c', 'd'].map((name) => anOperation({ fullResourceName: name }));
    scenario.at(0, OK, { count: 20 });
    for (const operation of four) {
      scenario.at(10, throttled('1'), { operation });
      scenario.at(1_000, OK, { operation });
      scenario.at(20_000, throttled('1'), { operation });
    }
    await scenario.run();
    assert.deepEqual(scenario.logged, ['calls.throttled']);
  });

  it('does not add up refusals of long ago', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('1'), { count: 3 });
    scenario.at(15_000, throttled('1'));
    await scenario.run();
    assert.deepEqual(scenario.logged, []);
  });

  it('takes whatever the service says of an operation for an answer', async () => {
    const scenario = createScene();
    scenario.at(0, status(404, 'NOT_FOUND'), { count: 1_000 });
    await scenario.run();
    assert.equal(scenario.made.filter((one) => one === LATENCY_MS).length, 2 * FIRST_IN_FLIGHT);
  });

  it('does not take a denial for one where nothing was asked', async () => {
    const scenario = createScene();
    scenario.at(0, { kind: 'denied', httpStatus: 403, problem: 'no token' }, { count: 1_000 });
    await scenario.run();
    assert.equal(scenario.made.filter((one) => one === LATENCY_MS).length, FIRST_IN_FLIGHT);
  });

  it('begins with as few again after a while without calls', async () => {
    const scenario = createScene();
    scenario.at(0, OK, { count: 1_000 });
    scenario.at(60_000, OK, { count: 1_000 });
    await scenario.run();
    assert.equal(scenario.made.filter((one) => one === 60_000).length, FIRST_IN_FLIGHT);
  });

  it('gives the place of a call that threw at once to the next', async () => {
    const pacing = createRateLimiter({
      clock: { now: () => NOON_MS, sleep: () => Promise.resolve() },
      random: () => 0,
      log: () => undefined,
    });
    const turn = {
      kind: 'cancel',
      operation: anOperation(),
      startByMs: NOON_MS + 1_000,
      deadlineMs: NOON_MS + 1_000,
      postponements: 0,
      wasAttempted: false,
    } as const;
    for (let count = 0; count < 2 * FIRST_IN_FLIGHT; count += 1) {
      await assert.rejects(async () =>
        pacing(turn, () => {
          throw new Error('at once');
        }),
      );
    }
    assert.equal(await pacing(turn, () => Promise.resolve(OK)), OK);
  });

  it('forgets in time', async () => {
    const scenario = createScene();
    scenario.at(0, throttled('1'), REFUSED);
    scenario.at(2_000, OK);
    scenario.at(120_000, OK, { count: FIRST_IN_FLIGHT });
    await scenario.run();
    assert.equal(scenario.made.filter((one) => one === 120_000).length, FIRST_IN_FLIGHT);
  });
});
