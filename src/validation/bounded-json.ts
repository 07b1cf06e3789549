/**
 * Bounds of JSON from outside. A value takes up to 60 times more memory than its text: `[[],[],…]` of 10 MB becomes 200 MB of
 * arrays, so the values of a long text are counted before any is made.
 */

/** Texts of at most this size, in bytes, are parsed at once: whatever they are, they become some 5 MB. */
const UNCOUNTED_BYTES = 256 * 1024;

/** Whether UTF-8 text of JSON has at most `maxValues` values, as far as its brackets and commas tell. */
export const hasAtMost = (maxValues: number, text: Uint8Array): boolean =>
  text.length <= UNCOUNTED_BYTES || scan(text, { maxValues }).values <= maxValues;

/**
 * The short fields of a JSON object that is too large to be parsed, so that its sender can be told by its ids. Empty for any
 * other text.
 *
 * @param maxFieldBytes the size up to which a field, with its name, is short
 */
export function shortFieldsOf(text: Uint8Array, maxFieldBytes: number): Record<string, unknown> {
  let fields: Record<string, unknown> = {};
  let read = 0;
  const onField = (start: number, end: number) => {
    if (end - start > maxFieldBytes || read >= MAX_SHORT_FIELDS) return;
    read += 1;
    try {
      const one = JSON.parse(`{${Buffer.from(text.subarray(start, end)).toString('utf8')}}`) as object;
      fields = { ...fields, ...one };
    } catch {
      // No field, so the text is not JSON; the other fields may still tell whose it is.
    }
  };
  scan(text, { onField });
  return fields;
}

/** The place of a value in a text: from its first byte to the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The place of the value of a field in the JSON object at `within`, without making any of it; undefined where there is none. */
export function findField(
  text: Uint8Array,
  name: string,
  within: Span = { start: 0, end: text.length },
): Span | undefined {
  const { start: offset, end: limit } = within;
  let found: Span | undefined;
  const onField = (start: number, end: number) => {
    const field = Buffer.from(text.buffer, text.byteOffset + offset + start, end - start);
    const [before = '', written] = /^\s*"([^"\\]*)"\s*:\s*/.exec(field.toString('latin1', 0, 256)) ?? [];
    if (written === name) found = { start: offset + start + before.length, end: offset + end };
  };
  scan(text.subarray(offset, limit), { onField });
  return found;
}

/** More than any message of this system has. */
const MAX_SHORT_FIELDS = 100;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Reads a text once, byte for byte, and makes nothing of it. */
function scan(
  text: Uint8Array,
  {
    maxValues = Infinity,
    onField,
  }: { readonly maxValues?: number; readonly onField?: (start: number, end: number) => void },
): { readonly values: number } {
  let values = 1;
  let depth = 0;
  let fieldStart = 0;
  for (let at = 0; at < text.length && values <= maxValues; at += 1) {
    switch (text[at] ?? 0) {
      case QUOTE:
        for (at += 1; at < text.length && text[at] !== QUOTE; at += 1) if (text[at] === BACKSLASH) at += 1;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        values += 1;
        depth += 1;
        if (depth === 1) fieldStart = at + 1;
        break;
      case COMMA:
        values += 1;
        if (depth === 1) {
          onField?.(fieldStart, at);
          fieldStart = at + 1;
        }
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        if (depth === 1) onField?.(fieldStart, at);
        depth -= 1;
        break;
      default:
    }
  }
  return { values };
}
