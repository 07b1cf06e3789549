import type { Admission } from '../policy/admission.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { isPermanent } from '../validation/failure.ts';
import { sweepRequestId } from '../messages/event-ids.ts';
import type { Operation } from '../resources/resource.ts';
import type { Clock, OwnProject, Publisher } from '../ports.ts';
import { publishRequests } from '../messages/publish-requests.ts';
import { describeCause } from './cause.ts';
import type { ListPage } from '../resources/list-page.ts';
import { select } from './select.ts';
import type { Selection, SkipReason } from './select.ts';
import type { Listing, Sweep } from './sweep.ts';
import { EMPTY_TALLY } from './sweep-run.ts';
import type { SweepRun, Tally } from './sweep-run.ts';

/** Skips that are nobody's intention, and that a person wants to know the operation of. */
const NOTED: ReadonlySet<SkipReason> = new Set(['undated', 'forbidden', 'unknown']);

/**
 * Takes one page of a list: publishes a request for each operation that the rules select, the policy allows
 * and the limit leaves room for. Gives what it came to.
 */
export type ProcessPage = (
  page: ListPage,
  at: { readonly run: SweepRun; readonly sweep: Sweep; readonly listing: Listing },
  messageProject: string | undefined,
) => Promise<Tally>;

export function createProcessPage(parts: {
  readonly admit: Admission;
  readonly ownProject: OwnProject;
  readonly publisher: Publisher;
  readonly clock: Clock;
}): ProcessPage {
  const { admit, ownProject, publisher, clock } = parts;

  /** Only patterns for names need it; without it they would not hold for each spelling. */
  const namesOfOwnProject = async ({ match, exclude }: Listing, messageProject: string | undefined) =>
    match.has('name') || exclude.has('name') ? ownProject.names(messageProject) : [];

  async function decide(
    entry: unknown,
    listing: Listing,
    own: readonly string[],
    messageProject: string | undefined,
  ): Promise<Selection> {
    const selection = select(entry, listing, { nowMs: clock.now(), ownProject: own });
    if (selection.kind === 'skipped') return selection;
    const { operation } = selection;
    try {
      await admit(operation, messageProject);
      return selection;
    } catch (error) {
      if (!isPermanent(error)) throw error;
      return {
        kind: 'skipped',
        reason: 'forbidden',
        name: operation.fullResourceName,
        detail: error.message,
      };
    }
  }

  return async ({ entries, unreachable }, { run, sweep, listing }, messageProject) => {
    const skipped = { ...EMPTY_TALLY.skipped };
    const notes: { operation: string; reason: SkipReason; detail: string }[] = [];
    const requested: Operation[] = [];
    const own = await namesOfOwnProject(listing, messageProject);
    let matched = 0;
    for (const entry of entries) {
      const selection = await decide(entry, listing, own, messageProject);
      const isMatch = selection.kind === 'selected' || selection.reason === 'forbidden';
      if (isMatch) matched += 1;
      if (selection.kind === 'skipped') {
        const { reason, name, detail } = selection;
        skipped[reason] += 1;
        if (NOTED.has(reason)) notes.push({ operation: name, reason, detail });
      } else if (run.tally.requested + requested.length >= sweep.limit) {
        skipped.overLimit += 1;
      } else {
        requested.push(selection.operation);
      }
    }
    const toEvent = (operation: Operation) => requestEvent(operation, run, listing, clock.now());
    await publishRequests(publisher, requested, toEvent, messageProject);
    const found = entries.length;
    const operations = requested.map(({ fullResourceName }) => fullResourceName);
    return {
      ...EMPTY_TALLY,
      found,
      matched,
      requested: requested.length,
      skipped,
      operations,
      notes,
      unreachable: [...unreachable],
    };
  };
}

/** The request for one operation: the same run asks for the same operation under the same id. */
function requestEvent(operation: Operation, run: SweepRun, listing: Listing, nowMs: number): OutgoingEvent {
  const { sweep, runId, cause, trace } = run;
  const dryRun = listing.dryRun || run.dryRun;
  const requestId = sweepRequestId(runId, operation.fullResourceName, dryRun);
  return {
    id: requestId,
    type: EVENT_TYPE.request,
    subject: `sweep/${sweep}`,
    time: new Date(nowMs).toISOString(),
    trace,
    data: {
      operation: operation.url,
      requestId,
      requestedBy: `sweep ${sweep}`,
      reason: `sweep ${sweep}: ${describeCause(cause)}`,
      labels: { sweep, runId },
      ...(listing.confirmWithin !== undefined && { confirmWithin: listing.confirmWithin }),
      ...(dryRun && { dryRun: true }),
    },
  };
}
