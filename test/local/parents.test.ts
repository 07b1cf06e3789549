import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';

const startWith = (parent: number | undefined) =>
  spawn(process.execPath, [`--import=./local/end-with-parent.ts?parent=${parent}`, '--eval', WAIT], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
  });
const WAIT = 'console.log("waiting"); setInterval(() => undefined, 1_000)';

describe('a process that ends with its parent', () => {
  it('it ends where the parent was gone before it could look', async () => {
    const { pid: gone } = spawnSync(process.execPath, ['--eval', '']);
    const [status] = (await once(startWith(gone), 'exit')) as [number | null];
    assert.equal(status, 0);
  });

  it('it stays as long as the parent does', async () => {
    const child = startWith(process.pid);
    await once(child.stdout, 'data');
    // Longer than it takes to look twice: here time itself is what is tested.
    const ended = await Promise.race([
      once(child, 'exit'),
      new Promise<string>((resolve) => setTimeout(() => resolve('it stays'), 1_500)),
    ]);
    child.kill('SIGKILL');
    assert.equal(ended, 'it stays');
  });
});
