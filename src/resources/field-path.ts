import { isObject } from '../validation/schema.ts';

/** Reads the field at a path such as `status.state`; undefined where the field is absent. */
export function fieldReader(path: string): (within: unknown) => unknown {
  const steps = path.split('.').map((field) => ({ field, protoField: toSnakeCase(field) }));
  return (within) =>
    steps.reduce<unknown>(
      (value, { field, protoField }) => (isObject(value) ? (value[field] ?? value[protoField]) : undefined),
      within,
    );
}

/** Some services write the names of their proto, as `create_time`. */
export const toSnakeCase = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Builds a pattern for the paths of the given fields. A path that ends in `.*` matches every field below it, as
 * `metadata.*` matches `metadata.target`.
 */
export function fieldPattern(fields: readonly string[]): RegExp {
  const alternatives = fields.map((field) =>
    field.replaceAll('.', String.raw`\.`).replace(/\*$/, String.raw`[^.]+(?:\.[^.]+)*`),
  );
  return new RegExp(`^(?:${alternatives.join('|')})$`);
}
