import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { crc32, inflateRawSync } from 'node:zlib';
import { makeRelease } from '../../tools/release/make-release.ts';

interface Manifest {
  readonly version: string;
  readonly terraform: { readonly version: string; readonly providers: Readonly<Record<string, string>> };
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

interface Bom {
  readonly bomFormat: string;
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly version: string;
    readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

let folder: string;
let manifest: Manifest;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'));
  await makeRelease(join(folder, 'first'));
  manifest = JSON.parse(await readFile(join(folder, 'first', 'manifest.json'), 'utf8')) as Manifest;
});
after(() => rm(folder, { recursive: true, force: true }));

/** The files of an archive by path, as its directory lists them. */
async function unpack(name: string): Promise<ReadonlyMap<string, Buffer>> {
  const archive = await readFile(join(folder, 'first', name));
  const end = archive.lastIndexOf('PK\x05\x06');
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    assert.equal(archive.toString('latin1', at, at + 4), 'PK\x01\x02');
    const length = archive.readUInt16LE(at + 28);
    const path = archive.toString('utf8', at + 46, at + 46 + length);
    const start = archive.readUInt32LE(at + 42);
    assert.equal(archive.toString('utf8', start + 30, start + 30 + length), path);
    const data = start + 30 + length;
    const content = inflateRawSync(archive.subarray(data, data + archive.readUInt32LE(at + 20)));
    assert.equal(crc32(content), archive.readUInt32LE(at + 16));
    files.set(path, content);
    at += 46 + length;
  }
  assert.equal(at, end);
  return files;
}

describe('a release', () => {
  it('the manifest of a release has the checksum of each file', async () => {
    const names = await readdir(join(folder, 'first'));
    assert.deepEqual(
      Object.keys(manifest.files).sort(),
      names.filter((name) => name !== 'manifest.json').sort(),
    );
    for (const [name, { sha256, bytes }] of Object.entries(manifest.files)) {
      const content = await readFile(join(folder, 'first', name));
      assert.equal(createHash('sha256').update(content).digest('hex'), sha256);
      assert.equal(content.length, bytes);
    }
    assert.match(manifest.terraform.providers['hashicorp/google-beta'] ?? '', /^>= /);
  });

  it('two releases of one commit have the same files', async () => {
    await makeRelease(join(folder, 'second'));
    const second = JSON.parse(await readFile(join(folder, 'second', 'manifest.json'), 'utf8')) as Manifest;
    assert.deepEqual(second, manifest);
  });

  it('the command of a release is one file that runs by itself', async () => {
    const file = join(folder, 'first', `lro-cancel-cli-${manifest.version}.mjs`);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [file, 'explain', 'operations/o1', '--service', 'cloudchannel'],
      {
        cwd: folder,
      },
    );
    assert.match(
      stdout,
      /^Cancel +POST https:\/\/cloudchannel\.googleapis\.com\/v1\/operations\/o1:cancel$/m,
    );
  });

  it('the zip of the function has the files of the build', async () => {
    const files = await unpack(`lro-cancel-${manifest.version}.zip`);
    assert.deepEqual([...files.keys()], (await readdir('dist')).sort());
    for (const [name, content] of files) assert.deepEqual(content, await readFile(join('dist', name)), name);
  });

  it('the archive of the module has the module with the pages that it links to, and no tests', async () => {
    const names = [...(await unpack(`lro-cancel-${manifest.version}-module.zip`)).keys()];
    for (const name of [
      'LICENSE',
      'docs/operations.md',
      'infra/README.md',
      'infra/examples/release/main.tf',
      'infra/function.tf',
      'infra/gcloud/deploy.sh',
    ]) {
      assert.ok(names.includes(name), name);
    }
    assert.deepEqual(
      names.filter((name) => /^infra\/tests|\.terraform|tfstate/.test(name)),
      [],
    );
  });

  it('the SBOM of a release lists each package that is deployed, with its hash and what it needs', async () => {
    const text = await readFile(join(folder, 'first', `lro-cancel-${manifest.version}.cdx.json`), 'utf8');
    const { bomFormat, components, dependencies } = JSON.parse(text) as Bom;
    assert.equal(bomFormat, 'CycloneDX');
    const names = components.map(({ name }) => name);
    for (const name of ['@google-cloud/functions-framework', '@google-cloud/pubsub', 'express', 'valibot']) {
      assert.ok(names.includes(name), name);
    }
    assert.ok(!names.includes('typescript') && !names.includes('commander'));
    for (const { hashes } of components) {
      assert.equal(hashes[0]?.alg, 'SHA-512');
      assert.match(hashes[0].content, /^[0-9a-f]{128}$/);
    }
    const known = new Set([
      `pkg:npm/lro-cancel@${manifest.version}`,
      ...components.map((component) => component['bom-ref']),
    ]);
    assert.equal(known.size, components.length + 1);
    for (const { ref, dependsOn } of dependencies) {
      for (const name of [ref, ...dependsOn]) assert.ok(known.has(name), name);
    }
  });
});
