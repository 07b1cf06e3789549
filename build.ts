import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import {
  PROJECT_TOKEN,
  replaceUnused,
  UNUSED_OF_GOOGLE,
  UNUSED_OF_UNDICI,
} from './tools/bundle/replace-unused.ts';
import { parseCatalog } from './tools/bundle/parse-catalog.ts';
import { lockfileOf } from './tools/release/lockfile.ts';
import type { Lockfile } from './tools/release/lockfile.ts';

/**
 * Builds what is deployed: `dist/` with a package.json of its own, which `functions-framework --source=dist
 * --target=cancelOperation` runs, and a package-lock.json, so that Cloud Build installs the versions that were tested.
 *
 * CommonJS, because Google's libraries are: as one file each they load without a file look-up for every module. Those
 * that the first message may do without stand beside the function, unread until they are imported. Only the
 * framework stays outside: the one that runs the function has to be the one that it registers with.
 */
const FRAMEWORK = '@google-cloud/functions-framework';
const { name, version, license, dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
  name: string;
  version: string;
  license: string;
  dependencies: Record<string, string>;
};
const frameworkVersion = dependencies[FRAMEWORK];
if (frameworkVersion === undefined) throw new Error(`package.json does not name ${FRAMEWORK}`);

/**
 * Packages with a file of their own, which the function imports when it needs them. What it imports of them is named:
 * only such names can Node see from an `import()` of CommonJS.
 */
const OWN_FILES = [
  {
    specifier: 'google-auth-library',
    file: 'google-auth-library.js',
    // The client of Pub/Sub needs the rest.
    contents:
      "export * from 'google-auth-library'; export { GoogleAuth, PassThroughClient } from 'google-auth-library';",
  },
  {
    specifier: '@google-cloud/pubsub',
    file: 'google-cloud-pubsub.js',
    contents: "export { PubSub } from '@google-cloud/pubsub';",
  },
] as const;

/** Leads imports of those packages to their files, but for the one that is made. */
const importOwnFiles = (made: string): Plugin => ({
  name: 'import-own-files',
  setup: (builder) => {
    for (const { specifier, file } of OWN_FILES) {
      if (file === made) continue;
      const filter = new RegExp(`^${specifier}$`);
      builder.onResolve({ filter }, () => ({ path: `./${file}`, external: true }));
    }
  },
});

const replacement = replaceUnused([...UNUSED_OF_GOOGLE, ...UNUSED_OF_UNDICI, ...PROJECT_TOKEN]);

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
const sizes: string[] = [];
const bundle = async (file: string, entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>) => {
  const { metafile } = await build({
    ...entry,
    outfile: `dist/${file}`,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: [FRAMEWORK],
    define: {
      // Undici's own flag for a bundle: without the parser that it tries out.
      esbuildDetection: '"1"',
      // These would choose the parser that is left out.
      'process.env.JEST_WORKER_ID': 'undefined',
      'process.env.UNDICI_NO_WASM_SIMD': 'undefined',
    },
    minifyWhitespace: true,
    minifySyntax: true,
    // Stacks in the log have the names of the code. Giving them back to what was minified is work at run time: for the
    // libraries once, when their classes are made; here for every function that a message makes.
    ...(file === 'index.js' ? {} : { minifyIdentifiers: true, keepNames: true }),
    legalComments: 'linked',
    metafile: true,
    plugins: [importOwnFiles(file), parseCatalog, replacement.plugin],
    logLevel: 'warning',
  });
  sizes.push(`${file} ${((metafile.outputs[`dist/${file}`]?.bytes ?? 0) / 1e6).toFixed(2)} MB`);
};
await bundle('index.js', { entryPoints: ['src/index.ts'] });
for (const { file, contents } of OWN_FILES) {
  await bundle(file, { stdin: { contents, resolveDir: process.cwd() } });
}
replacement.check();
const manifest = {
  name,
  version,
  license,
  private: true,
  main: 'index.js',
  engines: { node: '24.x' },
  dependencies: { [FRAMEWORK]: frameworkVersion },
};
await writeFile('dist/package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lockfile;
await writeFile('dist/package-lock.json', `${JSON.stringify(lockfileOf(lock, manifest), undefined, 2)}\n`);
if (!process.argv.includes('--quiet')) console.log(`dist: ${sizes.join(', ')}`);
