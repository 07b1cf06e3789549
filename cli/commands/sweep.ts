import { Command } from 'commander';
import { addConnectionOptions, outputOption } from '../connection-options.ts';
import type { SweepArguments } from '../command-arguments.ts';

const EXAMPLES = `
Examples:
  lro-cancel sweep nightly --dry-run
  lro-cancel sweep nightly --timeout 2h --output json

Exit codes: 0 the whole sweep was read, and all its requests ended as CANCELLED
or DRY_RUN, 1 anything else, 2 nothing was sent, 3 the report or a result did
not come in time.`;

export function sweepCommand(): Command {
  const command = new Command('sweep')
    .summary('start a sweep, and wait for its report and results')
    .description(
      'Starts a sweep of the deployed settings, and waits for its report and the results of its requests.',
    )
    .argument('<name>', 'its name in the setting SWEEPS')
    .option('--dry-run', 'look at what would be cancelled, and cancel nothing')
    .option('--timeout <time>', 'how long to wait', '30m')
    .addOption(outputOption());
  return addConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, given: SweepArguments) => {
      const { runSweep } = await import('../run-sweep.ts');
      process.exitCode = await runSweep(name, given);
    });
}
