const GAP = '  ';
const MIN_COLUMN = 8;

/**
 * A table for a terminal. Columns are as wide as their content; where that is wider than the terminal, the widest columns
 * become narrower, and their text goes on in further lines, so that nothing is lost.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const widths = fitted(
    header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length))),
    width,
  );
  const lines = (cells: readonly string[]) => {
    const wrapped = widths.map((columnWidth, column) => wrap(cells[column] ?? '', columnWidth));
    const height = Math.max(...wrapped.map((parts) => parts.length));
    return Array.from({ length: height }, (_, index) =>
      wrapped
        .map((parts, column) => (parts[index] ?? '').padEnd(widths[column] ?? 0))
        .join(GAP)
        .trimEnd(),
    );
  };
  const rule = widths.map((columnWidth) => '─'.repeat(columnWidth)).join(GAP);
  return [...lines(header), rule, ...rows.flatMap(lines)].join('\n');
}

/** Widths that fit together, the widest made narrower one by one. */
function fitted(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMN) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

/** The text in lines of at most `width` characters, broken at spaces where there are any. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const at = space > 0 ? space : width;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
