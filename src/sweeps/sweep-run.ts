import * as v from 'valibot';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { EventContext, OutgoingEvent } from '../messages/cloud-event.ts';
import { valueFailure } from '../validation/failure.ts';
import { sweepStepId } from '../messages/event-ids.ts';
import { count, parseWith, shortText, timestamp } from '../validation/schema.ts';
import type { TraceContext } from '../messages/trace-context.ts';
import { causeSchema } from './cause.ts';
import type { SweepCause } from './cause.ts';
import { SKIP_REASONS } from './select.ts';
import type { SkipReason } from './select.ts';
import type { Sweep } from './sweep.ts';

/**
 * One run of a sweep, as far as it has come: all that a next delivery needs. Its size has a bound, however
 * many operations there are.
 */
export interface SweepRun {
  readonly runId: string;
  readonly sweep: string;
  /** Of the definition that it was begun with. */
  readonly fingerprint: string;
  readonly cause: SweepCause;
  /** Whether whoever started it asked for a dry run of a sweep that is not. */
  readonly dryRun: boolean;
  /** Whether each of its requests is for a dry run. */
  readonly allDry: boolean;
  readonly startedAt: string;
  /** When to stop, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** Numbers the messages with which it goes on. */
  readonly step: number;
  /** Which of the sweep's listings comes next of those that were not begun; as many as there are when all were. */
  readonly nextIndex: number;
  /** The listing that is under way. */
  readonly cursor?: ListingCursor | undefined;
  /** Listings that could not be had when it was their turn, and wait for another. */
  readonly postponed: readonly PostponedListing[];
  readonly tally: Tally;
  /** Travels in the context of each event, not in its data. */
  readonly trace?: TraceContext | undefined;
}

/** How far a listing has come. */
export type ListingCursor = v.InferOutput<typeof cursorSchema>;

/** One that waits. */
export type PostponedListing = v.InferOutput<typeof postponedSchema>;

const cursorEntries = {
  /** Which of the sweep's listings. */
  listing: count,
  /** Absent before the first page. */
  pageToken: v.optional(shortText(4_096)),
  /** How many pages were taken. */
  pages: count,
  /** A token that was seen before: a list that comes back to it goes round. */
  cycleMarker: v.optional(shortText(4_096)),
  /** How often in a row this page could not be had. */
  attempt: count,
};
const cursorSchema = v.object(cursorEntries);
const postponedSchema = v.object({ ...cursorEntries, notBefore: timestamp });

const text = shortText(4_096);

export const tallyEntries = {
  found: count,
  matched: count,
  requested: count,
  skipped: v.object(
    Object.fromEntries(SKIP_REASONS.map((reason) => [reason, count])) as Record<SkipReason, typeof count>,
  ),
  /** Full names of the first operations that were requested. */
  operations: v.array(text),
  /** The first that were left alone for a reason worth knowing. */
  notes: v.array(v.object({ operation: text, reason: v.picklist(SKIP_REASONS), detail: text })),
  unreachable: v.array(text),
  /** Lists that could not be had, or not to their end; without a name where it is the whole run that failed. */
  failures: v.array(v.object({ list: v.optional(text), message: text })),
};

const tallySchema = v.object(tallyEntries);

/** What a run has seen and done. */
export type Tally = v.InferOutput<typeof tallySchema>;

/** How many of each are kept: a task of Cloud Tasks takes 1 MB in base64, and a person reads no more. */
const MAX_KEPT = { operations: 100, notesOfOneReason: 10, unreachable: 100, failures: 50 };
const MAX_DETAIL_LENGTH = 500;

const nothing = Object.fromEntries(SKIP_REASONS.map((reason) => [reason, 0])) as Record<SkipReason, number>;

export const EMPTY_TALLY: Tally = {
  found: 0,
  matched: 0,
  requested: 0,
  skipped: nothing,
  operations: [],
  notes: [],
  unreachable: [],
  failures: [],
};

/** Adds what one page brought. */
export function addToTally(tally: Tally, more: Tally): Tally {
  const sum = (reason: SkipReason) => tally.skipped[reason] + more.skipped[reason];
  return {
    found: tally.found + more.found,
    matched: tally.matched + more.matched,
    requested: tally.requested + more.requested,
    skipped: Object.fromEntries(SKIP_REASONS.map((reason) => [reason, sum(reason)])) as Tally['skipped'],
    operations: [...tally.operations, ...more.operations].slice(0, MAX_KEPT.operations),
    notes: firstOfEach([...tally.notes, ...more.notes.map(shortened)]),
    unreachable: [
      ...new Set([...tally.unreachable, ...more.unreachable.map((text) => cut(text, 256))]),
    ].slice(0, MAX_KEPT.unreachable),
    failures: [
      ...tally.failures,
      ...more.failures.map((failure) => ({ ...failure, message: cut(failure.message, MAX_DETAIL_LENGTH) })),
    ].slice(0, MAX_KEPT.failures),
  };
}

/** Many of one kind must not hide the few of another. */
const firstOfEach = (notes: Tally['notes']) =>
  notes.filter(
    ({ reason }, index) =>
      notes.slice(0, index).filter((other) => other.reason === reason).length < MAX_KEPT.notesOfOneReason,
  );

const shortened = (note: Tally['notes'][number]) => ({
  ...note,
  operation: cut(note.operation, 1_024),
  detail: cut(note.detail, MAX_DETAIL_LENGTH),
});
/** Control characters take six bytes each in JSON. */
const cut = (text: string, maxLength: number) =>
  text
    .slice(0, maxLength)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ');

/** A run that has seen nothing yet. */
export function startSweepRun(input: {
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
    ...(context.trace !== undefined && { trace: context.trace }),
  };
}

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
  postponed: v.array(postponedSchema),
  tally: tallySchema,
});

/** The message with which a run goes on, no sooner than `dueMs`. Its id is the same whoever writes it again. */
export function sweepRunEvent(run: SweepRun, dueMs: number, nowMs: number): OutgoingEvent {
  const { deadlineMs, trace, ...state } = run;
  const data: v.InferInput<typeof runSchema> = {
    ...state,
    postponed: [...state.postponed],
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

/** No run goes on for longer. */
export const MAX_RUN_MS = 24 * 3600 * 1000;
/** More than the clocks of two machines differ. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Reads the data of a message with which a run goes on. It names a sweep and says nothing of what that lists
 * or cancels: a forged one can do no more than start it.
 *
 * @throws Failure that names the field, for a message that this system did not write
 */
export function parseSweepRun(
  data: unknown,
  nowMs: number,
  trace?: TraceContext,
): { readonly run: SweepRun; readonly dueMs: number } {
  const { deadline, notBefore, ...state } = parseWith(runSchema, data, 'data');
  const deadlineMs = Date.parse(deadline);
  const dueMs = Date.parse(notBefore);
  if (deadlineMs > nowMs + MAX_RUN_MS + CLOCK_SKEW_MS)
    throw valueFailure('deadline', 'must be at most a day ahead');
  if (dueMs > Math.max(deadlineMs, nowMs) + CLOCK_SKEW_MS) {
    throw valueFailure('notBefore', 'must not be after the deadline');
  }
  return { run: { ...state, deadlineMs, ...(trace !== undefined && { trace }) }, dueMs };
}
