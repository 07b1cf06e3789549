import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../local/free-port.ts';

/**
 * `npm run test:emulator`: the integration tests on Google's own Pub/Sub emulator, which comes with gcloud
 * (component `pubsub-emulator`) and needs Java. Where it is not installed, it says so and succeeds; with
 * `--require` it fails.
 */
const START_TIMEOUT_MS = 60_000;

const program = await findEmulator();
if (typeof program !== 'string') {
  console.log(`Skipped: ${program.missing}`);
  process.exit(process.argv.includes('--require') ? 1 : 0);
}

const port = await freePort();
const dataDirectory = await mkdtemp(join(tmpdir(), 'pubsub-emulator-'));
console.log(`Starting ${program} on port ${port} …`);
// The script starts Java as a child of its own, so the whole group is ended together.
const emulator = spawn(program, ['--host=127.0.0.1', `--port=${port}`, `--data-dir=${dataDirectory}`], {
  detached: true,
  stdio: 'ignore',
});
try {
  await untilItTakesConnections();
  const files = (await readdir('test/integration')).filter((file) => file.endsWith('.test.ts'));
  const tests = spawn(
    process.execPath,
    [
      '--test',
      '--test-concurrency=4',
      '--test-timeout=180000',
      ...files.sort().map((file) => `test/integration/${file}`),
    ],
    {
      env: { ...process.env, PUBSUB_EMULATOR_HOST: `127.0.0.1:${port}` },
      stdio: 'inherit',
    },
  );
  const [code] = (await once(tests, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  if (emulator.pid !== undefined && emulator.exitCode === null) process.kill(-emulator.pid, 'SIGKILL');
  await rm(dataDirectory, { recursive: true, force: true });
}

async function findEmulator(): Promise<string | { missing: string }> {
  let root: string;
  try {
    const { stdout } = await promisify(execFile)('gcloud', ['info', '--format=value(installation.sdk_root)']);
    root = stdout.trim();
  } catch {
    return { missing: 'gcloud is not installed, so there is no Pub/Sub emulator' };
  }
  const found = join(root, 'platform/pubsub-emulator/bin/cloud-pubsub-emulator');
  if (!existsSync(found)) return { missing: `gcloud has no component pubsub-emulator (looked for ${found})` };
  try {
    await promisify(execFile)('java', ['-version']);
  } catch {
    return { missing: 'the Pub/Sub emulator needs Java, which is not installed' };
  }
  return found;
}

async function untilItTakesConnections(): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    if (emulator.exitCode !== null) throw new Error(`The emulator ended with code ${emulator.exitCode}`);
    if (Date.now() > deadline)
      throw new Error(`The emulator took no connection within ${START_TIMEOUT_MS / 1000} s`);
    await sleep(100);
  }
}
