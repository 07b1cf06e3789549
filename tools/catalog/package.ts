import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The package that the catalog is made from. It is read, never run, and no dependency of anything here. */
export const PACKAGE = 'googleapis';
export const PACKAGE_VERSION = '188.0.0';
const PACKAGE_INTEGRITY =
  'sha512-dLGvMAlYOiemwYnhFoy1bDd+dnB6o8mGxnXhLCirAjAww8F/Qs59XY3EHm7p7RGENtDRTqyM7oV7DQ22V4BaOA==';

const TIMEOUT_MS = 600_000;

/** Has npm fetch the package into a temporary folder, reads it there, and removes it. */
export async function withPackage<T>(read: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lro-cancel-catalog-'));
  try {
    await writeFile(join(folder, 'package.json'), '{"private": true}\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
    await promisify(execFile)('npm', ['install', ...options, `${PACKAGE}@${PACKAGE_VERSION}`], {
      cwd: folder,
      timeout: TIMEOUT_MS,
    });
    await checkIntegrity(folder);
    return await read(join(folder, 'node_modules', PACKAGE));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The integrity hash fixes the published content of this version, whatever registry it comes from. */
async function checkIntegrity(folder: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  const { integrity } = lock.packages[`node_modules/${PACKAGE}`] ?? {};
  if (integrity !== PACKAGE_INTEGRITY) {
    throw new Error(`${PACKAGE}@${PACKAGE_VERSION} has the integrity ${integrity}, not ${PACKAGE_INTEGRITY}`);
  }
}
