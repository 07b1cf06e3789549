import * as v from 'valibot';
import type { IdempotencyStore } from '../ports.ts';
import { count, parseWith, shortText } from '../validation/schema.ts';

/** A record of an `IdempotencyStore`, as carried by the message that renews it. */
export type IdempotencyRecord = v.InferOutput<typeof recordSchema>;

/** Renewals of two weeks each: more than a year, which is the longest interval of a budget. */
export const MAX_RENEWALS = 13;

const recordSchema = v.object({
  key: shortText(128),
  /** Number of the window of time that the record covers, counted from the epoch. */
  window: count,
  /** Renewals that are left. */
  renewals: v.pipe(count, v.maxValue(MAX_RENEWALS, `must be at most ${MAX_RENEWALS}`)),
});

/**
 * Reads the data of a record's message.
 *
 * @throws Failure that names the field, for a message that no record wrote
 */
export const parseIdempotencyRecord = (data: unknown): IdempotencyRecord =>
  parseWith(recordSchema, data, 'data');

/** More keys than one instance sees in its life. */
const MAX_KEYS = 1_000;

/** A store that lasts as long as the instance, for deployments with Pub/Sub alone. */
export function createMemoryIdempotencyStore(): IdempotencyStore {
  const keys = new Set<string>();
  return {
    has: (key) => Promise.resolve(keys.has(key)),
    put: (key) => {
      const [oldest] = keys;
      if (keys.size >= MAX_KEYS && oldest !== undefined) keys.delete(oldest);
      keys.add(key);
      return Promise.resolve();
    },
    // A record of Cloud Tasks that outlived a change of RECHECK_DELAY: nothing can renew it here.
    renew: (data) =>
      new Promise((resolve) => {
        parseIdempotencyRecord(data);
        resolve();
      }),
  };
}
