/** A token for the page after a job. It is valid only for the list that it was made for (AIP-158). */
export function pageToken(sequence: number, asked: readonly string[]): string {
  return Buffer.from(JSON.stringify([sequence, ...asked])).toString('base64url');
}

/** The sequence after which the page begins; undefined if the token is not of this list. */
export function sequenceOf(token: string, asked: readonly string[]): number | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!Array.isArray(parsed)) return undefined;
    const [sequence, ...rest] = parsed as unknown[];
    const isOfThis = rest.length === asked.length && rest.every((part, at) => part === asked[at]);
    return isOfThis && typeof sequence === 'number' ? sequence : undefined;
  } catch {
    return undefined;
  }
}
