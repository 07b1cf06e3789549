import { isObject } from '../validation/schema.ts';

/** Reads the field at a path such as `status.state`; undefined where there is none. */
export function fieldReader(path: string): (within: unknown) => unknown {
  const steps = path.split('.').map((field) => ({ field, protoField: toSnakeCase(field) }));
  return (within) =>
    steps.reduce<unknown>(
      (value, { field, protoField }) => (isObject(value) ? (value[field] ?? value[protoField]) : undefined),
      within,
    );
}

/** Some services write their proto's own names: `create_time`. */
const toSnakeCase = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Matches the paths of the fields that are given; one that ends in `.*` stands for every field below it, as
 * `metadata.*` for `metadata.target`.
 */
export function fieldPattern(fields: readonly string[]): RegExp {
  const alternatives = fields.map((field) =>
    field.replaceAll('.', String.raw`\.`).replace(/\*$/, String.raw`[^.]+(?:\.[^.]+)*`),
  );
  return new RegExp(`^(?:${alternatives.join('|')})$`);
}
