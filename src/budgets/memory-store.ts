import { parseIdempotencyRecord } from './idempotency-store.ts';
import type { IdempotencyStore } from './idempotency-store.ts';

/** More than a function sees in an instance's life. */
const MAX_KEYS = 1_000;

/** IdempotencyStore that last as long as the instance, where there is Pub/Sub alone to keep anything. */
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
    // One that Cloud Tasks kept, before this revision was told to do without: there is nothing to keep it with.
    renew: (data) =>
      new Promise((resolve) => {
        parseIdempotencyRecord(data);
        resolve();
      }),
  };
}
