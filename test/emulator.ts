import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { startGoogleEmulator } from '../local/google-emulator.ts';

/**
 * `npm run test:emulator`: the integration tests on Google's own Pub/Sub emulator. Where it is not installed,
 * it says so and succeeds; with `--require` it fails.
 */
const emulator = await startGoogleEmulator();
if ('missing' in emulator) {
  console.log(`Skipped: ${emulator.missing}`);
  process.exit(process.argv.includes('--require') ? 1 : 0);
}
console.log(`Started ${emulator.program} at ${emulator.host}`);
try {
  const files = (await readdir('test/integration')).filter((file) => file.endsWith('.test.ts'));
  const tests = spawn(
    process.execPath,
    [
      '--test',
      '--test-concurrency=4',
      '--test-timeout=180000',
      ...files.sort().map((file) => `test/integration/${file}`),
    ],
    { env: { ...process.env, PUBSUB_EMULATOR_HOST: emulator.host }, stdio: 'inherit' },
  );
  const [code] = (await once(tests, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await emulator.close();
}
