import type { SweepReport } from '../../../src/sweeps/report.ts';
import type { LogEntry } from './log-entry.ts';
import type { Tone } from './request-life.ts';
import { counted } from './words.ts';

/** One run of a sweep, from its trigger to its report, or the approval of its dry run, which has a report of its own. */
export interface RunLife {
  /** Differs between a run and its approval, which has the id of the run. */
  readonly key: string;
  readonly runId: string;
  readonly sweep: string;
  readonly isApproval: boolean;
  /** What started it, in a sentence without its full stop: a message, or a budget that crossed a threshold. */
  readonly cause: string;
  /** The message on the topic of triggers that started it, where it is known. */
  readonly messageId?: string;
  readonly ended: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  /** What the function logged about it: pages, retries, lists that failed. */
  readonly steps: readonly { readonly atMs: number; readonly text: string; readonly bad: boolean }[];
  readonly report?: SweepReport;
  /** Of a dry run that was approved: when, and by whom where that is known. */
  readonly approved?: { readonly atMs: number; readonly by?: string };
  /** The trace of the run, where its messages name one. */
  readonly traceId?: string;
}

export const keyOfRun = (runId: string, isApproval: boolean): string =>
  isApproval ? `${runId}-approval` : runId;

/** Whether a line of the log is of the approval of a run. */
export const isOfApproval = ({ event }: Pick<LogEntry, 'event'>): boolean => event.startsWith('approval.');

const BY_MESSAGE = 'Started by a message';
const APPROVAL = 'Approval of a dry run';
const MAX_STEPS = 200;

/** The run after a line of the log; undefined where the line is of no run. */
export function afterRunEntry(run: RunLife | undefined, entry: LogEntry, atMs: number): RunLife | undefined {
  const { runId, sweep } = entry.fields;
  if (typeof runId !== 'string' || typeof sweep !== 'string' || entry.event === 'budget.swept-before') {
    return undefined;
  }
  const known = run ?? newRun(runId, sweep, isOfApproval(entry), atMs);
  const cause =
    entry.event === 'budget.crossed'
      ? `Started because ${entry.message.replace(`Sweep ${sweep}: `, '')}`
      : known.cause;
  const step = { atMs, text: entry.message, bad: entry.severity === 'WARNING' };
  const { messageId } = entry.fields;
  const isStart = entry.event === 'sweep.started' || entry.event === 'budget.crossed';
  return {
    ...known,
    cause,
    ...(isStart && typeof messageId === 'string' && { messageId }),
    lastMs: atMs,
    steps: [...known.steps, step].slice(-MAX_STEPS),
    ended: known.ended || entry.event === 'sweep.finished' || entry.event === 'approval.finished',
  };
}

const newRun = (runId: string, sweep: string, isApproval: boolean, atMs: number): RunLife => ({
  key: keyOfRun(runId, isApproval),
  runId,
  sweep,
  isApproval,
  cause: isApproval ? APPROVAL : BY_MESSAGE,
  ended: false,
  firstMs: atMs,
  lastMs: atMs,
  steps: [],
});

/** The run, or the approval, with its report. */
export function afterReport(run: RunLife | undefined, report: SweepReport, atMs: number): RunLife {
  const { runId, sweep, approved } = report;
  const known = run ?? newRun(runId, sweep, approved !== undefined, atMs);
  const cause = approved?.reason === undefined ? known.cause : `${APPROVAL}: ${approved.reason}`;
  return { ...known, cause, report, ended: true, lastMs: atMs };
}

/** The dry run after a line of the log, or a report, that says that it was approved. */
export function afterApproval(run: RunLife, atMs: number, report?: SweepReport): RunLife {
  const { at, requestedBy: by = run.approved?.by } = report?.approved ?? {};
  const approvedMs = at === undefined ? (run.approved?.atMs ?? atMs) : Date.parse(at);
  return { ...run, approved: { atMs: approvedMs, ...(by !== undefined && { by }) } };
}

/** The state of a run at a glance, in a word and its color. */
export function stateOf({ report }: RunLife): { readonly word: string; readonly tone: Tone } {
  if (report === undefined) return { word: 'Running', tone: 'wait' };
  return report.complete ? { word: 'Complete', tone: 'good' } : { word: 'Incomplete', tone: 'bad' };
}

/** The operations and jobs that a run found, counted: `2 operations and 1 job`. The report names the first hundred. */
export function foundBy({ requested, operations }: Pick<SweepReport, 'requested' | 'operations'>): string {
  if (requested > operations.length) return `${counted(requested, 'operation')} or jobs`;
  const found = operations.filter((name) => /\/(?:operations|transferOperations)\//.test(name)).length;
  return [
    ...(found > 0 ? [counted(found, 'operation')] : []),
    ...(found < requested ? [counted(requested - found, 'job')] : []),
  ].join(' and ');
}

/** Why operations were left alone, in words, and the number for each. */
export function leftAlone({ skipped }: SweepReport): readonly { reason: string; count: number }[] {
  return Object.entries(skipped).flatMap(([key, count]) =>
    count > 0 ? [{ reason: REASONS[key as keyof typeof skipped], count }] : [],
  );
}

const REASONS: Readonly<Record<keyof SweepReport['skipped'], string>> = {
  done: 'already done',
  notMatched: 'not matched',
  excluded: 'excluded',
  tooYoung: 'too young',
  undated: 'age unknown',
  unclear: 'unclear: a field of exclude cannot be read',
  forbidden: 'forbidden by the policy',
  overLimit: 'over the limit',
  unknown: 'not understood',
};
