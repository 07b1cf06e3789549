import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { drawChart } from './chart/draw.ts';
import { renewPage } from './chart/page.ts';
import { chooseFrom } from './compare/choice.ts';
import { measureCredentialedStart } from './compare/credentials.ts';
import type { Backend } from './compare/function.ts';
import { startGoogleHosts } from './compare/google-hosts.ts';
import { measureGrowth, numbered } from './compare/growth.ts';
import { measureColdStart, measureLoads } from './compare/measures.ts';
import type { Load } from './compare/measures.ts';
import { firstLine, startPinned } from './compare/process.ts';
import { MAX_OTHER_SHARE, startQuietCheck } from './compare/quiet.ts';
import { createRows, saveResults, tableOf } from './compare/report.ts';
import { measureStorm } from './compare/storm.ts';
import { measureSweeps } from './compare/sweep-growth.ts';
import { inAnInstance, noop, ofOperations, variants } from './compare/variants.ts';
import type { Variant } from './compare/variants.ts';
import { readOptions, wholeNumber } from '../local/options.ts';

/**
 * `npm run bench`: the built function beside a floor, a peer and Google's own client, in turn, each in a process of its
 * own on a core of its own. Prints medians with their ranges, and writes all to bench/results/; with `--chart`, draws it; with
 * `--page`, writes it into that page.
 */

/** By the names that `--only` takes, in the order in which they run. */
const MEASURES = {
  cold: coldStarts,
  credentials,
  load: loads,
  instance: instances,
  memory,
  growth,
  storm,
} as const satisfies Readonly<Record<string, (backend: Backend) => Promise<void>>>;
const NAMES = Object.keys(MEASURES) as (keyof typeof MEASURES)[];

const options = readOptions(
  `Usage: npm run bench -- [--rounds 5] [--messages 4000] [--warm-up 6000] [--growth 100000] [--only ${NAMES.join(',')}] [--chart docs/performance.svg] [--page docs/performance.md]`,
  {
    rounds: '5',
    messages: '4000',
    'warm-up': '6000',
    growth: '100000',
    only: '',
    chart: '',
    page: '',
  },
);
const rounds = wholeNumber('rounds', options.rounds);
const messages = wholeNumber('messages', options.messages);
const warmUp = wholeNumber('warm-up', options['warm-up']);
const upTo = wholeNumber('growth', options.growth);
if (upTo < 100) endWith('--growth must be at least 100');
const chosen = chooseFrom(NAMES, options.only);
if ('problem' in chosen) endWith(`--only: ${chosen.problem}`);

const BACKEND_CORE = 0;
const quiet = await startQuietCheck();
const backendProcess = startPinned(BACKEND_CORE, ['bench/compare/backend.ts']);
const rows = createRows();
try {
  const backend = await firstLine<Backend>(backendProcess);
  await createTopics(backend);
  for (const name of chosen) {
    await MEASURES[name](backend).catch((error: unknown) => {
      // What the other measures take minutes for is not lost.
      console.error(`\n${name} is left out:`, error);
      process.exitCode = 1;
    });
  }
} finally {
  await backendProcess.close();
}
console.log(`\n${tableOf(rows.all)}`);
console.log(
  `\n${rounds} rounds, ${messages} messages each; a ratio is the median of those of the rounds. For cold starts the floor is the framework alone.`,
);
const otherShare = await quiet.otherShare();
const verdict = otherShare > MAX_OTHER_SHARE ? 'not quiet: measure again' : 'quiet';
console.log(`Other processes took ${(otherShare * 100).toFixed(1)} % of the CPU: ${verdict}.`);
const { file, results } = await saveResults({
  rounds,
  messages,
  warmUp,
  bundle: await bundleSizes(),
  otherShare,
  rows: rows.all,
});
console.log(`Written to ${file}`);
if (options.chart !== '') {
  await writeFile(options.chart, drawChart(results));
  console.log(`Drawn in ${options.chart}`);
}
if (options.page !== '') {
  await writeFile(options.page, renewPage(await readFile(options.page, 'utf8'), results));
  console.log(`Written into ${options.page}`);
}

/** In bytes, of each file of the function. */
async function bundleSizes(): Promise<Record<string, number>> {
  const files = (await readdir('dist')).filter((file) => file.endsWith('.js'));
  const sizes = files.map(async (file) => [file, (await stat(`dist/${file}`)).size] as const);
  return Object.fromEntries(await Promise.all(sizes));
}

function endWith(message: string): never {
  console.error(message);
  process.exit(2);
}

async function createTopics({ restUrl }: Backend): Promise<void> {
  for (const id of ['rechecks', 'results', 'requests']) {
    await fetch(`${restUrl}/v1/projects/my-project/topics/lro-cancel-${id}`, { method: 'PUT', body: '{}' });
  }
}

/** In turn, so that whatever slows the machine slows all of them. */
async function inRounds(
  measured: readonly Variant[],
  measure: (variant: Variant) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of measured) {
      await measure(variant).catch((cause: unknown) => {
        throw new Error(`${variant.name} failed`, { cause });
      });
    }
    process.stderr.write('.');
  }
}

function add(measure: string, unit: string, { name }: Pick<Variant, 'name'>, value: number): void {
  rows.add({ measure, unit, variant: name }, value);
}

async function coldStarts(backend: Backend): Promise<void> {
  await inRounds([noop, ...ofOperations], async (variant) => {
    add('cold start, to the first request handled', 'ms', variant, await measureColdStart(variant, backend));
  });
}

/** The floor and gax have no way to send any. */
async function credentials(): Promise<void> {
  const google = await startGoogleHosts(BACKEND_CORE);
  if ('missing' in google) {
    console.error(`Cold starts with credentials are left out: ${google.missing}`);
    return;
  }
  const able = ofOperations.filter(({ sendsCredentials }) => sendsCredentials);
  try {
    await inRounds([noop, ...able], async (variant) => {
      const durationMs = await measureCredentialedStart(variant, google);
      add('cold start with credentials, over TLS', 'ms', variant, durationMs);
    });
  } finally {
    await google.close();
  }
}

async function loads(backend: Backend): Promise<void> {
  const looking = variants.filter(({ lookTarget }) => lookTarget !== undefined);
  for (let round = 0; round < rounds; round += 1) {
    await addLoads(variants, backend, 'request', {
      rate: 'request step, 64 in flight',
      cpu: 'request step, CPU',
      memory: 'memory at 64 in flight',
    });
    await addLoads(looking, backend, 'recheck', {
      rate: 're-check step, 64 in flight',
      cpu: 're-check step, CPU',
    });
    process.stderr.write('.');
  }
}

/** As much memory as the function has as deployed: what a process does then depends on how its heap is divided. */
async function instances(backend: Backend): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await addLoads(inAnInstance, backend, 'request', {
      rate: 'in 512 MiB, request step',
      cpu: 'in 512 MiB, CPU',
      memory: 'in 512 MiB, memory',
    });
    process.stderr.write('.');
  }
}

/** Measures a step of these at 64 in flight, under these names of the measures. */
async function addLoads(
  measured: readonly Variant[],
  backend: Backend,
  step: 'request' | 'recheck',
  names: { readonly rate: string; readonly cpu: string; readonly memory?: string },
): Promise<void> {
  const loads = await measureLoads(measured, backend, { step, inFlight: 64, messages, warmUp });
  for (const [variant, load] of paired(measured, loads)) {
    add(names.rate, 'messages/s', variant, load.messagesPerSecond);
    add(names.cpu, 'ms/message', variant, load.cpuMsPerMessage);
    if (names.memory !== undefined) add(names.memory, 'MB', variant, load.peakMb);
  }
}

function paired(measured: readonly Variant[], loads: readonly Load[]): readonly (readonly [Variant, Load])[] {
  return measured.flatMap((variant, index) => {
    const load = loads[index];
    return load === undefined ? [] : [[variant, load] as const];
  });
}

async function memory(backend: Backend): Promise<void> {
  await inRounds(ofOperations, async (variant) => {
    const load = { inFlight: 1_000, messages, warmUp: 1_000 };
    const [measured] = await measureLoads([variant], backend, { step: 'request', ...load });
    if (measured !== undefined) add('memory at 1,000 in flight', 'MB', variant, measured.peakMb);
  });
}

/** Of ours alone: what it costs when it has done much already. */
async function growth(backend: Backend): Promise<void> {
  const ours = ofOperations.filter(({ source }) => source === 'dist');
  await inRounds(ours, async ({ name, ...variant }) => {
    for (const { window, ...cost } of await measureGrowth({ name, ...variant }, backend, upTo)) {
      const { title, since } = window;
      const of = { variant: title, ...(since !== undefined && { since }) };
      rows.add({ measure: `growth, CPU: ${name}`, unit: 'ms/message', ...of }, cost.cpuMsPerMessage);
      rows.add({ measure: `growth, memory in use: ${name}`, unit: 'MB', ...of }, cost.inUseMb);
      rows.add({ measure: `growth, resident memory: ${name}`, unit: 'MB', ...of }, cost.residentMb);
    }
  });
  for (let round = 0; round < rounds; round += 1) {
    const costs = await measureSweeps(upTo);
    for (const { operations, ...cost } of costs) {
      const title = `of ${numbered(operations)}`;
      const short = `of ${numbered(costs[0].operations)}`;
      const of = { variant: title, ...(title !== short && { since: short }) };
      rows.add({ measure: 'sweep, CPU', unit: 'µs/operation', ...of }, cost.cpuMsPerOperation * 1_000);
      rows.add({ measure: 'sweep, memory in use after it', unit: 'MB', ...of }, cost.inUseMb);
      rows.add({ measure: 'sweep, memory at its highest', unit: 'MB', ...of }, cost.peakMb);
    }
    process.stderr.write('.');
  }
}

/** Of ours alone, and once: each takes nearly two minutes, most of it waiting. */
async function storm(): Promise<void> {
  const [requests, perSecond] = [5_000, 50];
  const title = `storm of ${numbered(requests)} cancels, ${perSecond} a second`;
  rows.add({ measure: `${title}: time`, unit: 's', variant: 'at best' }, requests / perSecond);
  rows.add({ measure: `${title}: POSTs for each`, unit: '', variant: 'at best' }, 1);
  for (const { name, ...options } of [
    { name: 'ours, one instance', instances: 1, retryAfter: true },
    { name: 'ours, four, no Retry-After', instances: 4, retryAfter: false },
  ]) {
    const { seconds, postsPerOperation, lost } = await measureStorm({ requests, perSecond, ...options });
    if (lost > 0) throw new Error(`${lost} of ${requests} requests have no result`);
    rows.add({ measure: `${title}: time`, unit: 's', variant: name }, seconds);
    rows.add({ measure: `${title}: POSTs for each`, unit: '', variant: name }, postsPerOperation);
    process.stderr.write('.');
  }
}
