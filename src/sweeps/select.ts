import { jobBelongsTo } from '../catalog/job-collections.ts';
import { belongsTo } from '../catalog/resolve-collection.ts';
import { resolve } from '../catalog/resolve.ts';
import { isPermanent, quote } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import type { Collection, Resource } from '../resources/resource.ts';
import { describeState } from '../resources/resource-state.ts';
import { aliasesOf } from '../policy/aliases.ts';
import { lacksField, matchesAll, readExclusion } from './field-globs.ts';
import type { Listing } from './sweep.ts';

/** Reasons for skipping a listed operation or job. */
export const SKIP_REASONS = [
  /** It has ended; or it is a job that is being cancelled already. */
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
  /** The list shows only a part of it, without a field that a rule names. */
  | { readonly kind: 'partial'; readonly operation: Resource }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly name: string; readonly detail: string };

/** The name of an entry of a list, where it has one. */
export const nameOfEntry = (entry: unknown, collection: Collection): string | undefined =>
  isObject(entry) ? collection.kind.nameOf(entry, collection) : undefined;

/** What tells the entries of a list apart: jobs of BigQuery in two locations may have one name. */
export function keyOfEntry(entry: unknown, collection: Collection): string | undefined {
  const name = nameOfEntry(entry, collection);
  const location = isObject(entry) ? collection.kind.jobEntries?.locationOf(entry) : undefined;
  return name === undefined || location === undefined ? name : `${name} ${location.toLowerCase()}`;
}

/** Decides by the rules of a listing alone; the policy and the limit are applied afterwards. */
export function select(
  entry: unknown,
  listing: Listing,
  {
    nowMs,
    ownProject,
    isWhole = false,
  }: {
    readonly nowMs: number;
    readonly ownProject: readonly string[];
    /** Whether the entry is the whole job, where the list shows only a part of each. */
    readonly isWhole?: boolean;
  },
): Selection {
  const { collection, olderThanMs, match, exclude } = listing;
  const { service, version, kind, jobs } = collection;
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
  if (jobs !== undefined && state.cancellationRequested) return skip('done', 'it is being cancelled already');

  let operation: Resource;
  try {
    const region = kind.jobEntries?.locationOf(entry) ?? jobs?.region;
    operation = resolve({ service, version, name, region, isJob: jobs !== undefined });
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return skip('unknown', error.message);
  }
  if (!(jobs === undefined ? belongsTo : jobBelongsTo)(collection, operation)) {
    const noun = jobs === undefined ? 'an operation' : 'a job';
    return skip('unknown', `the list of ${quote(collection.name)} contains ${noun} of another collection`);
  }
  const aliases = [match, exclude].some((globs) => globs.has('name'))
    ? aliasesOf(operation, [ownProject])
    : [];
  const isPartial = jobs?.wholeQuery !== undefined && !isWhole;
  const listed = { kind, entry, aliases, isWhole: jobs !== undefined && !isPartial };
  if (isPartial && [match, exclude].some((globs) => lacksField(globs, listed))) {
    return { kind: 'partial', operation };
  }
  if (!matchesAll(match, listed)) return skip('notMatched', 'match does not match it');
  const exclusion = readExclusion(exclude, listed);
  if (exclusion.kind === 'excluded') return skip('excluded', 'exclude matches it');
  if (olderThanMs !== undefined) {
    const startedMs = kind.jobEntries?.startedAtMs(entry);
    const sinceMs = startedMs ?? kind.createdAtMs(entry);
    if (sinceMs === undefined) return skip('undated', 'its entry in the list has no creation time');
    if (nowMs - sinceMs <= olderThanMs) {
      const verb = startedMs === undefined ? 'it was created' : 'it began to run';
      return skip('tooYoung', `${verb} at ${new Date(sinceMs).toISOString()}`);
    }
  }
  if (exclusion.kind === 'unclear') {
    const { field, isPresent } = exclusion;
    const problem = isPresent ? 'cannot be read as text' : 'is absent from its entry in the list';
    if (field === 'name') return skip('unclear', 'exclude may match another name of the same operation');
    return skip('unclear', `exclude names ${quote(field)}, which ${problem}`);
  }
  return { kind: 'selected', operation };
}
