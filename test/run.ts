import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/**
 * `npm test`: all tests that need nothing but Node.
 *
 * Tests of functions alone share one process, which spares each file the start of its own; in a process of its own is every
 * file whose tests start processes, or depend on what a library keeps.
 */
const IN_ONE_PROCESS = [
  ...['budgets', 'calls', 'cancellation', 'catalog', 'contract', 'local/emulators', 'local/page', 'messages'],
  ...['policy', 'resources', 'settings', 'sweeps', 'telemetry', 'validation'],
];
/** Folders whose files take longest: begun last, they would end long after all others. */
const FIRST = ['integration', 'cli', 'simulation', 'infra'];
const PROCESSES_AT_ONCE = 5;
const TIMEOUT_MS = 120_000;

const files = (await readdir('test', { recursive: true })).filter((file) => file.endsWith('.test.ts')).sort();
const isIn = (file: string, folders: readonly string[]) =>
  folders.some((folder) => file.startsWith(`${folder}/`));
const shared = files.filter((file) => isIn(file, IN_ONE_PROCESS));
const own = files.filter((file) => !isIn(file, IN_ONE_PROCESS));
const statuses = await Promise.all([
  runTests(shared, '--test-isolation=none', 'pipe'),
  runTests(
    [...own.filter((file) => isIn(file, FIRST)), ...own.filter((file) => !isIn(file, FIRST))],
    `--test-concurrency=${PROCESSES_AT_ONCE}`,
    'inherit',
  ),
]);
process.exitCode = Math.max(...statuses);

/** The exit status. Piped output is shown as a whole at the end, so that it does not mix with that of the others. */
async function runTests(
  names: readonly string[],
  option: string,
  stdout: 'inherit' | 'pipe',
): Promise<number> {
  const options = ['--test', option, `--test-timeout=${TIMEOUT_MS}`];
  const child = spawn(process.execPath, [...options, ...names.map((name) => `test/${name}`)], {
    stdio: ['ignore', stdout, 'inherit'],
  });
  const [output, [status]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  process.stdout.write(output);
  return status ?? 1;
}
