import * as v from 'valibot';
import { resolveCollection } from '../catalog/resolve-collection.ts';
import type { Collection } from '../resources/resource.ts';
import { parseConfirmWithinMs, parseDurationMs } from '../validation/duration.ts';
import { Failure, isPermanent, quote, valueFailure } from '../validation/failure.ts';
import type { FieldPath } from '../validation/failure.ts';
import { fingerprintOf } from '../messages/event-ids.ts';
import { arrayOf, isObject, parseWith, shortText } from '../validation/schema.ts';
import { compileFieldGlobs, fieldGlobsSchema } from './field-globs.ts';
import type { FieldGlobs } from './field-globs.ts';

/** A sweep as the settings define it: messages start it by its name. */
export interface Sweep {
  readonly name: string;
  /** The lists that a run reads, in this order. */
  readonly listings: readonly Listing[];
  /** Largest number of requests that a run makes. */
  readonly limit: number;
  /** Changes with the definition: a run that began under another definition is not continued. */
  readonly fingerprint: string;
}

export type Sweeps = ReadonlyMap<string, Sweep>;

/** One list of operations, and the rules for the operations on it. */
export interface Listing {
  readonly collection: Collection;
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

const rules = {
  olderThan: v.optional(shortText(64)),
  match: v.optional(fieldGlobsSchema),
  exclude: v.optional(fieldGlobsSchema),
  dryRun: v.optional(v.boolean()),
  confirmWithin: v.optional(shortText(64)),
};

const targetSchema = v.strictObject({
  service: shortText(128),
  version: v.optional(shortText(64)),
  parents: v.optional(arrayOf(shortText(1_024), 200)),
  filter: v.optional(shortText(4_096)),
  ...rules,
});

/** Unknown fields are refused: a misspelled `exclude` must not cancel anything. */
const sweepSchema = v.strictObject({
  targets: arrayOf(targetSchema, 100),
  limit: v.optional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(MAX_LIMIT, `must be at most ${MAX_LIMIT}`),
    ),
  ),
  ...rules,
});

type Written = v.InferOutput<typeof sweepSchema>;
type Rules = Pick<Written, keyof typeof rules>;

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
        throw new Failure(
          'ValueError',
          `${quote(name)}: is not a valid name of a sweep: use a letter and up to 62 more letters, digits, ".", "_" or "-"`,
        );
      }
      return [name, within([name], () => parseSweep(name, written))];
    }),
  );
}

function parseSweep(name: string, json: unknown): Sweep {
  const { targets, limit = DEFAULT_LIMIT, ...ofSweep } = parseWith(sweepSchema, json, 'sweep');
  const listings = targets.flatMap(({ service, version, parents = [''], filter, ...ofTarget }, index) =>
    within(['targets', index], () => {
      const ruled = readRules({ ...ofSweep, ...ofTarget });
      return [...new Set(parents)].map((parent) => ({
        collection: resolveCollection({ service, version, parent, filter }),
        ...ruled,
      }));
    }),
  );
  return { name, listings, limit, fingerprint: fingerprintOf(JSON.stringify(json)) };
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

/** A sweep cancels nothing until its settings say `"dryRun": false`. */
const DEFAULT_DRY_RUN = true;

/** Reads the rules of a target: its own, and those of its sweep that it does not replace. */
function readRules({ olderThan, match = {}, exclude = {}, dryRun = DEFAULT_DRY_RUN, confirmWithin }: Rules) {
  if (confirmWithin !== undefined) parseConfirmWithinMs('confirmWithin', confirmWithin);
  return {
    olderThanMs: olderThan === undefined ? undefined : parseAgeMs(olderThan),
    match: compileFieldGlobs('match', match),
    exclude: compileFieldGlobs('exclude', exclude),
    dryRun,
    confirmWithin,
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
