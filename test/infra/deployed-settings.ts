import { readSettings } from '../../src/settings/settings.ts';

/** A line of `terraform test -json -verbose`; those of interest have the state after a run. */
interface Line {
  readonly type?: string;
  readonly '@testrun'?: string;
  readonly test_state?: { readonly root_module?: Module };
}

interface Module {
  readonly resources?: readonly { readonly type: string; readonly values: unknown }[];
  readonly child_modules?: readonly Module[];
}

interface Function {
  readonly service_config: readonly [{ readonly environment_variables: Record<string, string> }];
}

/** Reads the settings of each function in the output of tests, as the function itself would at its start. */
export function readDeployedSettings(
  output: string,
): readonly { readonly name: string; readonly mistakes: string | undefined }[] {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
  return lines.flatMap(({ '@testrun': name = '', test_state: state }) =>
    functionsOf(state?.root_module).map((made) => {
      const reading = readSettings(made.service_config[0].environment_variables);
      const mistakes = reading.ok ? undefined : reading.mistakes.map(({ message }) => message).join('\n');
      return { name, mistakes };
    }),
  );
}

function functionsOf(module: Module | undefined): readonly Function[] {
  const { resources = [], child_modules: children = [] } = module ?? {};
  return [
    ...resources
      .filter(({ type }) => type === 'google_cloudfunctions2_function')
      .map(({ values }) => values as Function),
    ...children.flatMap(functionsOf),
  ];
}
