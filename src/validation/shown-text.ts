/** Characters that a report must not repeat: controls, line separators, and those that change the direction of text. */
const UNSHOWN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from outside for a report: on one line, well-formed, and cut between two characters.
 *
 * @param maxBytes largest size in UTF-8, with the ellipsis that marks a cut
 */
export function shownText(text: string, maxBytes: number): string {
  // No character has fewer bytes than UTF-16 units, so the rest of a long text is never read.
  const line = text
    .slice(0, maxBytes + 1)
    .toWellFormed()
    .replace(UNSHOWN, ' ');
  if (text.length <= maxBytes && Buffer.byteLength(line) <= maxBytes) return line;
  let [shown, bytes] = ['', Buffer.byteLength(ELLIPSIS)];
  for (const character of line) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    shown += character;
  }
  return shown + ELLIPSIS;
}

const ELLIPSIS = '…';
