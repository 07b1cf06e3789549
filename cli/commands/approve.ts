import { Command } from 'commander';
import { addConnectionOptions, outputOption } from '../connection-options.ts';
import type { ApproveArguments } from '../command-arguments.ts';

const EXAMPLES = `
Examples:
  lro-cancel approve 7e2474a3791918d850ecf0435102541f \\
    --requested-by ada@example.com --reason "left over from a test"
  lro-cancel approve 7e2474a3791918d850ecf0435102541f --timeout 2h --output json

Exit codes: 0 all its requests ended as CANCELLED, 1 anything else, also a run
that cannot be approved, 2 nothing was sent, 3 the report or a result did not
come in time.`;

export function approveCommand(): Command {
  const command = new Command('approve')
    .summary('cancel what a dry run found, and wait until it has ended')
    .description(
      'Approves a dry run of an approvable sweep: requests the cancel of exactly what it found, once, and waits for the report and the results.',
    )
    .argument('<run-id>', 'the runId in the report of the dry run')
    .option('--reason <text>', 'repeated in the report and the results')
    .option('--requested-by <name>', 'repeated in the report and the results')
    .option('--timeout <time>', 'how long to wait', '30m')
    .addOption(outputOption());
  return addConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string, given: ApproveArguments) => {
      const { runApprove } = await import('../run-approve.ts');
      process.exitCode = await runApprove(runId, given);
    });
}
