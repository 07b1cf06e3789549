import { matchAliases } from '../policy/aliases.ts';
import type { Alias } from '../policy/aliases.ts';
import { compileGlob } from '../policy/glob.ts';
import type { Glob } from '../policy/glob.ts';
import { compileNameGlob } from '../policy/name-glob.ts';
import { isMatchableField } from '../resources/kinds.ts';
import type { ResourceKind } from '../resources/resource.ts';
import { quote, typeFailure, valueFailure } from '../validation/failure.ts';
import type { FieldPath } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import { mostSimilar } from '../validation/similar.ts';
import { meantMetadataField } from './metadata-fields.ts';
import { readRuleField } from './rule-fields.ts';
import type { Entry } from './rule-fields.ts';

/** Patterns for the fields of an operation: `name`, or a path into its entry in the list. */
export type FieldGlobs = ReadonlyMap<string, readonly Glob[]>;

/** The parts of a listed operation or job that patterns match: its names, and its entry in the list. */
interface Listed extends Entry {
  readonly aliases: readonly Alias[];
}

/** The kinds that a rule applies to: fields that none of them has are mistakes. */
export interface RuledKinds {
  readonly operations: boolean;
  readonly jobs: readonly ResourceKind[];
}

const MAX_FIELDS = 20;
const MAX_FIELD_LENGTH = 256;
const MAX_PATTERNS = 100;
const MAX_PATTERN_LENGTH = 1_024;

/**
 * Reads and compiles `match` or `exclude` as it is written: a pattern or a list of patterns for the name, or an object of
 * them by field.
 *
 * @param place the field of the settings that holds the patterns, as `exclude`
 * @param kinds the kinds that are listed under the rule
 * @throws Failure `TypeError` or `ValueError` with the path of the mistake, for a field that no operation has or that is
 *   nearly a known one, and for a pattern that can match nothing
 */
export function parseFieldGlobs(place: string, written: unknown, kinds: RuledKinds): FieldGlobs {
  if (!isObject(written)) return new Map([['name', parsePatterns([place], 'name', written)]]);
  const fields = Object.entries(written);
  if (fields.length > MAX_FIELDS) throw valueFailure(place, `must have at most ${MAX_FIELDS} fields`);
  return new Map(
    fields.map(([field, patterns]) => {
      const problem = fieldProblem(field, kinds);
      if (problem !== undefined) throw valueFailure([place, field], problem);
      const globs = parsePatterns([place, field], field, patterns);
      if (field === 'state') checkStates([place, field], globs, kinds);
      return [field, globs];
    }),
  );
}

/** A state that no kind has would exclude nothing. */
function checkStates(path: FieldPath, globs: readonly Glob[], { jobs }: RuledKinds): void {
  const states = [...new Set(jobs.flatMap(({ jobEntries }) => jobEntries?.states ?? []))];
  const strange = globs.find((glob) => !states.some((state) => glob.matches(state)));
  if (strange === undefined) return;
  const meant = mostSimilar(strange.pattern.toUpperCase(), states);
  const advice =
    meant === undefined ? `the states are ${states.join(', ')}` : `did you mean ${quote(meant)}?`;
  throw valueFailure(path, `${quote(strange.pattern)} matches nothing: no job has such a state; ${advice}`);
}

/** A field that nothing listed has would exclude nothing, so that what it was to protect is cancelled. */
function fieldProblem(field: string, { operations, jobs }: RuledKinds): string | undefined {
  if (field.length > MAX_FIELD_LENGTH) return `must have at most ${MAX_FIELD_LENGTH} characters`;
  if (field === 'name' || jobs.some(({ matchableFields }) => matchableFields.test(field))) return undefined;
  return jobs.length > 0 && !operations ? jobFieldProblem(field, jobs) : operationFieldProblem(field);
}

function jobFieldProblem(field: string, jobs: readonly ResourceKind[]): string {
  const fields = [...new Set(jobs.flatMap(({ jobEntries }) => jobEntries?.fields ?? []))];
  const [root = '', ...rest] = field.split('.');
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '');
  const roots = fields.map((known) => known.replace(/\.\*$/, ''));
  const meant =
    roots.find((known) => plain(known) === plain(field) || plain(known) === plain(root)) ??
    mostSimilar(field, roots) ??
    mostSimilar(root, roots);
  const isMap = fields.includes(`${meant}.*`);
  if (meant !== undefined) {
    const suggestion = isMap ? [meant, ...(rest.length > 0 ? rest : ['KEY'])].join('.') : meant;
    return `is not a known field; did you mean ${quote(suggestion)}?`;
  }
  const names = fields.map((known) => known.replace('*', 'KEY'));
  return `is not a field of these jobs; the fields are ${names.join(', ')}`;
}

function operationFieldProblem(field: string): string | undefined {
  const [root = '', ...rest] = field.split('.');
  const meant = isMatchableField(field)
    ? meantMetadataField(field)
    : mostSimilar(root.toLowerCase(), ['metadata', 'name']);
  const suggestion = meant === 'metadata' ? [meant, ...rest].join('.') : meant;
  if (suggestion !== undefined) return `is not a known field; did you mean ${quote(suggestion)}?`;
  if (isMatchableField(field)) return undefined;
  return 'is not a field of operations; the fields are name, metadata.@type, metadata.target, …';
}

function parsePatterns(path: FieldPath, field: string, written: unknown): readonly Glob[] {
  if (!Array.isArray(written)) return [parsePattern(path, field, written)];
  if (written.length === 0) throw typeFailure(path, 'must have at least one pattern');
  if (written.length > MAX_PATTERNS) throw valueFailure(path, `must have at most ${MAX_PATTERNS} patterns`);
  return written.map((pattern: unknown, index) => parsePattern([...path, index], field, pattern));
}

/** Names and types always have slashes, which one star does not match. */
function parsePattern(path: FieldPath, field: string, pattern: unknown): Glob {
  if (typeof pattern !== 'string') {
    const forms = path.length === 1 ? ', or an object of patterns by field' : '';
    throw typeFailure(path, `must be a pattern or a list of patterns${forms}`);
  }
  if (pattern === '') throw valueFailure(path, 'must not be empty');
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw valueFailure(path, `must have at most ${MAX_PATTERN_LENGTH} characters`);
  }
  const hasSlashes = field === 'name' || field === 'metadata.@type';
  if (hasSlashes && !pattern.includes('/') && !pattern.includes('**')) {
    throw valueFailure(
      path,
      `${quote(pattern)} matches nothing: "*" does not match a slash, which every value of this field contains; did you mean ${quote(`**${pattern.replace(/^\*/, '')}`)}?`,
    );
  }
  if (field !== 'name') return compileGlob(pattern);
  const compiled = compileNameGlob(pattern);
  if (compiled.ok) return compiled.glob;
  throw valueFailure(path, `${quote(pattern)} matches nothing: ${compiled.problem}`);
}

/** Whether every field has a value that one of its patterns matches. */
export const matchesAll = (globsByField: FieldGlobs, listed: Listed) =>
  [...globsByField].every(([field, patterns]) => lookFor(patterns, field, listed) === 'found');

/** Whether an entry lacks a field that the patterns are for. */
export const lacksField = (globsByField: FieldGlobs, listed: Listed) =>
  [...globsByField].some(
    ([field, patterns]) => field !== 'name' && lookFor(patterns, field, listed) === 'absent',
  );

/** What the patterns of `exclude` say of an operation. */
export type Exclusion =
  | { readonly kind: 'excluded' }
  | { readonly kind: 'not-excluded' }
  /** A field is absent or cannot be read, so that it may be one that was to be excluded. */
  | { readonly kind: 'unclear'; readonly field: string; readonly isPresent: boolean };

/** Whether some field has a value that one of its patterns matches. */
export function readExclusion(globsByField: FieldGlobs, listed: Listed): Exclusion {
  let unclear: Exclusion | undefined;
  for (const [field, patterns] of globsByField) {
    const match = lookFor(patterns, field, listed);
    if (match === 'found') return { kind: 'excluded' };
    if (match === 'absent' || match === 'unreadable') {
      unclear ??= { kind: 'unclear', field, isPresent: match === 'unreadable' };
    }
  }
  return unclear ?? { kind: 'not-excluded' };
}

/** Looks for a value that one of the patterns matches, and tells where it is not known whether there is one. */
function lookFor(
  patterns: readonly Glob[],
  field: string,
  listed: Listed,
): 'found' | 'not-found' | 'absent' | 'unreadable' {
  if (field === 'name') {
    const matches = patterns.map((pattern) => matchAliases(pattern, listed.aliases));
    if (matches.includes('yes')) return 'found';
    return matches.every((match) => match === 'no') ? 'not-found' : 'unreadable';
  }
  const { values, isComplete, isPresent } = readRuleField(listed, field);
  if (values.some((value) => patterns.some((pattern) => pattern.matches(value)))) return 'found';
  if (isComplete) return 'not-found';
  return isPresent ? 'unreadable' : 'absent';
}
