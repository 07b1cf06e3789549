import type { IncomingMessage } from 'node:http';

/** Room for the largest thing a caller here sends, a Cloud Task of 1 MB in base64, and not for a mistake. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** The body, or the reason for its absence. */
type ReadBody =
  | { readonly outcome: 'read'; readonly body: Buffer }
  | { readonly outcome: 'too-large' }
  /** The caller left in the middle of its request. */
  | { readonly outcome: 'broken-off' };

/** Reads the body to its end or to the limit, and reports the number of bytes that have arrived. */
export async function readBody(
  incoming: IncomingMessage,
  onBytes: (total: number) => void,
): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    // Not destroyed on leaving early, since the refusal goes out on the same connection.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      total += chunk.length;
      onBytes(total);
      if (total > LIMIT_BYTES) return { outcome: 'too-large' };
      chunks.push(chunk);
    }
  } catch {
    return { outcome: 'broken-off' };
  }
  return { outcome: 'read', body: Buffer.concat(chunks) };
}
