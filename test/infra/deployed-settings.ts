import { readSettings } from '../../src/settings/settings.ts';
import { readDeployedResources } from './deployed-resources.ts';

interface Function {
  readonly service_config: readonly [{ readonly environment_variables: Record<string, string> }];
}

/** Reads the settings of each function in the output of tests, as the function itself would at its start. */
export function readDeployedSettings(
  output: string,
): readonly { readonly name: string; readonly mistakes: string | undefined }[] {
  return readDeployedResources(output).flatMap(({ run, resources }) =>
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
