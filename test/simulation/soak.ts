import { setTimeout as sleep } from 'node:timers/promises';
import { startGoogleEmulator } from '../../local/google-emulator.ts';
import { startLocalSystem } from '../../local/system.ts';
import type { LocalSystem, PublishedResult } from '../../local/system.ts';
import { table, tableWidth } from '../../local/table.ts';
import { readOptions, wholeNumber } from '../../local/options.ts';
import { createRandom } from '../support/random.ts';
import { chooseScript } from './soak/faults.ts';
import { readLogOf } from './soak/log.ts';
import type { LogReport } from './soak/log.ts';

/**
 * `npm run soak`: the built bundle in the real framework, killed again and again, against services of which a
 * fifth of the answers is faulty; on the embedded Pub/Sub, and on Google's emulator where that is installed.
 * Then the log: 80 messages at once, of which each line has to be an event. Everything runs with the variables that
 * the platform sets. Exits 1 where a request was lost or wrongly said to be CANCELLED, or a line was no event.
 *
 * `-- --requests 2000 --seed 1 --pubsub embedded --messages 10000`
 */
const options = readOptions(
  'Usage: npm run soak -- [--requests 2000] [--seed 1] [--pubsub embedded|emulator] [--messages 10000]',
  { requests: '2000', seed: '1', pubsub: '', messages: '10000' },
);
const requests = wholeNumber('requests', options.requests);
const messages = wholeNumber('messages', options.messages);
const seed = wholeNumber('seed', options.seed);
const FAULTY = 0.2;
const PUBLISHED_A_SECOND = 50;
const KILL_EVERY_MS = { least: 2_000, most: 5_000 };
/** Time for which processes are killed after the last request. */
const LAST_KILLS_MS = 15_000;
const PATIENCE_MS = 900_000;
const CONFIRM_WITHIN = '45s';

interface Report {
  readonly pubsub: string;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly kills: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly wronglyCancelled: number;
  readonly seconds: number;
}

const reports: Report[] = [];
if (options.pubsub !== 'emulator') reports.push(await soak('embedded'));
if (options.pubsub !== 'embedded') {
  const emulator = await startGoogleEmulator();
  if ('missing' in emulator) console.log(`Not on Google's emulator: ${emulator.missing}`);
  else {
    process.env.PUBSUB_EMULATOR_HOST = emulator.host;
    try {
      reports.push(await soak("Google's emulator"));
    } finally {
      // The log is read on the embedded one.
      delete process.env.PUBSUB_EMULATOR_HOST;
      await emulator.close();
    }
  }
}
print();
console.log(`\nThe log of ${messages} messages …`);
printLog(await readLogOf(messages));

/** Sends all requests while the function is killed again and again, and waits for every result. */
async function soak(pubsub: string): Promise<Report> {
  console.log(`${requests} requests on ${pubsub} …`);
  const startMs = Date.now();
  const random = createRandom(seed);
  const system = await startLocalSystem({
    projectId: `soak-${startMs.toString(36)}`,
    settings: { ALLOWED_PROJECTS: 'my-project', ALLOWED_JOBS: '*' },
    backoff: { minimumSeconds: 0.5, maximumSeconds: 5 },
    // Each push that meets the function while it starts counts as one.
    requestDeliveryAttempts: 100,
  });
  const results = new Map<string, PublishedResult[]>();
  system.onResult((result) => {
    const { requestId } = result.data;
    results.set(requestId, [...(results.get(requestId) ?? []), result]);
  });
  const effects = new Map<string, string>();
  let isOver = false;
  const killing = killAgainAndAgain();
  try {
    for (let index = 0; index < requests; index += 1) {
      const id = `r${index}`;
      const script = chooseScript(random, FAULTY);
      effects.set(id, script.onCancel ?? 'cancelled');
      await system.request({
        ...addResource(system, index, id, script),
        requestId: id,
        confirmWithin: CONFIRM_WITHIN,
      });
      if (index % PUBLISHED_A_SECOND === PUBLISHED_A_SECOND - 1) await sleep(1_000);
    }
    await sleep(LAST_KILLS_MS);
  } finally {
    isOver = true;
  }
  const kills = await killing;
  for (let nextMs = Date.now(); results.size < requests && Date.now() < startMs + PATIENCE_MS;) {
    if (Date.now() > nextMs) {
      console.log(`  ${results.size} of ${requests} have their result`);
      nextMs += 20_000;
    }
    await sleep(200);
  }
  await system.close();

  const outcomes = new Map<string, number>();
  let [duplicates, wronglyCancelled] = [0, 0];
  for (const [id, ofRequest] of results) {
    duplicates += ofRequest.length - 1;
    const [{ data }] = ofRequest as [PublishedResult];
    outcomes.set(data.outcome, (outcomes.get(data.outcome) ?? 0) + 1);
    const saysCancelled = ofRequest.some((result) => result.data.outcome === 'CANCELLED');
    if (saysCancelled && effects.get(id) !== 'cancelled') wronglyCancelled += 1;
    const ids = new Set(ofRequest.map(({ attributes }) => attributes['ce-id']));
    if (ids.size > 1) throw new Error(`${id} has ${ids.size} result ids`);
  }
  const seconds = Math.round((Date.now() - startMs) / 1_000);
  return { pubsub, outcomes, kills, duplicates, lost: requests - results.size, wronglyCancelled, seconds };

  async function killAgainAndAgain(): Promise<number> {
    const chance = createRandom(seed + 1);
    for (let count = 0; ; count += 1) {
      await sleep(chance.between(KILL_EVERY_MS.least, KILL_EVERY_MS.most));
      if (isOver) return count;
      await system.fn.kill();
      await system.fn.restart();
    }
  }
}

/** Adds an operation, or every third time a job, and gives the field of a request for it. */
function addResource(
  { services }: LocalSystem,
  index: number,
  id: string,
  script: ReturnType<typeof chooseScript>,
): object {
  const place = 'projects/my-project/locations/us-central1';
  if (index % 3 > 0) {
    const operation = `https://notebooks.googleapis.com/v2/${place}/operations/${id}`;
    services.add(operation, script);
    return { operation };
  }
  const job =
    index % 2 === 0
      ? `https://us-central1-aiplatform.googleapis.com/v1/${place}/customJobs/${id}`
      : `https://dataflow.googleapis.com/v1b3/${place}/jobs/${id}`;
  services.addJob(job, script);
  return { job };
}

function print(): void {
  const names = [...new Set(reports.flatMap(({ outcomes }) => [...outcomes.keys()]))].sort();
  const row = (title: string, value: (report: Report) => number) => [
    title,
    ...reports.map((report) => String(value(report))),
  ];
  const rows = [
    row('requests', () => requests),
    ...names.map((name) => row(name, ({ outcomes }) => outcomes.get(name) ?? 0)),
    row('times killed', ({ kills }) => kills),
    row('duplicates by id', ({ duplicates }) => duplicates),
    row('lost', ({ lost }) => lost),
    row('wrongly CANCELLED', ({ wronglyCancelled }) => wronglyCancelled),
    row('seconds', ({ seconds }) => seconds),
  ];
  console.log(`\n${table(['', ...reports.map(({ pubsub }) => pubsub)], rows, tableWidth())}`);
  if (reports.some(({ lost, wronglyCancelled }) => lost + wronglyCancelled > 0)) process.exitCode = 1;
}

function printLog({ lines, notEvents, withoutEnd, seconds }: LogReport): void {
  console.log(`${lines} lines in ${seconds} s, of which ${notEvents.length} are no events`);
  if (notEvents[0] !== undefined) console.log(`The first of them: ${notEvents[0]}`);
  if (withoutEnd > 0) console.log(`${withoutEnd} operations have no event of their end`);
  if (notEvents.length + withoutEnd > 0) process.exitCode = 1;
}
