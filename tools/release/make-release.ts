import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bundleCommand } from '../bundle/command.ts';
import type { Lockfile } from './lockfile.ts';
import { CLIENT_PACKAGES, packageEntries } from './npm-package.ts';
import { sbomOf } from './sbom.ts';
import { tarGz } from './tar.ts';
import { zip } from './zip.ts';
import type { ZipEntry } from './zip.ts';

/**
 * Makes the files that others deploy without Node and without a clone:
 *
 * - `lro-cancel-{version}.zip`, the function, from `dist/`, and its checksum in `….zip.sha256`;
 * - `lro-cancel-{version}-module.zip`, the Terraform module in `infra/`, with the documentation that it links to;
 * - `lro-cancel-cli-{version}.mjs`, the command for people, in one file;
 * - `lro-cancel-client-{version}.tgz`, the client and the command as a package that npm installs;
 * - `lro-cancel-{version}.cdx.json` and `lro-cancel-client-{version}.cdx.json`, the packages in the function, and in the
 *   client and the command;
 * - `manifest.json`, the versions and the checksum of each file.
 *
 * The same sources make the same bytes.
 *
 * @param folder where they go; what is there is removed
 * @returns the names of the files
 */
export async function makeRelease(folder: string): Promise<readonly string[]> {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lockfile;
  const { name, version } = lock;
  const { dependencies = {} } = lock.packages[''] ?? {};
  const files = new Map<string, Buffer>([
    [`${name}-${version}.zip`, zip(await entriesOf('dist', ''))],
    [
      `${name}-${version}-module.zip`,
      zip([
        ...(await entriesOf('infra', 'infra/')),
        ...(await entriesOf('docs', 'docs/')),
        { path: 'LICENSE', content: await readFile('LICENSE') },
      ]),
    ],
    [`${name}-cli-${version}.mjs`, Buffer.from(await bundleCommand())],
    [`${name}-client-${version}.tgz`, tarGz(await packageEntries())],
    [`${name}-${version}.cdx.json`, jsonOf(sbomOf(lock, Object.keys(dependencies)))],
    [`${name}-client-${version}.cdx.json`, jsonOf(sbomOf(lock, CLIENT_PACKAGES))],
  ]);
  const archive = files.get(`${name}-${version}.zip`) ?? Buffer.alloc(0);
  files.set(`${name}-${version}.zip.sha256`, Buffer.from(`${sha256(archive)}  ${name}-${version}.zip\n`));
  files.set(
    'manifest.json',
    jsonOf({
      name,
      version,
      runtime: 'nodejs24',
      entryPoint: 'cancelOperation',
      terraform: versionsOf(await readFile('infra/versions.tf', 'utf8')),
      files: Object.fromEntries(
        [...files].map(([file, content]) => [file, { sha256: sha256(content), bytes: content.length }]),
      ),
    }),
  );
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [file, content] of files) await writeFile(join(folder, file), content);
  return [...files.keys()];
}

/** The files of a folder, without what Terraform leaves there and without the module's tests. */
async function entriesOf(folder: string, prefix: string): Promise<readonly ZipEntry[]> {
  const names = await readdir(folder, { recursive: true });
  const entries = names.map(async (name): Promise<readonly ZipEntry[]> => {
    const path = join(folder, name);
    const { mode, ...status } = await stat(path).then((found) => ({
      mode: found.mode,
      file: found.isFile(),
    }));
    if (!status.file || isLeftOut(folder, name)) return [];
    return [{ path: `${prefix}${name}`, content: await readFile(path), executable: (mode & 0o100) !== 0 }];
  });
  return (await Promise.all(entries)).flat();
}

function isLeftOut(folder: string, name: string): boolean {
  const parts = name.split('/');
  return (
    parts.some((part) => part.startsWith('.terraform')) ||
    /\.tfstate/.test(basename(name)) ||
    (folder === 'infra' && parts[0] === 'tests')
  );
}

/** The versions of Terraform and of its providers that the module accepts. */
function versionsOf(text: string) {
  const [, required = ''] = /required_version = "(.*)"/.exec(text) ?? [];
  const providers = [...text.matchAll(/source {2}= "(.*)"\n *version = "(.*)"/g)].map(
    ([, source = '', version = '']) => [source, version] as const,
  );
  return { version: required, providers: Object.fromEntries(providers) };
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

const jsonOf = (value: unknown) => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
