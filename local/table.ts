/** A table for a terminal: columns as wide as their content, lines cut to the given width. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) => {
    const text = cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return text.length > width ? `${text.slice(0, width - 1)}…` : text;
  };
  const rule = widths.map((columnWidth) => '─'.repeat(columnWidth)).join('  ');
  return [line(header), rule.slice(0, width), ...rows.map(line)].join('\n');
}
