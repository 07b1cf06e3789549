import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { locate } from '../../tools/release/lockfile.ts';
import type { Lockfile } from '../../tools/release/lockfile.ts';

/** The folder that `npm run build` makes, as Cloud Build installs it. */
const read = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as Lockfile;

describe('the lockfile of the bundle', () => {
  it('the lockfile of the bundle has the versions of the repository', async () => {
    const { packages } = await read('dist/package-lock.json');
    const tested = await read('package-lock.json');
    const paths = Object.keys(packages).filter((path) => path !== '');
    assert.ok(paths.length > 100);
    for (const path of paths) {
      assert.deepEqual(packages[path], tested.packages[path], path);
      assert.match(packages[path]?.integrity ?? '', /^sha512-/, path);
    }
  });

  it('the lockfile of the bundle has all that its packages need', async () => {
    const lock = await read('dist/package-lock.json');
    for (const [path, { dependencies = {} }] of Object.entries(lock.packages)) {
      for (const name of Object.keys(dependencies)) {
        assert.ok(locate(lock, path, name), `${path} needs ${name}`);
      }
    }
  });

  it('npm accepts the lockfile of the bundle', () => {
    const { status, stdout } = spawnSync('npm', ['ls', '--package-lock-only', '--all', '--json'], {
      cwd: 'dist',
      encoding: 'utf8',
    });
    const { problems = [] } = JSON.parse(stdout) as { readonly problems?: readonly string[] };
    assert.deepEqual([status, problems], [0, []]);
  });
});
