import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';

/** A file of the page, as it is served. */
export interface PageFile {
  readonly type: string;
  readonly body: string;
}

const VIEW = new URL('../view/', import.meta.url);

/** Bundles the view with its library, so that the page needs nothing from elsewhere. Gives each file by its path. */
export async function bundlePage(): Promise<ReadonlyMap<string, PageFile>> {
  const { outputFiles } = await build({
    entryPoints: [new URL('main.tsx', VIEW).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  const read = (file: string) => readFile(new URL(file, VIEW), 'utf8');
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: await read('index.html') }],
    ['/page.css', { type: 'text/css; charset=utf-8', body: await read('page.css') }],
    ['/icon.svg', { type: 'image/svg+xml', body: await read('icon.svg') }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', body: outputFiles[0]?.text ?? '' }],
  ]);
}
