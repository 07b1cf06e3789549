import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWorld } from '../../bench/simulation/world.ts';
import type { Answer, Postponed } from '../../src/core/answer.ts';
import { FIRST_IN_FLIGHT, LONGEST_CLOSURE_MS } from '../../src/core/pace.ts';
import { createPacing } from '../../src/pacing.ts';
import type { Turn } from '../../src/pacing.ts';
import { NOON_MS, OK, status } from '../fakes.ts';

const LATENCY_MS = 100;
const throttled = (retryAfter?: string) => status(429, 'RESOURCE_EXHAUSTED', [], retryAfter);

/** As many as it takes to tell that it is the service that refuses. */
const REFUSED = { count: 4 };

/** Calls through one pacing, in virtual time; each remembers when it was made. */
function createScene() {
  const world = createWorld(1, NOON_MS);
  const now = () => world.now() - NOON_MS;
  const clock = {
    now: () => world.now(),
    sleep: (delayMs: number) => new Promise<void>((resolve) => world.after(delayMs, resolve)),
  };
  const logged: string[] = [];
  // No jitter.
  const pacing = createPacing({ clock, random: () => 0, log: (_s, event) => void logged.push(event) });
  const made: number[] = [];
  const ended: (Answer | Postponed)[] = [];
  let operations = 0;
  const call = async (answer: Answer | Error, turn: Partial<Turn> = {}) => {
    const answered = await pacing(
      {
        host: 'notebooks.googleapis.com',
        kind: 'cancel',
        // Each another, unless it is said.
        operation: `operation-${(operations += 1)}`,
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
    return answered;
  };
  return {
    made,
    ended,
    logged,
    /** When those were made that came after the first. */
    madeAfterRefusal: () => made.filter((atMs) => atMs > 0),
    /** Makes calls at a time, in milliseconds from the start. */
    at: (atMs: number, answer: Answer | Error, options: { count?: number } & Partial<Turn> = {}) => {
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
    const scene = createScene();
    scene.at(0, OK, { count: 1_000 });
    await scene.run();
    const madeAt = (atMs: number) => scene.made.filter((one) => one === atMs).length;
    assert.equal(madeAt(0), FIRST_IN_FLIGHT);
    assert.equal(madeAt(LATENCY_MS), 2 * FIRST_IN_FLIGHT);
    assert.equal(scene.made.length, 1_000);
  });

  it('closes the way for as long as the service asks, tries one, and then lets the others follow', async () => {
    const scene = createScene();
    scene.at(0, throttled('7'), REFUSED);
    scene.at(200, OK, { count: 5 });
    await scene.run();
    const [probe = 0, next = 0] = scene.madeAfterRefusal();
    assert.equal(probe, LATENCY_MS + 7_000);
    assert.ok(next >= probe + LATENCY_MS, `${next}`);
    assert.equal(scene.madeAfterRefusal().length, 5);
    assert.deepEqual(scene.logged, ['pace.slowed']);
  });

  it('closes it twice as long each time, where the service does not say for how long', async () => {
    const scene = createScene();
    scene.at(0, throttled(), REFUSED);
    for (const atMs of [200, 300, 400]) scene.at(atMs, throttled());
    await scene.run();
    assert.deepEqual(scene.madeAfterRefusal(), [1_100, 3_200, 7_300]);
  });

  it('takes refusals of calls that were under way together for one', async () => {
    const scene = createScene();
    scene.at(0, throttled('2'), { count: 50 });
    scene.at(200, OK);
    await scene.run();
    assert.equal(scene.made.at(-1), LATENCY_MS + 2_000);
    assert.deepEqual(scene.logged, ['pace.slowed']);
  });

  it('asks no longer than the shortest time of several', async () => {
    const scene = createScene();
    scene.at(0, throttled('30'));
    scene.at(10, throttled('3'), REFUSED);
    scene.at(20, throttled('40'));
    scene.at(200, OK);
    await scene.run();
    assert.equal(scene.made.at(-1), 20 + LATENCY_MS + 3_000);
  });

  it('is closed for a minute at most, whatever the service asks', async () => {
    const scene = createScene();
    scene.at(0, throttled('86400'), REFUSED);
    scene.at(LATENCY_MS + LONGEST_CLOSURE_MS - 5_000, OK);
    await scene.run();
    assert.equal(scene.made.at(-1), LATENCY_MS + LONGEST_CLOSURE_MS);
  });

  it('holds nobody for longer than a while: who cannot be served so soon is told when to come back', async () => {
    const scene = createScene();
    scene.at(0, throttled('30'), REFUSED);
    scene.at(200, OK);
    await scene.run();
    assert.deepEqual(scene.madeAfterRefusal(), []);
    const [answer] = scene.ended.filter(({ kind }) => kind === 'postponed') as Postponed[];
    assert.ok(answer !== undefined && answer.waitMs >= 29_900 && answer.waitMs < 60_000, `${answer?.waitMs}`);
    assert.equal(answer.error.httpStatus, 429);
  });

  it('postpones nobody past the deadline, and calls at once what cannot wait any more', async () => {
    const scene = createScene();
    scene.at(0, throttled('60'), REFUSED);
    scene.at(200, OK, { deadlineMs: NOON_MS + 30_000 });
    scene.at(300, OK, { deadlineMs: NOON_MS + 1_500 });
    await scene.run();
    assert.deepEqual(scene.madeAfterRefusal(), [300]);
    const [answer] = scene.ended.filter(({ kind }) => kind === 'postponed') as Postponed[];
    assert.ok(answer !== undefined && 200 + answer.waitMs < 30_000, `${answer?.waitMs}`);
  });

  describe('with an operation that is refused again and again', () => {
    it('holds up no other', async () => {
      const scene = createScene();
      for (let atMs = 0; atMs < 20_000; atMs += 500) {
        scene.at(atMs, throttled('600'), { operation: 'poison' });
        scene.at(atMs + 250, OK);
      }
      await scene.run();
      assert.equal(scene.made.length, 80);
      assert.deepEqual(scene.logged, []);
    });

    it('lets another try whether the way is open', async () => {
      const scene = createScene();
      scene.at(-100, throttled('1'), { operation: 'poison' });
      scene.at(0, throttled('1'), { count: 3 });
      scene.at(200, throttled('600'), { operation: 'poison' });
      scene.at(300, OK);
      await scene.run();
      assert.equal(scene.made.at(-1), 1_100 + LATENCY_MS);
    });

    it('is closed where that is refused too', async () => {
      const scene = createScene();
      scene.at(0, throttled('1'), { operation: 'poison' });
      scene.at(0, throttled('1'), { count: 3 });
      scene.at(200, throttled('2'), { operation: 'poison' });
      scene.at(300, throttled('3'));
      scene.at(400, OK);
      await scene.run();
      assert.equal(scene.made.at(-1), 1_100 + 2 * LATENCY_MS + 3_000);
    });
  });

  it('is not slowed by a few refusals among many that are taken', async () => {
    const scene = createScene();
    for (let atMs = 0; atMs < 20_000; atMs += 500) {
      scene.at(atMs, throttled('600'));
      scene.at(atMs + 50, OK, { count: 8 });
    }
    await scene.run();
    assert.deepEqual(scene.logged, []);
  });

  for (const [title, turn] of [
    ['another service', { host: 'dialogflow.googleapis.com' }],
    ['what only looks', { kind: 'get' }],
  ] as const) {
    it(`does not hold back ${title}`, async () => {
      const scene = createScene();
      scene.at(0, throttled('60'), REFUSED);
      scene.at(200, OK, turn);
      await scene.run();
      assert.deepEqual(scene.madeAfterRefusal(), [200]);
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
  ] as const satisfies [string, Answer | Error, boolean][]) {
    it(`${isHeld ? 'is slowed' : 'is not slowed'} by ${title}`, async () => {
      const scene = createScene();
      scene.at(0, answer, REFUSED);
      scene.at(1_000, OK);
      await scene.run();
      assert.deepEqual(scene.madeAfterRefusal(), [isHeld ? LATENCY_MS + 9_000 : 1_000]);
    });
  }

  it('gives the place of a call that threw to the next', async () => {
    const scene = createScene();
    scene.at(0, new Error('no token'), { count: FIRST_IN_FLIGHT });
    scene.at(50, OK, { count: FIRST_IN_FLIGHT });
    await scene.run();
    assert.equal(scene.made.filter((one) => one === LATENCY_MS).length, FIRST_IN_FLIGHT);
  });

  it('tries another when the one that was to try the way had no answer', async () => {
    const scene = createScene();
    scene.at(0, throttled('1'), REFUSED);
    scene.at(200, { kind: 'no-answer', timedOut: true, problem: '' });
    scene.at(300, OK);
    await scene.run();
    assert.deepEqual(scene.madeAfterRefusal(), [1_100, 1_100 + LATENCY_MS]);
  });

  it('forgets in time', async () => {
    const scene = createScene();
    scene.at(0, throttled('1'), REFUSED);
    scene.at(2_000, OK);
    scene.at(120_000, OK, { count: FIRST_IN_FLIGHT });
    await scene.run();
    assert.equal(scene.made.filter((one) => one === 120_000).length, FIRST_IN_FLIGHT);
  });
});
