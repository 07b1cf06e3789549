import { catalog, namesOf } from '../../src/catalog/catalog.ts';

/**
 * The catalog's patterns as regular expressions, derived here in another way than in src/, so that the two can
 * disagree.
 */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replace(/^\[(.*?)\]/, '(?:$1)?')
    .replaceAll('**', '\0')
    .replaceAll('*', '[^/:%?#]+')
    .replaceAll('\0', '[^:%?#]+')
    .replaceAll('projects/[^/:%?#]+', 'projects/[^/%?#]+');
  return new RegExp(`^${source}$`);
}

/** Every name pattern that can be cancelled, with the expression that its names match. */
export const listed = Object.entries(catalog.services).flatMap(([service, { versions }]) =>
  Object.entries(versions).flatMap(([version, groups]) =>
    groups
      .filter(({ cancel }) => cancel !== false)
      .flatMap((group) =>
        namesOf(group).map((pattern) => ({
          service,
          version,
          pattern,
          expression: expressionOf(pattern),
          base: group.base ?? `${version}/`,
          cancel: group.cancel === undefined ? 'POST :cancel' : String(group.cancel),
        })),
      ),
  ),
);

/** A name of a pattern. */
export const nameOfPattern = (pattern: string, location = 'us-central1') =>
  pattern
    .replace(/^\[(.*?)\]/, '$1')
    .replaceAll('locations/*', `locations/${location}`)
    .replaceAll('**', 'a/b')
    .replaceAll('*', 'x1');
