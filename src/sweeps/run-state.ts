import * as v from 'valibot';
import { isContainerId } from '../catalog/job-containers.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { EventContext, OutgoingEvent } from '../messages/cloud-event.ts';
import { readDelay } from '../messages/delay.ts';
import { sweepStepId } from '../messages/event-ids.ts';
import { count, listOf, parseWith, shortText, timestamp } from '../validation/schema.ts';
import type { TraceContext } from '../messages/trace-context.ts';
import { shownText } from '../validation/shown-text.ts';
import { causeSchema } from './cause.ts';
import { checkRunClaims } from './run-claims.ts';
import type { SweepCause } from './cause.ts';
import { MAX_ENCODED_LENGTH } from './operation-set.ts';
import type { SavedMemory } from './run-memory.ts';
import { SKIP_REASONS } from './select.ts';
import type { SkipReason } from './select.ts';
import type { Sweep } from './sweep.ts';

/**
 * The state of one run of a sweep: everything that the next delivery needs. It travels in messages, so its size has a bound
 * that does not depend on the number of operations.
 */
export interface SweepRun {
  readonly runId: string;
  readonly sweep: string;
  /** Fingerprint of the definition that the run began with. */
  readonly fingerprint: string;
  readonly cause: SweepCause;
  /** Whether the trigger asked for a dry run of a sweep that is not one. */
  readonly dryRun: boolean;
  /** Whether every request of the run is for a dry run. */
  readonly allDry: boolean;
  readonly startedAt: string;
  /** When to stop, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** Number of the message that carries the run. */
  readonly step: number;
  /** Index of the first listing that was not begun; the number of listings when all were. */
  readonly nextIndex: number;
  /** Position in the listing that was begun and is not finished. */
  readonly cursor?: ListingCursor | undefined;
  /** What contains jobs, of the listing that was begun last: each is listed by itself. */
  readonly containers?: v.InferOutput<typeof containersSchema> | undefined;
  /** Listings that failed and wait for another attempt. */
  readonly postponed: readonly PostponedListing[];
  readonly tally: Tally;
  /** The operations and fields that the run has met. */
  readonly memory: SavedMemory;
  /** Id of the last part of the run's list, where the run can be approved and has found an operation. */
  readonly lastPart?: string | undefined;
  /** Travels in the context of each event, not in its data. */
  readonly trace?: TraceContext | undefined;
}

/** Position in a listing. */
export type ListingCursor = v.InferOutput<typeof cursorSchema>;

/** A listing that waits for another attempt. */
type PostponedListing = v.InferOutput<typeof postponedSchema>;

/** An id of what contains jobs, as that of a workflow; it becomes a segment of a path. */
const containerId = v.pipe(shortText(256), v.check(isContainerId, 'must be an id'));

const cursorEntries = {
  /** Index of the listing in the sweep. */
  listing: count,
  /** What contains the jobs of this list, where each of the listing is listed by itself; absent for the list of those. */
  container: v.optional(containerId),
  /** Absent before the first page. */
  pageToken: v.optional(shortText(4_096)),
  /** Number of pages that were processed. */
  pages: count,
  /** Number of the last pages in a row that showed no new operation. */
  quietPages: count,
  /** A page token that was seen before: a list that returns to it goes round in a cycle. */
  cycleMarker: v.optional(shortText(4_096)),
  /** Failed attempts in a row for this page. */
  attempt: count,
};
const cursorSchema = v.object(cursorEntries);
const postponedSchema = v.object({ ...cursorEntries, notBefore: timestamp });

/** Largest number of containers that wait: each takes room in the message. */
export const MAX_CONTAINERS = 500;

/** Containers of a listing that were found and not listed, and the position in the list that names more of them. */
const containersSchema = v.object({
  listing: count,
  ids: listOf(containerId, MAX_CONTAINERS),
  rest: v.optional(cursorSchema),
});

const text = shortText(4_096);

/** Bounds of the tally's lists: a task of Cloud Tasks takes 1 MB in base64, and a person reads no more. */
export const MAX_KEPT = {
  operations: 100,
  examples: 20,
  notesOfOneReason: 10,
  unreachable: 100,
  failures: 50,
  missingFields: 50,
};

export const tallyEntries = {
  found: count,
  matched: count,
  requested: count,
  skipped: v.object(
    Object.fromEntries(SKIP_REASONS.map((reason) => [reason, count])) as Record<SkipReason, typeof count>,
  ),
  /** Full names of the first operations that were requested. */
  operations: listOf(text, MAX_KEPT.operations),
  /** The facts by which a person decides, of the first of them, as the service states them. */
  examples: listOf(
    v.object({
      operation: text,
      project: v.optional(shortText(256)),
      type: v.optional(shortText(512)),
      verb: v.optional(shortText(512)),
      target: v.optional(text),
      createTime: v.optional(timestamp),
    }),
    MAX_KEPT.examples,
  ),
  /** The first operations that were skipped for a reason that no rule asked for. */
  notes: listOf(
    v.object({ operation: text, reason: v.picklist(SKIP_REASONS), detail: text }),
    MAX_KEPT.notesOfOneReason * SKIP_REASONS.length,
  ),
  unreachable: listOf(text, MAX_KEPT.unreachable),
  /** Lists that failed, at once or before their end; without a name where the whole run failed. */
  failures: listOf(v.object({ list: v.optional(text), message: text }), MAX_KEPT.failures),
};

const tallySchema = v.object(tallyEntries);

/** The counts, operations and failures of a run. */
export type Tally = v.InferOutput<typeof tallySchema>;

/** Largest number of lists that wait at the same time: each takes room in the message. */
export const MAX_POSTPONED = 20;
const MAX_DETAIL_BYTES = 500;

const nothing = Object.fromEntries(SKIP_REASONS.map((reason) => [reason, 0])) as Record<SkipReason, number>;

export const EMPTY_TALLY: Tally = {
  found: 0,
  matched: 0,
  requested: 0,
  skipped: nothing,
  operations: [],
  examples: [],
  notes: [],
  unreachable: [],
  failures: [],
};

/** Adds the tally of one page. */
export function addToTally(tally: Tally, more: Tally): Tally {
  const sum = (reason: SkipReason) => tally.skipped[reason] + more.skipped[reason];
  return {
    found: tally.found + more.found,
    matched: tally.matched + more.matched,
    requested: tally.requested + more.requested,
    skipped: Object.fromEntries(SKIP_REASONS.map((reason) => [reason, sum(reason)])) as Tally['skipped'],
    operations: [...tally.operations, ...more.operations].slice(0, MAX_KEPT.operations),
    examples: [...tally.examples, ...more.examples].slice(0, MAX_KEPT.examples),
    notes: firstOfEach([...tally.notes, ...more.notes.map(shortened)]),
    unreachable: [
      ...new Set([...tally.unreachable, ...more.unreachable.map((place) => shownText(place, 256))]),
    ].slice(0, MAX_KEPT.unreachable),
    failures: [
      ...tally.failures,
      ...more.failures.map((failure) => ({
        ...failure,
        message: shownText(failure.message, MAX_DETAIL_BYTES),
      })),
    ].slice(0, MAX_KEPT.failures),
  };
}

/** Keeps the first notes of each reason, so that a frequent reason does not hide a rare one. */
function firstOfEach(notes: Tally['notes']): Tally['notes'] {
  const counts = new Map<SkipReason, number>();
  return notes.filter(({ reason }) => {
    const before = counts.get(reason) ?? 0;
    counts.set(reason, before + 1);
    return before < MAX_KEPT.notesOfOneReason;
  });
}

const shortened = (note: Tally['notes'][number]) => ({
  ...note,
  operation: shownText(note.operation, 1_024),
  detail: shownText(note.detail, MAX_DETAIL_BYTES),
});

/** The state of a run that has not listed anything. */
export function newSweepRun(input: {
  readonly runId: string;
  readonly sweep: Sweep;
  readonly cause: SweepCause;
  readonly dryRun: boolean;
  readonly context: EventContext;
  readonly nowMs: number;
}): SweepRun {
  const { runId, sweep, cause, dryRun, context, nowMs } = input;
  return {
    runId,
    sweep: sweep.name,
    fingerprint: sweep.fingerprint,
    cause,
    dryRun,
    allDry: dryRun || sweep.listings.every((listing) => listing.dryRun),
    startedAt: new Date(nowMs).toISOString(),
    deadlineMs: nowMs + MAX_RUN_MS,
    step: 0,
    nextIndex: 0,
    postponed: [],
    tally: EMPTY_TALLY,
    memory: { operations: '', presentFields: [], missingFields: [] },
    ...(context.trace !== undefined && { trace: context.trace }),
  };
}

/** Fields in the rules of all targets of a sweep: more than `SWEEPS` accepts. */
const MAX_RULE_FIELDS = 5_000;

const runSchema = v.object({
  runId: shortText(128),
  sweep: shortText(64),
  fingerprint: shortText(64),
  cause: causeSchema,
  dryRun: v.boolean(),
  allDry: v.boolean(),
  startedAt: timestamp,
  deadline: timestamp,
  notBefore: timestamp,
  step: count,
  nextIndex: count,
  cursor: v.optional(cursorSchema),
  containers: v.optional(containersSchema),
  postponed: listOf(postponedSchema, MAX_POSTPONED),
  tally: tallySchema,
  memory: v.object({
    operations: shortText(MAX_ENCODED_LENGTH),
    presentFields: listOf(count, MAX_RULE_FIELDS),
    missingFields: listOf(count, MAX_RULE_FIELDS),
  }),
  lastPart: v.optional(shortText(64)),
});

/** The message that resumes a run at `dueMs` or later. Its id is the same whenever it is written again. */
export function sweepRunEvent(run: SweepRun, dueMs: number, nowMs: number): OutgoingEvent {
  const { deadlineMs, trace, ...state } = run;
  const data: v.InferInput<typeof runSchema> = {
    ...state,
    postponed: [...state.postponed],
    memory: {
      operations: state.memory.operations,
      presentFields: [...state.memory.presentFields],
      missingFields: [...state.memory.missingFields],
    },
    deadline: new Date(deadlineMs).toISOString(),
    notBefore: new Date(dueMs).toISOString(),
  };
  return {
    id: sweepStepId(run.runId, run.step),
    type: EVENT_TYPE.sweepRun,
    subject: `sweep/${run.sweep}`,
    time: new Date(nowMs).toISOString(),
    trace,
    data,
  };
}

/** The longest time that a run may take. */
const MAX_RUN_MS = 24 * 3600 * 1000;

/**
 * Reads the data of a message that resumes a run. The message names a sweep of the settings and nothing of what the sweep
 * lists or cancels, so a forged message can do no more than start that sweep.
 *
 * @throws Failure that names the field, for a message that this system did not write
 */
export function parseSweepRun(
  data: unknown,
  nowMs: number,
  trace?: TraceContext,
): { readonly run: SweepRun; readonly dueMs: number } {
  const { deadline, notBefore, ...state } = parseWith(runSchema, data, 'data');
  const { dueMs, deadlineMs } = readDelay({ notBefore, deadline }, nowMs, {
    maxAheadMs: MAX_RUN_MS,
    maxAhead: 'a day',
  });
  checkRunClaims(state, nowMs);
  return { run: { ...state, deadlineMs, ...(trace !== undefined && { trace }) }, dueMs };
}
