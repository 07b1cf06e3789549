import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Result } from '../../client/index.ts';
import { inNotebooks, SOON, startTestSystem } from '../integration/test-system.ts';
import type { TestSystem } from '../integration/test-system.ts';
import { environmentOf, runCli, temporarySubscriptions } from './run-cli.ts';
import type { CliOptions } from './run-cli.ts';

const JOB =
  'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/customJobs/1';

let system: TestSystem;
before(async () => {
  system = await startTestSystem({ settings: { ...SOON, ALLOWED_JOBS: '*' } });
});
after(() => system.close());

const cancel = (args: readonly string[], { env = {}, ...options }: CliOptions = {}) =>
  runCli(['cancel', ...args], { ...options, env: { ...environmentOf(system), ...env } });

describe('lro-cancel cancel', () => {
  it('cancel prints one line and exits with 0 for an operation that was cancelled', async () => {
    system.services.add(inNotebooks('ends'), { afterMs: 10 });
    const { stdout, stderr, exitCode } = await cancel([
      inNotebooks('ends'),
      '--reason',
      'not approved',
      '--label',
      'a=b',
    ]);
    assert.match(stdout, /^CANCELLED +\d+(?:\.\d)? s {2}https:\/\/notebooks\S+\/ends\n$/);
    assert.deepEqual([stderr, exitCode], ['', 0]);
    const { reason, labels } = await system.resultWhere(
      ({ operation }) => operation?.url === inNotebooks('ends'),
    );
    assert.deepEqual([reason, labels], ['not approved', { a: 'b' }]);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('cancel says what still costs after a job that was cancelled', async () => {
    system.services.addJob(JOB, { fields: { jobSpec: { persistentResourceId: 'pool' } } });
    const { stdout, exitCode } = await cancel([JOB, '--job', '--confirm-within', '15m']);
    assert.match(stdout, /^CANCELLED .*\/1 {2}The persistent resource pool keeps running, and costs\.\n$/);
    assert.equal(exitCode, 0);
  });

  it('cancel exits with 1 and says why where an outcome is another one', async () => {
    const { stdout, exitCode } = await cancel([inNotebooks('gone')]);
    assert.match(stdout, /^NOT_FOUND .*\/gone {2}The service knows no such operation/);
    assert.equal(exitCode, 1);
  });

  it('cancel leaves an operation whose service cannot cancel to the function to answer', async () => {
    const { stdout, exitCode } = await cancel([
      'projects/my-project/zones/z/operations/o',
      '--service',
      'compute',
    ]);
    assert.match(stdout, /^UNSUPPORTED .*compute has no method to cancel/);
    assert.equal(exitCode, 1);
  });

  it('cancel exits with 0 for a dry run that was asked for, and cancels nothing', async () => {
    system.services.add(inNotebooks('looked-at'), {});
    const { stdout, exitCode } = await cancel([inNotebooks('looked-at'), '--dry-run']);
    assert.match(stdout, /^DRY_RUN .*Would have cancelled/);
    assert.equal(exitCode, 0);
  });

  it('cancel exits with 2 and sends nothing where a reference is refused, and names each with its place and field', async () => {
    const requests = await system.copyOf('requests');
    const input = `# operations\n\n${inNotebooks('fine')}\nprojects/p/locations/l/operations/o\n`;
    const { stdout, stderr, exitCode } = await cancel(['//notebooks.googleapis.com/projects/p', '-'], {
      input,
    });
    assert.deepEqual([stdout, exitCode], ['', 2]);
    assert.match(
      stderr,
      /^Refused, and nothing was sent:\n {2}argument 1: operation: .*\n {2}standard input:4: --service: missing/,
    );
    // A message that was sent before would come before this one.
    await cancel([inNotebooks('gone'), '--request-id', 'afterwards']);
    await system.resultOf('afterwards');
    assert.equal(requests(), 1);
  });

  for (const [title, args, message] of [
    ['no reference', [], /^Name an operation/],
    ['an unknown option', ['--dryrun', 'x'], /unknown option '--dryrun'\n\(?Did you mean --dry-run\?/],
    [
      'a label without a value',
      [inNotebooks('o'), '--label', 'team'],
      /^--label must be key=value, not "team"/,
    ],
    [
      'a time that is none',
      [inNotebooks('o'), '--timeout', 'soon'],
      /^--timeout must be a time such as 90s, 15m or 2h, not "soon"/,
    ],
    ['a file that is not there', ['--file', 'test/nothing.txt'], /^--file cannot be read: ENOENT/],
    [
      'a time to confirm within that is none',
      [inNotebooks('o'), '--confirm-within', 'soon'],
      /^--confirm-within must be a time such as 90s, 15m or 2h, not "soon"/,
    ],
    [
      'a time to confirm within that is too long',
      [inNotebooks('o'), '--confirm-within', '721h'],
      /^--confirm-within must be more than 0s and at most 720h \(30 days\), not "721h"/,
    ],
    [
      'a job without --job',
      [JOB],
      /\n {2}argument 1: "projects\/\S+\/customJobs\/1" is a job of aiplatform: add --job\n$/,
    ],
    [
      'an operation with --job',
      [inNotebooks('o'), '--job'],
      /\n {2}argument 1: "projects\/\S+\/o" is an operation of notebooks: leave out --job\n$/,
    ],
    [
      'a text that is too long',
      [inNotebooks('o'), '--requested-by', 'x'.repeat(20_000)],
      /argument 1: --requested-by: must/,
    ],
    ['an output that is none', [inNotebooks('o'), '--output', 'xml'], /Allowed choices are text, json/],
  ] as const) {
    it(`cancel exits with 2 and says what to do for ${title}`, async () => {
      const { stdout, stderr, exitCode } = await cancel(args);
      assert.deepEqual([stdout, exitCode], ['', 2]);
      assert.match(stderr, message);
    });
  }

  it('cancel exits with 3 when no result comes in time, and names the request id', async () => {
    system.services.add(inNotebooks('stubborn'), { onCancel: 'never-ends' });
    const { stdout, exitCode } = await cancel([
      inNotebooks('stubborn'),
      '--request-id',
      'slow',
      '--timeout',
      '1s',
    ]);
    assert.match(stdout, /^NO RESULT .*may come later, for the request id slow\.\n$/);
    assert.equal(exitCode, 3);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('cancel prints the request ids and waits for nothing with --no-wait', async () => {
    const { stdout, exitCode } = await cancel([inNotebooks('gone'), '--no-wait']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^req-[0-9a-f]{16}-1\n$/);
    assert.equal((await system.resultOf(stdout.trim())).data.outcome, 'NOT_FOUND');
  });

  it('cancel prints the results as one JSON array in the order of the references with --output json', async () => {
    system.services.add(inNotebooks('slow-end'), { afterMs: 500 });
    const { stdout, exitCode } = await cancel([inNotebooks('slow-end'), inNotebooks('gone'), '-o', 'json']);
    const results = JSON.parse(stdout) as Result[];
    assert.deepEqual(
      results.map(({ outcome, operation }) => [outcome, operation?.url]),
      [
        ['CANCELLED', inNotebooks('slow-end')],
        ['NOT_FOUND', inNotebooks('gone')],
      ],
    );
    assert.equal(exitCode, 1);
  });

  it('cancel has the result of a request again, also where that came before, under the same id', async () => {
    const args = [inNotebooks('again'), '--request-id', 'approval-7', '-o', 'json'];
    system.services.add(inNotebooks('again'), { afterMs: 10 });
    const [first, second] = [await cancel(args), await cancel(args)];
    assert.deepEqual([first.exitCode, second.exitCode], [0, 0]);
    assert.equal((JSON.parse(second.stdout) as Result[])[0]?.requestId, 'approval-7');
    const [one, other] = system.results.get('approval-7') ?? [];
    assert.equal(one?.attributes['ce-id'], other?.attributes['ce-id']);
  });

  it('cancel takes 1,000 references from a file, and names those that are there twice', async () => {
    const file = join(tmpdir(), `lro-cancel-${randomBytes(6).toString('hex')}.txt`);
    const references = Array.from({ length: 1_000 }, (_, index) => inNotebooks(`of-many-${index}`));
    const again = '//notebooks.googleapis.com/projects/my-project/locations/us-central1/operations/of-many-7';
    await writeFile(file, [...references, again].join('\n'));
    try {
      const { stdout, stderr, exitCode } = await cancel(['--file', file, '--output', 'json', '--dry-run']);
      const results = JSON.parse(stdout) as Result[];
      assert.deepEqual(new Set(results.map(({ outcome }) => outcome)), new Set(['NOT_FOUND']));
      assert.deepEqual(
        results.map(({ operation }) => operation?.url),
        references,
      );
      assert.equal(exitCode, 1);
      assert.match(stderr, /txt:1001 names the operation of \S+txt:8 again: \/\/notebooks/);
    } finally {
      await rm(file);
    }
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`cancel deletes its subscription and exits with ${code} on ${signal}`, async () => {
      system.services.add(inNotebooks('endless'), { onCancel: 'never-ends' });
      const waiting = async () => {
        while ((await temporarySubscriptions(system)).length === 0);
      };
      const requestId = `stopped-by-${signal}`;
      const { stderr, exitCode } = await cancel([inNotebooks('endless'), '--request-id', requestId], {
        onStart: (child) => void waiting().then(() => child.kill(signal)),
      });
      assert.equal(exitCode, code);
      assert.equal(stderr, 'Stopped waiting. What was sent is not withdrawn.\n');
      assert.deepEqual(await temporarySubscriptions(system), []);
    });
  }

  it('cancel names the topic and asks for the prefix where nothing is deployed', async () => {
    const { stderr, exitCode } = await cancel([inNotebooks('o'), '--prefix', 'other']);
    assert.match(
      stderr,
      /^There is no topic projects\/\S+\/topics\/other-results\. Is lro-cancel deployed .*--prefix\)\?\n$/,
    );
    assert.equal(exitCode, 2);
  });

  it('cancel says what to do where no Pub/Sub runs, no system runs, and where there are no credentials', async () => {
    const refused = await cancel([inNotebooks('o')], { env: { PUBSUB_EMULATOR_HOST: '127.0.0.1:1' } });
    assert.match(refused.stderr, /^There is no Pub\/Sub at 127\.0\.0\.1:1\. Start it with `npm start`/);
    const none = await runCli(['cancel', inNotebooks('o'), '--local'], { env: { TMPDIR: '/nonexistent' } });
    assert.match(none.stderr, /^No system runs on this machine\. Start one with `npm start`/);
    const anonymous = await runCli(['cancel', inNotebooks('o'), '--project', 'p']);
    assert.match(
      anonymous.stderr,
      /^There are no credentials that Google accepts\. Run `gcloud auth application-default login`/,
    );
    assert.deepEqual([refused.exitCode, none.exitCode, anonymous.exitCode], [2, 2, 2]);
  });

  it('cancel uses colors only where they are wanted', async () => {
    const [colored, plain] = [
      await cancel([inNotebooks('gone')], { env: { FORCE_COLOR: '1' } }),
      await cancel([inNotebooks('gone')], { env: { NO_COLOR: '1' } }),
    ];
    assert.ok(colored.stdout.startsWith('\u001b[33mNOT_FOUND'));
    assert.ok(plain.stdout.startsWith('NOT_FOUND'));
  });
});
