import { toSnakeCase } from '../resources/field-path.ts';
import { isObject } from '../validation/schema.ts';

/** The values at a path into an entry of a list, as text. */
export interface FieldValues {
  readonly values: readonly string[];
  /** Whether there is a value at the path, or at least one of those of a list. */
  readonly isPresent: boolean;
  /**
   * Whether `values` are all there are. They are not where the field is absent, is an object, or has too many or too long
   * values. The absence of a label is read: an object of labels without a key says that the resource lacks that label.
   */
  readonly isComplete: boolean;
}

/** Bounds of what is read of one field. The time to match patterns grows with the characters. */
const MAX_VALUE_LENGTH = 4_096;
const MAX_CHARACTERS = 16_384;
const MAX_VALUES = 100;
const MAX_LISTS = 4;

/**
 * Reads the values at a path such as `metadata.target`; for a list, those of each of its entries.
 *
 * @param isWhole whether the entry shows all of its resource, so that one without a map of labels has no label: proto3 JSON
 *   leaves out empty maps
 */
export function readField(entry: unknown, path: string, isWhole = false): FieldValues {
  const values: string[] = [];
  let [characters, isPresent, isComplete] = [0, false, true];

  const add = (text: string) => {
    characters += text.length;
    if (values.length < MAX_VALUES && text.length <= MAX_VALUE_LENGTH && characters <= MAX_CHARACTERS) {
      values.push(text);
    } else isComplete = false;
  };
  const collect = (value: unknown, fields: readonly string[], lists: number): void => {
    if (Array.isArray(value)) {
      if (lists === MAX_LISTS) {
        [isPresent, isComplete] = [true, false];
        return;
      }
      if (value.length > MAX_VALUES) isComplete = false;
      for (const one of value.slice(0, MAX_VALUES)) {
        if (values.length === MAX_VALUES) {
          isComplete = false;
          return;
        }
        collect(one, fields, lists + 1);
      }
      return;
    }
    const [field, ...rest] = fields;
    if (field !== undefined) {
      if (!isObject(value)) isComplete = false;
      else collect(childOf(value, field), rest, lists);
      return;
    }
    if (value === undefined || value === null) {
      isComplete = false;
      return;
    }
    isPresent = true;
    if (typeof value === 'string') add(value);
    else if (typeof value === 'number' || typeof value === 'boolean') add(String(value));
    else isComplete = false;
  };

  const { fields, label } = splitPath(path);
  if (label === undefined) {
    collect(entry, fields, 0);
    return { values, isPresent, isComplete };
  }
  const childAt = (parent: unknown, field: string) => (isObject(parent) ? childOf(parent, field) : undefined);
  const owner = fields.slice(0, -1).reduce(childAt, entry);
  const labels = childAt(owner, fields.at(-1) ?? '');
  if (!isObject(labels)) {
    return { values, isPresent, isComplete: isWhole && isObject(owner) && labels === undefined };
  }
  if (Object.hasOwn(labels, label)) collect(labels[label], [], 0);
  return { values, isPresent, isComplete };
}

/** A field by its name, or by that of its proto, which some services write. */
function childOf(value: Readonly<Record<string, unknown>>, field: string): unknown {
  if (Object.hasOwn(value, field)) return value[field];
  const protoField = toSnakeCase(field);
  return Object.hasOwn(value, protoField) ? value[protoField] : undefined;
}

/** The key of a label is all that follows `labels`, dots included. */
function splitPath(path: string): { readonly fields: readonly string[]; readonly label?: string } {
  const fields = path.split('.');
  const at = fields.findIndex((field) => /^labels$|Labels$/.test(field));
  if (at < 0 || at === fields.length - 1) return { fields };
  return { fields: fields.slice(0, at + 1), label: fields.slice(at + 1).join('.') };
}
