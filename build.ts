import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';

/**
 * Builds what is deployed: `dist/` with one file and a package.json of its own, which `functions-framework
 * --source=dist --target=cancelOperation` runs.
 *
 * CommonJS, because Google's libraries are: as one CommonJS file they load without a file look-up each, and
 * those that the first message does not need stay unevaluated until they are imported. Only the framework
 * stays outside: the one that runs the function has to be the one that it registers with.
 */
const FRAMEWORK = '@google-cloud/functions-framework';
const { name, version, license, dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
  name: string;
  version: string;
  license: string;
  dependencies: Record<string, string>;
};

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
const { metafile } = await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.js',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  external: [FRAMEWORK],
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const manifest = {
  name,
  version,
  license,
  private: true,
  main: 'index.js',
  engines: { node: '24.x' },
  dependencies: { [FRAMEWORK]: dependencies[FRAMEWORK] },
};
await writeFile('dist/package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
const bytes = metafile.outputs['dist/index.js']?.bytes ?? 0;
console.log(`dist/index.js: ${(bytes / 1e6).toFixed(2)} MB`);
