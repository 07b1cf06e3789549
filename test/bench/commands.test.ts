import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

interface Ended {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: readonly string[]): Promise<Ended> =>
  promisify(execFile)(process.execPath, args, { timeout: 60_000 }).catch((error: unknown) => error as Ended);

describe('a command of the benches', () => {
  for (const [args, message] of [
    [['test/simulation/simulate.ts', '--help'], /^Unknown option '--help'\nUsage: npm run simulate/],
    [['test/simulation/simulate.ts', '--seeds', '0'], /^--seeds must be a whole number from 1, not "0"/],
    [
      ['test/simulation/fuzz.ts', '--messages', 'many'],
      /^--messages must be a whole number from 1, not "many"/,
    ],
    [['test/simulation/soak.ts', '--request', '5'], /^Unknown option '--request'[^]*Usage: npm run soak/],
    [
      ['bench/compare.ts', '--only', 'cold,nothing'],
      /^--only: there is no "nothing"; there are cold, .*growth/,
    ],
    [['bench/compare.ts', '--growth', '99'], /^--growth must be at least 100/],
    [['test/simulation/storm.ts', '--retry-after', 'maybe'], /^--retry-after must be yes or no, not "maybe"/],
    [['test/simulation/storm.ts', '--request', '5'], /^Unknown option '--request'[^]*Usage: npm run storm/],
    [['bench/chart.ts', '--help'], /^Unknown option '--help'\nUsage: node bench\/chart.ts/],
    [['bench/chart.ts', 'no-such.json'], /^no-such.json: ENOENT/],
  ] as const) {
    it(`${args.join(' ')} is refused with its usage`, async () => {
      const { code, stderr, stdout } = await run(...args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }

  it('npm run simulate runs the given number of seeds, and replays one', async () => {
    assert.match(
      (await run('test/simulation/simulate.ts', '--seeds', '3')).stdout,
      /^3 runs in .*Everything held/s,
    );
    assert.match(
      (await run('test/simulation/simulate.ts', '--seed', '2')).stdout,
      /^\{.*"results".*Everything held/s,
    );
  });
});
