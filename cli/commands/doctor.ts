import { Command, Option } from 'commander';
import type { DoctorArguments } from '../command-arguments.ts';
import { outputOption } from '../connection-options.ts';
import { UsageError } from '../usage-error.ts';

const EXAMPLES = `
Examples:
  lro-cancel doctor --project my-project
  lro-cancel doctor --project my-project --prefix lro-cancel-test --output json

Exit codes: 0 all is well, 1 something is wrong or could not be read,
2 wrong usage or no credentials.`;

export const doctorCommand = (): Command =>
  new Command('doctor')
    .summary('check a deployment piece by piece')
    .description(
      'Checks whether a deployment is whole, a line for each piece, with what to do. It changes nothing.',
    )
    .addOption(new Option('--project <id>', 'the project of the deployment').env('GOOGLE_CLOUD_PROJECT'))
    .option('--prefix <name>', 'the name of the deployment', 'lro-cancel')
    // Every other command that speaks to a system has it, so that it is tried here, too.
    .addOption(new Option('--local').hideHelp())
    .addOption(outputOption())
    .addHelpText('after', EXAMPLES)
    .action(async ({ local = false, ...given }: DoctorArguments & { readonly local?: boolean }) => {
      if (local)
        throw new UsageError('doctor checks a deployment; a local system needs none. Leave out --local.');
      const { runDoctor } = await import('../run-doctor.ts');
      process.exitCode = await runDoctor(given);
    });
