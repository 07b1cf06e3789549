import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SweptRun } from '../../client/index.ts';
import { inNotebooks, SOON, startTestSystem } from '../integration/test-system.ts';
import type { TestSystem } from '../integration/test-system.ts';
import { environmentOf, runCli, temporarySubscriptions } from './run-cli.ts';

const PARENT = 'projects/my-project/locations/us-central1';
const sweepOf = (id: string) => ({
  targets: [{ service: 'notebooks', parents: [PARENT] }],
  match: { name: `**/operations/${id}` },
  approvable: true,
});

let system: TestSystem;
before(async () => {
  system = await startTestSystem({
    settings: {
      ...SOON,
      SWEEPS: JSON.stringify({
        nightly: sweepOf('one'),
        ended: sweepOf('over'),
        stubborn: sweepOf('stubborn'),
        fixed: { ...sweepOf('one'), approvable: false },
      }),
    },
  });
});
after(() => system.close());

const run = (...args: string[]) => runCli(args, { env: environmentOf(system) });
/** The id of a dry run, with the line that approves it. */
async function dryRun(sweep: string) {
  const { stderr } = await run('sweep', sweep, '--dry-run');
  const [, line = '', runId = ''] = /^ {2}(lro-cancel approve (\w+).*)$/m.exec(stderr) ?? [];
  return { line, runId };
}

describe('lro-cancel approve', () => {
  it('the line that a dry run prints cancels what it found, and prints the report and a line for each result', async () => {
    system.services.add(inNotebooks('one'), {});
    const { line, runId } = await dryRun('nightly');
    assert.equal(line, `lro-cancel approve ${runId} --project ${system.topology.projectId}`);
    const { stdout, stderr, exitCode } = await run(...line.split(' ').slice(1), '--requested-by', 'ada');
    const [report = '', ...lines] = stdout.trimEnd().split('\n');
    assert.equal(
      report,
      'A dry run that found 1 operation was approved by ada; a cancel was requested for 1.',
    );
    assert.deepEqual(lines, [`CANCELLED    ${inNotebooks('one')}`]);
    assert.deepEqual([stderr, exitCode], ['1 CANCELLED\n', 0]);
  });

  it('a dry run whose operations have ended meanwhile is printed as JSON, and exits with 1', async () => {
    system.services.add(inNotebooks('over'), {});
    const { runId } = await dryRun('ended');
    system.services.add(inNotebooks('over'), { state: 'succeeded' });
    const args = ['--reason', 'left over', '--requested-by', 'ada', '-o', 'json'];
    const { stdout, stderr, exitCode } = await run('approve', runId, ...args);
    const { report, results, isWhole } = JSON.parse(stdout) as SweptRun;
    assert.deepEqual([report?.approved?.reason, report?.dryRun, isWhole], ['left over', false, true]);
    assert.deepEqual(
      results.map(({ outcome, requestedBy, reason }) => [outcome, requestedBy, reason]),
      [['SUCCEEDED', 'ada', 'left over']],
    );
    assert.deepEqual([stderr, exitCode], ['', 1]);
  });

  it('a run that is unknown, or was approved before, exits with 1 and the reason', async () => {
    const unknown = await run('approve', 'unheard-of');
    assert.match(unknown.stdout, /^REJECTED .*"unheard-of" is not the id of a run that can be approved/);
    system.services.add(inNotebooks('one'), {});
    const { runId } = await dryRun('nightly');
    await run('approve', runId, '--requested-by', 'ada', '--timeout', '1s');
    const again = await run('approve', runId, '--requested-by', 'bob');
    assert.match(again.stdout, /^REJECTED .* was approved before, at .* by "ada"\n$/);
    assert.deepEqual([unknown.exitCode, again.exitCode], [1, 1]);
  });

  it('an approval whose results do not come in time exits with 3, and leaves no subscription', async () => {
    system.services.add(inNotebooks('stubborn'), { onCancel: 'never-ends' });
    const { runId } = await dryRun('stubborn');
    const { stderr, exitCode } = await run('approve', runId, '--timeout', '3s');
    assert.deepEqual([stderr, exitCode], ['1 NO RESULT\n', 3]);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('an approval that is interrupted exits with 130 and says that the approval goes on', async () => {
    const { runId } = await dryRun('stubborn');
    const { stderr, exitCode } = await runCli(['approve', runId], {
      env: environmentOf(system),
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    });
    assert.match(stderr, new RegExp(`^Stopped waiting\\. The approval of ${runId} goes on\\.\\n$`));
    assert.equal(exitCode, 130);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('wrong usage exits with 2 before anything is sent', async () => {
    const { stderr, exitCode } = await run('approve');
    assert.match(stderr, /missing required argument 'run-id'/);
    assert.equal(exitCode, 2);
  });

  it('a dry run that cannot be approved, or found nothing, prints no line that approves it', async () => {
    assert.equal((await dryRun('fixed')).line, '');
    assert.equal((await dryRun('ended')).line, '');
  });
});
