import { Command } from 'commander';
import { addConnectionOptions, outputOption } from '../connection-options.ts';
import type { CancelArguments } from '../command-arguments.ts';

const EXAMPLES = `
Examples:
  lro-cancel cancel --reason "not approved" \\
    https://notebooks.googleapis.com/v2/projects/p/locations/l/operations/o
  lro-cancel cancel projects/p/locations/us-central1/operations/1 \\
    --service aiplatform --dry-run
  lro-cancel cancel - --output json < operations.txt

Exit codes: 0 all CANCELLED (DRY_RUN with --dry-run), 1 another outcome,
2 nothing was sent, 3 no result in time.`;

export function cancelCommand(): Command {
  const command = new Command('cancel')
    .summary('cancel operations, and wait until they have ended')
    .description('Requests the cancel of each operation, and waits until it has ended.')
    .argument('[reference...]', 'a URL, a full resource name, or a name with --service; - for standard input')
    .option('-f, --file <path>', 'read references from a file, one a line')
    .option('--job', 'the references name jobs')
    .option('--service <name>', 'the service of bare names, such as notebooks')
    .option('--version <version>', 'the version of its API')
    .option('--region <region>', 'the location, where the name has none')
    .option('--dry-run', 'look, and cancel nothing')
    .option('--reason <text>', 'repeated in the result')
    .option('--requested-by <name>', 'repeated in the result')
    .option('--label <key=value>', 'repeated in the result; can be given again', collect)
    .option('--confirm-within <time>', 'how long the function looks for the end, such as 15m')
    .option('--request-id <id>', 'an id of yours: the same request, sent again, has the same result id')
    .option('--no-wait', 'print the request ids, and wait for no result')
    .option('--timeout <time>', 'how long to wait (default: --confirm-within and a minute)')
    .addOption(outputOption());
  return addConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (references: readonly string[], given: CancelArguments) => {
      const { runCancel } = await import('../run-cancel.ts');
      process.exitCode = await runCancel(references, given);
    });
}

const collect = (value: string, before: readonly string[] = []) => [...before, value];
