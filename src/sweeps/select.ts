import { belongsTo } from '../catalog/resolve-collection.ts';
import { resolve } from '../catalog/resolve.ts';
import { isPermanent, quote } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import type { Collection, Resource } from '../resources/resource.ts';
import { describeState } from '../resources/resource-state.ts';
import { aliasesOf } from '../policy/aliases.ts';
import { matchesAll, readExclusion } from './field-globs.ts';
import type { Listing } from './sweep.ts';

/** Reasons for skipping a listed operation. */
export const SKIP_REASONS = [
  /** It has ended. */
  'done',
  /** `match` does not match it. */
  'notMatched',
  /** `exclude` matches it. */
  'excluded',
  /** Younger than `olderThan`. */
  'tooYoung',
  /** Its age is not known. */
  'undated',
  /** A field that `exclude` names is absent or cannot be read, so it may be one that was to be excluded. */
  'unclear',
  /** The policy forbids it: PROTECTED_OPERATIONS, ALLOWED_PROJECTS or ALLOWED_SERVICES. */
  'forbidden',
  /** `limit` was reached. */
  'overLimit',
  /** The entry is of another collection, or is not an operation that can be cancelled. */
  'unknown',
] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

export type Selection =
  | { readonly kind: 'selected'; readonly operation: Resource }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly name: string; readonly detail: string };

/** The name of an entry of a list, where it has one. */
export const nameOfEntry = (entry: unknown, collection: Collection): string | undefined =>
  isObject(entry) ? collection.kind.nameOf(entry, collection) : undefined;

/** Decides by the rules of a listing alone; the policy and the limit are applied afterwards. */
export function select(
  entry: unknown,
  listing: Listing,
  { nowMs, ownProject }: { readonly nowMs: number; readonly ownProject: readonly string[] },
): Selection {
  const { collection, olderThanMs, match, exclude } = listing;
  const { service, version, kind } = collection;
  const name = nameOfEntry(entry, collection);
  const skip = (reason: SkipReason, detail: string): Selection => ({
    kind: 'skipped',
    reason,
    name: (name ?? '').slice(0, 1_024).toWellFormed(),
    detail,
  });
  if (!isObject(entry) || name === undefined) return skip('unknown', 'the list has an entry without a name');
  const state = kind.readState(entry);
  if (state.kind === 'unreadable') return skip('unknown', state.problem);
  if (state.kind !== 'running') return skip('done', `it has ended: ${describeState(state)}`);

  let operation: Resource;
  try {
    operation = resolve({ service, version, name });
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return skip('unknown', error.message);
  }
  if (!belongsTo(collection, operation)) {
    return skip(
      'unknown',
      `the list of ${quote(collection.name)} contains an operation of another collection`,
    );
  }
  const aliases = [match, exclude].some((globs) => globs.has('name'))
    ? aliasesOf(operation, [ownProject])
    : [];
  const listed = { aliases, entry };
  if (!matchesAll(match, listed)) return skip('notMatched', 'match does not match it');
  const exclusion = readExclusion(exclude, listed);
  if (exclusion.kind === 'excluded') return skip('excluded', 'exclude matches it');
  if (olderThanMs !== undefined) {
    const createdMs = kind.createdAtMs(entry);
    if (createdMs === undefined) return skip('undated', 'its entry in the list has no creation time');
    if (nowMs - createdMs <= olderThanMs)
      return skip('tooYoung', `it was created at ${new Date(createdMs).toISOString()}`);
  }
  if (exclusion.kind === 'unclear') {
    const { field, isPresent } = exclusion;
    const problem = isPresent ? 'cannot be read as text' : 'is absent from its entry in the list';
    if (field === 'name') return skip('unclear', 'exclude may match another name of the same operation');
    return skip('unclear', `exclude names ${quote(field)}, which ${problem}`);
  }
  return { kind: 'selected', operation };
}
