import { readSettings } from '../../src/settings/settings.ts';
import type { DeployedRun } from './deployed-resources.ts';

interface Function {
  readonly service_config: readonly [{ readonly environment_variables: Record<string, string> }];
}

/** Reads the settings of each function that was deployed, as the function itself would at its start. */
export function readDeployedSettings(
  deployed: readonly DeployedRun[],
): readonly { readonly name: string; readonly mistakes: string | undefined }[] {
  return deployed.flatMap(({ run, resources }) =>
    resources
      .filter(({ type }) => type === 'google_cloudfunctions2_function')
      .map(({ values }) => {
        const made = values as unknown as Function;
        const reading = readSettings(made.service_config[0].environment_variables);
        const mistakes = reading.ok ? undefined : reading.mistakes.map(({ message }) => message).join('\n');
        return { name: run, mistakes };
      }),
  );
}
