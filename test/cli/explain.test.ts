import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';

/** Runs the command as a user does. */
async function explain(args: readonly string[], input = '') {
  const child = spawn(process.execPath, ['cli/explain.ts', ...args], { timeout: 60_000 });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(input);
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { stdout, stderr, exitCode };
}

const NAME = 'projects/p/locations/us-central1/operations/o1';
const URL_OF_NAME = `https://us-central1-aiplatform.googleapis.com/v1/${NAME}`;

describe('npm run explain', () => {
  it('explain prints the calls, the scopes, the permission and the policy of an operation', async () => {
    const { stdout, exitCode } = await explain([NAME, '--service', 'aiplatform']);
    assert.equal(exitCode, 0);
    for (const line of [
      /^Service +aiplatform v1$/m,
      /^Host +us-central1-aiplatform\.googleapis\.com$/m,
      new RegExp(`^Cancel +POST ${URL_OF_NAME}:cancel$`, 'm'),
      new RegExp(`^Get +GET ${URL_OF_NAME}$`, 'm'),
      /^Scopes +any one of https:\/\/www\.googleapis\.com\/auth\/aiplatform https.*cloud-platform$/m,
      /^Permission +that of the method which began it; roles\/aiplatform\.user/m,
      /^Policy +the project p has to be the function's own/m,
    ]) {
      assert.match(stdout, line);
    }
  });

  it('explain mentions delegation, a missing GET, and names without a project', async () => {
    const channel = await explain(['operations/o1', '--service', 'cloudchannel']);
    assert.match(channel.stdout, /apps\.order, by domain-wide delegation \(DELEGATED_SUBJECT\)/);
    assert.match(channel.stdout, /ALLOWED_SERVICES has to list cloudchannel by name/);
    const speech = await explain(['operations/o1', '--service', 'texttospeech']);
    assert.match(speech.stdout, /no GET: the result can be no better than UNCONFIRMED/);
  });

  for (const [title, args, message] of [
    [
      'a reference that is refused',
      ['jobs/j', '--service', 'batch'],
      /^Refused: operation: "jobs\/j" is not/,
    ],
    [
      'an operation that cannot be cancelled',
      [NAME, '--service', 'compute'],
      /^Unsupported: compute has no method/,
    ],
    ['no arguments', [], /^Refused: arguments: name one operation or job to explain\nUsage: npm run explain/],
    ['an operation beside --json', [NAME, '--json'], /^Refused: arguments: with --json there are none/],
    ['an unknown option', [NAME, '--servce', 'x'], /^Refused: Unknown option '--servce'/],
  ] as const) {
    it(`explain prints the reason and exits with 1 for ${title}`, async () => {
      const { stdout, stderr, exitCode } = await explain(args);
      assert.deepEqual([stdout, exitCode], ['', 1]);
      assert.match(stderr, message);
    });
  }

  it('explain --json writes a line for each input line, in order, even for an invalid one', async () => {
    const requests = [
      { operation: NAME, service: 'aiplatform' },
      { operation: 'operations/o1', service: 'texttospeech' },
      { operation: NAME, service: 'compute' },
      { operation: NAME },
      { operation: 7 },
      { call: 'googleapis.notebooks.v2.projects.locations.operations.cancel', args: { name: NAME } },
    ];
    const input = [...requests.map((request) => JSON.stringify(request)), '', 'nonsense', '[]'].join('\n');
    const { stdout, exitCode } = await explain(['--json'], input);
    assert.equal(exitCode, 0);
    const lines = stdout.trimEnd().split('\n');
    const [full, noGet, unsupported, bare, number, connector, nonsense, list] = lines.map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    assert.equal(lines.length, 8);
    assert.deepEqual(full, {
      host: 'us-central1-aiplatform.googleapis.com',
      scopes: [
        'https://www.googleapis.com/auth/aiplatform',
        'https://www.googleapis.com/auth/cloud-platform',
      ],
      cancel: { method: 'POST', url: `${URL_OF_NAME}:cancel` },
      get: { method: 'GET', url: URL_OF_NAME },
    });
    assert.equal(noGet?.get, null);
    assert.deepEqual(unsupported, { unsupported: 'compute has no method to cancel its operations' });
    const typeOf = (line: Record<string, unknown> | undefined) => (line?.rejected as { type: string }).type;
    assert.deepEqual(
      [typeOf(bare), typeOf(number), typeOf(nonsense), typeOf(list)],
      ['ValueError', 'TypeError', 'ValueError', 'TypeError'],
    );
    assert.deepEqual(connector?.cancel, {
      method: 'POST',
      url: `https://notebooks.googleapis.com/v2/${NAME}:cancel`,
    });
  });
});
