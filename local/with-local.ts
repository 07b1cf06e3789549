import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { once } from 'node:events';
import { environmentOf } from './local-environment.ts';
import { watchParents } from './parents.ts';
import { LOCAL_VARIABLE } from './local-address.ts';
import { addressOf, runLocal } from './run-local.ts';
import { demoSeed, readSeed } from './seed.ts';
import { startSettings } from './start-settings.ts';
import { readCommand } from './with-local-command.ts';

/**
 * `npm run with-local -- COMMAND`: starts the local system, runs a command with the variables that lead clients to it, stops
 * the system, and ends with the command's status.
 */
const reading = readCommand(process.argv.slice(2));
if ('usage' in reading) {
  (reading.status === 0 ? console.log : console.error)(reading.usage);
  process.exit(reading.status);
}
const { seed: file, command } = reading;
let stop: () => void = () => process.exit(128 + constants.signals.SIGTERM);
watchParents(() => stop());
const { settings } = startSettings(process.env);
const seeding = file === undefined ? { seed: demoSeed() } : await readSeed(file);
if ('mistake' in seeding) endWith(seeding.mistake, 2);
const local = await runLocal({ settings, seed: seeding.seed, ports: [0] }).catch((error: unknown) =>
  endWith(error instanceof Error ? error.message : String(error), 1),
);

const [program = '', ...args] = command;
const variables = {
  ...environmentOf(local.system),
  LRO_CANCEL_PAGE: local.page.url,
  LRO_CANCEL_SERVICES: local.system.services.url,
  [LOCAL_VARIABLE]: JSON.stringify(addressOf(local)),
};
const child = spawn(program, args, {
  stdio: 'inherit',
  // One argument is a line for the shell, as in `npm run with-local -- 'npm test && ./more-tests.sh'`.
  shell: args.length === 0,
  env: { ...process.env, ...variables },
});
// Ctrl-C reaches the command by itself; this process waits for it, to stop the system after it.
process.on('SIGINT', () => undefined);
stop = () => void child.kill('SIGTERM');
process.on('SIGTERM', () => stop());
const status = await once(child, 'exit').then(
  ([code, signal]: (number | NodeJS.Signals | null)[]) => statusOf(code, signal),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    return 127;
  },
);
await local.close();
process.exit(status);

/** As a shell tells the end by a signal. */
function statusOf(code: unknown, signal: unknown): number {
  return typeof code === 'number' ? code : 128 + constants.signals[signal as NodeJS.Signals];
}

function endWith(message: string, exitStatus: number): never {
  console.error(message);
  process.exit(exitStatus);
}
