#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { cancelCommand } from './commands/cancel.ts';
import { explainCommand } from './commands/explain.ts';
import { sweepCommand } from './commands/sweep.ts';
import { watchCommand } from './commands/watch.ts';
import { EXIT } from './exit-code.ts';
import { describeError } from './describe-error.ts';

/**
 * `lro-cancel`: the command for people, described in docs/cli.md. Each command has its arguments in `commands/`, which is
 * all that `--help` loads, and imports what performs it when it runs.
 */
// Warnings of libraries, as on the search for a metadata server: they are not for whoever uses the command.
process.removeAllListeners('warning');
const program = new Command('lro-cancel')
  .description('Cancels long-running operations of Google Cloud, and tells how each ended.')
  .helpCommand(false)
  .enablePositionalOptions()
  .showHelpAfterError('Add --help for the options, and for examples.');
for (const command of [cancelCommand(), sweepCommand(), watchCommand(), explainCommand()]) {
  command.copyInheritedSettings(program).exitOverride();
  program.addCommand(command);
}
program.exitOverride();
try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own: the help, or the argument that is wrong.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else process.exitCode = describeError(error);
}
