import { writeSync } from 'node:fs';
import { EXIT } from './exit-code.ts';

const STANDARD_OUTPUT = 1;

/**
 * Prints a line as `console.log` does, without the streams of Node, which take longer to load than an explanation takes.
 * A pipe that is full is left to them. Where the reader has gone, as `head` does, the process ends: nothing else is to do.
 */
export function printLine(line: string): void {
  let rest: Uint8Array = Buffer.from(`${line}\n`);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(STANDARD_OUTPUT, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') process.stdout.write(rest);
    else if (code === 'EPIPE') process.exit(EXIT.brokenPipe);
    else throw error;
  }
}
