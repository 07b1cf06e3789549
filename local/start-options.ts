import { parseArgs } from 'node:util';
import { parseFirstRecheckMs } from '../src/validation/duration.ts';

/** The options of `npm start`. */
export interface StartOptions {
  /** Port of the page; absent for the usual one, or any free one where that is taken. */
  readonly port?: number;
  /** FIRST_RECHECK_AFTER of the function, in place of that of the environment. */
  readonly firstRecheckAfter?: string;
  /** A file with operations, jobs, lists and quotas in place of the demo's. */
  readonly seed?: string;
  readonly output: 'lines' | 'json';
  readonly verbose: boolean;
}

export const START_USAGE = `Usage: npm start -- [options]

Runs lro-cancel on this machine, with a page to watch and try it on, until
Ctrl-C.

  --port N        port of the page (default: 4747, or a free one where that is
                  taken)
  --first-recheck-after 1s
                  delay of the first check after an accepted cancel, 1s to 300s
                  (default: 5s); each further one takes twice as long
  --seed FILE     simulated operations, jobs, lists and quotas, as GET /_control
                  writes them, in place of those of the demo
  --output json   results and reports as JSON, one on a line; the rest goes to
                  standard error
  --verbose       the function's log, and lines to publish with curl
  --help          this text

Example: npm start -- --port 8080 --verbose`;

export type StartOptionsReading =
  { readonly options: StartOptions } | { readonly help: true } | { readonly mistake: string };

/** Reads the arguments of the command line. */
export function readStartOptions(args: readonly string[]): StartOptionsReading {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'first-recheck-after': { type: 'string' },
        seed: { type: 'string' },
        output: { type: 'string', default: 'lines' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. ');
    return { mistake: sentence };
  }
  const { port, 'first-recheck-after': firstRecheckAfter, seed, output, verbose, help } = values;
  if (help) return { help: true };
  if (port !== undefined && !isPort(port)) {
    return { mistake: `--port must be a number from 0 to 65535, not ${JSON.stringify(port)}` };
  }
  const mistake = firstRecheckAfter === undefined ? undefined : mistakeInFirstRecheck(firstRecheckAfter);
  if (mistake !== undefined) return { mistake };
  if (output !== 'lines' && output !== 'json') {
    return { mistake: `--output must be lines or json, not ${JSON.stringify(output)}` };
  }
  return {
    options: {
      ...(port !== undefined && { port: Number(port) }),
      ...(firstRecheckAfter !== undefined && { firstRecheckAfter }),
      ...(seed !== undefined && { seed }),
      output,
      verbose,
    },
  };
}

/** Read as the function reads its setting, so that the same values are refused. */
function mistakeInFirstRecheck(text: string): string | undefined {
  try {
    parseFirstRecheckMs('--first-recheck-after', text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
