/** A table for a terminal: columns as wide as they need to be, the last one cut to the width that is left. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) =>
      column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
    );
    const text = padded.join('  ');
    return text.length > width ? `${text.slice(0, width - 1)}…` : text;
  };
  const rule = widths.map((columnWidth, column) =>
    '─'.repeat(
      column === widths.length - 1 ? Math.max(4, width - sum(widths.slice(0, -1)) - 2 * column) : columnWidth,
    ),
  );
  return [line(header), rule.join('  ').slice(0, width), ...rows.map(line)].join('\n');
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
