import { Command } from 'commander';
import { approveCommand } from './commands/approve.ts';
import { cancelCommand } from './commands/cancel.ts';
import { consoleCommand } from './commands/console.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { sweepCommand } from './commands/sweep.ts';
import { watchCommand } from './commands/watch.ts';

/** The commands of `lro-cancel`, in the order of its help. Another one is a file in `commands/` and a line here. */
const COMMANDS = {
  cancel: cancelCommand,
  sweep: sweepCommand,
  approve: approveCommand,
  watch: watchCommand,
  explain: explainCommand,
  doctor: doctorCommand,
  console: consoleCommand,
} as const;

/**
 * All arguments of `lro-cancel`. Parsing them throws a CommanderError, and never ends the process.
 *
 * @param first the first argument. Where it names a command, only that one is made: the others would slow its start
 */
export function createProgram(first?: string): Command {
  const program = new Command('lro-cancel')
    .description('Cancels long-running operations of Google Cloud, and tells how each ended.')
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError('Add --help for the options, and for examples.')
    .exitOverride();
  const named = Object.entries(COMMANDS).filter(([name]) => name === first);
  const commands = named.length > 0 ? named : Object.entries(COMMANDS);
  for (const [, create] of commands) program.addCommand(create().copyInheritedSettings(program));
  return program;
}
