import { writeLocalAddress } from './local-address.ts';
import { watchParents } from './parents.ts';
import { readProgress } from './progress.ts';
import { readStartOptions, START_USAGE } from './start-options.ts';

/** `npm start`: the local system with its page, left running until Ctrl-C, or until what started it ends. */
const USUAL_PORTS = [4747, 0];

const reading = readStartOptions(process.argv.slice(2));
if ('help' in reading) {
  console.log(START_USAGE);
  process.exit(0);
}
if ('mistake' in reading) endWith(`${reading.mistake}\n\n${START_USAGE}`, 2);
const { port, firstRecheckAfter, seed: file, output, verbose } = reading.options;
// Loaded only now, so that a mistake in the options is told at once.
const { startSettings } = await import('./start-settings.ts');
const { settings, note } = startSettings({
  ...process.env,
  ...(firstRecheckAfter !== undefined && { FIRST_RECHECK_AFTER: firstRecheckAfter }),
});
const { demoSeed, readSeed } = await import('./seed.ts');
const seeding = file === undefined ? { seed: demoSeed() } : await readSeed(file);
if ('mistake' in seeding) endWith(seeding.mistake, 2);

const { addressOf, runLocal } = await import('./run-local.ts');
const { reportLine, resultLine, verboseLines, welcome } = await import('./start-output.ts');
/** Where results go to a program, everything else goes to the person beside it. */
const say = output === 'json' ? console.error : console.log;
const width = process.stdout.isTTY ? process.stdout.columns : Infinity;
const onPublished = (data: object, line: string) => {
  console.log(output === 'json' ? JSON.stringify(data) : line);
};
const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop(undefined));
watchParents(() => stop(undefined));
// The address of the page comes first.
let isWelcomed = false;
const local = await runLocal({
  settings,
  seed: seeding.seed,
  ports: port === undefined ? USUAL_PORTS : [port],
  onLogLine: (line) => {
    if (verbose && isWelcomed) say(`  ${readProgress(line)?.text ?? line}`);
  },
  onResult: ({ data }) => onPublished(data, resultLine(data, width)),
  onReport: ({ data }) => onPublished(data, reportLine(data, width)),
}).catch((error: unknown) => endWith(error instanceof Error ? error.message : String(error), 1));

const removeLocalAddress = writeLocalAddress(addressOf(local));
say(welcome(local));
isWelcomed = true;
if (note !== undefined) say(`${note}\n`);
if (verbose) say(verboseLines(local));

await stopped;
removeLocalAddress();
await local.close();
process.exit(0);

function endWith(message: string, status: number): never {
  console.error(message);
  process.exit(status);
}
