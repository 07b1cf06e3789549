import { publishAll } from '../calls/publish-all.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { sweepRequestId } from '../messages/event-ids.ts';
import type { Policy } from '../policy/policy.ts';
import type { DeliveryProject, Ports } from '../ports.ts';
import type { ListPage } from '../resources/list-page.ts';
import type { Resource } from '../resources/resource.ts';
import { isPermanent } from '../validation/failure.ts';
import { describeCause } from './cause.ts';
import { select } from './select.ts';
import type { Selection, SkipReason } from './select.ts';
import { EMPTY_TALLY } from './run-state.ts';
import type { SweepRun, Tally } from './run-state.ts';
import type { Listing, Sweep } from './sweep.ts';

/** Reasons for a skip that no rule asked for: the report names the operation. */
const NOTED: ReadonlySet<SkipReason> = new Set(['undated', 'forbidden', 'unknown']);

type PagePorts = Pick<Ports, 'publisher' | 'clock'> & { readonly policy: Policy };

/**
 * Processes one page of a list: publishes a request for each operation that the rules select, the policy allows and the
 * limit leaves room for. Resolves with what the page adds to the run's tally.
 */
export async function processPage(
  { entries, unreachable }: ListPage,
  { run, sweep, listing }: { readonly run: SweepRun; readonly sweep: Sweep; readonly listing: Listing },
  delivery: DeliveryProject,
  ports: PagePorts,
): Promise<Tally> {
  const { publisher, clock } = ports;
  const skipped = { ...EMPTY_TALLY.skipped };
  const notes: { operation: string; reason: SkipReason; detail: string }[] = [];
  const requested: Resource[] = [];
  const own = await namesOfOwnProject(listing, delivery);
  let matched = 0;
  for (const entry of entries) {
    const selection = await decide(entry, listing, own, delivery, ports);
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
  const toEvent = (operation: Resource) => requestEvent(operation, run, listing, clock.now());
  await publishAll(publisher, 'requests', requested, toEvent, delivery);
  return {
    ...EMPTY_TALLY,
    found: entries.length,
    matched,
    requested: requested.length,
    skipped,
    operations: requested.map(({ fullResourceName }) => fullResourceName),
    notes,
    unreachable: [...unreachable],
  };
}

/** Patterns for names need the names of the own project, so that they hold for each alias; other patterns do not. */
const namesOfOwnProject = async ({ match, exclude }: Listing, { ownProject }: DeliveryProject) =>
  match.has('name') || exclude.has('name') ? ownProject.names() : [];

async function decide(
  entry: unknown,
  listing: Listing,
  own: readonly string[],
  { ownProject }: DeliveryProject,
  { policy, clock }: PagePorts,
): Promise<Selection> {
  const selection = select(entry, listing, { nowMs: clock.now(), ownProject: own });
  if (selection.kind === 'skipped') return selection;
  const { operation } = selection;
  try {
    await policy.check(operation, ownProject);
    return selection;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    const name = operation.fullResourceName;
    return { kind: 'skipped', reason: 'forbidden', name, detail: error.message };
  }
}

/** The request for one operation. The same run requests the same operation under the same id. */
function requestEvent(operation: Resource, run: SweepRun, listing: Listing, nowMs: number): OutgoingEvent {
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
