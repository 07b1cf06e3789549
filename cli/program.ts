import { Command } from 'commander';
import { cancelCommand } from './commands/cancel.ts';
import { consoleCommand } from './commands/console.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { sweepCommand } from './commands/sweep.ts';
import { watchCommand } from './commands/watch.ts';

/** The commands of `lro-cancel`, in the order of its help. Another one is a file in `commands/` and a line here. */
const COMMANDS = [
  cancelCommand,
  sweepCommand,
  watchCommand,
  explainCommand,
  doctorCommand,
  consoleCommand,
] as const;

/** All arguments of `lro-cancel`. Parsing them throws a CommanderError, and never ends the process. */
export function createProgram(): Command {
  const program = new Command('lro-cancel')
    .description('Cancels long-running operations of Google Cloud, and tells how each ended.')
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError('Add --help for the options, and for examples.')
    .exitOverride();
  for (const create of COMMANDS) program.addCommand(create().copyInheritedSettings(program));
  return program;
}
