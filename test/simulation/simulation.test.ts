import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSeed } from './world/run.ts';
import type { RunReport } from './world/run.ts';

type Sabotage = Parameters<typeof runSeed>[1];

/** The first of many runs in which something did not hold. */
async function firstViolation(sabotage: Sabotage, seeds = 500): Promise<RunReport | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const report = await runSeed(seed, sabotage);
    if (report.violations.length > 0) return report;
  }
  return undefined;
}

describe('the simulation', () => {
  it('500 simulated runs with every kind of fault break no rule', async () => {
    assert.deepEqual((await firstViolation(undefined))?.violations, undefined);
  });

  it('simulated runs reach every outcome, and kill the function', async () => {
    const outcomes = new Set<string>();
    let deaths = 0;
    for (let seed = 1; seed <= 600; seed += 1) {
      const report = await runSeed(seed);
      for (const outcome of Object.keys(report.outcomes)) outcomes.add(outcome);
      deaths += report.deaths;
    }
    assert.deepEqual([...outcomes].sort(), [
      ...['CANCELLED', 'DENIED', 'DRY_RUN', 'ERROR', 'FAILED', 'NOT_FOUND', 'REJECTED'],
      ...['SUCCEEDED', 'UNCONFIRMED', 'UNSUPPORTED', 'sweep reports'],
    ]);
    assert.ok(deaths > 100);
  });

  it('a simulated run is the same for the same seed, and another for another seed', async () => {
    const [first, again, other] = [await runSeed(7), await runSeed(7), await runSeed(8)];
    assert.equal(first.trace, again.trace);
    assert.notEqual(first.trace, other.trace);
  });

  for (const [title, sabotage, violation] of [
    [
      'acknowledges before its work is done',
      (handle) => (event) => {
        handle(event).catch(() => undefined);
        return Promise.resolve();
      },
      /is lost/,
    ],
    ['does nothing', () => () => Promise.resolve(), /is lost/],
    ['refuses everything', () => () => Promise.reject(new Error('no')), /goes on for ever/],
    [
      'forgets what it is about',
      (handle) => (event) => {
        const text = JSON.stringify(event).replace(/rechecks/, 'requests');
        return handle(JSON.parse(text));
      },
      /r\d/,
    ],
  ] as const satisfies [string, Sabotage, RegExp][]) {
    it(`the simulation notices a function that ${title}`, async () => {
      const report = await firstViolation(sabotage);
      assert.match(report?.violations.join('\n') ?? '', violation);
    });
  }
});
