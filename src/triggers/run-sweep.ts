import type { Meaning } from '../core/answer.ts';
import { recheckDelayMs } from '../core/backoff.ts';
import { seconds } from '../core/duration.ts';
import type { Collection } from '../core/collection.ts';
import type { Clock, Later, Operations, Publisher } from '../core/ports.ts';
import type { TraceContext } from '../core/trace.ts';
import type { InSpan } from '../core/tracing.ts';
import type { Log } from '../log.ts';
import type { WithRetry } from '../with-retry.ts';
import { readListPage } from './list-page.ts';
import type { Listing, Sweep } from './sweep.ts';
import { sweepReportEvent } from './sweep-report.ts';
import { addToTally, EMPTY_TALLY, sweepRunEvent } from './sweep-run.ts';
import type { SweepRun } from './sweep-run.ts';
import type { TakePage } from './take-page.ts';

/**
 * After so long a delivery asks for no further page, and a message goes on with the next. With one page (its
 * list, its requests) and that message it ends within its ack deadline of 60 s.
 */
const PAGES_MS = 15_000;
const LIST_TIMEOUT_MS = 8_000;
const LIST_BUDGET_MS = 15_000;
/** Every service takes that many; some refuse more. */
const PAGE_SIZE = 100;
/** After so many deliveries in a row without an answer, about a quarter of an hour, a list is given up. */
const MAX_ATTEMPTS = 8;

/**
 * Performs runs of sweeps, page by page, and ends each with its report. A run survives its process: the
 * message at hand comes again, and what is done again has the same ids.
 *
 * All take the project that the message at hand came from.
 */
export interface RunSweep {
  /** Goes on with a run, from where it is. */
  run(run: SweepRun, sweep: Sweep, messageProject: string | undefined): Promise<void>;
  /** Ends a run that cannot go on, with its report. */
  giveUp(
    run: SweepRun,
    sweep: Sweep | undefined,
    problem: string,
    messageProject: string | undefined,
  ): Promise<void>;
}

export function createRunSweep(parts: {
  readonly operations: Operations;
  readonly withRetry: WithRetry;
  readonly takePage: TakePage;
  readonly publisher: Publisher;
  readonly later: Later;
  readonly clock: Clock;
  readonly inSpan: InSpan;
  readonly log: Log;
}): RunSweep {
  const { operations, withRetry, takePage, publisher, later, clock, inSpan, log } = parts;
  return { run, giveUp };

  async function run(begun: SweepRun, sweep: Sweep, messageProject: string | undefined): Promise<void> {
    const endMs = clock.now() + PAGES_MS;
    let current = begun;
    for (;;) {
      const { place, deadlineMs } = current;
      const listing = sweep.listings[place.listing];
      if (listing === undefined) return report(current, isDry(current, sweep), messageProject);
      if (clock.now() >= deadlineMs)
        return giveUp(current, sweep, 'the run was not over within a day', messageProject);
      if (clock.now() >= endMs) return goOn(current, clock.now(), messageProject);

      const meaning = await list(listing, current);
      const delayMs = Math.max(minimumWaitMs(meaning), recheckDelayMs(place.attempt));
      const dueMs = clock.now() + delayMs;
      if (isPassing(meaning) && place.attempt < MAX_ATTEMPTS && dueMs < deadlineMs) {
        return goOn({ ...current, place: { ...place, attempt: place.attempt + 1 } }, dueMs, messageProject);
      }
      current = await afterList(meaning, { run: current, sweep, listing }, messageProject);
    }
  }

  async function list({ collection }: Listing, { place, ...run }: SweepRun): Promise<Meaning> {
    const page = { pageToken: place.pageToken, pageSize: PAGE_SIZE };
    const { meaning } = await withRetry({
      call: (timeoutMs) =>
        inSpan(listOf(collection, run.trace), () => operations.list(collection, page, timeoutMs)),
      tryTimeoutMs: LIST_TIMEOUT_MS,
      endMs: clock.now() + LIST_BUDGET_MS,
      isWorthRetrying: (answer) =>
        isPassing(answer) && !(answer.kind === 'try-again' && answer.quotaExhausted),
      onRetry: (answer, waitMs) => {
        const why = answer.kind === 'ok' ? '' : answer.error.message;
        const text = `GET ${collection.path}: trying again in ${seconds(waitMs)} after: ${why}`;
        log('INFO', 'sweep.retrying', text, labelsOf(run));
      },
    });
    return meaning;
  }

  /** What a run is once a list has answered for good. */
  async function afterList(
    meaning: Meaning,
    at: { readonly run: SweepRun; readonly sweep: Sweep; readonly listing: Listing },
    messageProject: string | undefined,
  ): Promise<SweepRun> {
    const { collection } = at.listing;
    const { place } = at.run;
    if (meaning.kind !== 'ok') return withoutList(at.run, at.listing, meaning.error.message);
    const page = readListPage(collection.state, meaning.body);
    if ('problem' in page) return withoutList(at.run, at.listing, page.problem);
    const { nextPageToken: pageToken, entries } = page;

    const tally = addToTally(at.run.tally, await takePage(page, at, messageProject));
    log(
      'DEBUG',
      'sweep.page',
      `${entries.length} operations on a page of ${collection.name}`,
      labelsOf(at.run),
    );
    const taken = { ...at.run, tally };
    if (pageToken === undefined) return { ...taken, place: { listing: place.listing + 1, attempt: 0 } };
    if (pageToken === place.pageToken) {
      return withoutList(taken, at.listing, 'the service gave the same page again');
    }
    return { ...taken, place: { listing: place.listing, pageToken, attempt: 0 } };
  }

  /** One list that fails does not hide the others. */
  function withoutList(run: SweepRun, { collection }: Listing, problem: string): SweepRun {
    const list = `${collection.service} ${collection.version} ${collection.name}`;
    log('WARNING', 'sweep.list-failed', `The list of ${list} could not be had: ${problem}`, labelsOf(run));
    const failed = { ...EMPTY_TALLY, failures: [{ list, message: problem }] };
    return {
      ...run,
      tally: addToTally(run.tally, failed),
      place: { listing: run.place.listing + 1, attempt: 0 },
    };
  }

  async function goOn(run: SweepRun, dueMs: number, messageProject: string | undefined): Promise<void> {
    const next = { ...run, step: run.step + 1 };
    await later.send(sweepRunEvent(next, dueMs, clock.now()), dueMs, messageProject);
    log('INFO', 'sweep.continued', `Goes on at ${new Date(dueMs).toISOString()}`, labelsOf(run));
  }

  async function giveUp(
    run: SweepRun,
    sweep: Sweep | undefined,
    problem: string,
    messageProject: string | undefined,
  ): Promise<void> {
    const failed = { ...EMPTY_TALLY, failures: [{ message: problem }] };
    await report(
      { ...run, tally: addToTally(run.tally, failed) },
      sweep === undefined ? run.dryRun : isDry(run, sweep),
      messageProject,
    );
  }

  async function report(run: SweepRun, dryRun: boolean, messageProject: string | undefined): Promise<void> {
    const event = sweepReportEvent(run, dryRun, clock.now());
    await publisher.publish('results', event, messageProject);
    const { found, matched, requested } = run.tally;
    const { detail, complete } = event.data;
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

const isDry = (run: SweepRun, { listings }: Sweep) =>
  run.dryRun || listings.every((listing) => listing.dryRun);

/** A list changes nothing, so all that may pass is worth asking again: 429, 5xx, no answer. */
const isPassing = (meaning: Meaning) =>
  meaning.kind === 'try-again' ||
  (meaning.kind === 'refused' && (meaning.reason === 'no-answer' || meaning.reason === 'server-error'));

const minimumWaitMs = (meaning: Meaning) => (meaning.kind === 'try-again' ? meaning.minimumWaitMs : 0);
