import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundleCommand } from '../../tools/bundle/command.ts';
import type { TestSystem } from '../integration/test-system.ts';

export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

export interface CliOptions {
  /** Standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the output is read, as `| head` reads no more of it. Default: true. */
  readonly isRead?: boolean;
  /** Called with the process as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Where the command finds a system of the tests. */
export const environmentOf = (system: TestSystem) => ({
  PUBSUB_EMULATOR_HOST: system.pubsubHost,
  GOOGLE_CLOUD_PROJECT: system.topology.projectId,
});

const MAX_RUN_MS = 110_000;

let bundled: Promise<string> | undefined;

/** The command as a release has it: one file, which starts in a fraction of the time of the sources. */
async function bundle(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lro-cancel-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'lro-cancel.mjs');
  writeFileSync(file, await bundleCommand());
  return file;
}

/** Runs `lro-cancel` as a user does, without the environment of the tests. */
export async function runCli(
  args: readonly string[],
  { input = '', env = {}, isRead = true, onStart }: CliOptions = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [await (bundled ??= bundle()), ...args], {
    // A test that fails leaves no command behind.
    timeout: MAX_RUN_MS,
    killSignal: 'SIGKILL',
    env: { PATH: process.env.PATH, METADATA_SERVER_DETECTION: 'none', HOME: '/nonexistent', ...env },
  });
  onStart?.(child);
  const closed = once(child, 'close') as Promise<[number | null]>;
  child.stdin.end(input);
  if (!isRead) child.stdout.destroy();
  const [stdout, stderr, [exitCode]] = await Promise.all([
    isRead ? text(child.stdout) : '',
    text(child.stderr),
    closed,
  ]);
  return { stdout, stderr, exitCode };
}

/** The temporary subscriptions that are there now. */
export async function temporarySubscriptions(system: TestSystem): Promise<readonly string[]> {
  const [subscriptions] = await system.pubsub.getSubscriptions();
  return subscriptions.map(({ name }) => name).filter((name) => name.includes('lro-cancel-client-'));
}
