import { fieldReader } from '../resources/field-path.ts';
import type { ResourceKind } from '../resources/resource.ts';
import { isObject } from '../validation/schema.ts';
import { readField } from './field-values.ts';
import type { FieldValues } from './field-values.ts';

/** How much of a resource an entry shows: lists of some kinds of jobs leave out fields, such as labels. */
export interface Entry {
  readonly kind: ResourceKind;
  readonly entry: unknown;
  /** Whether it shows all of a job. The metadata of operations is never known to be whole. */
  readonly isWhole: boolean;
}

/** Reads a field of a rule: a path into an operation, or for a job a field by its usual name. */
export function readRuleField({ kind: { jobEntries }, entry, isWhole }: Entry, field: string): FieldValues {
  if (jobEntries === undefined) return readField(entry, field);
  if (field !== 'state') {
    const path = jobEntries.pathOf(field);
    const isEmptyList = isWhole && jobEntries.isList(field) && fieldReader(path)(entry) === undefined;
    return isEmptyList ? { values: [], isPresent: false, isComplete: true } : readField(entry, path, isWhole);
  }
  const values = isObject(entry) ? jobEntries.statesOf(entry) : [];
  return { values, isPresent: values.length > 0, isComplete: values.length > 0 };
}
