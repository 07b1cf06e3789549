/**
 * Splits a path into its version, the base that all paths of the version begin with, and the rest. The base is
 * the version; some APIs have a prefix before it, or `admin/` after it. Versions for Google's own clients begin
 * with `ui`.
 */
export function splitPath(path: string) {
  const [, base = '', version = '', rest = ''] =
    /^((?:[a-z]+\/)?(v\d[^/]*|alpha|beta|ui[^/]*)\/(?:admin\/)?)(.*)$/.exec(path) ?? [];
  if (rest === '') throw new Error(`no version in the path ${path}`);
  return { version, base, rest };
}
