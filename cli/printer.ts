import type { OutputFormat } from './connection-options.ts';
import { createLiveLines, isDrawable } from './live-lines.ts';

/** Prints lines as something happens, above those that are drawn anew on a terminal. */
export interface Printer {
  /** Prints a line; nothing where the output is JSON, which comes as a whole at the end. */
  readonly line: (text: string) => void;
  /** Removes what is drawn. Can be called again. */
  readonly stop: () => void;
}

/** @param liveLines the lines that a terminal shows now; they are drawn on standard error, the others go to standard output */
export function createPrinter(output: OutputFormat, liveLines: () => readonly string[]): Printer {
  const { stdout, stderr } = process;
  const live = isDrawable(stderr) ? createLiveLines(stderr, liveLines) : undefined;
  return {
    line: (text) => {
      if (output === 'json') return;
      const write = () => stdout.write(`${text}\n`);
      if (live === undefined) write();
      else live.above(write);
    },
    stop: () => live?.end(),
  };
}
