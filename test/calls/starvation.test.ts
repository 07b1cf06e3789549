import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSenders, refused } from './starvation.ts';
import type { Sender } from './starvation.ts';
import { createRateLimiter } from '../../src/calls/rate-limiter.ts';
import { status } from '../support/fakes.ts';
import { createRandom } from '../support/random.ts';

/** The contract: a call that its service would take is made within this time, whatever others meet. */
const MAX_WAIT_MS = 10_000;

const US: Pick<Sender, 'location'> = { location: 'us-central1' };
const EUROPE: Pick<Sender, 'location'> = { location: 'europe-west1' };
/** Cancels that come one by one, behind those that are there already. */
const ONE_BY_ONE = { count: 20, fromMs: 3_000, everyMs: 3_000, answer: 'accepted' } as const;
const AT_ONCE = { count: 40, fromMs: 500, answer: 'accepted' } as const;
const LONG = refused('600');
const exhausted = status(429, 'RESOURCE_EXHAUSTED', [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' },
]);

describe('calls that their service would take, beside others of the same host and project', () => {
  for (const [title, others, own] of [
    [
      'six refused ones of another location',
      [{ count: 6, ...US, answer: refused() }],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'thirty refused ones of another location',
      [{ count: 30, ...US, answer: refused() }],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'thirty refused ones with a long Retry-After',
      [{ count: 30, ...US, answer: LONG }],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'thirty that are asked to wait 5 s',
      [{ count: 30, ...US, answer: refused('5') }],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'thirty answered by 503 with Retry-After',
      [{ count: 30, ...US, answer: refused('7', 503) }],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'four hundred refused ones of another location',
      [{ count: 400, ...US, answer: refused() }],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'four hundred refused ones of another location, all at once',
      [{ count: 400, ...US, answer: refused('2') }],
      { ...EUROPE, ...AT_ONCE },
    ],
    [
      'refused ones that keep coming',
      [{ count: 600, everyMs: 100, ...US, answer: refused() }],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'refused ones of two other locations',
      [
        { count: 50, ...US, answer: refused() },
        { count: 50, location: 'asia-east1', answer: LONG },
      ],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'thirty refused ones of the same location',
      [{ count: 30, ...US, answer: refused() }],
      { ...US, ...ONE_BY_ONE },
    ],
    [
      'four hundred refused ones of the same location',
      [{ count: 400, ...US, answer: LONG }],
      { ...US, ...ONE_BY_ONE },
    ],
    [
      'four hundred refused ones of another collection',
      [{ count: 400, ...US, parent: '/models/m', answer: refused() }],
      { ...US, parent: '/endpoints/e', ...ONE_BY_ONE },
    ],
    [
      'four hundred refused ones of as many resources',
      [{ count: 400, ...US, parent: '/models/{}', answer: refused() }],
      { ...US, parent: '/endpoints/e{}', ...ONE_BY_ONE },
    ],
    [
      'four hundred whose quota is used up',
      [{ count: 400, ...US, answer: exhausted }],
      { ...US, ...ONE_BY_ONE },
    ],
    ['four hundred that hang', [{ count: 400, ...US, answer: 'hangs' }], { ...EUROPE, ...ONE_BY_ONE }],
    [
      'four hundred of the same location that hang',
      [{ count: 400, ...US, answer: 'hangs' }],
      { ...US, ...AT_ONCE },
    ],
    ['a thousand that hang', [{ count: 1_000, ...US, answer: 'hangs' }], { ...US, ...ONE_BY_ONE }],
    [
      'refused ones and some that hang',
      [
        { count: 200, ...US, answer: refused('3') },
        { count: 200, ...US, answer: 'hangs' },
      ],
      { ...EUROPE, ...ONE_BY_ONE },
    ],
    [
      'four hundred that no connection carries',
      [{ count: 400, ...US, answer: 'never-sent' }],
      { ...US, ...ONE_BY_ONE },
    ],
  ] as const satisfies [string, Sender[], Sender][]) {
    for (const reads of [false, true]) {
      it(`${reads ? 'GETs' : 'cancels'} are sent within 10 s beside ${title}`, async () => {
        const senders = [...others, own].map((sender): Sender => ({ ...sender, reads }));
        const summaries = await runSenders(senders);
        const summary = summaries.at(-1);
        assert.equal(summary?.untried(), 0);
        assert.ok(summary.longestWaitMs() <= MAX_WAIT_MS, `${summary.longestWaitMs()} ms`);
      });
    }
  }

  for (const [title, others, changes] of [
    ['a GET does not wait for cancels that hang', { reads: false }, { reads: true }],
    ['a cancel does not wait for GETs that hang', { reads: true }, { reads: false }],
    ['another project does not wait', {}, { project: 'other' }],
    ['another host does not wait', {}, { host: 'us-notebooks.googleapis.com' }],
    ['another service of the same host does not wait', {}, { service: 'other' }],
  ] as const satisfies [string, Partial<Sender>, Partial<Sender>][]) {
    it(`${title} for those of the first`, async () => {
      const [hanging, refusing, own] = await runSenders([
        { count: 500, ...US, answer: 'hangs', ...others },
        { count: 500, ...US, answer: LONG, ...others },
        { ...US, ...ONE_BY_ONE, ...changes },
      ]);
      assert.ok(hanging !== undefined && refusing !== undefined);
      assert.ok(own !== undefined && own.untried() === 0 && own.longestWaitMs() <= 1_000);
    });
  }
});

describe('calls of a service that refuses', () => {
  it('refused calls are not repeated more often because others are accepted', async () => {
    const [refusing] = await runSenders([
      { count: 100, ...US, answer: refused('60') },
      { ...EUROPE, ...ONE_BY_ONE, count: 60, everyMs: 1_000 },
    ]);
    // Three minutes, with a wait of a minute each time.
    assert.ok((refusing?.calls() ?? Infinity) <= 4 * 100, `${refusing?.calls()} calls`);
  });

  it('two thousand calls that are all refused get few POSTs in three minutes', async () => {
    const [refusing] = await runSenders([{ count: 2_000, ...US, answer: refused('60') }]);
    assert.ok((refusing?.calls() ?? Infinity) <= 64 + 1.2 * 180, `${refusing?.calls()} calls`);
  });

  it('a call that was refused once is sent again although new ones keep coming', async () => {
    let answers = 0;
    const answer = () => {
      answers += 1;
      return answers <= 8 ? refused() : ('accepted' as const);
    };
    const [refusedOnce] = await runSenders([
      { count: 6, ...US, answer },
      { count: 4_000, everyMs: 20, ...US, answer: 'accepted' },
    ]);
    assert.equal(refusedOnce?.calls(), 8 + 6);
  });
});

/** Senders whose calls are refused or hang, and one whose calls its service takes, from a seed. */
function chooseSenders(seed: number): Sender[] {
  const random = createRandom(seed);
  const place = () => ({
    location: random.pick(['us-central1', 'europe-west1', 'asia-east1']),
    parent: random.pick(['', '/models/m', '/models/{}', '/endpoints/e']),
  });
  const others = Array.from({ length: random.between(1, 3) }, (): Sender => ({
    ...place(),
    count: random.pick([1, 6, 30, 100, 300]),
    fromMs: random.between(0, 5_000),
    everyMs: random.pick([0, 0, 50, 500]),
    answer: random.pick([refused(), refused('5'), LONG, refused('7', 503), exhausted, 'hangs', 'never-sent']),
  }));
  const everyMs = random.pick([2_000, 5_000]);
  const own = place();
  // In one location, nothing tells these calls from a stream of others that are refused one after the other.
  const isMixed = others.some((sender) => sender.everyMs !== 0 && sender.location === own.location);
  const location = isMixed ? 'africa-south1' : own.location;
  const fromMs = random.between(3_000, 9_000);
  return [...others, { ...own, location, count: 10, fromMs, everyMs, answer: 'accepted' }];
}

async function firstStarved(seeds: number, limiter: typeof createRateLimiter): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const own = (await runSenders(chooseSenders(seed), { durationMs: 75_000, seed, limiter })).at(-1);
    const longestMs = own?.longestWaitMs() ?? Infinity;
    if (own?.untried() !== 0 || longestMs > MAX_WAIT_MS) return `seed ${seed}: ${longestMs} ms`;
  }
  return undefined;
}

describe('calls among senders that a seed chooses', () => {
  it('no call that its service would take waits for more than 10 s for the refusals of others', async () => {
    assert.equal(await firstStarved(60, createRateLimiter), undefined);
  });

  for (const [title, changed] of [
    ['does not tell operations apart', { fullResourceName: 'operation' }],
    ['lets hanging calls hold the places of others', undefined],
  ] as const) {
    it(`the seeds notice a rate limiter that ${title}`, async () => {
      assert.match(
        (await firstStarved(20, (ports) =>
          changed === undefined ? fourAtATime() : blurred(ports, changed),
        )) ?? '',
        /^seed/,
      );
    });
  }
});

const blurred = (
  ports: Parameters<typeof createRateLimiter>[0],
  changed: { readonly fullResourceName: string },
): ReturnType<typeof createRateLimiter> => {
  const limiter = createRateLimiter(ports);
  return {
    acquire: (request) => limiter.acquire({ ...request, operation: { ...request.operation, ...changed } }),
  };
};

/** Four calls at a time, first come, first served. */
function fourAtATime(): ReturnType<typeof createRateLimiter> {
  const waiting: (() => void)[] = [];
  let running = 0;
  const release = () => {
    running -= 1;
    waiting.shift()?.();
  };
  return {
    acquire: async () => {
      if (running >= 4) await new Promise<void>((resolve) => waiting.push(resolve));
      running += 1;
      return { kind: 'permit', release };
    },
  };
}
