import { readFile } from 'node:fs/promises';
import { bundlePackage } from '../bundle/command.ts';
import { declarationsOf } from './declarations.ts';
import type { ZipEntry } from './zip.ts';

/** The packages whose code is in that of the client and the command; preact in the page of the console. */
export const CLIENT_PACKAGES = [
  '@google-cloud/pubsub',
  'commander',
  'google-auth-library',
  'preact',
  'valibot',
];

/**
 * The files of the package `lro-cancel` as npm installs it: the client `lro-cancel/client` with its types, and the command.
 *
 * It depends on no other package, because Google's libraries are in it: npm installs one package in place of about a
 * hundred, with the versions that were tested, and offline.
 */
export async function packageEntries(): Promise<readonly ZipEntry[]> {
  const { name, version, description, license } = JSON.parse(
    await readFile('package.json', 'utf8'),
  ) as Readonly<Record<string, string>>;
  const manifest = {
    name,
    version,
    description,
    license,
    type: 'module',
    bin: { 'lro-cancel': 'lro-cancel.js' },
    exports: {
      './client': { types: './client.d.ts', default: './client.js' },
      './package.json': './package.json',
    },
    // The oldest that has process.getBuiltinModule, and colors that end where the output is no terminal.
    engines: { node: '>=20.18' },
  };
  const files = new Map<string, string | Buffer>([
    ...(await bundlePackage()),
    ['client.d.ts', declarationsOf('client/index.ts')],
    ['package.json', `${JSON.stringify(manifest, undefined, 2)}\n`],
    ['README.md', await readFile('tools/release/package-readme.md')],
    ['LICENSE', await readFile('LICENSE')],
  ]);
  return [...files].map(([path, content]) => ({
    path: `package/${path}`,
    content: Buffer.from(content),
    executable: path === 'lro-cancel.js',
  }));
}
