import { Command, Option } from 'commander';
import { OUTCOMES } from '../../src/cancellation/outcome.ts';
import { addConnectionOptions, outputOption } from '../connection-options.ts';
import type { WatchArguments } from '../command-arguments.ts';

const EXAMPLES = `
Examples:
  lro-cancel watch
  lro-cancel watch --outcome UNCONFIRMED ERROR --output json | jq .requestId

It ends with Ctrl-C. With --output json, each line is a result.`;

export function watchCommand(): Command {
  const command = new Command('watch')
    .summary('print the results of all requests as they come')
    .description('Prints the results of all requests from now on, as they come.')
    .addOption(new Option('--outcome <outcome...>', 'only results with these outcomes').choices(OUTCOMES))
    .option('--service <name...>', 'only results of these services, such as notebooks')
    .addOption(outputOption());
  return addConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (given: WatchArguments) => {
      const { runWatch } = await import('../run-watch.ts');
      process.exitCode = await runWatch(given);
    });
}
