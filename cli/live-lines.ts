/** Lines at the bottom of a terminal that are drawn again and again, below those that stay. */
export interface LiveLines {
  /** Writes what stays, above the live lines. */
  above(write: () => void): void;
  /** Removes the live lines. */
  end(): void;
}

const INTERVAL_MS = 100;

/**
 * Draws with three escape sequences of ANSI: a library for this (listr2, ora, cli-progress) is larger than the rest of the
 * command together, and slows its start.
 *
 * @param lines the lines now; those that are too wide are cut
 */
export function createLiveLines(stream: NodeJS.WriteStream, lines: () => readonly string[]): LiveLines {
  let height = 0;
  const clear = () => {
    if (height > 0) stream.write(`\x1b[${height}A\x1b[0J`);
    height = 0;
  };
  const draw = () => {
    const fitting = lines().map((line) => fit(line, stream.columns));
    clear();
    height = fitting.length;
    if (height > 0) stream.write(`${fitting.join('\n')}\n`);
  };
  const timer = setInterval(draw, INTERVAL_MS);
  draw();
  return {
    above: (write) => {
      clear();
      write();
    },
    end: () => {
      clearInterval(timer);
      clear();
    },
  };
}

const fit = (line: string, columns: number) =>
  columns > 0 && line.length >= columns ? `${line.slice(0, columns - 2)}…` : line;

/** Whether a stream is a terminal that can be drawn on. */
export const isDrawable = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY && process.env.TERM !== 'dumb';
