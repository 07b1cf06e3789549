import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gcloudRoot, startEmulatorProcess } from './emulator-process.ts';
import { freePort } from './free-port.ts';

/** Google's own Pub/Sub emulator, which comes with gcloud (component `pubsub-emulator`) and needs Java. */
interface GoogleEmulator {
  /** For PUBSUB_EMULATOR_HOST. */
  readonly host: string;
  /** Folder in which it is installed. */
  readonly program: string;
  close(): Promise<void>;
}

/** Starts it on a free port, or returns the reason why it cannot be started here. */
export async function startGoogleEmulator(): Promise<GoogleEmulator | { readonly missing: string }> {
  const program = await findEmulator();
  if (typeof program !== 'string') return program;
  const port = await freePort();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'pubsub-emulator-'));
  const removeData = () => rm(dataDirectory, { recursive: true, force: true });
  try {
    const args = ['--host=127.0.0.1', `--port=${port}`, `--data-dir=${dataDirectory}`];
    const emulator = await startEmulatorProcess(program, args, port);
    const close = async () => {
      await emulator.close();
      await removeData();
    };
    return { host: `127.0.0.1:${port}`, program, close };
  } catch (error) {
    await removeData();
    throw error;
  }
}

async function findEmulator(): Promise<string | { missing: string }> {
  const root = await gcloudRoot();
  if (root === undefined) return { missing: 'gcloud is not installed, so there is no Pub/Sub emulator' };
  const found = join(root, 'platform/pubsub-emulator/bin/cloud-pubsub-emulator');
  if (!existsSync(found)) return { missing: `gcloud has no component pubsub-emulator (looked for ${found})` };
  try {
    await promisify(execFile)('java', ['-version']);
  } catch {
    return { missing: 'the Pub/Sub emulator needs Java, which is not installed' };
  }
  return found;
}
