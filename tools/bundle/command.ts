import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { brotliCompressSync } from 'node:zlib';
import { bundlePage } from '../../local/page/server/bundle.ts';
import type { PageFile } from '../../local/page/server/bundle.ts';
import { replaceUnused, UNUSED_OF_GOOGLE } from './replace-unused.ts';

/**
 * Bundles the command `lro-cancel` as one file, which runs on Node 22 and later without anything else.
 *
 * Its start is what counts: `--help` and `explain` must not wait for Google's libraries. A module that is imported later is
 * evaluated later, but the parser reads the whole file at once, and Google's libraries are five sixths of it. So they stand
 * there as text, compressed, and are parsed when something imports them. Modules of Node are loaded later in the same
 * way: imports of an ECMAScript module would all be loaded at the start. The files of the page of `console` are text, too.
 *
 * @returns the text of the file, whose name has to end in `.mjs`. The same sources make the same text
 */
export async function bundleCommand(): Promise<string> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['cli/lro-cancel.ts'],
    write: false,
    format: 'esm',
    // A module of the bundle is never the program itself.
    define: { 'import.meta.main': 'false' },
    plugins: [
      withoutChildProcesses,
      embedded(await bundleGoogleLibraries()),
      withPage(await bundlePage()),
      nodeModulesLater,
    ],
  });
  return outputFiles[0]?.text ?? '';
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** The libraries of Google, and all that the client uses of them. */
const GOOGLE = {
  '@google-cloud/pubsub': ['PubSub'],
  'google-auth-library': ['GoogleAuth', 'PassThroughClient'],
};
const isGoogle = /^(?:@google-cloud\/pubsub|google-auth-library)$/;

async function bundleGoogleLibraries(): Promise<string> {
  const replacement = replaceUnused(UNUSED_OF_GOOGLE);
  const contents = Object.entries(GOOGLE).map(
    ([from, names]) => `export { ${names.join(', ')} } from '${from}';`,
  );
  const { outputFiles } = await build({
    ...common,
    stdin: { contents: contents.join('\n'), resolveDir: process.cwd() },
    write: false,
    format: 'cjs',
    plugins: [replacement.plugin],
  });
  replacement.check();
  return outputFiles[0]?.text ?? '';
}

/** Puts a module of CommonJS into the bundle as text, in place of the libraries. */
const embedded = (code: string): Plugin => ({
  name: 'embedded',
  setup: (builder) => {
    const text = brotliCompressSync(code).toString('base64');
    const namespace = 'embedded';
    builder.onResolve({ filter: isGoogle }, () => ({ path: 'google', namespace }));
    builder.onLoad({ filter: /.*/, namespace }, () => ({
      contents: `
        const [{ brotliDecompressSync }, { compileFunction }, { createRequire }] = ['zlib', 'vm', 'module'].map((name) =>
          process.getBuiltinModule('node:' + name));
        const code = brotliDecompressSync(Buffer.from('${text}', 'base64')).toString();
        const filename = process.argv[1];
        const run = compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: 'google.js' });
        run(exports, createRequire(filename), module, filename, '.');`,
      loader: 'js',
    }));
  },
});

/** Puts the files of the page into the bundle, in place of the module that makes them with esbuild. */
const withPage = (files: ReadonlyMap<string, PageFile>): Plugin => ({
  name: 'with-page',
  setup: (builder) => {
    const text = brotliCompressSync(JSON.stringify([...files])).toString('base64');
    builder.onLoad({ filter: /[/\\]local[/\\]page[/\\]server[/\\]bundle\.ts$/ }, () => ({
      contents: `
        export const bundlePage = () => {
          const { brotliDecompressSync } = process.getBuiltinModule('node:zlib');
          return Promise.resolve(new Map(JSON.parse(brotliDecompressSync(Buffer.from('${text}', 'base64')).toString())));
        };`,
      loader: 'js',
    }));
  },
});

/** Loads a module of Node when the module that imports it is evaluated. */
const nodeModulesLater: Plugin = {
  name: 'node-modules-later',
  setup: (builder) => {
    const namespace = 'node-modules-later';
    builder.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace }));
    builder.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
      loader: 'js',
    }));
  },
};

/** Commander can run other programs as its commands. These are none, and the module costs a tenth of the start. */
const withoutChildProcesses: Plugin = {
  name: 'without-child-processes',
  setup: (builder) => {
    const namespace = 'without-child-processes';
    builder.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /\/commander\//.test(importer) ? { path: 'none', namespace } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace }, () => ({ contents: 'export default {};' }));
  },
};
