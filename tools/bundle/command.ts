import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { brotliCompressSync } from 'node:zlib';
import { bundlePage } from '../../local/page/server/bundle.ts';
import type { PageFile } from '../../local/page/server/bundle.ts';
import { replaceUnused, UNUSED_OF_GOOGLE } from './replace-unused.ts';

/**
 * Bundles the command `lro-cancel` as one file, which runs on Node 20 and later without anything else.
 *
 * Its start is what counts: `--help` and `explain` must not wait for Google's libraries. A module that is imported later is
 * evaluated later, but the parser reads the whole file at once, and Google's libraries are five sixths of it. So they stand
 * there as text, compressed, and are parsed when something imports them. Modules of Node are loaded later in the same
 * way: imports of an ECMAScript module would all be loaded at the start. The files of the page of `console` are text, too.
 *
 * @returns the text of the file, whose name has to end in `.mjs`. The same sources make the same text
 */
export async function bundleCommand(): Promise<string> {
  const { code } = await bundleGoogleLibraries('none');
  return bundleProgram('cli/lro-cancel.ts', await pluginsOfCommand(embedded(code)));
}

/**
 * Bundles the client and the command for a package of npm: `client.js`, `lro-cancel.js`, and Google's libraries in a file
 * that both load, `google.cjs`, with the licenses that its code names.
 *
 * @returns the texts by the names of their files
 */
export async function bundlePackage(): Promise<ReadonlyMap<string, string>> {
  const { code, licenses } = await bundleGoogleLibraries('linked');
  const command = await pluginsOfCommand(loadedLater('./google.cjs'));
  return new Map([
    ['client.js', await bundleProgram('client/index.ts', [beside('./google.cjs')])],
    ['google.cjs', code],
    ['google.cjs.LEGAL.txt', licenses],
    ['lro-cancel.js', await bundleProgram('cli/lro-cancel.ts', command)],
  ]);
}

/** @param google leads to the libraries of Google */
const pluginsOfCommand = async (google: Plugin): Promise<Plugin[]> => [
  withoutChildProcesses,
  google,
  withPage(await bundlePage()),
  nodeModulesLater,
];

async function bundleProgram(entry: string, plugins: Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry],
    write: false,
    format: 'esm',
    // A module of the bundle is never the program itself.
    define: { 'import.meta.main': 'false' },
    plugins,
  });
  return outputFiles[0]?.text ?? '';
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
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

async function bundleGoogleLibraries(
  legalComments: 'none' | 'linked',
): Promise<{ readonly code: string; readonly licenses: string }> {
  const replacement = replaceUnused(UNUSED_OF_GOOGLE);
  const contents = Object.entries(GOOGLE).map(
    ([from, names]) => `export { ${names.join(', ')} } from '${from}';`,
  );
  const { outputFiles } = await build({
    ...common,
    stdin: { contents: contents.join('\n'), resolveDir: process.cwd() },
    write: false,
    outfile: 'google.cjs',
    legalComments,
    format: 'cjs',
    plugins: [replacement.plugin],
  });
  replacement.check();
  const textOf = (suffix: string) => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
  return { code: textOf('.cjs'), licenses: textOf('.LEGAL.txt') };
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

/** Loads the libraries from a file beside the bundle, with the bundle. */
const beside = (path: string): Plugin => ({
  name: 'beside',
  setup: (builder) => {
    builder.onResolve({ filter: isGoogle }, () => ({ path, external: true }));
  },
});

/** Loads the libraries from a file beside the bundle, when something imports them. */
const loadedLater = (path: string): Plugin => ({
  name: 'loaded-later',
  setup: (builder) => {
    const namespace = 'loaded-later';
    const names = Object.values(GOOGLE).flat().join(', ');
    builder.onResolve({ filter: isGoogle }, () => ({ path, namespace }));
    builder.onLoad({ filter: /.*/, namespace }, () => ({
      contents: `
        const { createRequire } = process.getBuiltinModule('node:module');
        export const { ${names} } = createRequire(import.meta.url)('${path}');`,
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
