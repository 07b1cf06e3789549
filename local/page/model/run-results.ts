import { countByOutcome, RUNNING } from './request-list.ts';
import type { RequestLife } from './request-life.ts';
import type { RunLife } from './run-life.ts';

/** How the requests of a run ended, so far. */
export interface RunResults {
  /** The most frequent first. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number }[];
  /** Number of requests whose result has not come, or is not among those that the page keeps. */
  readonly missing: number;
}

/** The requests with a result by the run that its label names (src/sweeps/process-page.ts). */
export function requestsByRun(requests: Iterable<RequestLife>): ReadonlyMap<string, readonly RequestLife[]> {
  const byRun = new Map<string, RequestLife[]>();
  for (const life of requests) {
    const runId = life.result?.labels?.runId;
    if (runId === undefined) continue;
    const lives = byRun.get(runId);
    if (lives === undefined) byRun.set(runId, [life]);
    else lives.push(life);
  }
  return byRun;
}

/**
 * The results of a run that has its report; undefined before.
 *
 * @param requests those of its id: a dry run and its approval share it, and the requests of the approval came after it
 */
export function resultsOf(run: RunLife, requests: readonly RequestLife[] = []): RunResults | undefined {
  const { report, isApproval, approved } = run;
  if (report === undefined) return undefined;
  const approvedAt = report.approved?.at;
  const approvedMs = approvedAt === undefined ? (approved?.atMs ?? Infinity) : Date.parse(approvedAt);
  const own = requests.filter(
    ({ result }) => result && Date.parse(result.requestedAt) >= approvedMs === isApproval,
  );
  const outcomes = countByOutcome(own).filter(({ outcome }) => outcome !== RUNNING);
  const known = outcomes.reduce((sum, { count }) => sum + count, 0);
  return { outcomes, missing: Math.max(0, report.requested - known) };
}
