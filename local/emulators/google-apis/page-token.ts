import type { Address } from './address.ts';

/** The list that a page belongs to: the parent, and every parameter but the page's size. */
export interface Listing {
  readonly collection: Address;
  readonly asked: readonly string[];
}

/** A token for the page after an operation. It is valid only for the list that it was made for (AIP-158). */
export function pageToken(sequence: number, { collection, asked }: Listing): string {
  return Buffer.from(JSON.stringify([sequence, collection.key, ...asked])).toString('base64url');
}

/** The sequence after which the page begins; undefined if the token is not of this list. */
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
