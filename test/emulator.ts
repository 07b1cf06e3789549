import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { startGoogleEmulator } from '../local/google-emulator.ts';
import { startSpannerEmulator } from '../local/spanner-emulator.ts';

/**
 * `npm run test:emulator`: the integration tests on Google's own Pub/Sub emulator, and those of Google's own Spanner
 * emulator. It says which of the two is not installed, and skips the tests that need it; with `--require` it fails.
 */
const SPANNER_TESTS = 'spanner-emulator.test.ts';

await using started = new AsyncDisposableStack();
const pubsub = await startGoogleEmulator();
const spanner = await startSpannerEmulator();
const environment: Record<string, string> = {};
if ('missing' in pubsub) {
  console.log(`Skipped, the integration tests on Google's Pub/Sub: ${pubsub.missing}`);
} else {
  started.defer(() => pubsub.close());
  environment.PUBSUB_EMULATOR_HOST = pubsub.host;
  console.log(`Started ${pubsub.program} at ${pubsub.host}`);
}
if ('missing' in spanner) {
  console.log(`Skipped, the tests on Google's Spanner: ${spanner.missing}`);
} else {
  started.defer(() => spanner.close());
  environment.SPANNER_EMULATOR_REST_URL = spanner.restUrl;
  console.log(`Started ${spanner.program} at ${spanner.restUrl}`);
}

/**
 * Tests of the function alone, whatever Pub/Sub is in use: `npm test` has run them. Those of starvation and of the storm
 * have hundreds of deliveries at once, and Google's emulator delivers little to others beside them; those of approvals kill
 * the function, and it forgets messages whose subscriber died.
 */
const OF_ANY_PUBSUB = [
  'approvals.test.ts',
  'endpoint.test.ts',
  'errors.test.ts',
  'examples.test.ts',
  'forms.test.ts',
  'job-sweeps.test.ts',
  'jobs-of-every-kind.test.ts',
  'jobs.test.ts',
  'large-sweep.test.ts',
  'memory.test.ts',
  'metadata-server.test.ts',
  'own-states.test.ts',
  'platform-log.test.ts',
  'service-answers.test.ts',
  'starvation.test.ts',
  'storm.test.ts',
];
const all = (await readdir('test/integration')).filter(
  (file) => file.endsWith('.test.ts') && !OF_ANY_PUBSUB.includes(file),
);
// Without Google's Pub/Sub, `npm test` runs the others.
const files = all.filter((file) =>
  file === SPANNER_TESTS ? !('missing' in spanner) : !('missing' in pubsub),
);
if (files.length < all.length && process.argv.includes('--require')) {
  process.exitCode = 1;
} else if (files.length > 0) {
  const tests = spawn(
    process.execPath,
    [
      '--test',
      '--test-concurrency=4',
      '--test-timeout=180000',
      ...files.sort().map((file) => `test/integration/${file}`),
    ],
    { env: { ...process.env, ...environment }, stdio: 'inherit' },
  );
  const [code] = (await once(tests, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
