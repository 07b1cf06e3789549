import { posix } from 'node:path';

/** A package-lock.json of version 3: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export interface Lockfile {
  readonly name: string;
  readonly version: string;
  readonly lockfileVersion: number;
  readonly requires: boolean;
  /** By path, such as `node_modules/a/node_modules/b`; the root by the empty path. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Where Node finds a package that another one imports: in the nearest `node_modules` above it. */
export function locate(lock: Lockfile, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const path = posix.join(folder, 'node_modules', name);
    if (path in lock.packages) return path;
    if (folder === '') return undefined;
  }
}

/** The package that contains this one's `node_modules`. */
function parentOf(path: string): string {
  const index = path.lastIndexOf('node_modules/');
  return index <= 0 ? '' : path.slice(0, index - 1);
}

/** The paths of the packages that a package imports, where they are installed. */
export function importsOf(lock: Lockfile, path: string): readonly string[] {
  const locked = lock.packages[path] ?? {};
  const peers = Object.keys(locked.peerDependencies ?? {}).filter(
    (name) => locked.peerDependenciesMeta?.[name]?.optional !== true,
  );
  const names = [...Object.keys({ ...locked.dependencies, ...locked.optionalDependencies }), ...peers];
  return names.flatMap((name) => locate(lock, path, name) ?? []);
}

/** The paths of the named packages and of all that they need, sorted. */
export function closureOf(lock: Lockfile, names: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const queue = names.map((name) => {
    const path = locate(lock, '', name);
    if (path === undefined) throw new Error(`${name} is not in the lockfile`);
    return path;
  });
  for (const path of queue) {
    if (reached.has(path)) continue;
    reached.add(path);
    queue.push(...importsOf(lock, path));
  }
  return [...reached].sort();
}

/** The lockfile of a folder with its own package.json: the packages of the larger lockfile that it needs, unchanged. */
export function lockfileOf(
  lock: Lockfile,
  manifest: LockedPackage & { readonly name: string; readonly version: string },
): Lockfile {
  const { name, version, license, dependencies = {} } = manifest;
  const engines = 'engines' in manifest ? { engines: manifest.engines } : {};
  const paths = closureOf(lock, Object.keys(dependencies));
  return {
    name,
    version,
    lockfileVersion: lock.lockfileVersion,
    requires: true,
    packages: {
      '': { name, version, ...(license !== undefined && { license }), dependencies, ...engines },
      ...Object.fromEntries(paths.map((path) => [path, lock.packages[path] ?? {}])),
    },
  };
}
