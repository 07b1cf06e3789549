/** Largest number of wrong, missing or extra letters at which two words count as similar. */
const MAX_MISTAKES = 2;

/** The word that was most likely meant; undefined where no word is similar. */
export function mostSimilar(written: string, words: Iterable<string>): string | undefined {
  let [found, least]: [string | undefined, number] = [undefined, MAX_MISTAKES + 1];
  for (const word of words) {
    // Short words are similar to many others, so they may have fewer mistakes.
    const most = Math.min(least - 1, Math.floor(word.length / 4));
    const mistakes = Math.abs(word.length - written.length) > most ? Infinity : distance(written, word, most);
    if (mistakes <= most) [found, least] = [word, mistakes];
  }
  return found;
}

/** Damerau's distance: letters replaced, left out, added, or two that change places; Infinity where it is above `most`. */
function distance(a: string, b: string, most: number): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
    // Each later row builds on the two before it.
    if (Math.min(...line, ...(rows[row - 1] ?? [])) > most) return Infinity;
  }
  return at(a.length, b.length);
}
