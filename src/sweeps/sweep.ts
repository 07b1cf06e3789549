import * as v from 'valibot';
import { resolveJobCollections } from '../catalog/job-collections.ts';
import { findJobKinds, readersOf } from '../catalog/job-kinds.ts';
import type { JobKinds } from '../catalog/job-kinds.ts';
import { resolveCollection } from '../catalog/resolve-collection.ts';
import type { Collection } from '../resources/resource.ts';
import { parseConfirmWithinMs, parseDurationMs } from '../validation/duration.ts';
import { Failure, isPermanent, quote, valueFailure } from '../validation/failure.ts';
import type { FieldPath } from '../validation/failure.ts';
import { fingerprintOf } from '../messages/event-ids.ts';
import { arrayOf, isObject, parseWith, shortText } from '../validation/schema.ts';
import { parseFieldGlobs } from './field-globs.ts';
import type { FieldGlobs, RuledKinds } from './field-globs.ts';

/** A sweep as the settings define it: messages start it by its name. */
export interface Sweep {
  readonly name: string;
  /** The lists that a run reads, in this order. */
  readonly listings: readonly Listing[];
  /** Largest number of requests that a run makes. */
  readonly limit: number;
  /** Whether a message can request what a dry run found. */
  readonly approvable: boolean;
  /** Changes with the definition: a run that began under another definition is not continued. */
  readonly fingerprint: string;
}

export type Sweeps = ReadonlyMap<string, Sweep>;

/** One list of operations, and the rules for the operations on it. */
export interface Listing extends Rules {
  readonly collection: Collection;
  /** The places in the settings that name its service and its parent, from the name of the sweep on. */
  readonly places: { readonly service: FieldPath; readonly parent: FieldPath; readonly jobs: FieldPath };
}

/** The rules for the operations on a list. */
interface Rules {
  /** Minimum age in milliseconds. Younger operations, and those of unknown age, are skipped. Undefined for any age. */
  readonly olderThanMs: number | undefined;
  readonly match: FieldGlobs;
  readonly exclude: FieldGlobs;
  readonly dryRun: boolean;
  /** As in a request; the settings' default where undefined. */
  readonly confirmWithin: string | undefined;
}

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 1_000_000;
/** Ten years. */
const MAX_AGE_MS = 3_652 * 24 * 3600 * 1000;

/** `match` and `exclude` are read by `parseFieldGlobs`, which knows the place of each pattern. */
const rules = {
  olderThan: v.optional(shortText(64)),
  match: v.optional(v.unknown()),
  exclude: v.optional(v.unknown()),
  dryRun: v.optional(v.boolean()),
  confirmWithin: v.optional(shortText(64)),
};

const targetSchema = v.strictObject({
  service: shortText(128),
  version: v.optional(shortText(64)),
  jobs: v.optional(arrayOf(shortText(128), 50)),
  parents: v.optional(arrayOf(shortText(1_024), 200)),
  filter: v.optional(shortText(4_096)),
  ...rules,
});

/** Unknown fields are refused: a misspelled `exclude` must not cancel anything. */
const sweepSchema = v.strictObject({
  // valibot alone would accept an array in place of an object.
  targets: arrayOf(v.pipe(v.custom<Record<string, unknown>>(isObject, 'a JSON object'), targetSchema), 100),
  limit: v.optional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(MAX_LIMIT, `must be at most ${MAX_LIMIT}`),
    ),
  ),
  approvable: v.optional(v.boolean()),
  ...rules,
});

type Written = v.InferOutput<typeof sweepSchema>;
type WrittenRules = Pick<Written, keyof typeof rules>;

const NAME = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;

/**
 * Reads the sweeps of the settings, an object by name.
 *
 * @throws Failure `TypeError` or `ValueError` that says where the mistake is, and what should be there
 */
export function parseSweeps(json: unknown): Sweeps {
  if (!isObject(json)) throw new Failure('TypeError', 'must be a JSON object of sweeps by name');
  return new Map(
    Object.entries(json).map(([name, written]) => {
      if (!NAME.test(name)) {
        throw valueFailure(
          name,
          'is not a valid name of a sweep: use a letter and up to 62 more letters, digits, ".", "_" or "-"',
        );
      }
      return [name, within([name], () => parseSweep(name, written))];
    }),
  );
}

/** A sweep cancels nothing until its settings say `"dryRun": false`. */
const DEFAULT_RULES: Rules = {
  olderThanMs: undefined,
  match: new Map(),
  exclude: new Map(),
  dryRun: true,
  confirmWithin: undefined,
};

function parseSweep(name: string, json: unknown): Sweep {
  const { targets, limit = DEFAULT_LIMIT, approvable = false, ...ofSweep } = parseWith(sweepSchema, json);
  const kinds = targets.map((target, index) => within(['targets', index], () => kindsOf(target)));
  const sweepRules = { ...DEFAULT_RULES, ...parseRules(ofSweep, allOf(kinds.map(ruledKindsOf))) };
  const listings = targets.flatMap((target, index) =>
    within(['targets', index], () => {
      const jobs = kinds[index];
      const targetRules = { ...sweepRules, ...parseRules(target, ruledKindsOf(jobs)) };
      const place = [name, 'targets', index];
      const { parents } = target;
      const parentAt = (at: number) => (parents === undefined ? ['parents'] : ['parents', at]);
      return [...new Set(parents ?? [''])].flatMap((parent) => {
        const parentPath = parentAt(parents?.indexOf(parent) ?? 0);
        return inParent(parentPath, () => collectionsOf(target, jobs, parent, targetRules)).map(
          (collection): Listing => ({
            collection,
            places: {
              service: [...place, 'service'],
              parent: [...place, ...parentPath],
              jobs: [...place, 'jobs'],
            },
            ...targetRules,
          }),
        );
      });
    }),
  );
  return { name, listings, limit, approvable, fingerprint: fingerprintOf(JSON.stringify(json)) };
}

type Target = Written['targets'][number];

/** The kinds of jobs of a target; undefined where it lists operations. */
const kindsOf = ({ service, version, jobs }: Target): JobKinds | undefined =>
  jobs === undefined ? undefined : findJobKinds({ service, version, jobs });

/** The kinds that the rules of a target apply to. */
const ruledKindsOf = (jobs: JobKinds | undefined): RuledKinds =>
  jobs === undefined ? { operations: true, jobs: [] } : { operations: false, jobs: readersOf(jobs) };

const allOf = (kinds: readonly RuledKinds[]): RuledKinds => ({
  operations: kinds.some(({ operations }) => operations),
  jobs: kinds.flatMap(({ jobs }) => jobs),
});

/** The lists of a target in one of its parents: one of operations, or those of its jobs. */
function collectionsOf(
  { service, version, filter }: Target,
  jobs: JobKinds | undefined,
  parent: string,
  rules: Pick<Rules, 'match' | 'exclude'>,
): readonly Collection[] {
  if (jobs === undefined) return [resolveCollection({ service, version, parent, filter })];
  const fields = [rules.match, rules.exclude].flatMap((globs) => [...globs.keys()]);
  const needsWholeEntries = fields.some((field) => field !== 'name' && field !== 'state');
  return jobs.kinds.flatMap((kind) =>
    resolveJobCollections({
      service: jobs.service,
      version: jobs.version,
      kind,
      parent,
      filter,
      needsWholeEntries,
    }),
  );
}

/**
 * Which lists of a run are dry, as a part of the run's id: a dry run does not use up the real one. `dry` or `live` where
 * all lists are alike, else the dry ones by name.
 *
 * @param dryRun whether the message makes all of them dry
 */
export function modeOf({ listings }: Sweep, dryRun: boolean): string {
  const dry = listings.filter((listing) => dryRun || listing.dryRun);
  if (dry.length === listings.length) return 'dry';
  return dry.length === 0
    ? 'live'
    : `dry ${dry.map(({ collection: { host, path } }) => `${host}/${path}`).join(' ')}`;
}

/** Reads the rules that a sweep or a target states, for the kinds that they apply to. */
function parseRules(
  { olderThan, match, exclude, dryRun, confirmWithin }: WrittenRules,
  kinds: RuledKinds,
): Partial<Rules> {
  if (confirmWithin !== undefined) parseConfirmWithinMs('confirmWithin', confirmWithin);
  return {
    ...(olderThan !== undefined && { olderThanMs: parseAgeMs(olderThan) }),
    ...(match !== undefined && { match: parseFieldGlobs('match', match, kinds) }),
    ...(exclude !== undefined && { exclude: parseFieldGlobs('exclude', exclude, kinds) }),
    ...(dryRun !== undefined && { dryRun }),
    ...(confirmWithin !== undefined && { confirmWithin }),
  };
}

function parseAgeMs(text: string): number {
  const ageMs = parseDurationMs(text);
  if (ageMs !== undefined && ageMs >= 0 && ageMs <= MAX_AGE_MS) return ageMs;
  throw valueFailure(
    'olderThan',
    `must be a duration in seconds such as "86400s" (a day), not ${quote(text)}`,
  );
}

/** Adds the place in the settings to the failure of a read. */
function within<T>(place: FieldPath, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw isPermanent(error) ? error.at(...place) : error;
  }
}

/** Names the one parent that a failure of `parents` is about. */
function inParent<T>(parent: FieldPath, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw isPermanent(error) ? error.inFieldsOf({ parents: parent }) : error;
  }
}
