#!/usr/bin/env node
import { CommanderError } from 'commander';
import { isBrokenPipe } from './broken-pipe.ts';
import { describeError } from './describe-error.ts';
import { EXIT } from './exit-code.ts';
import { createProgram } from './program.ts';

/**
 * `lro-cancel`: the command for people, described in docs/cli.md. Each command has its arguments in `commands/`, which is
 * all that `--help` loads, and imports what performs it when it runs.
 */

// Warnings of libraries, as on the search for a metadata server: they are not for whoever uses the command.
process.removeAllListeners('warning');
// Output whose reader has gone ends the command quietly. A listener of the streams would load them, which slows the start.
process.on('uncaughtException', (error) => {
  process.exit(isBrokenPipe(error) ? EXIT.brokenPipe : describeError(error));
});
try {
  await createProgram(process.argv[2]).parseAsync();
} catch (error) {
  // Commander has printed its own: the help, or the argument that is wrong.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else process.exitCode = describeError(error);
}
