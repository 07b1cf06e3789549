/** A resource in the state after a run of `terraform test`. */
export interface DeployedResource {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a run of `terraform test` has deployed. */
export interface DeployedRun {
  readonly run: string;
  readonly resources: readonly DeployedResource[];
}

/** A line of `terraform test -json -verbose`; those of interest have the state after a run. */
interface Line {
  readonly '@testrun'?: string;
  readonly test_state?: { readonly root_module?: Module };
}

interface Module {
  readonly resources?: readonly DeployedResource[];
  readonly child_modules?: readonly Module[];
}

/** The resources after each run, from the output of the tests. */
export function readDeployedResources(output: string): readonly DeployedRun[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ test_state: state }) => state !== undefined)
    .map(({ '@testrun': run = '', test_state: state }) => ({
      run,
      resources: resourcesOf(state?.root_module),
    }));
}

function resourcesOf(module: Module | undefined): readonly DeployedResource[] {
  const { resources = [], child_modules: children = [] } = module ?? {};
  return [...resources, ...children.flatMap(resourcesOf)];
}
