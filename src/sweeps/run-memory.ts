import { isObject } from '../validation/schema.ts';
import { readRuleField } from './rule-fields.ts';
import { createOperationSet } from './operation-set.ts';
import type { Listing, Sweep } from './sweep.ts';

/** The part of a run's state that grows with the lists: it changes in place and is written to the message at the end. */
export interface RunMemory {
  /** Whether an entry of a listing is met for the first time under the rules of that listing. */
  isNewEntry(listing: Listing, name: string): boolean;
  /** Whether a request of this id is made for the first time. */
  isNewRequest(requestId: string): boolean;
  /** Notices which fields of the listing's rules an entry has. */
  noticeFields(listing: Listing, entry: unknown): void;
  /** The fields of rules that no entry has, of those that were looked for. */
  missingFields(): readonly RuleField[];
  /** The memory as data for a message. */
  save(): SavedMemory;
}

/** A field that a rule of a sweep names. */
export interface RuleField {
  readonly rule: 'match' | 'exclude';
  readonly field: string;
}

/** Fields are indexes into the fields of the sweep's rules, which are the same as long as its definition is. */
export interface SavedMemory {
  readonly operations: string;
  readonly presentFields: readonly number[];
  readonly missingFields: readonly number[];
}

/** @throws Failure `ValueError` for a memory that no run has saved */
export function createRunMemory(sweep: Sweep, saved: SavedMemory): RunMemory {
  const operations = createOperationSet(saved.operations);
  const present = new Set(saved.presentFields);
  const missing = new Set(saved.missingFields);
  const { fields, indexesOf, rulesOf, rulesCount } = indexRules(sweep);
  return {
    isNewEntry: (listing, name) =>
      operations.add(`${rulesOf.get(listing)} ${listing.collection.service} ${name}`),
    // Under one set of rules, an entry that is new makes a request that is new.
    isNewRequest: (requestId) => rulesCount === 1 || operations.add(requestId),
    noticeFields: (listing, entry) => {
      if (!isObject(entry)) return;
      const { kind } = listing.collection;
      for (const index of indexesOf.get(listing) ?? []) {
        if (present.has(index)) continue;
        if (readRuleField({ kind, entry, isWhole: false }, fields[index]?.field ?? '').isPresent) {
          present.add(index);
          missing.delete(index);
        } else missing.add(index);
      }
    },
    missingFields: () => [...missing].map((index) => fields[index]).filter((field) => field !== undefined),
    save: () => ({
      operations: operations.encode(),
      presentFields: [...present],
      missingFields: [...missing],
    }),
  };
}

/** Numbers the fields of all rules, and the different rules of the listings. */
function indexRules({ listings }: Sweep) {
  const fields: RuleField[] = [];
  const indexes = new Map<string, number>();
  const numbers = new Map<string, number>();
  const indexesOf = new Map<Listing, readonly number[]>();
  const rulesOf = new Map<Listing, number>();
  const indexOf = (ruleField: RuleField): number => {
    const key = `${ruleField.rule} ${ruleField.field}`;
    const index = indexes.get(key) ?? fields.push(ruleField) - 1;
    indexes.set(key, index);
    return index;
  };
  for (const listing of listings) {
    const key = keyOfRules(listing);
    numbers.set(key, numbers.get(key) ?? numbers.size);
    rulesOf.set(listing, numbers.get(key) ?? 0);
    const named = (['match', 'exclude'] as const).flatMap((rule) =>
      [...listing[rule].keys()].filter((field) => field !== 'name').map((field) => ({ rule, field })),
    );
    indexesOf.set(listing, named.map(indexOf));
  }
  return { fields, indexesOf, rulesOf, rulesCount: numbers.size };
}

/** Two listings of the same rules decide alike, so an operation in both of them is one. */
const keyOfRules = ({ olderThanMs, match, exclude, dryRun, confirmWithin }: Listing) =>
  JSON.stringify([
    olderThanMs,
    ...[match, exclude].map((globs) =>
      [...globs].map(([field, patterns]) => [field, ...patterns.map(({ pattern }) => pattern)]),
    ),
    dryRun,
    confirmWithin,
  ]);
