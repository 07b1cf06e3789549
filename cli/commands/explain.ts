import { Command, Option } from 'commander';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';

/** The options of other commands that say where a system is. They are taken in order to be refused with a reason. */
const OPTIONS_OF_SYSTEMS = {
  local: '--local',
  project: '--project [id]',
  prefix: '--prefix [name]',
} as const;

interface ExplainArguments extends Readonly<
  Partial<Record<keyof typeof OPTIONS_OF_SYSTEMS, string | boolean>>
> {
  readonly job?: boolean;
  readonly service?: string;
  readonly version?: string;
  readonly region?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  lro-cancel explain projects/p/locations/us-central1/operations/1 \\
    --service aiplatform
  lro-cancel explain --json < requests.ndjson

Exit codes: 0 explained, 1 refused or unsupported, 2 wrong usage.`;

export function explainCommand(): Command {
  const command = new Command('explain')
    .summary('print the call that would be made, and make none')
    .description('Prints the calls that would be made for an operation, or why it is refused. Makes no call.')
    .argument('[reference]', 'a URL, a full resource name, or a name with --service')
    .option('--job', 'the reference names a job')
    .option('--service <name>', 'the service of a bare name, such as notebooks')
    .option('--version <version>', 'the version of its API')
    .option('--region <region>', 'the location, where the name has none')
    .option('--json', 'read requests from standard input, and write JSON, a line each')
    .addHelpText('after', EXAMPLES)
    .action(async (reference: string | undefined, given: ExplainArguments) => {
      const { json, job, local, project, prefix, ...context } = given;
      const asked = Object.entries({ local, project, prefix }).find(([, value]) => value !== undefined);
      if (asked !== undefined)
        throw new UsageError(`explain reads the catalog, and needs no system. Leave out --${asked[0]}.`);
      if (json === true && (reference !== undefined || job === true || Object.keys(context).length > 0))
        throw new UsageError(
          '--json takes no reference and no other option: requests come by standard input.',
        );
      if (json !== true && reference === undefined) throw new UsageError('Name an operation to explain.');
      const { explaining, explainRequests, explainToPerson } = await import('../explain.ts');
      const { printLine } = await import('../print-line.ts');
      const explain = async () => {
        if (json === true) return explainRequests();
        printLine(await explainToPerson({ [job === true ? 'job' : 'operation']: reference, ...context }));
      };
      const code = await explaining(explain);
      process.exitCode = code === 0 ? EXIT.done : EXIT.otherOutcome;
    });
  for (const flags of Object.values(OPTIONS_OF_SYSTEMS)) command.addOption(new Option(flags).hideHelp());
  return command;
}
