import { closureOf, importsOf } from './lockfile.ts';
import type { Lockfile } from './lockfile.ts';

/**
 * The packages that are deployed, in the bundle or beside it, as a CycloneDX document
 * (https://cyclonedx.org/docs/1.6/json/). It has no time and no serial number, so that one commit has one document.
 *
 * @param names the packages that the function imports, from package.json
 */
export function sbomOf(lock: Lockfile, names: readonly string[]) {
  const { name, version } = lock;
  const root = lock.packages[''] ?? {};
  const paths = closureOf(lock, names);
  const components = unique(paths.map((path) => componentOf(lock, path)));
  const referenceOf = (path: string) => componentOf(lock, path)['bom-ref'];
  const own = `pkg:npm/${name}@${version}`;
  const needs = new Map<string, Set<string>>([
    [own, new Set(names.map((needed) => referenceOf(`node_modules/${needed}`)))],
  ]);
  for (const path of paths) {
    const needed = needs.get(referenceOf(path)) ?? new Set<string>();
    for (const imported of importsOf(lock, path)) needed.add(referenceOf(imported));
    needs.set(referenceOf(path), needed);
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        'bom-ref': own,
        type: 'application',
        name,
        version,
        purl: own,
        ...licensesOf(root.license),
      },
    },
    components,
    dependencies: [...needs].map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn].sort() })),
  };
}

function componentOf(lock: Lockfile, path: string) {
  const { name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), ...locked } =
    lock.packages[path] ?? {};
  const { version = '', license, integrity } = locked;
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    purl,
    ...licensesOf(license),
    ...(integrity !== undefined && { hashes: [hashOf(integrity)] }),
  };
}

const licensesOf = (license: string | undefined) =>
  license === undefined ? {} : { licenses: [{ expression: license.replaceAll(/[()]/g, '') }] };

/** An integrity as npm writes it, `sha512-` and base64. */
function hashOf(integrity: string) {
  const [algorithm = '', digest = ''] = integrity.split(' ')[0]?.split(/-(.*)/s) ?? [];
  return {
    alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
    content: Buffer.from(digest, 'base64').toString('hex'),
  };
}

/** A version that is installed in two places is one component. */
function unique<T extends { readonly purl: string }>(components: readonly T[]): readonly T[] {
  return [...new Map(components.map((component) => [component.purl, component])).values()];
}
