import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** Google's own Pub/Sub emulator, which comes with gcloud (component `pubsub-emulator`) and needs Java. */
interface GoogleEmulator {
  /** For PUBSUB_EMULATOR_HOST. */
  readonly host: string;
  /** Folder in which it is installed. */
  readonly program: string;
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** Starts it on a free port, or returns the reason why it cannot be started here. */
export async function startGoogleEmulator(): Promise<GoogleEmulator | { readonly missing: string }> {
  const program = await findEmulator();
  if (typeof program !== 'string') return program;
  const port = await freePort();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'pubsub-emulator-'));
  // The script starts Java as a child of its own, so the whole group is ended together.
  const emulator = spawn(program, ['--host=127.0.0.1', `--port=${port}`, `--data-dir=${dataDirectory}`], {
    detached: true,
    stdio: 'ignore',
  });
  const close = async () => {
    if (emulator.pid !== undefined && emulator.exitCode === null) process.kill(-emulator.pid, 'SIGKILL');
    await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    await untilItTakesConnections(port, () => emulator.exitCode);
  } catch (error) {
    await close();
    throw error;
  }
  return { host: `127.0.0.1:${port}`, program, close };
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

async function untilItTakesConnections(port: number, exitCode: () => number | null): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    if (exitCode() !== null) throw new Error(`The emulator ended with code ${exitCode()}`);
    if (Date.now() > deadline)
      throw new Error(`The emulator took no connection within ${START_TIMEOUT_MS / 1000} s`);
    await sleep(100);
  }
}
