import { recheckDelayMs } from '../calls/backoff.ts';
import type { Policy } from '../policy/policy.ts';
import type { Delivery, Ports } from '../ports.ts';
import { containerIdOf, inContainer } from '../catalog/job-containers.ts';
import type { ListPage } from '../resources/list-page.ts';
import type { Collection } from '../resources/resource.ts';
import { isTransient } from '../resources/response.ts';
import type { CallResult, UnsuccessfulResult } from '../resources/response.ts';
import { seconds } from '../validation/duration.ts';
import { readPage, sendList } from './list-call.ts';
import { createListKeeper } from './list-keeper.ts';
import type { ListKeeper } from './list-keeper.ts';
import { labelsOf } from './log-labels.ts';
import { nextListing } from './next-listing.ts';
import { processPage } from './process-page.ts';
import { nounOf, sweepReportEvent } from './report.ts';
import type { ReportFacts } from './report.ts';
import { createRunMemory } from './run-memory.ts';
import type { RunMemory } from './run-memory.ts';
import { addToTally, EMPTY_TALLY, MAX_CONTAINERS, MAX_POSTPONED, sweepRunEvent } from './run-state.ts';
import { nameOfEntry } from './select.ts';
import type { ListingCursor, SweepRun } from './run-state.ts';
import type { Listing, Sweep } from './sweep.ts';

/**
 * Time and requests after which a delivery hands the run over to a message. With one more page (its list, its requests)
 * and that message, the delivery ends within its ack deadline of 60 s. A process that dies repeats at most this many
 * requests and a page.
 */
const MAX_PAGES_MS = 15_000;
const MAX_REQUESTS_PER_DELIVERY = 100;
/** Attempts for a list that fails, made after the other lists: about a quarter of an hour in all. */
const MAX_ATTEMPTS = 8;
/** In milliseconds. A list whose service asks for a longer wait fails; the report names the wait it asked for. */
const MAX_WAIT_MS = 900_000;
/** Pages of one list, which have a million operations in all. */
const MAX_PAGES = 10_000;
/** Pages of one list in a row that show no new operation: a service may make page tokens for ever. */
const MAX_QUIET_PAGES = 300;
/** Shortest time between the requests for two pages, in milliseconds; the longer one behind a page with nothing new. */
const PAGE_INTERVAL_MS = 20;
const QUIET_PAGE_INTERVAL_MS = 100;

/** The ports that a run needs. */
export type SweepPorts = Pick<
  Ports,
  'resourceApi' | 'publisher' | 'scheduler' | 'eventStore' | 'clock' | 'random' | 'withSpan' | 'log'
> & { readonly policy: Policy };

/** A run that has left a listing, with the sweep and the listing at hand. */
interface At {
  readonly run: SweepRun;
  readonly sweep: Sweep;
  readonly listing: Listing;
  /** The list of the listing that is read. */
  readonly collection: Collection;
  readonly memory: RunMemory;
  readonly keeper: ListKeeper | undefined;
}

/** Schedules the first message of a run, which begins it in a delivery of its own. */
export function scheduleSweepRun(run: SweepRun, delivery: Delivery, ports: SweepPorts): Promise<void> {
  return scheduleRun(run, ports.clock.now(), delivery, ports);
}

/**
 * Performs a run from its cursor, page by page, until it ends with its report or continues in another delivery. A run
 * survives its process: Pub/Sub delivers the message again, and every repeated request has the same id.
 */
export async function performSweepRun(
  resumed: SweepRun,
  sweep: Sweep,
  delivery: Delivery,
  ports: SweepPorts,
): Promise<void> {
  const { clock } = ports;
  const endMs = clock.now() + MAX_PAGES_MS;
  const memory = createRunMemory(sweep, resumed.memory);
  const keeper = await createListKeeper(resumed, sweep, delivery, ports);
  const handOver = async (dueMs: number) => {
    const lastPart = await keeper?.store(delivery);
    const current = { ...run, memory: memory.save(), ...(lastPart !== undefined && { lastPart }) };
    return continueLater(current, dueMs, delivery, ports);
  };
  let run = resumed;
  let listedMs = -Infinity;
  for (;;) {
    const nowMs = clock.now();
    if (nowMs >= run.deadlineMs) {
      return abandonSweepRun(run, 'the run did not finish within a day', delivery, ports);
    }
    const next = nextListing(run, sweep, nowMs);
    if (next.kind === 'done') {
      // A message holds the end of a run that can be approved, so that a repeated delivery ends it with the same list.
      if (keeper !== undefined && run !== resumed) return handOver(nowMs);
      const isApprovable = (await keeper?.end(run, delivery)) ?? false;
      const facts = { missingFields: memory.missingFields(), noun: nounOf(sweep), isApprovable };
      return report(run, facts, delivery, ports);
    }
    if (next.kind === 'wait') return handOver(next.untilMs);
    const requested = run.tally.requested - resumed.tally.requested;
    if (nowMs >= endMs || requested >= MAX_REQUESTS_PER_DELIVERY) {
      return handOver(nowMs);
    }
    const { cursor, listing } = next;
    const intervalMs = cursor.quietPages > 0 ? QUIET_PAGE_INTERVAL_MS : PAGE_INTERVAL_MS;
    const earlyMs = listedMs + intervalMs - nowMs;
    if (earlyMs > 0) await clock.sleep(Math.min(earlyMs, intervalMs));
    listedMs = clock.now();
    const collection = collectionAt(listing, cursor);
    const result = await sendList(collection, cursor, run, ports);
    const at = { run: next.run, sweep, listing, collection, memory, keeper };
    run =
      result.kind !== 'ok' && isTransient(result)
        ? postpone(at, cursor, result, ports)
        : await afterList(at, cursor, result, delivery, ports);
  }
}

/** Ends a run that cannot continue, with a report of the problem. */
export async function abandonSweepRun(
  run: SweepRun,
  problem: string,
  delivery: Delivery,
  ports: SweepPorts,
): Promise<void> {
  const failed = { ...EMPTY_TALLY, failures: [{ message: problem }] };
  await report({ ...run, tally: addToTally(run.tally, failed) }, { missingFields: [] }, delivery, ports);
}

/** The list that a cursor is in: that of the listing, or where it goes through containers, theirs or that of one. */
function collectionAt({ collection }: Listing, { container }: ListingCursor): Collection {
  const { jobs: { within } = {} } = collection;
  if (within === undefined) return collection;
  return container === undefined ? within : inContainer(collection, container);
}

/** Postpones a list that failed for now, so that the others need not wait for it. */
function postpone(at: At, cursor: ListingCursor, result: UnsuccessfulResult, ports: SweepPorts): SweepRun {
  const { run } = at;
  const askedMs = result.kind === 'retryable' ? result.minimumWaitMs : 0;
  const dueMs = ports.clock.now() + Math.max(askedMs, recheckDelayMs(cursor.attempt));
  const { message } = result.error;
  if (askedMs > MAX_WAIT_MS) {
    return withoutList(at, `${message} (the service asks to wait for ${seconds(askedMs)})`, ports);
  }
  if (cursor.attempt >= MAX_ATTEMPTS || run.postponed.length >= MAX_POSTPONED || dueMs >= run.deadlineMs) {
    return withoutList(at, message, ports);
  }
  const waiting = { ...cursor, attempt: cursor.attempt + 1, notBefore: new Date(dueMs).toISOString() };
  return { ...run, postponed: [...run.postponed, waiting] };
}

/** The run after the final answer to a list. */
async function afterList(
  at: At,
  cursor: ListingCursor,
  result: CallResult,
  delivery: Delivery,
  ports: SweepPorts,
): Promise<SweepRun> {
  const { collection } = at;
  if (result.kind !== 'ok') return withoutList(at, result.error.message, ports);
  const page = readPage(collection.kind, result.body);
  if ('problem' in page) return withoutList(at, page.problem, ports);
  if (collection.jobs === undefined && at.listing.collection.jobs !== undefined) {
    return afterContainers(at, cursor, page, ports);
  }

  const shown = await processPage(page, at, delivery, ports);
  const tally = addToTally(at.run.tally, shown);
  const text = `${page.entries.length} operations on a page of ${collection.name}`;
  ports.log('DEBUG', 'sweep.page', text, labelsOf(at.run));
  const run = { ...at.run, tally };
  const next = nextPage(cursor, page, shown.found === 0);
  return 'problem' in next ? withoutList({ ...at, run }, next.problem, ports) : { ...run, ...next };
}

/** The run after a list of what contains jobs: each container is listed next, then the next page of this list. */
function afterContainers(at: At, cursor: ListingCursor, page: ListPage, ports: SweepPorts): SweepRun {
  const { collection } = at;
  const found = page.entries.map((entry) => containerIdOf(nameOfEntry(entry, collection)));
  const ids = [...new Set(found.filter((id) => id !== undefined))];
  const tally = addToTally(at.run.tally, { ...EMPTY_TALLY, unreachable: [...page.unreachable] });
  const run = { ...at.run, tally };
  const next = nextPage(cursor, page, ids.length === 0);
  const containers = {
    listing: cursor.listing,
    ids: ids.slice(0, MAX_CONTAINERS),
    ...('cursor' in next && { rest: next.cursor }),
  };
  const problems = [
    ...(found.includes(undefined) ? ['it has an entry without a usable name'] : []),
    ...(ids.length > MAX_CONTAINERS ? [`a page has more than ${MAX_CONTAINERS} entries`] : []),
    ...('problem' in next ? [next.problem] : []),
  ];
  const listed = { ...run, containers };
  return problems.length === 0 ? listed : withoutList({ ...at, run: listed }, problems.join('; '), ports);
}

/** The position of the next page, nothing at the end of the list, or the reason not to read it. */
function nextPage(
  cursor: ListingCursor,
  { nextPageToken: pageToken }: ListPage,
  isQuiet: boolean,
): { readonly cursor: ListingCursor } | { readonly problem: string } | Record<string, never> {
  if (pageToken === undefined) return {};
  const pages = cursor.pages + 1;
  const quietPages = isQuiet ? cursor.quietPages + 1 : 0;
  const unread = (problem: string) => {
    const read = `${pages} ${pages === 1 ? 'page was' : 'pages were'} read; the rest was not looked at`;
    return { problem: `${problem}: ${read}` };
  };
  if (pageToken === cursor.pageToken || pageToken === cursor.cycleMarker) {
    return unread('the service returned the same pages again');
  }
  if (pages >= MAX_PAGES) return unread('the list is too long for one run');
  if (quietPages >= MAX_QUIET_PAGES) return unread(`the last ${quietPages} showed no new operation`);
  // Brent's algorithm finds a cycle of any length: it remembers the token at each power of two.
  const cycleMarker = Number.isInteger(Math.log2(pages)) ? pageToken : cursor.cycleMarker;
  return { cursor: { ...cursor, pageToken, pages, quietPages, cycleMarker, attempt: 0 } };
}

/** Records the failure of a list, so that the run continues with the others. */
function withoutList({ run, collection }: At, problem: string, { log }: SweepPorts): SweepRun {
  const list = `${collection.service} ${collection.version} ${collection.name}`;
  log('WARNING', 'sweep.list-failed', `The list of ${list} failed: ${problem}`, labelsOf(run));
  return {
    ...run,
    tally: addToTally(run.tally, { ...EMPTY_TALLY, failures: [{ list, message: problem }] }),
  };
}

async function continueLater(
  run: SweepRun,
  dueMs: number,
  delivery: Delivery,
  ports: SweepPorts,
): Promise<void> {
  await scheduleRun({ ...run, step: run.step + 1 }, dueMs, delivery, ports);
  ports.log('INFO', 'sweep.continued', `Continues at ${new Date(dueMs).toISOString()}`, labelsOf(run));
}

async function scheduleRun(
  run: SweepRun,
  dueMs: number,
  delivery: Delivery,
  { scheduler, clock }: SweepPorts,
): Promise<void> {
  await scheduler.schedule(sweepRunEvent(run, dueMs, clock.now()), dueMs, delivery);
}

async function report(
  run: SweepRun,
  facts: ReportFacts,
  delivery: Delivery,
  ports: SweepPorts,
): Promise<void> {
  const { publisher, clock, log } = ports;
  const event = sweepReportEvent(run, clock.now(), facts);
  await publisher.publish('results', event, delivery);
  const { found, matched, requested } = run.tally;
  const { detail, complete, dryRun } = event.data;
  const fields = { ...labelsOf(run), found, matched, requested, complete, dryRun };
  const isAsExpected = complete && facts.missingFields.length === 0;
  log(isAsExpected ? 'INFO' : 'WARNING', 'sweep.finished', detail, fields);
}
