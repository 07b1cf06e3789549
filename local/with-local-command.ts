import { parseArgs } from 'node:util';

const WITH_LOCAL_USAGE = `Usage: npm run with-local -- [--seed FILE] COMMAND [ARGUMENT …]

Starts lro-cancel on this machine, runs the command, stops, and ends with the
command's status. PUBSUB_EMULATOR_HOST and CLOUDSDK_… lead the command's clients to
it; LRO_CANCEL_SERVICES is the address of the simulated services, LRO_CANCEL_PAGE
that of the page. One argument alone is a line for the shell.

Example: npm run with-local -- pytest tests/`;

export type CommandReading =
  | { readonly seed?: string; readonly command: readonly string[] }
  | { readonly usage: string; readonly status: 0 | 2 };

/** Reads the arguments: options of its own stand before the command, whose own options are left to it. */
export function readCommand(args: readonly string[]): CommandReading {
  const at = firstOfCommand(args);
  let values;
  try {
    const options = { seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    ({ values } = parseArgs({ args: args.slice(0, at), options }));
  } catch (error) {
    return mistake((error as Error).message.split('. ')[0] ?? '');
  }
  if (values.help === true) return { usage: WITH_LOCAL_USAGE, status: 0 };
  const command = args[at] === '--' ? args.slice(at + 1) : args.slice(at);
  if (command.length === 0) return mistake('No command is given.');
  return { ...(values.seed !== undefined && { seed: values.seed }), command };
}

function firstOfCommand(args: readonly string[]): number {
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '--' || !argument.startsWith('-')) return index;
    if (argument === '--seed') index += 1;
  }
  return args.length;
}

const mistake = (text: string) => ({ usage: `${text}\n\n${WITH_LOCAL_USAGE}`, status: 2 }) as const;
