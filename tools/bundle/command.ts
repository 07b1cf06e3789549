import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { brotliCompressSync } from 'node:zlib';
import { bundlePage } from '../../local/page/server/bundle.ts';
import { parseCatalog } from './parse-catalog.ts';
import { replaceUnused, UNUSED_OF_GOOGLE } from './replace-unused.ts';

/**
 * Bundles the command `lro-cancel` as one file, which runs on Node 20 and later without anything else.
 *
 * Its start is what counts: `--help` and `explain` must not wait for Google's libraries. A module that is imported later is
 * evaluated later, but the parser reads the whole file at once, and Google's libraries are five sixths of it. So they stand
 * in comments at its end, compressed, and are parsed when something imports them, as the files of the page of `console` do.
 * Modules of Node are loaded later in the same way: imports of an ECMAScript module would all be loaded at the start.
 *
 * @returns the text of the file, whose name has to end in `.mjs`. The same sources make the same text
 */
export async function bundleCommand(): Promise<string> {
  const { code } = await bundleGoogleLibraries('none');
  const program = await bundleProgram(
    'cli/lro-cancel.ts',
    commandPlugins(libraryOf(textOfComment('google'))),
  );
  return program + (await commentOfPage()) + commentOf('google', code);
}

/**
 * Bundles the client and the command for a package of npm: `client.js`, `lro-cancel.js`, and Google's libraries in a file
 * that both load, `google.cjs`, with the licenses that its code names.
 *
 * @returns the texts by the names of their files
 */
export async function bundlePackage(): Promise<ReadonlyMap<string, string>> {
  const { code, licenses } = await bundleGoogleLibraries('linked');
  const command = commandPlugins(
    `process.getBuiltinModule('node:module').createRequire(import.meta.url)('./google.cjs')`,
  );
  return new Map([
    ['client.js', await bundleProgram('client/index.ts', [beside('./google.cjs')])],
    ['google.cjs', code],
    ['google.cjs.LEGAL.txt', licenses],
    ['lro-cancel.js', (await bundleProgram('cli/lro-cancel.ts', command)) + (await commentOfPage())],
  ]);
}

/** @param google an expression for the libraries of Google, evaluated when something imports them */
const commandPlugins = (google: string): Plugin[] => [
  withoutChildProcesses,
  googleLater(google),
  pageFromComment,
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
    plugins: [...plugins, parseCatalog],
  });
  return outputFiles[0]?.text ?? '';
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
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
    // Google's libraries ask objects for the names of their classes.
    keepNames: true,
    legalComments,
    format: 'cjs',
    plugins: [replacement.plugin],
  });
  replacement.check();
  const textOf = (suffix: string) => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
  return { code: textOf('.cjs'), licenses: textOf('.LEGAL.txt') };
}

/** A comment at the end of a bundle: the parser skips it, which takes a fraction of the time for a string. */
const commentOf = (name: string, text: string) =>
  `//${name}:${brotliCompressSync(text).toString('base64')}\n`;

/** An expression for the text of such a comment. */
const textOfComment = (name: string) => `((own) => {
  const start = own.lastIndexOf('//${name}:') + ${name.length + 3};
  const compressed = Buffer.from(own.slice(start, own.indexOf('\\n', start)), 'base64');
  return process.getBuiltinModule('node:zlib').brotliDecompressSync(compressed).toString();
})(process.getBuiltinModule('node:fs').readFileSync(new URL(import.meta.url), 'latin1'))`;

/** An expression for what a module of CommonJS exports. @param code an expression for its text */
const libraryOf = (code: string) => `(() => {
  const module = { exports: {} };
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
  const run = process.getBuiltinModule('node:vm').compileFunction(${code}, parameters, { filename: 'google.js' });
  const { createRequire } = process.getBuiltinModule('node:module');
  run(module.exports, createRequire(import.meta.url), module, 'google.js', '.');
  return module.exports;
})()`;

/** Loads the libraries from a file beside the bundle, with the bundle. */
const beside = (path: string): Plugin => ({
  name: 'beside',
  setup: (builder) => {
    builder.onResolve({ filter: isGoogle }, () => ({ path, external: true }));
  },
});

const googleLater = (expression: string): Plugin => ({
  name: 'google-later',
  setup: (builder) => {
    const namespace = 'google-later';
    const names = Object.values(GOOGLE).flat().join(', ');
    builder.onResolve({ filter: isGoogle }, () => ({ path: 'google', namespace }));
    builder.onLoad({ filter: /.*/, namespace }, () => ({
      contents: `export const { ${names} } = ${expression};`,
      loader: 'js',
    }));
  },
});

const commentOfPage = async () => commentOf('page', JSON.stringify([...(await bundlePage())]));

/** Reads the files of the page from their comment, in place of the module that makes them with esbuild. */
const pageFromComment: Plugin = {
  name: 'page-from-comment',
  setup: (builder) => {
    builder.onLoad({ filter: /[/\\]local[/\\]page[/\\]server[/\\]bundle\.ts$/ }, () => ({
      contents: `export const bundlePage = () => Promise.resolve(new Map(JSON.parse(${textOfComment('page')})));`,
      loader: 'js',
    }));
  },
};

/**
 * Loads modules of Node as late as it can be: with the first call of a function, else when the module that imports one is
 * evaluated. Only what is imported is looked at, because many properties of them load more modules.
 */
const nodeModulesLater: Plugin = {
  name: 'node-modules-later',
  setup: (builder) => {
    const namespace = 'node-modules-later';
    builder.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace }));
    builder.onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const load = `process.getBuiltinModule('${path}')`;
      const properties = Object.entries(
        Object.getOwnPropertyDescriptors(process.getBuiltinModule(path) ?? {}),
      );
      const lines = properties.flatMap(([name, { value }]) => {
        if (!/^[A-Za-z]\w*$/.test(name) || name === 'default') return [];
        return isPlainFunction(name, value)
          ? [`const ${name}_ = (...values) => ${load}.${name}(...values);`, `export { ${name}_ as ${name} };`]
          : [
              `const ${name}_ = /* @__PURE__ */ (() => ${load}.${name})();`,
              `export { ${name}_ as ${name} };`,
            ];
      });
      return {
        contents: [...lines, `export default /* @__PURE__ */ (() => ${load})();`].join('\n'),
        loader: 'js',
      };
    });
  },
};

/** Whether a function can be replaced by one that calls it: no class, and without properties, as `promisify` has one. */
const isPlainFunction = (name: string, value: unknown) =>
  typeof value === 'function' &&
  /^[a-z]/.test(name) &&
  Reflect.ownKeys(value).every((key) => ['length', 'name', 'prototype'].includes(String(key)));

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
