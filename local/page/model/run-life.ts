import type { SweepReport } from '../../../src/sweeps/report.ts';
import type { LogEntry } from './log-entry.ts';

/** One run of a sweep, from its trigger to its report. */
export interface RunLife {
  readonly runId: string;
  readonly sweep: string;
  /** What started it, in a sentence without its full stop: a message, or a budget that crossed a threshold. */
  readonly cause: string;
  readonly ended: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  /** What the function logged about it: pages, retries, lists that failed. */
  readonly steps: readonly { readonly atMs: number; readonly text: string; readonly bad: boolean }[];
  readonly report?: SweepReport;
  /** The trace of the run, where its messages name one. */
  readonly traceId?: string;
}

const BY_MESSAGE = 'Started by a message';
const MAX_STEPS = 200;

/** The run after a line of the log; undefined where the line is of no run. */
export function afterRunEntry(run: RunLife | undefined, entry: LogEntry, atMs: number): RunLife | undefined {
  const { runId, sweep } = entry.fields;
  if (typeof runId !== 'string' || typeof sweep !== 'string' || entry.event === 'budget.swept-before') {
    return undefined;
  }
  const known = run ?? { runId, sweep, cause: BY_MESSAGE, ended: false, firstMs: atMs, steps: [] };
  const cause =
    entry.event === 'budget.crossed'
      ? `Started because ${entry.message.replace(`Sweep ${sweep}: `, '')}`
      : known.cause;
  const step = { atMs, text: entry.message, bad: entry.severity === 'WARNING' };
  return {
    ...known,
    cause,
    lastMs: atMs,
    steps: [...known.steps, step].slice(-MAX_STEPS),
    ended: known.ended || entry.event === 'sweep.finished',
  };
}

/** The run with its report. */
export function afterReport(run: RunLife | undefined, report: SweepReport, atMs: number): RunLife {
  const { runId, sweep } = report;
  const known = run ?? { runId, sweep, cause: BY_MESSAGE, firstMs: atMs, steps: [] };
  return { ...known, report, ended: true, lastMs: atMs };
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
