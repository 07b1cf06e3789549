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
 * @param lines the lines now; the middle of those that are too wide is left out, because names differ at their ends
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

/** Keeps a column free: a terminal can wrap a line that fills it. */
function fit(line: string, columns: number): string {
  if (!(columns > 0) || line.length < columns) return line;
  const kept = Math.max(columns - 2, 0);
  const end = Math.floor(kept / 2);
  return `${line.slice(0, kept - end)}…${line.slice(line.length - end)}`.toWellFormed();
}

/** Whether a stream is a terminal that can be drawn on. */
export const isDrawable = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY && process.env.TERM !== 'dumb';
