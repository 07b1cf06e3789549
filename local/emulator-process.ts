import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** One of the emulators that come with gcloud, as a process of this machine. */
export interface EmulatorProcess {
  /** Ends it and every process that it started. */
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** The folder in which gcloud keeps its components; undefined where gcloud is not installed. */
export async function gcloudRoot(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('gcloud', ['info', '--format=value(installation.sdk_root)']);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/**
 * Starts an emulator, and resolves when it takes connections.
 *
 * @param port the one of 127.0.0.1 that the arguments tell it to listen on
 * @throws Error where it ends before that, or takes no connection in time
 */
export async function startEmulatorProcess(
  program: string,
  args: readonly string[],
  port: number,
): Promise<EmulatorProcess> {
  // Google's programs start the emulator as a child of their own, so the whole group is ended together.
  const emulator = spawn(program, args, { detached: true, stdio: 'ignore' });
  const ended = once(emulator, 'exit');
  const close = async () => {
    if (emulator.pid === undefined || emulator.exitCode !== null) return;
    process.kill(-emulator.pid, 'SIGKILL');
    await ended;
  };
  try {
    await untilItTakesConnections(port, () => emulator.exitCode);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
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
