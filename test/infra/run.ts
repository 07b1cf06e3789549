import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { readDeployedResources } from './deployed-resources.ts';
import type { DeployedRun } from './deployed-resources.ts';
import { readDeployedSettings } from './deployed-settings.ts';
import { factsOfCalls, factsOfResources } from './gcloud/facts.ts';
import type { Facts } from './gcloud/facts.ts';
import { createScripts } from './gcloud/scripts.ts';
import { misorderedResources } from './graph.ts';
import { unnamedMistakes, WRONG_INPUTS } from './refusals.ts';

/**
 * `npm run test:infra`: checks the format and validity of the Terraform module in infra/, runs its tests, and
 * checks that the function accepts the settings that the module gives it, that the first apply has an order that works,
 * that each refusal says which part of an input is wrong, and that infra/gcloud/deploy.sh deploys the same. `TERRAFORM=tofu` runs it with OpenTofu.
 * Without Terraform or its providers it reports that and succeeds; with `--require` it fails.
 *
 * Everything runs in a copy, so the working tree stays clean.
 */
const terraform = process.env.TERRAFORM ?? 'terraform';
/** Runs a command whose Terraform needs no registry. Not part of the repository. */
const offline = resolve('../shared/terraform/with-offline-providers');
/** The output of `init` when the registry cannot be reached. */
const UNREACHABLE = /could not connect to|failed to request discovery document|no such host/i;
/** Tests whose states are read afterwards, for the function's settings and for what the script deploys. */
const READ_AFTERWARDS: readonly string[] = [
  'examples.tftest.hcl',
  'gcloud.tftest.hcl',
  'settings.tftest.hcl',
];
/** As many as make use of two processors. */
const TESTS_AT_ONCE = 2;
/** A file with more runs has a process for itself. */
const MANY_RUNS = 100;
const ENVIRONMENT = {
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  TF_CLI_ARGS: '-no-color',
  TF_IN_AUTOMATION: '1',
};
/** The run that deploys what the script does. */
const SCRIPT_RUN = 'as_the_script_does';

const temporary = await mkdtemp(join(tmpdir(), 'infra-'));
const copy = join(temporary, 'infra');
try {
  process.exitCode = await check();
} finally {
  await rm(temporary, { recursive: true, force: true });
}

/** The exit status. */
async function check(): Promise<number> {
  const version = run([terraform, 'version'], temporary);
  if (!version.found) return skip(`there is no ${terraform} on the path`);
  await cp('infra', copy, { recursive: true, filter: isSource });
  // The alerts have the text of the runbook; the examples deploy a bundle, and any will do.
  await cp('docs/operations.md', join(temporary, 'docs/operations.md'));
  await cp('infra/tests/fixtures/bundle', join(temporary, 'dist'), { recursive: true });
  const examples = (await readdir(join(copy, 'examples'))).sort();
  const folders = [copy, ...examples.map((name) => join(copy, 'examples', name))];

  if (!step('format', [terraform, 'fmt', '-check', '-diff', '-recursive'], copy)) return 1;
  if (version.output.startsWith('OpenTofu')) await inlineMocks(join(copy, 'tests'));
  const prefix = reachRegistry();
  if (prefix === undefined) return skip('the registry of providers is out of reach');
  for (const folder of folders) {
    const name = folder === copy ? 'module' : `example ${basename(folder)}`;
    if (!step(`init, ${name}`, [...prefix, terraform, 'init', '-input=false'], folder)) return 1;
    if (!step(`validate, ${name}`, [...prefix, terraform, 'validate'], folder)) return 1;
  }
  const groups = await groupTests(join(copy, 'tests'));
  const outputs: (string | undefined)[] = [];
  const queue = groups.values();
  await Promise.all(
    Array.from({ length: TESTS_AT_ONCE }, async () => {
      for (const names of queue) outputs.push(await testFiles(prefix, names));
    }),
  );
  if (outputs.includes(undefined)) return 1;
  const deployed = outputs.flatMap((output = '') => readDeployedResources(output));
  const checks = [checkOrder(prefix), checkRefusals(prefix), checkSettings(deployed), checkScripts(deployed)];
  return checks.every(Boolean) ? 0 : 1;
}

/**
 * The files of tests that a process runs together, those with the most runs first. Terraform keeps the connections to its
 * providers open from run to run, and all files in one process have more of them than a process may have.
 */
async function groupTests(folder: string): Promise<readonly (readonly string[])[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tftest.hcl')).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      return { name, runs: text.match(/^run "/gm)?.length ?? 0 };
    }),
  );
  const others = files.filter(({ name }) => !READ_AFTERWARDS.includes(name));
  const large = others.filter(({ runs }) => runs > MANY_RUNS).map(({ name }) => [name]);
  const small = others.filter(({ runs }) => runs <= MANY_RUNS).map(({ name }) => name);
  return [...large, small, READ_AFTERWARDS];
}

/** Runs the tests of some files, and returns what they printed, or undefined if one failed. */
async function testFiles(prefix: readonly string[], names: readonly string[]): Promise<string | undefined> {
  const command = [...prefix, terraform, 'test', ...names.map((name) => `-filter=tests/${name}`)];
  const asJson = names === READ_AFTERWARDS ? ['-json', '-verbose'] : [];
  const { ok, output } = await runBeside([...command, ...asJson], copy);
  if (ok) {
    say(`ok      test ${names.join(', ')}: ${/\d+ passed/.exec(output)?.[0] ?? ''}`);
    return output;
  }
  const forPeople = asJson.length > 0 ? (await runBeside(command, copy)).output : output;
  say(`FAILED  test ${names.join(', ')}\n${forPeople.trimEnd()}`);
  return undefined;
}

/** OpenTofu has no `source` in `mock_provider`, so the text of the mocks replaces it in each test. */
async function inlineMocks(tests: string): Promise<void> {
  const names = (await readdir(tests)).filter((name) => name.endsWith('.tftest.hcl'));
  for (const path of names.map((name) => join(tests, name))) {
    let text = await readFile(path, 'utf8');
    for (const provider of await readdir(join(tests, 'mocks'))) {
      const mocks = await readFile(join(tests, 'mocks', provider, `${provider}.tfmock.hcl`), 'utf8');
      text = text.replace(`source = "./tests/mocks/${provider}"`, () => `\n${mocks}`);
    }
    await writeFile(path, text);
  }
}

/** The prefix of Terraform commands, or undefined if providers are not available. */
function reachRegistry(): readonly string[] | undefined {
  const { ok, output } = run([terraform, 'init', '-input=false', '-backend=false'], copy);
  if (ok || !UNREACHABLE.test(output)) return [];
  return existsSync(offline) ? [offline] : undefined;
}

/** Reads the environment of each function in the tests with the function's own parser of settings. */
function checkSettings(deployed: readonly DeployedRun[]): boolean {
  const settings = readDeployedSettings(deployed);
  for (const { name, mistakes } of settings) {
    say(mistakes === undefined ? `ok      settings of ${name}` : `FAILED  settings of ${name}\n${mistakes}`);
  }
  if (settings.length === 0) say('FAILED  settings: the tests showed none');
  return settings.length > 0 && settings.every(({ mistakes }) => mistakes === undefined);
}

/** Checks that each resource waits for what it needs in the first apply. */
function checkOrder(prefix: readonly string[]): boolean {
  const { ok, output } = run([...prefix, terraform, 'graph'], copy);
  return verdict('order of the first apply', ok ? misorderedResources(output) : [output]);
}

/** Checks that the refusal of an input names the part that is wrong. */
function checkRefusals(prefix: readonly string[]): boolean {
  const others = {
    project_id: 'my-project',
    region: 'europe-west1',
    services: { notebooks: {} },
    bundle: { dir: './tests/fixtures/bundle' },
  };
  const verdicts = Object.entries(WRONG_INPUTS).map(([group, inputs]) => {
    const file = join(temporary, 'wrong.tfvars.json');
    writeFileSync(file, JSON.stringify({ ...others, ...inputs }));
    const { ok, output } = run([...prefix, terraform, 'plan', '-json', `-var-file=${file}`], copy);
    const messages = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => (JSON.parse(line) as { readonly diagnostic?: { readonly detail?: string } }).diagnostic)
      .map((diagnostic) => diagnostic?.detail ?? '');
    return verdict(
      `refusals of ${group}`,
      ok ? ['nothing is refused'] : unnamedMistakes(inputs, messages.join('\n')),
    );
  });
  return verdicts.every(Boolean);
}

/** Compares what infra/gcloud/deploy.sh deploys with the module. */
function checkScripts(runs: readonly DeployedRun[]): boolean {
  const deployed = runs.find(({ run }) => run === SCRIPT_RUN);
  if (deployed === undefined) return verdict('gcloud/deploy.sh', ['the tests showed no resources']);
  const byModule = factsOfResources(deployed.resources);
  const byScript = deployWithScript();
  return verdict('gcloud/deploy.sh', [
    ...[...byModule].filter((fact) => !byScript.has(fact)).map((fact) => `the module alone: ${fact}`),
    ...[...byScript].filter((fact) => !byModule.has(fact)).map((fact) => `the script alone: ${fact}`),
  ]);
}

/** What the script deploys with the inputs of tests/gcloud.tftest.hcl. */
function deployWithScript(): Facts {
  const sweeps = join(temporary, 'sweeps.json');
  const budgets = join(temporary, 'budgets.json');
  const stale = {
    dryRun: false,
    targets: [{ service: 'notebooks', parents: ['projects/my-project/locations/-'] }],
  };
  writeFileSync(sweeps, `${JSON.stringify({ stale })}\n`);
  writeFileSync(
    budgets,
    '[{"budgetDisplayName": "training", "onForecast": false, "sweep": "stale", "threshold": 1}]\n',
  );
  const options = {
    project: 'my-project',
    region: 'europe-west1',
    'queue-region': 'europe-west3',
    services: 'notebooks',
    jobs: 'dataproc,workflowexecutions.executions',
    sweeps,
    budgets,
    'protected-operations': '**/operations/keep-*',
    'message-keys': 'lro-cancel-message-keys:3',
    'request-publisher': 'group:finops@example.com',
  };
  const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
  const { ok, output, calls } = createScripts(temporary).run('deploy', args);
  if (!ok) say(output);
  return factsOfCalls(calls);
}

function verdict(name: string, mistakes: readonly string[]): boolean {
  say(`${mistakes.length === 0 ? 'ok    ' : 'FAILED'}  ${name}`);
  for (const mistake of mistakes) say(mistake);
  return mistakes.length === 0;
}

function step(name: string, command: readonly string[], folder: string): boolean {
  const { ok, output } = run(command, folder);
  say(`${ok ? 'ok    ' : 'FAILED'}  ${name}`);
  if (!ok) say(output.trimEnd());
  return ok;
}

function run([program = '', ...args]: readonly string[], cwd: string) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: ENVIRONMENT,
    maxBuffer: 2 ** 30,
  });
  return { ok: status === 0, found: error === undefined, output: `${stdout}${stderr}` };
}

/** As `run`, without making other processes wait. */
async function runBeside([program = '', ...args]: readonly string[], cwd: string) {
  const child = spawn(program, args, { cwd, env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

function skip(why: string): number {
  say(`Skipped the tests of infra/: ${why}.`);
  return process.argv.includes('--require') ? 1 : 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Whether a path is a source file, and not one that `terraform init` left. */
function isSource(path: string): boolean {
  return !/^\.terraform|\.tfstate/.test(basename(path));
}
