import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { demoSeed } from '../../local/seed.ts';

/** The processes of this machine whose environment has a value, by which those of one test are known. */
async function processesWith(value: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
      const [environment, status] = await Promise.all([read('environ'), read('stat')]);
      return environment.includes(value) && !status.includes(') Z ') ? [pid] : [];
    }),
  );
  return found.flat();
}

/** As npm runs it: a process, a shell below it, and the program below that. */
function startAsNpmDoes(
  file: string,
  args: readonly string[] = [],
): { readonly npm: ChildProcess; readonly mark: string } {
  const mark = `LRO_CANCEL_TEST_MARK=${process.pid}-${Math.random()}`;
  const [name = '', value = ''] = mark.split('=');
  const program = `const { spawn } = require('node:child_process');
    spawn('sh', ['-c', ${JSON.stringify(`"${process.execPath}" ${file} ${args.join(' ')}; true`)}], { stdio: 'inherit' });
    setInterval(() => {}, 1000);`;
  const npm = spawn(process.execPath, ['-e', program], {
    env: { PATH: process.env.PATH, npm_lifecycle_event: 'start', [name]: value },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { npm, mark };
}

async function untilLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) if (pattern.test(line)) return line;
  throw new Error(`it ended without ${pattern.source}`);
}

describe('npm start', () => {
  it('npm start refuses an option that it does not know with its usage, and has a --help', () => {
    const run = (option: string) =>
      spawnSync(process.execPath, ['local/start.ts', option], { encoding: 'utf8' });
    const refused = run('--prot');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /^Unknown option '--prot'\n\nUsage: npm start/);
    const help = run('--help');
    assert.equal(help.status, 0);
    for (const line of help.stdout.split('\n')) assert.ok(line.length <= 80, line);
  });

  it('npm start refuses a seed that cannot be read, and names the mistake in it', () => {
    for (const [file, expected] of [
      ['no-such-file.json', /^--seed no-such-file\.json: ENOENT/],
      [
        'package.json',
        /^--seed package\.json: name: must be left out; known are operations, jobs, lists, quotas/,
      ],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, ['local/start.ts', '--seed', file], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
      });
      assert.equal(status, 2);
      assert.match(stderr, expected);
    }
  });

  for (const [file, args, first] of [
    ['local/start.ts', ['--port', '0'], /^Page: http:\/\/127\.0\.0\.1:\d+\/$/],
    ['local/demo.ts', [], /^Starting /],
  ] as const) {
    it(
      `${file} prints its first line, and ends with all its processes when npm is killed`,
      { skip: !existsSync('/proc/self/environ') },
      async () => {
        const { npm, mark } = startAsNpmDoes(file, args);
        assert.match(await untilLine(npm, /./), first);
        // npm, the shell and the program; the function has an environment of its own.
        assert.ok((await processesWith(mark)).length >= 3);
        npm.kill('SIGKILL');
        await once(npm, 'exit');
        let left: readonly string[] = [mark];
        const deadlineMs = Date.now() + 15_000;
        while (left.length > 0 && Date.now() < deadlineMs) left = await processesWith(mark);
        assert.deepEqual(left, []);
      },
    );
  }
});

describe('npm run with-local', () => {
  for (const [what, command, status] of [
    ['its status', ['sh', '-c', 'test -n "$PUBSUB_EMULATOR_HOST" && exit 7'], 7],
    ['a line for the shell', ['test -n "$CLOUDSDK_CORE_PROJECT" && exit 5'], 5],
    ['a program that is not there', ['no-such-program', 'x'], 127],
  ] as const) {
    it(`npm run with-local gives the end of a command: ${what}`, () => {
      const run = spawnSync(process.execPath, ['local/with-local.ts', ...command], {
        env: { PATH: process.env.PATH },
        encoding: 'utf8',
        timeout: 60_000,
      });
      assert.equal(run.status, status, run.stderr);
    });
  }

  it('npm run with-local leads lro-cancel --local to its own system', () => {
    const [operation = ''] = demoSeed().operations?.map(({ url }) => url) ?? [];
    const command = ['cli/lro-cancel.ts', 'cancel', '--local', '--dry-run', '--output', 'json', operation];
    // Where no other system has left its address.
    const folder = mkdtempSync(join(tmpdir(), 'lro-cancel-none-'));
    const run = spawnSync(process.execPath, ['local/with-local.ts', process.execPath, ...command], {
      env: { PATH: process.env.PATH, TMPDIR: folder },
      encoding: 'utf8',
      timeout: 60_000,
    });
    rmSync(folder, { recursive: true });
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /"outcome": "DRY_RUN"/);
  });
});
