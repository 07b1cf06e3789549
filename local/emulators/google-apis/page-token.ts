import type { Address } from './address.ts';

/** What a page is a page of: the parent, and what else was asked for but the size. */
export interface Listing {
  readonly collection: Address;
  readonly asked: readonly string[];
}

/** A token that goes on behind an operation. It is good for the list it was given for, and no other (AIP-158). */
export function pageToken(sequence: number, { collection, asked }: Listing): string {
  return Buffer.from(JSON.stringify([sequence, collection.key, ...asked])).toString('base64url');
}

/** The sequence a token goes on behind; undefined where it is none of this list's. */
export function sequenceOf(token: string, { collection, asked }: Listing): number | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!Array.isArray(parsed)) return undefined;
    const [sequence, ...rest] = parsed as unknown[];
    const expected = [collection.key, ...asked];
    const isOfThis = rest.length === expected.length && rest.every((part, at) => part === expected[at]);
    return isOfThis && typeof sequence === 'number' ? sequence : undefined;
  } catch {
    return undefined;
  }
}
