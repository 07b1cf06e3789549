import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Result, SweptRun } from '../../client/index.ts';
import { inNotebooks, SOON, startTestSystem } from '../integration/test-system.ts';
import type { TestSystem } from '../integration/test-system.ts';
import { environmentOf, runCli, temporarySubscriptions } from './run-cli.ts';

const PARENT = 'projects/my-project/locations/us-central1';
const OTHER_PARENT = 'projects/my-project/locations/europe-west1';
const target = { service: 'notebooks', parents: [PARENT] };

let system: TestSystem;
before(async () => {
  system = await startTestSystem({
    settings: {
      ...SOON,
      SWEEPS: JSON.stringify({
        nightly: { targets: [target], approvable: true },
        choosy: {
          targets: [{ ...target, parents: [OTHER_PARENT] }],
          olderThan: '3600s',
          exclude: { name: '**/operations/kept' },
        },
        broken: { targets: [{ ...target, parents: ['projects/my-project/locations/nowhere'] }] },
      }),
    },
  });
  system.services.add(inNotebooks('one'), {});
});
after(() => system.close());

const run = (...args: string[]) => runCli(args, { env: environmentOf(system) });

describe('lro-cancel sweep', () => {
  it('sweep prints the report and a line for each result, and exits with 0', async () => {
    const { stdout, stderr, exitCode } = await run('sweep', 'nightly');
    const [report, ...lines] = stdout.trimEnd().split('\n');
    assert.match(report ?? '', /^Of 1 operation, 1 matched; a dry run was requested for 1\. Until .*\.$/);
    assert.deepEqual(lines.length, 1);
    assert.match(lines[0] ?? '', /^DRY_RUN +https:.*operations\/one {2}Would have cancelled/);
    assert.match(stderr, /^1 DRY_RUN\n/);
    assert.equal(exitCode, 0);
  });

  it('sweep prints how many operations were left alone, and why', async () => {
    const add = (id: string, script: object) =>
      system.services.add(`https://notebooks.googleapis.com/v2/${OTHER_PARENT}/operations/${id}`, script);
    add('old', { ageMs: 7_200_000 });
    add('new', {});
    add('dateless', { ageMs: 'unknown' });
    add('ended', { state: 'succeeded', ageMs: 7_200_000 });
    add('kept', { ageMs: 7_200_000 });
    const { stdout } = await run('sweep', 'choosy');
    const [report, leftAlone, result] = stdout.split('\n');
    assert.match(report ?? '', /^Of 5 operations, 1 matched/);
    assert.equal(leftAlone, 'Left alone: 1 already done, 1 excluded, 1 too young, 1 age unknown.');
    assert.match(result ?? '', /^DRY_RUN .*\/old /);
  });

  it('sweep prints report and results as JSON for programs', async () => {
    const { stdout, exitCode } = await run('sweep', 'nightly', '--dry-run', '-o', 'json');
    const { report, results, isWhole } = JSON.parse(stdout) as SweptRun;
    assert.deepEqual([report?.requested, results.length, isWhole, exitCode], [1, 1, true, 0]);
  });

  it('sweep exits with 1 and names the sweeps that there are for one that is not there', async () => {
    const { stdout, exitCode } = await run('sweep', 'nope');
    assert.match(stdout, /^REJECTED .*SWEEPS defines nightly, choosy, broken\n$/);
    assert.equal(exitCode, 1);
  });

  it('sweep exits with 3 when the report does not come in time', async () => {
    const { stdout, exitCode } = await run('sweep', 'nightly', '--timeout', '0.001s');
    assert.match(stdout, /^No report within 0\.0 s\. The sweep nightly may still run/);
    assert.equal(exitCode, 3);
  });
});

describe('lro-cancel watch', () => {
  it('watch prints the wanted results as lines of JSON until it is interrupted, and exits with 0', async () => {
    const args = [
      'watch',
      '--outcome',
      'NOT_FOUND',
      'REJECTED',
      '--service',
      'notebooks.googleapis.com',
      '-o',
      'json',
    ];
    const { stdout, exitCode } = await runCli(args, {
      env: environmentOf(system),
      onStart: (child) => {
        const send = async () => {
          while ((await temporarySubscriptions(system)).length === 0);
          await system.request({ operation: inNotebooks('one'), requestId: 'unwanted', dryRun: true });
          await system.resultOf('unwanted');
          await system.request({ operation: inNotebooks('gone'), requestId: 'wanted' });
        };
        child.stdout?.once('data', () => child.kill('SIGINT'));
        void send();
      },
    });
    const lines = stdout.trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as Result).requestId),
      ['wanted'],
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });
});

describe('lro-cancel explain', () => {
  it('explain prints the calls of a job, and exits with 0; with 1 for a refused one and 2 for wrong usage', async () => {
    const job =
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/customJobs/1';
    const explained = await run('explain', job, '--job');
    assert.match(explained.stdout, /^Cancel +POST https:\/\/us-central1-aiplatform\S+customJobs\/1:cancel$/m);
    const refused = await run('explain', job);
    assert.match(refused.stderr, /^Refused: "projects\/\S+" is a job of aiplatform: add --job\n$/);
    const operation = await run('explain', inNotebooks('o'), '--job');
    assert.match(
      operation.stderr,
      /^Refused: "projects\/\S+" is an operation of notebooks: leave out --job\n$/,
    );
    const bare = await run('explain', `${PARENT}/operations/o`);
    assert.match(bare.stderr, /^Refused: --service: missing/);
    const wrong = await run('explain', '--json', job);
    assert.match(wrong.stderr, /^--json takes no reference/);
    assert.deepEqual([explained.exitCode, refused.exitCode, wrong.exitCode], [0, 1, 2]);
  });

  for (const option of ['--local', '--project', '--project=p', '--prefix=p']) {
    it(`explain says that it needs no system for ${option}, and exits with 2`, async () => {
      const { stdout, stderr, exitCode } = await run('explain', inNotebooks('o'), option);
      const name = option.replace(/=.*/, '');
      assert.equal(stderr, `explain reads the catalog, and needs no system. Leave out ${name}.\n`);
      assert.deepEqual([stdout, exitCode], ['', 2]);
    });
  }
});
