import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createCollector } from './collector.ts';
import { ALL_DRY_RUNS } from './demo-settings.ts';
import { runJobDemo } from './job-demo.ts';
import { burningJobs, jobScenes } from './job-scenarios.ts';
import { ownSettingsOrExit } from './own-settings.ts';
import { watchParents } from './parents.ts';
import { createProgress, readProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { scenarios } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';
import { startLocalSystem } from './system.ts';
import { runSweepDemo } from './sweep-demo.ts';
import { afterDryRunIsOff, beforeDryRunIsOff, sweptOperations } from './sweep-scenarios.ts';
import type { LocalSystem, PublishedResult } from './system.ts';
import { table, tableWidth } from './table.ts';

/**
 * `npm run demo`: the main job on this machine. Requests for the five services go through Pub/Sub to the real
 * function in the real framework, which calls simulated Google services. Exits 0 when every request ended as
 * it should. Then budget alerts and a scheduler start sweeps, of operations and of jobs.
 *
 * `npm run demo -- --crash` kills the function in the middle, and starts it again.
 */
/** For one thing; the whole takes about 20 s. */
const PATIENCE_MS = 25_000;

const options = readOptions();
// The demo has settings of its own; a mistake in those of the environment is reported all the same.
ownSettingsOrExit({});
const ids = scenarios.map(({ id }) => id);
const sweepScenarios = [...beforeDryRunIsOff, ...afterDryRunIsOff, ...Object.values(jobScenes)];
const pubsub = process.env.PUBSUB_EMULATOR_HOST ?? '';
console.log(
  `Starting ${pubsub === '' ? 'a Pub/Sub' : `with the Pub/Sub at ${pubsub}`}, the simulated Google services and the function …`,
);
// However it ends, nothing that it started is left running.
let stop: () => void = () => process.exit(130);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
watchParents(() => stop());
let onLogLine: (line: string) => void = () => undefined;
let onResult: (result: PublishedResult) => void = () => undefined;
const collector = createCollector({
  patienceMs: PATIENCE_MS,
  onLogLine: (line) => onLogLine(line),
});
const system = await startLocalSystem({
  // On an emulator that is used again, nothing of an earlier run is to be met.
  projectId: pubsub === '' ? 'my-project' : `demo-${Date.now().toString(36)}`,
  // cloudchannel's names carry no project, so it has to be allowed by name.
  settings: {
    ALLOWED_PROJECTS: 'my-project',
    ALLOWED_SERVICES: '*,cloudchannel',
    ...ALL_DRY_RUNS,
  },
  onLogLine: collector.onLogLine,
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
stop = () => void system.close().finally(() => process.exit(130));
const failures = await runAll(system).finally(() => system.close());
if (failures.length > 0) {
  console.log(`\nNot as expected:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(
    `\n${scenarios.length} of ${scenarios.length} requests and ${sweepScenarios.length} of ${sweepScenarios.length} triggers ended as they should.`,
  );
}

function readOptions(): { crash: boolean } {
  try {
    return parseArgs({ options: { crash: { type: 'boolean', default: false } } }).values;
  } catch {
    console.error('Usage: npm run demo [-- --crash]');
    process.exit(2);
  }
}

async function runAll(local: LocalSystem): Promise<string[]> {
  collector.attach(local, (result) => onResult(result));
  for (const { url, script } of sweptOperations) local.services.add(url, script);
  for (const { url, script } of burningJobs) local.services.addJob(url, script);
  return [
    ...(await runRequests(local)),
    ...(await runSweepDemo(local, collector)),
    ...(await runJobDemo(local, collector)),
  ];
}

async function runRequests(local: LocalSystem): Promise<string[]> {
  console.log(`
  Pub/Sub   ${local.restUrl}
  services  ${local.services.url}
  function  ${local.fn.url}

Publishing ${scenarios.length} cancel requests for five services:
`);
  const progress = createProgress(ids, process.stdout);
  onLogLine = (line) => {
    const entry = readProgress(line);
    if (entry !== undefined && entry.event !== 'result.published') progress.step(entry.id, entry.text);
  };

  const results = new Map<string, PublishedResult[]>();
  onResult = (result) => {
    const { requestId, outcome, detail } = result.data;
    const before = results.get(requestId) ?? [];
    results.set(requestId, [...before, result]);
    progress.finish(requestId, `→ ${outcome}: ${detail}`);
  };
  for (const { operation } of scenarios) {
    if (operation !== undefined) local.services.add(operation.url, operation.script);
  }
  await Promise.all(scenarios.map(({ id, request }) => local.request({ ...request, requestId: id })));

  if (options.crash) await crash(local, progress);
  await collector.until(() => ids.every((id) => results.has(id)));
  progress.end();
  onLogLine = () => undefined;
  onResult = () => undefined;
  show(results);
  return check(local, results);
}

/** Kills the function once the first cancels are under way, and starts it again. */
async function crash(local: LocalSystem, progress: Progress): Promise<void> {
  while (local.services.requests({ method: 'POST' }).length < 4) await sleep(20);
  await local.fn.kill();
  progress.note('*** the function was killed; starting it again ***');
  await local.fn.restart();
}

function show(results: ReadonlyMap<string, readonly PublishedResult[]>): void {
  console.log('\nOne result in full, as it stands on the results topic:\n');
  console.log(JSON.stringify(results.get('notebooks-throttled')?.[0], undefined, 2));
  const rows = scenarios.map(({ id, shows }) => {
    const data = results.get(id)?.[0]?.data;
    const { attempts = '' } = data?.cancel ?? {};
    const { checks = '' } = data?.confirm ?? {};
    return [id, data?.outcome ?? '(none)', String(attempts), String(checks), shows];
  });
  console.log(`\n${table(['request', 'outcome', 'POSTs', 'GETs', 'what it shows'], rows, tableWidth())}`);
  if (options.crash) console.log('\nThe POSTs of the killed process are not counted: they died with it.');
}

/** Describes each deviation from the expected results in a sentence. */
function check(local: LocalSystem, results: ReadonlyMap<string, readonly PublishedResult[]>): string[] {
  return scenarios.flatMap(({ id, outcome, operation, cancelAttempts = 0 }: Scenario) => {
    const [first, ...again] = results.get(id) ?? [];
    if (first === undefined) return [`${id}: no result, but ${outcome} was expected`];
    const wrong: string[] = [];
    if (first.data.outcome !== outcome)
      wrong.push(`${id}: ${first.data.outcome}, but ${outcome} was expected`);
    // A killed function's POSTs are not all counted: the delivery that made them is the one that died.
    if (!options.crash && first.data.cancel.attempts < cancelAttempts) {
      wrong.push(`${id}: ${first.data.cancel.attempts} POSTs, but at least ${cancelAttempts} were expected`);
    }
    const eventId = first.attributes['ce-id'];
    if (again.some(({ attributes }) => attributes['ce-id'] !== eventId))
      wrong.push(`${id}: results of different ids`);
    if (again.some(({ data }) => data.outcome !== outcome))
      wrong.push(`${id}: results of different outcomes`);
    const called = operation === undefined ? [] : local.services.requests({ url: `${operation.url}:cancel` });
    if (outcome === 'DRY_RUN' && called.length > 0)
      wrong.push(`${id}: it was cancelled, but only a dry run was asked for`);
    return wrong;
  });
}
