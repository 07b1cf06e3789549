import { parseArgs } from 'node:util';

/** The options of `npm start`. */
export interface StartOptions {
  /** Port of the page; absent for the usual one, or any free one where that is taken. */
  readonly port?: number;
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
  const { port, seed, output, verbose, help } = values;
  if (help) return { help: true };
  if (port !== undefined && !isPort(port)) {
    return { mistake: `--port must be a number from 0 to 65535, not ${JSON.stringify(port)}` };
  }
  if (output !== 'lines' && output !== 'json') {
    return { mistake: `--output must be lines or json, not ${JSON.stringify(output)}` };
  }
  return {
    options: {
      ...(port !== undefined && { port: Number(port) }),
      ...(seed !== undefined && { seed }),
      output,
      verbose,
    },
  };
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
