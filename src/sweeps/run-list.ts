import * as v from 'valibot';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { runListEntryId } from '../messages/event-ids.ts';
import { requestIdSchema } from '../messages/request.ts';
import { senderEntries } from '../messages/sender-fields.ts';
import type { EventStore } from '../ports.ts';
import { count, listOf, parseWith, shortText, timestamp } from '../validation/schema.ts';
import { causeSchema } from './cause.ts';
import { tallyEntries } from './run-state.ts';

/**
 * The list of a run: everything that an approval of the run needs, in entries that the event store keeps.
 *
 * - `begun`: the run exists. Written before its first page.
 * - `part`: some requests of the run, and the id of the part before it. Its id is a hash of its content, so a delivery that
 *   is repeated and finds other operations writes other parts, and the state of the run names those that count.
 * - `end`: the run has ended; names the last part.
 * - `approval`: who approved the run. The first one stays, so a run is approved once.
 *
 * Each but the parts is found by the id of the run alone. See docs/decisions/0020-approval-of-a-dry-run.md.
 */

/** How long after its start a run can be approved, in milliseconds. */
const APPROVABLE_MS = 24 * 3600 * 1000;

/** How long after its start the entries of a run are kept: for another day, the answer to an approval says that it is too old. */
const KEPT_MS = 2 * APPROVABLE_MS;

/** Requests in a part, and their size in bytes of JSON: a task of Cloud Tasks takes 1 MB, with base64 twice. */
const MAX_PART_REQUESTS = 1_000;
const MAX_PART_BYTES = 300_000;

const text = shortText(4_096);
const runId = shortText(128);
const entryId = shortText(64);

/** A request of a dry run, without the fields that all requests of the run share. */
const listedSchema = v.object({
  requestId: requestIdSchema,
  operation: v.optional(text),
  job: v.optional(text),
  region: v.optional(shortText(512)),
  confirmWithin: v.optional(shortText(64)),
});

const common = { runId, startedAt: timestamp };

const schemas = {
  begun: v.object({
    ...common,
    entry: v.literal('begun'),
    sweep: shortText(64),
    dryRun: v.boolean(),
  }),
  part: v.object({
    ...common,
    entry: v.literal('part'),
    previous: v.optional(entryId),
    requests: listOf(listedSchema, MAX_PART_REQUESTS),
  }),
  end: v.object({
    ...common,
    entry: v.literal('end'),
    sweep: shortText(64),
    cause: causeSchema,
    last: v.optional(entryId),
    /** What the run listed, in a word for people. */
    noun: v.optional(v.picklist(['job', 'operation']), 'operation'),
    requested: count,
    operations: tallyEntries.operations,
    examples: tallyEntries.examples,
  }),
  approval: v.object({
    ...common,
    entry: v.literal('approval'),
    /** Identity of the event that approved the run: a repeated delivery of it is no second approval. */
    eventId: text,
    messageId: text,
    approvedAt: timestamp,
    requestedBy: senderEntries.requestedBy,
    reason: senderEntries.reason,
  }),
};

type EntryKind = keyof typeof schemas;
type EntryOf<Kind extends EntryKind> = v.InferOutput<(typeof schemas)[Kind]>;

/** A request of a dry run, as its list keeps it. */
export type ListedRequest = v.InferOutput<typeof listedSchema>;
export type ListPart = EntryOf<'part'>;
export type ListEnd = EntryOf<'end'>;
export type RunApproval = EntryOf<'approval'>;
export type ListEntry = EntryOf<EntryKind>;

/** The time until which a run can be approved, in milliseconds since the epoch. */
export const approvableUntilMs = ({ startedAt }: { readonly startedAt: string }) =>
  Date.parse(startedAt) + APPROVABLE_MS;

/** The event that carries an entry, and how long it is kept. */
export function entryEvent(
  entry: ListEntry,
  nowMs: number,
): { readonly event: OutgoingEvent; readonly untilMs: number } {
  return {
    event: {
      id: idOfEntry(entry),
      type: EVENT_TYPE.runList,
      subject: `run/${entry.runId}`,
      time: new Date(nowMs).toISOString(),
      data: entry,
    },
    untilMs: Date.parse(entry.startedAt) + KEPT_MS,
  };
}

const idOfEntry = (entry: ListEntry) =>
  entry.entry === 'part'
    ? runListEntryId(entry.runId, 'part', JSON.stringify(entry))
    : runListEntryId(entry.runId, entry.entry);

/**
 * Reads an entry that a run has once.
 *
 * @returns undefined where the run has none
 * @throws Failure `Unavailable` while it is not known, `ValueError` where the function is not allowed to read it
 */
export const readEntry = async <Kind extends Exclude<EntryKind, 'part'>>(
  kind: Kind,
  run: string,
  store: EventStore,
): Promise<EntryOf<Kind> | undefined> => read(kind, runListEntryId(run, kind), run, store);

/** Reads a part by its id, as `readEntry` does. */
export const readPart = async (id: string, run: string, store: EventStore): Promise<ListPart | undefined> =>
  read('part', id, run, store);

async function read<Kind extends EntryKind>(
  kind: Kind,
  id: string,
  run: string,
  store: EventStore,
): Promise<EntryOf<Kind> | undefined> {
  const stored = v.safeParse(schemas[kind], await store.get(id));
  // An entry of another run has another id.
  return stored.success && stored.output.runId === run ? stored.output : undefined;
}

/**
 * Checks that data is an entry: the store brings each to the topic of the re-checks when it is no longer kept.
 *
 * @throws Failure that names the field, for a message that no run wrote
 */
export function checkEntry(data: unknown): void {
  const { entry } = parseWith(v.object({ entry: v.picklist(ENTRY_KINDS) }), data, 'data');
  parseWith(schemas[entry], data, 'data');
}

const ENTRY_KINDS = Object.keys(schemas) as EntryKind[];

/** Parts with these requests, each naming the one before it; the first of them names `previous`. */
export function partsOf(
  run: { readonly runId: string; readonly startedAt: string },
  requests: readonly ListedRequest[],
  previous: string | undefined,
): readonly { readonly id: string; readonly part: ListPart }[] {
  const { runId: id, startedAt } = run;
  let last = previous;
  return portionsOf(requests).map((portion) => {
    const part: ListPart = {
      entry: 'part',
      runId: id,
      startedAt,
      ...(last !== undefined && { previous: last }),
      requests: [...portion],
    };
    last = idOfEntry(part);
    return { id: last, part };
  });
}

function portionsOf(requests: readonly ListedRequest[]): readonly (readonly ListedRequest[])[] {
  const portions: ListedRequest[][] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = Buffer.byteLength(JSON.stringify(request));
    const portion = portions.at(-1);
    if (portion === undefined || portion.length >= MAX_PART_REQUESTS || bytes + size > MAX_PART_BYTES) {
      portions.push([request]);
      bytes = size;
    } else {
      portion.push(request);
      bytes += size;
    }
  }
  return portions;
}
