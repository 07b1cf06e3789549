const GAP = '  ';
const DEFAULT_WIDTH = 80;

/** The part of a stream that tells its width. */
type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/**
 * The width of a table, in characters: that of the terminal. In a pipe, a file or the log of a CI it is that of COLUMNS, as
 * shells export it, else 80.
 */
export function tableWidth(
  { isTTY, columns }: Output = process.stdout,
  { COLUMNS = '' }: { readonly COLUMNS?: string | undefined } = process.env,
): number {
  const given = isTTY ? columns : Number(/^[1-9]\d{0,4}$/.exec(COLUMNS)?.[0] ?? 0);
  return given > 0 ? given : DEFAULT_WIDTH;
}

/**
 * A table of at most `width` characters. Columns are as wide as their content; where that is too wide, the widest columns
 * become narrower, and their text continues in further lines, so that nothing is lost. No word is broken: where the words
 * themselves need more room, each row becomes a block with a line for each column.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const columns = header.map((title, column) => [title, ...rows.map((row) => row[column] ?? '')]);
  const widths = fitted(columns, width);
  if (widths === undefined) return rows.map((row) => block(header, row, width)).join('\n\n');
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

/** Widths that fit together, the widest made narrower one by one; undefined where words would have to be broken. */
function fitted(columns: readonly (readonly string[])[], width: number): number[] | undefined {
  const widestOf = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length));
  const minima = columns.map((cells) => widestOf(cells.flatMap((cell) => cell.split(' '))));
  const widths = columns.map(widestOf);
  const total = () => widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));
  while (total() > width) {
    const widest = Math.max(...widths.filter((one, column) => one > (minima[column] ?? 0)));
    if (widest === -Infinity) return undefined;
    const column = widths.findLastIndex((one, index) => one === widest && one > (minima[index] ?? 0));
    widths[column] = widest - 1;
  }
  return widths;
}

/** A row as lines of title and text, in which a word that is wider than a line is broken. */
function block(header: readonly string[], row: readonly string[], width: number): string {
  const titleWidth = Math.max(...header.map(({ length }) => length));
  const textWidth = Math.max(1, width - titleWidth - GAP.length);
  return header
    .flatMap((title, column) =>
      wrap(row[column] ?? '', textWidth).map((text, index) =>
        `${(index === 0 ? title : '').padEnd(titleWidth)}${GAP}${text}`.trimEnd(),
      ),
    )
    .join('\n');
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
