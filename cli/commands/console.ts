import { Command } from 'commander';
import { addConnectionOptions } from '../connection-options.ts';
import type { ConsoleArguments } from '../command-arguments.ts';

const EXAMPLES = `
Examples:
  lro-cancel console --project my-project
  lro-cancel console --project my-project --queue europe-west1 --port 8080
  lro-cancel console --local --allow-requests

It prints the address of the page first. It ends with Ctrl-C, and then
deletes its temporary subscriptions.`;

export function consoleCommand(): Command {
  const command = new Command('console')
    .summary('serve a page that shows a deployed system')
    .description(
      'Serves a page on this machine that shows a system: results, reports and dead letters from now on, and what waits in the queue. It publishes nothing, unless it is allowed to.',
    )
    .option('--port <number>', 'port of the page; default: 4748, or a free one where that is taken')
    .option(
      '--queue <region|name>',
      'region of the queue, or projects/P/locations/L/queues/Q; default: what the function is set to',
    )
    .option('--allow-requests', 'let the page request cancels, start sweeps and send budget alerts');
  return addConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (given: ConsoleArguments) => {
      const { runConsole } = await import('../run-console.ts');
      process.exitCode = await runConsole(given);
    });
}
