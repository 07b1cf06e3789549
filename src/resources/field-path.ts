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

/** Entries of a list beyond these are not read. */
const MAX_ENTRIES = 1_000;

/**
 * Reads all values at a path, in their order: `conditions[type=Completed].state` selects the entries of a list, and
 * `statusHistory[].stateStartTime` reads all of them. Values that are absent or null are left out.
 */
export function valuesReader(path: string): (within: unknown) => readonly unknown[] {
  const steps = path.split('.').map((step) => {
    const [, field = '', list, key, value] = /^(\w+)(\[(?:(\w+)=(\w+))?\])?$/.exec(step) ?? [];
    const read = fieldReader(field);
    const readKey = key === undefined ? undefined : fieldReader(key);
    const isSelected = (entry: unknown) => readKey === undefined || readKey(entry) === value;
    return (within: unknown): readonly unknown[] => {
      const found = read(within) ?? undefined;
      if (list === undefined) return found === undefined ? [] : [found];
      return Array.isArray(found) ? found.slice(0, MAX_ENTRIES).filter(isSelected) : [];
    };
  });
  return (within) => steps.reduce<readonly unknown[]>((values, read) => values.flatMap(read), [within]);
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
