import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWorld } from '../support/virtual-time.ts';
import type { CallResult, ServiceResponse, Postponed } from '../../src/resources/response.ts';
import { INITIAL_CONCURRENCY } from '../../src/calls/in-flight.ts';
import type { CallRequest } from '../../src/calls/call-queue.ts';
import { createRateLimiter } from '../../src/calls/rate-limiter.ts';
import { sendWithRetry } from '../../src/calls/send-with-retry.ts';
import { anOperation, NOON_MS, OK, status } from '../support/fakes.ts';

const LATENCY_MS = 100;
const throttled = (retryAfter?: string) => status(429, 'RESOURCE_EXHAUSTED', [], retryAfter);

const POISON = anOperation({ fullResourceName: 'poison' });
/** Operations that were throttled before are not sent on trial: they wait for the end of a pause. */
const KNOWN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((name) =>
  anOperation({ fullResourceName: name }),
);
/** The number of throttled calls after which calls are paused. */
const ENOUGH = { count: 4 };
const PATIENT = { startByMs: NOON_MS + 600_000 };

/** Calls through one rate limiter in virtual time; each is sent at most once, and its time is recorded. */
function createScenario(options: { readonly random?: number } = {}) {
  const world = createWorld(1, NOON_MS);
  const now = () => world.now() - NOON_MS;
  const clock = {
    now: () => world.now(),
    sleep: (delayMs: number) => new Promise<void>((resolve) => world.after(delayMs, resolve)),
  };
  const logged: string[] = [];
  // No jitter.
  const random = () => options.random ?? 0;
  const limiter = createRateLimiter({
    clock,
    random,
    log: (_severity, event) => void logged.push(event),
  });
  const sent: number[] = [];
  const ended: (CallResult | Postponed)[] = [];
  const endedAt: number[] = [];
  let operations = 0;
  const call = async (response: ServiceResponse | Error, changes: Partial<CallRequest> = {}) => {
    const { result } = await sendWithRetry(
      {
        limiter,
        request: {
          kind: 'cancel',
          // Each call is for a new operation, unless one is given.
          operation: anOperation({ fullResourceName: `operation-${(operations += 1)}` }),
          postponements: 0,
          wasAttempted: false,
          startByMs: world.now() + 20_000,
          deadlineMs: NOON_MS + 900_000,
          ...changes,
        },
        attemptTimeoutMs: 10_000,
        send: async () => {
          sent.push(now());
          await clock.sleep(LATENCY_MS);
          if (response instanceof Error) throw response;
          return response;
        },
      },
      { clock, random },
    );
    ended.push(result);
    endedAt.push(now());
  };
  return {
    sent,
    endedAt,
    postponed: () => ended.filter((one): one is Postponed => one.kind === 'postponed'),
    logged,
    /** The times of the calls that were sent after the first ones. */
    sentLater: () => sent.filter((atMs) => atMs > 0),
    /** Makes calls at a time, in milliseconds from the start. */
    at: (
      atMs: number,
      response: ServiceResponse | Error,
      options: { count?: number } & Partial<CallRequest> = {},
    ) => {
      const { count = 1, ...request } = options;
      world.after(atMs, () => {
        for (let index = 0; index < count; index += 1) void call(response, request).catch(() => undefined);
      });
    },
    run: () => world.run(NOON_MS + 3_600_000, 1_000_000),
  };
}

describe('the rate limiter', () => {
  it('the rate limiter starts 64 calls before the first response, and 128 after it', async () => {
    const scenario = createScenario();
    scenario.at(0, OK, { count: 1_000 });
    await scenario.run();
    const madeAt = (atMs: number) => scenario.sent.filter((one) => one === atMs).length;
    assert.equal(madeAt(0), INITIAL_CONCURRENCY);
    assert.equal(madeAt(LATENCY_MS), 2 * INITIAL_CONCURRENCY);
    assert.equal(scenario.sent.length, 1_000);
  });

  it('the rate limiter pauses calls for a second, sends one as a probe, and then lets the others follow', async () => {
    const scenario = createScenario();
    scenario.at(0, throttled('7'), ENOUGH);
    scenario.at(200, OK, { count: 5 });
    await scenario.run();
    const [probe = 0, next = 0] = scenario.sentLater();
    assert.equal(probe, LATENCY_MS + 1_000);
    assert.ok(next >= probe + LATENCY_MS, `${next}`);
    assert.equal(scenario.sentLater().length, 5);
    assert.deepEqual(scenario.logged, ['calls.throttled']);
  });

  it('repeated pauses approach the wait that the service asks for, up to a minute', async () => {
    const scenario = createScenario();
    for (const operation of KNOWN) scenario.at(0, throttled('86400'), { operation });
    for (const operation of KNOWN) scenario.at(200, throttled('86400'), { ...PATIENT, operation });
    await scenario.run();
    const pausesMs = scenario
      .sentLater()
      .map((atMs, index, all) => atMs - (all[index - 1] ?? 0) - LATENCY_MS);
    // Each time another operation probes too, as the first may have a limit of its own.
    assert.deepEqual(pausesMs, [1_000, 0, 4_000, 0, 16_000, 0, 60_000, 0, 60_000, 0]);
  });

  it('the rate limiter pauses calls for no longer than the service asks', async () => {
    const scenario = createScenario();
    for (const operation of KNOWN) scenario.at(0, throttled('7'), { operation });
    for (const operation of KNOWN.slice(0, 6)) scenario.at(200, throttled('7'), { ...PATIENT, operation });
    await scenario.run();
    assert.deepEqual(scenario.sentLater(), [1_100, 1_200, 5_300, 5_400, 12_500, 12_600]);
  });

  it('the rate limiter doubles each pause if the service names no wait', async () => {
    const scenario = createScenario();
    for (const operation of KNOWN) scenario.at(0, throttled(), { operation });
    for (const operation of KNOWN.slice(0, 6)) scenario.at(200, throttled(), { ...PATIENT, operation });
    await scenario.run();
    assert.deepEqual(scenario.sentLater(), [1_100, 1_200, 3_300, 3_400, 7_500, 7_600]);
  });

  it('the rate limiter adds up to a fifth to a pause, so that instances do not resume together', async () => {
    const scenario = createScenario({ random: 0.5 });
    scenario.at(0, throttled('1'), ENOUGH);
    scenario.at(200, OK);
    await scenario.run();
    assert.deepEqual(scenario.sentLater(), [1_200]);
  });

  it('throttled calls that were in flight together start one pause', async () => {
    const scenario = createScenario();
    scenario.at(0, throttled('2'), { count: 50 });
    scenario.at(200, OK);
    await scenario.run();
    assert.equal(scenario.sent.at(-1), LATENCY_MS + 1_000);
    assert.deepEqual(scenario.logged, ['calls.throttled']);
  });

  it('the rate limiter pauses calls for the shortest of several requested waits', async () => {
    const scenario = createScenario();
    const soon = status(429, 'RESOURCE_EXHAUSTED', [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.4s' },
    ]);
    scenario.at(0, throttled('30'));
    scenario.at(10, soon, { count: 2 });
    scenario.at(20, throttled('40'), { count: 5 });
    scenario.at(200, OK);
    await scenario.run();
    assert.equal(scenario.sent.at(-1), 20 + LATENCY_MS + 400);
  });

  it('the rate limiter postpones a call that cannot start in time', async () => {
    const scenario = createScenario();
    scenario.at(0, throttled('30'), ENOUGH);
    scenario.at(200, OK, { startByMs: NOON_MS + 1_000 });
    await scenario.run();
    assert.deepEqual(scenario.sentLater(), []);
    const [answer] = scenario.postponed();
    assert.ok(answer !== undefined && answer.waitMs >= 900 && answer.waitMs < 40_000, `${answer?.waitMs}`);
    assert.equal(answer.error.httpStatus, 429);
  });

  it('the rate limiter postpones queued calls when a pause starts that lasts longer than they can wait', async () => {
    const scenario = createScenario();
    scenario.at(0, throttled('30'), ENOUGH);
    scenario.at(0, throttled('30'), { operation: POISON });
    scenario.at(200, throttled('30'));
    scenario.at(300, OK, { operation: POISON, startByMs: NOON_MS + 3_000 });
    await scenario.run();
    assert.equal(scenario.postponed().length, 1);
    assert.equal(scenario.endedAt.at(-1), 1_100 + LATENCY_MS);
  });

  describe('the rate limiter shortly before the deadline of a call', () => {
    for (const [title, changes, isSent] of [
      ['sends a first attempt at once', { deadlineMs: NOON_MS + 2_200 }, true],
      ['postpones a first attempt that still has time', { deadlineMs: NOON_MS + 2_300 }, false],
      [
        'sends a first attempt at once that was postponed before',
        { deadlineMs: NOON_MS + 20_000, postponements: 1 },
        true,
      ],
      ['postpones a call that was sent before', { deadlineMs: NOON_MS + 300, wasAttempted: true }, false],
      [
        'sends a call at the deadline that was sent before',
        { deadlineMs: NOON_MS + 200, wasAttempted: true },
        true,
      ],
    ] as const satisfies [string, Partial<CallRequest>, boolean][]) {
      it(`the rate limiter, shortly before the deadline of a call, ${title}`, async () => {
        const scenario = createScenario();
        scenario.at(0, throttled('60'), ENOUGH);
        scenario.at(200, OK, { startByMs: NOON_MS + 250, ...changes });
        await scenario.run();
        assert.deepEqual(scenario.sentLater(), isSent ? [200] : []);
        const latestMs = changes.deadlineMs - NOON_MS - 200;
        assert.ok(scenario.postponed().every(({ waitMs }) => waitMs >= 0 && waitMs <= latestMs));
        assert.equal(scenario.postponed().length, isSent ? 0 : 1);
      });
    }
  });

  describe('an operation that is throttled again and again', () => {
    it('an operation that is throttled again and again does not delay calls for other operations', async () => {
      const scenario = createScenario();
      for (let atMs = 0; atMs < 20_000; atMs += 500) {
        scenario.at(atMs, throttled('600'), { operation: POISON });
        scenario.at(atMs + 250, OK);
      }
      await scenario.run();
      assert.equal(scenario.sent.length, 80);
      assert.deepEqual(scenario.logged, []);
    });

    it('a throttled probe of an operation that was throttled before is followed by another probe', async () => {
      const scenario = createScenario();
      scenario.at(-100, throttled('1'), { operation: POISON });
      scenario.at(0, throttled('1'), { count: 3 });
      scenario.at(0, throttled('1'), { operation: KNOWN[0] ?? POISON });
      scenario.at(200, throttled('600'), { operation: POISON });
      scenario.at(300, OK, { operation: KNOWN[0] ?? POISON });
      await scenario.run();
      assert.equal(scenario.sent.at(-1), 1_100 + LATENCY_MS);
    });

    it('the rate limiter pauses calls again when the second probe is throttled too', async () => {
      const scenario = createScenario();
      scenario.at(0, throttled('1'), { operation: POISON });
      for (const operation of KNOWN) scenario.at(0, throttled('1'), { operation });
      scenario.at(200, throttled('2'), { operation: POISON });
      scenario.at(300, throttled('3'), { operation: KNOWN[0] ?? POISON });
      scenario.at(400, OK, { operation: KNOWN[1] ?? POISON });
      await scenario.run();
      assert.equal(scenario.sent.at(-1), 1_100 + 2 * LATENCY_MS + 3_000);
    });
  });

  it('the rate limiter does not slow down for a few throttled calls among many accepted ones', async () => {
    const scenario = createScenario();
    for (let atMs = 0; atMs < 20_000; atMs += 500) {
      scenario.at(atMs, throttled('600'));
      scenario.at(atMs + 50, OK, { count: 8 });
    }
    await scenario.run();
    assert.deepEqual(scenario.logged, []);
  });

  for (const [title, changes] of [
    ['calls to another service of the same host', { operation: anOperation({ service: 'other' }) }],
    ['calls to another service', { operation: anOperation({ host: 'dialogflow.googleapis.com' }) }],
    ['calls for another project', { operation: anOperation({ project: 'other' }) }],
    ['calls that only read', { kind: 'get' }],
  ] as const) {
    it(`the rate limiter does not delay ${title}`, async () => {
      const scenario = createScenario();
      scenario.at(0, throttled('60'), ENOUGH);
      scenario.at(200, OK, changes);
      await scenario.run();
      assert.deepEqual(scenario.sentLater(), [200]);
    });
  }

  const exhausted = [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' },
  ];
  for (const [title, response, pauses] of [
    ['a 503 with Retry-After', status(503, 'UNAVAILABLE', [], '9'), true],
    ['a 503 without Retry-After', status(503, 'UNAVAILABLE'), false],
    ['a 500', status(500, 'INTERNAL'), false],
    ['a quota that does not refill soon', status(429, 'RESOURCE_EXHAUSTED', exhausted, '9'), false],
    ['a connection that failed', { kind: 'not-sent', problem: 'ECONNENOUGH' } as const, false],
    ['a call without a response', { kind: 'no-answer', timedOut: true, problem: '' } as const, false],
    ['a call that threw', new Error('no token'), false],
  ] as const satisfies [string, ServiceResponse | Error, boolean][]) {
    it(`the rate limiter ${pauses ? 'pauses' : 'does not pause'} calls after ${title}`, async () => {
      const scenario = createScenario();
      scenario.at(0, response, ENOUGH);
      scenario.at(500, OK);
      await scenario.run();
      assert.deepEqual(scenario.sentLater(), [pauses ? LATENCY_MS + 1_000 : 500]);
    });
  }

  it('the rate limiter starts the next call when one throws', async () => {
    const scenario = createScenario();
    scenario.at(0, new Error('no token'), { count: INITIAL_CONCURRENCY });
    scenario.at(50, OK, { count: INITIAL_CONCURRENCY });
    await scenario.run();
    assert.equal(scenario.sent.filter((one) => one === LATENCY_MS).length, INITIAL_CONCURRENCY);
  });

  it('the rate limiter sends another probe when no response came for the first', async () => {
    const scenario = createScenario();
    scenario.at(0, throttled('1'), ENOUGH);
    scenario.at(200, OK);
    scenario.at(300, { kind: 'no-answer', timedOut: true, problem: '' });
    await scenario.run();
    assert.deepEqual(scenario.sentLater(), [1_100, 1_100 + LATENCY_MS]);
  });

  it('the rate limiter counts a throttled operation again if it was accepted in between', async () => {
    const scenario = createScenario();
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

  it('the rate limiter does not count calls that were throttled more than ten seconds ago', async () => {
    const scenario = createScenario();
    scenario.at(0, throttled('1'), { count: 3 });
    scenario.at(15_000, throttled('1'));
    await scenario.run();
    assert.deepEqual(scenario.logged, []);
  });

  it('the rate limiter counts a 404 as an accepted call', async () => {
    const scenario = createScenario();
    scenario.at(0, status(404, 'NOT_FOUND'), { count: 1_000 });
    await scenario.run();
    assert.equal(scenario.sent.filter((one) => one === LATENCY_MS).length, 2 * INITIAL_CONCURRENCY);
  });

  it('the rate limiter does not count a call as accepted that was not sent because it had no credential', async () => {
    const scenario = createScenario();
    scenario.at(0, { kind: 'denied', httpStatus: 403, problem: 'no token' }, { count: 1_000 });
    await scenario.run();
    assert.equal(scenario.sent.filter((one) => one === LATENCY_MS).length, INITIAL_CONCURRENCY);
  });

  it('the rate limiter starts 64 calls at once again after a time without calls', async () => {
    const scenario = createScenario();
    scenario.at(0, OK, { count: 1_000 });
    scenario.at(60_000, OK, { count: 1_000 });
    await scenario.run();
    assert.equal(scenario.sent.filter((one) => one === 60_000).length, INITIAL_CONCURRENCY);
  });

  it('the rate limiter starts the next call when one throws synchronously', async () => {
    const clock = { now: () => NOON_MS, sleep: () => Promise.resolve() };
    const limiter = createRateLimiter({ clock, random: () => 0, log: () => undefined });
    const send = (sendOnce: () => Promise<ServiceResponse>) =>
      sendWithRetry(
        {
          limiter,
          request: {
            kind: 'cancel',
            operation: anOperation(),
            startByMs: NOON_MS + 1_000,
            deadlineMs: NOON_MS + 1_000,
            postponements: 0,
            wasAttempted: false,
          },
          attemptTimeoutMs: 10_000,
          send: sendOnce,
        },
        { clock, random: () => 0 },
      );
    for (let count = 0; count < 2 * INITIAL_CONCURRENCY; count += 1) {
      await assert.rejects(
        send(() => {
          throw new Error('at once');
        }),
      );
    }
    assert.equal((await send(() => Promise.resolve(OK))).result.kind, 'ok');
  });

  it('the rate limiter forgets the learned rate after a minute', async () => {
    const scenario = createScenario();
    scenario.at(0, throttled('1'), ENOUGH);
    scenario.at(2_000, OK);
    scenario.at(120_000, OK, { count: INITIAL_CONCURRENCY });
    await scenario.run();
    assert.equal(scenario.sent.filter((one) => one === 120_000).length, INITIAL_CONCURRENCY);
  });
});
