/**
 * Splits a path into its version, the beginning that all paths of the version have, and the rest. A path begins
 * with its version; in some APIs there is a prefix before it, or `admin/` behind. Google's own clients use
 * versions of their own, whose names begin with `ui`.
 */
export function splitPath(path: string) {
  const [, base = '', version = '', rest = ''] =
    /^((?:[a-z]+\/)?(v\d[^/]*|alpha|beta|ui[^/]*)\/(?:admin\/)?)(.*)$/.exec(path) ?? [];
  if (rest === '') throw new Error(`no version in the path ${path}`);
  return { version, base, rest };
}
