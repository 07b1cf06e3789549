import type { ServiceResponse, CallResult } from '../resources/response.ts';
import { recheckDelayMs } from '../calls/backoff.ts';
import { seconds } from '../validation/duration.ts';
import { Failure } from '../validation/failure.ts';
import type { Collection } from '../resources/collection.ts';
import type { Clock, Scheduler, ResourceApi, Publisher } from '../ports.ts';
import type { TraceContext } from '../messages/trace-context.ts';
import type { WithSpan } from '../telemetry/with-span.ts';
import type { Log } from '../telemetry/log.ts';
import type { WithRetry } from '../calls/with-retry.ts';
import { readListPage } from '../resources/list-page.ts';
import { nextListing } from './next-listing.ts';
import type { Listing, Sweep } from './sweep.ts';
import { sweepReportEvent } from './report.ts';
import { addToTally, EMPTY_TALLY, sweepRunEvent } from './sweep-run.ts';
import type { ListingCursor, SweepRun } from './sweep-run.ts';
import type { ProcessPage } from './process-page.ts';

/**
 * After so long, or so many requests, a delivery hands over to a message. With one more page (its list, its
 * requests) and that message it ends within its ack deadline of 60 s; and what a process that dies has done
 * and not told is no more than that many requests and a page.
 */
const PAGES_MS = 15_000;
const HAND_OVER_REQUESTS = 100;
const LIST_TIMEOUT_MS = 8_000;
const LIST_BUDGET_MS = 8_000;
/** Every service takes that many; some refuse more. */
const PAGE_SIZE = 100;
/** A list that cannot be had is tried again so often, about a quarter of an hour in all, after the others. */
const MAX_ATTEMPTS = 8;
/** A list that asks for a longer wait is given up, with what it asked for. */
const LONGEST_WAIT_MS = 900_000;
/** How many lists can wait: each takes cursor in the message. */
const MAX_POSTPONED = 20;

/**
 * Performs runs of sweeps, page by page, and ends each with its report. A run survives its process: the
 * message at hand comes again, and what is done again has the same ids.
 *
 * All take the project that the message at hand came from.
 */
export interface SweepRuns {
  /** Makes certain that a run begins, in a delivery of its own. */
  begin(run: SweepRun, messageProject: string | undefined): Promise<void>;
  /** Goes on with a run, from where it is. */
  run(run: SweepRun, sweep: Sweep, messageProject: string | undefined): Promise<void>;
  /** Ends a run that cannot go on, with its report. */
  abandon(run: SweepRun, problem: string, messageProject: string | undefined): Promise<void>;
}

export function createSweeps(parts: {
  readonly resourceApi: ResourceApi;
  readonly withRetry: WithRetry;
  readonly processPage: ProcessPage;
  readonly publisher: Publisher;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly withSpan: WithSpan;
  readonly log: Log;
}): SweepRuns {
  const { resourceApi, withRetry, processPage, publisher, scheduler, clock, withSpan, log } = parts;

  return {
    begin: (started, messageProject) => send(started, clock.now(), messageProject),
    run,
    abandon: abandonRun,
  };

  async function run(begun: SweepRun, sweep: Sweep, messageProject: string | undefined): Promise<void> {
    const endMs = clock.now() + PAGES_MS;
    let current = begun;
    for (;;) {
      const nowMs = clock.now();
      if (nowMs >= current.deadlineMs)
        return abandonRun(current, 'the run was not over within a day', messageProject);
      const next = nextListing(current, sweep, nowMs);
      if (next.kind === 'done') return report(current, messageProject);
      if (next.kind === 'wait') return goOn(current, next.untilMs, messageProject);
      const requested = current.tally.requested - begun.tally.requested;
      if (nowMs >= endMs || requested >= HAND_OVER_REQUESTS) return goOn(current, nowMs, messageProject);

      const { cursor, listing } = next;
      const meaning = await list(listing, cursor, current);
      const at = { run: next.run, sweep, listing };
      current = isPassing(meaning)
        ? postpone(at, cursor, meaning)
        : await afterList(at, cursor, meaning, messageProject);
    }
  }

  async function list(
    { collection }: Listing,
    { pageToken }: ListingCursor,
    run: SweepRun,
  ): Promise<CallResult> {
    const { meaning } = await withRetry<never>({
      call: (timeoutMs) =>
        withSpan(listOf(collection, run.trace), () =>
          resourceApi.list(collection, { pageToken, pageSize: PAGE_SIZE }, timeoutMs()).catch(notToBeHadNow),
        ),
      tryTimeoutMs: LIST_TIMEOUT_MS,
      endMs: clock.now() + LIST_BUDGET_MS,
      isWorthRetrying: (answer) =>
        isPassing(answer) && !(answer.kind === 'retryable' && answer.quotaExhausted),
      onRetry: (answer, waitMs) => {
        const why = answer.kind === 'ok' ? '' : answer.error.message;
        const text = `GET ${collection.path}: trying again in ${seconds(waitMs)} after: ${why}`;
        log('INFO', 'sweep.retrying', text, labelsOf(run));
      },
    });
    return meaning;
  }

  /** One list that has to be waited for does not keep the others waiting. */
  function postpone(at: At, cursor: ListingCursor, meaning: Exclude<CallResult, { kind: 'ok' }>): SweepRun {
    const { run } = at;
    const askedMs = meaning.kind === 'retryable' ? meaning.minimumWaitMs : 0;
    const dueMs = clock.now() + Math.max(askedMs, recheckDelayMs(cursor.attempt));
    const { message } = meaning.error;
    if (askedMs > LONGEST_WAIT_MS)
      return withoutList(at, `${message} (it asks to wait for ${seconds(askedMs)})`);
    if (cursor.attempt >= MAX_ATTEMPTS || run.postponed.length >= MAX_POSTPONED || dueMs >= run.deadlineMs) {
      return withoutList(at, message);
    }
    const waiting = { ...cursor, attempt: cursor.attempt + 1, notBefore: new Date(dueMs).toISOString() };
    return { ...run, postponed: [...run.postponed, waiting] };
  }

  /** What a run is once a list has answered for good. */
  async function afterList(
    at: At,
    cursor: ListingCursor,
    meaning: CallResult,
    messageProject: string | undefined,
  ): Promise<SweepRun> {
    const { collection } = at.listing;
    if (meaning.kind !== 'ok') return withoutList(at, meaning.error.message);
    const page = readListPage(collection.state, meaning.body);
    if ('problem' in page) return withoutList(at, page.problem);
    const { nextPageToken: pageToken, entries } = page;

    const tally = addToTally(at.run.tally, await processPage(page, at, messageProject));
    log(
      'DEBUG',
      'sweep.page',
      `${entries.length} operations on a page of ${collection.name}`,
      labelsOf(at.run),
    );
    const taken = { ...at.run, tally };
    if (pageToken === undefined) return taken;
    if (pageToken === cursor.pageToken || pageToken === cursor.cycleMarker) {
      return withoutList({ ...at, run: taken }, 'the service gave the same pages again');
    }
    const pages = cursor.pages + 1;
    // Brent's way to see a cycle of any length: remember the token at each power of two.
    const cycleMarker = Number.isInteger(Math.log2(pages)) ? pageToken : cursor.cycleMarker;
    return { ...taken, cursor: { listing: cursor.listing, pageToken, pages, cycleMarker, attempt: 0 } };
  }

  /** One list that fails does not hide the others. */
  function withoutList({ run, listing: { collection } }: At, problem: string): SweepRun {
    const list = `${collection.service} ${collection.version} ${collection.name}`;
    log('WARNING', 'sweep.list-failed', `The list of ${list} could not be had: ${problem}`, labelsOf(run));
    return {
      ...run,
      tally: addToTally(run.tally, { ...EMPTY_TALLY, failures: [{ list, message: problem }] }),
    };
  }

  async function goOn(run: SweepRun, dueMs: number, messageProject: string | undefined): Promise<void> {
    await send({ ...run, step: run.step + 1 }, dueMs, messageProject);
    log('INFO', 'sweep.continued', `Goes on at ${new Date(dueMs).toISOString()}`, labelsOf(run));
  }

  async function send(run: SweepRun, dueMs: number, messageProject: string | undefined): Promise<void> {
    await scheduler.schedule(sweepRunEvent(run, dueMs, clock.now()), dueMs, messageProject);
  }

  async function abandonRun(
    run: SweepRun,
    problem: string,
    messageProject: string | undefined,
  ): Promise<void> {
    const failed = { ...EMPTY_TALLY, failures: [{ message: problem }] };
    await report({ ...run, tally: addToTally(run.tally, failed) }, messageProject);
  }

  async function report(run: SweepRun, messageProject: string | undefined): Promise<void> {
    const event = sweepReportEvent(run, clock.now());
    await publisher.publish('results', event, messageProject);
    const { found, matched, requested } = run.tally;
    const { detail, complete, dryRun } = event.data;
    log(complete ? 'INFO' : 'WARNING', 'sweep.finished', detail, {
      ...labelsOf(run),
      found,
      matched,
      requested,
      complete,
      dryRun,
    });
  }
}

/** A run that has left a listing, which is under way. */
interface At {
  readonly run: SweepRun;
  readonly sweep: Sweep;
  readonly listing: Listing;
}

/** A credential that cannot be had now is for another time, and keeps nobody else waiting. */
function notToBeHadNow(error: unknown): ServiceResponse {
  if (error instanceof Failure && error.code === 'Unavailable')
    return { kind: 'not-sent', problem: error.message };
  throw error;
}

const labelsOf = ({ runId, sweep, trace }: Pick<SweepRun, 'runId' | 'sweep' | 'trace'>) => ({
  sweep,
  runId,
  trace,
});

const listOf = ({ service, host, name }: Collection, parent: TraceContext | undefined) =>
  ({
    name: 'operations.list',
    kind: 'client',
    parent,
    attributes: {
      'rpc.service': service,
      'rpc.method': 'operations.list',
      'server.address': host,
      'lro_cancel.collection': name,
    },
  }) as const;

/** A list changes nothing, so all that may pass is worth asking again: 429, 5xx, no answer. */
const isPassing = (meaning: CallResult): meaning is Exclude<CallResult, { kind: 'ok' }> =>
  meaning.kind === 'retryable' ||
  (meaning.kind === 'failed' && (meaning.reason === 'no-answer' || meaning.reason === 'server-error'));
