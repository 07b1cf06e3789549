import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

/**
 * `npm run test:page`: the page in a headless Chromium. Says so, and passes, where there is none; with `--require` it fails
 * then. With `--update` it also makes the pictures of the documentation.
 */
const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const { values } = parseArgs({
  options: { require: { type: 'boolean', default: false }, update: { type: 'boolean', default: false } },
});
const chromium = [process.env.CHROMIUM ?? '', ...CHROMIUMS].find((path) => path !== '' && existsSync(path));
if (chromium === undefined) {
  console.log('The page is not tested: there is no Chromium. Install it, or name one in CHROMIUM.');
  process.exit(values.require ? 1 : 0);
}
const child = spawn(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-timeout=180000', 'test/page/*.page.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM: chromium, ...(values.update && { UPDATE_PICTURES: '1' }) },
  },
);
const [status] = (await once(child, 'exit')) as [number | null];
process.exit(status ?? 1);
