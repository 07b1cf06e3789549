import * as v from 'valibot';
import { count, parseWith, shortText } from '../validation/schema.ts';

/**
 * Remembers what was done, so that it is done once. A latch is set after the thing is done or certain to be:
 * a process that dies in between does it again, and loses nothing.
 */
export interface IdempotencyStore {
  /**
   * Whether a latch is set.
   *
   * @returns why it cannot be told, where it cannot be told for good
   * @throws Failure `Unavailable` where it cannot be told now
   */
  has(key: string): Promise<boolean | { readonly unknown: string }>;
  /**
   * Sets a latch; resolves once it is kept.
   *
   * @param messageProject the project that the message at hand came from, as in `OwnProject`
   */
  put(key: string, messageProject: string | undefined): Promise<void>;
  /**
   * Takes a message that a latch had sent to keep itself set: its data.
   *
   * @throws Failure `TypeError` or `ValueError` for one that no latch wrote
   */
  renew(data: unknown, messageProject: string | undefined): Promise<void>;
}

/** What a latch's message carries. */
export type IdempotencyRecord = v.InferOutput<typeof recordSchema>;

/** For more than a year, as long as a budget's interval is. */
export const MAX_RENEWALS = 13;

const recordSchema = v.object({
  key: shortText(128),
  window: count,
  renewals: v.pipe(count, v.maxValue(MAX_RENEWALS, `must be at most ${MAX_RENEWALS}`)),
});

/**
 * Reads the data of a latch's message.
 *
 * @throws Failure that names the field, for a message that no latch wrote
 */
export const parseIdempotencyRecord = (data: unknown): IdempotencyRecord =>
  parseWith(recordSchema, data, 'data');
