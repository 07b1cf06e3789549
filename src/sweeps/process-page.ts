import { identityOf } from '../catalog/canonical-name.ts';
import { publishAll } from '../calls/publish-all.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { sweepRequestId } from '../messages/event-ids.ts';
import { senderOfSweep } from '../messages/sender-fields.ts';
import type { TraceContext } from '../messages/trace-context.ts';
import type { Policy } from '../policy/policy.ts';
import type { DeliveryProject, Ports } from '../ports.ts';
import type { ListPage } from '../resources/list-page.ts';
import type { Collection, Resource } from '../resources/resource.ts';
import { isPermanent, messageOf } from '../validation/failure.ts';
import { shownText } from '../validation/shown-text.ts';
import { describeCause } from './cause.ts';
import type { ListKeeper } from './list-keeper.ts';
import type { RunMemory } from './run-memory.ts';
import { keyOfEntry, select } from './select.ts';
import { readWholeJob } from './whole-job.ts';
import type { WholeJobPorts } from './whole-job.ts';
import type { Selection, SkipReason } from './select.ts';
import { EMPTY_TALLY, MAX_KEPT } from './run-state.ts';
import type { SweepRun, Tally } from './run-state.ts';
import type { Listing, Sweep } from './sweep.ts';

/** Reasons for a skip that no rule asked for: the report names the operation. */
const NOTED: ReadonlySet<SkipReason> = new Set(['undated', 'unclear', 'forbidden', 'unknown']);

/** Entries after which other messages get their turn: a list without pages can have tens of thousands. */
const ENTRIES_AT_ONCE = 200;

/** The time for reading the jobs of a page that its list shows only in part, in milliseconds. */
const MAX_READING_MS = 15_000;

type PagePorts = Pick<Ports, 'publisher' | 'clock'> & WholeJobPorts & { readonly policy: Policy };

/** The run that reads a page, and everything of it that a page needs. */
interface PageContext {
  readonly run: SweepRun;
  readonly sweep: Sweep;
  readonly listing: Listing;
  /** The list of the listing that the page is of. */
  readonly collection: Collection;
  readonly memory: RunMemory;
  /** Keeps the requests of the page, for a run that can be approved. */
  readonly keeper?: ListKeeper | undefined;
}

/** An operation that is requested, with the facts that a person decides by. */
interface Requested {
  readonly operation: Resource;
  readonly event: OutgoingEvent;
  readonly example: Tally['examples'][number];
}

/**
 * Processes one page of a list: publishes a request for each operation that the rules select, the policy allows and the
 * limit leaves room for. Resolves with what the page adds to the run's tally. An operation that the run has met is left out.
 */
export async function processPage(
  { entries, unreachable }: ListPage,
  { run, sweep, listing, collection, memory, keeper }: PageContext,
  delivery: DeliveryProject,
  ports: PagePorts,
): Promise<Tally> {
  const { publisher, clock } = ports;
  const skipped = { ...EMPTY_TALLY.skipped };
  const notes: Tally['notes'][number][] = [];
  const requested: Requested[] = [];
  const own = await namesOfOwnProject(listing, delivery);
  const reading = {
    endMs: clock.now() + MAX_READING_MS,
    trace: run.trace,
    notice: (body: unknown) => memory.noticeFields(listing, body),
  };
  let [found, matched] = [0, 0];
  for (const [index, entry] of entries.entries()) {
    if (index > 0 && index % ENTRIES_AT_ONCE === 0) await clock.sleep(0);
    const entryKey = keyOfEntry(entry, collection);
    if (entryKey !== undefined && !memory.isNewEntry(listing, entryKey)) continue;
    memory.noticeFields(listing, entry);
    const selection = await decide(entry, { ...listing, collection }, { own, reading }, delivery, ports);
    if (selection.kind === 'selected') {
      const { operation } = selection;
      const event = requestEvent(operation, run, listing, clock.now());
      if (!memory.isNewRequest(event.id)) continue;
      matched += 1;
      if (run.tally.requested + requested.length >= sweep.limit) skipped.overLimit += 1;
      else requested.push({ operation, event, example: exampleOf(operation, entry) });
    } else {
      const { reason, name, detail } = selection;
      if (reason === 'forbidden') matched += 1;
      skipped[reason] += 1;
      // The report has only the first notes of a reason.
      const isNoted = NOTED.has(reason) && skipped[reason] <= MAX_KEPT.notesOfOneReason;
      if (isNoted) notes.push({ operation: name, reason, detail });
    }
    found += 1;
  }
  await publishAll(publisher, 'requests', requested, ({ event }) => event, delivery);
  keeper?.add(requested.map(({ event }) => event));
  return {
    ...EMPTY_TALLY,
    found,
    matched,
    requested: requested.length,
    skipped,
    operations: requested.map(({ operation }) => operation.fullResourceName),
    examples: requested.slice(0, MAX_KEPT.examples).map(({ example }) => example),
    notes,
    unreachable: [...unreachable],
  };
}

const exampleOf = (operation: Resource, entry: unknown): Requested['example'] => ({
  operation: operation.fullResourceName,
  ...(operation.project !== undefined && { project: shownText(operation.project, 128) }),
  ...operation.kind.describe(entry),
});

/** Patterns for names need the names of the own project, so that they hold for each alias; other patterns do not. */
const namesOfOwnProject = async ({ match, exclude }: Listing, { ownProject }: DeliveryProject) =>
  match.has('name') || exclude.has('name') ? ownProject.names() : [];

type FinalSelection = Exclude<Selection, { kind: 'partial' }>;

async function decide(
  entry: unknown,
  listing: Listing,
  {
    own,
    reading,
  }: {
    readonly own: readonly string[];
    readonly reading: {
      readonly endMs: number;
      readonly trace: TraceContext | undefined;
      notice(body: unknown): void;
    };
  },
  { ownProject }: DeliveryProject,
  ports: PagePorts,
): Promise<FinalSelection> {
  const { policy, clock } = ports;
  const selection = selectSafely(entry, listing, { ownProject: own, nowMs: clock.now() });
  if (selection.kind === 'skipped') return selection;
  const { operation } = selection;
  const skip = (reason: SkipReason, detail: string): FinalSelection => ({
    kind: 'skipped',
    reason,
    name: operation.fullResourceName,
    detail,
  });
  try {
    await policy.check(operation, ownProject);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return skip('forbidden', error.message);
  }
  if (selection.kind === 'selected') return selection;
  const whole = await readWholeJob(operation, listing.collection.jobs?.wholeQuery ?? {}, reading, ports);
  const unread = (problem: string) =>
    skip('unclear', `a rule names a field that its list does not show, and it could not be read: ${problem}`);
  if ('problem' in whole) return unread(whole.problem);
  reading.notice(whole.body);
  const now = { ownProject: own, nowMs: clock.now(), isWhole: true };
  const again = selectSafely(whole.body, listing, now);
  if (again.kind === 'skipped') return again;
  const isSame = again.operation.fullResourceName === operation.fullResourceName;
  return again.kind === 'selected' && isSame ? again : unread('the answer shows another job');
}

/** An entry that cannot be read, in whatever way, does not hide those behind it. */
function selectSafely(entry: unknown, listing: Listing, context: Parameters<typeof select>[2]): Selection {
  try {
    return select(entry, listing, context);
  } catch (error) {
    return {
      kind: 'skipped',
      reason: 'unknown',
      name: '',
      detail: `its entry in the list cannot be read: ${messageOf(error)}`,
    };
  }
}

/** The request for one operation. The same run requests the same operation under the same id. */
function requestEvent(operation: Resource, run: SweepRun, listing: Listing, nowMs: number): OutgoingEvent {
  const { sweep, runId, cause, trace } = run;
  const dryRun = listing.dryRun || run.dryRun;
  const requestId = sweepRequestId(runId, identityOf(operation), dryRun);
  return {
    id: requestId,
    type: EVENT_TYPE.request,
    subject: `sweep/${sweep}`,
    time: new Date(nowMs).toISOString(),
    trace,
    data: {
      ...(operation.job === undefined
        ? { operation: operation.url }
        : { job: operation.url, ...(operation.region !== undefined && { region: operation.region }) }),
      requestId,
      requestedBy: senderOfSweep(sweep),
      reason: `sweep ${sweep}: ${describeCause(cause)}`,
      labels: { sweep, runId },
      ...(listing.confirmWithin !== undefined && { confirmWithin: listing.confirmWithin }),
      ...(dryRun && { dryRun: true }),
    },
  };
}
