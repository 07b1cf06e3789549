/** What a task of the queue continues, in the words of the types of its message. */
export type TaskPurpose =
  'recheck' | 'sweep-run' | 'approval' | 'run-list' | 'idempotency-record' | 'unknown';

/** A task that waits in the queue of the re-checks. */
export interface WaitingTask {
  /** Last part of its name. */
  readonly id: string;
  /** When Cloud Tasks publishes its message, in milliseconds since the epoch. */
  readonly dueMs: number;
  /** Number of attempts to publish it so far. */
  readonly attempts: number;
  /** The answer to the last of them, such as `HTTP status code 403`. */
  readonly lastAnswer?: string;
  /** `unknown` where the message is not shown, or not understood. */
  readonly purpose: TaskPurpose;
  /** The cancellation that a re-check continues. */
  readonly request?: WaitingRequest;
  /** The run of a sweep that the task continues. */
  readonly run?: WaitingRun;
}

/** The state of a cancellation between two deliveries. Times are milliseconds since the epoch. */
export interface WaitingRequest {
  readonly requestId: string;
  /** The message that carried the request. */
  readonly messageId: string;
  /** Full resource name. */
  readonly operation: string;
  readonly requestedAtMs: number;
  /** `cancel`, `confirm` or `preview`. */
  readonly step: string;
  readonly posts: number;
  readonly acceptedAtMs?: number;
  /** The last answer to a POST that was no acceptance. */
  readonly refusal?: string;
  readonly gets: number;
  readonly lastCheckedAtMs?: number;
  readonly traceId?: string;
}

/** The state of a run between two deliveries. */
export interface WaitingRun {
  readonly runId: string;
  readonly sweep: string;
  /** A clause for a person. */
  readonly cause: string;
  readonly startedAtMs: number;
  readonly found: number;
  readonly requested: number;
  readonly traceId?: string;
}

/** Purposes for a person, in the order of their weight: the first are results and reports that somebody waits for. */
export const PURPOSES: Readonly<Record<TaskPurpose, { readonly word: string; readonly meaning: string }>> = {
  recheck: { word: 'Re-check', meaning: 'requests without their result' },
  'sweep-run': { word: 'Sweep', meaning: 'sweeps under way' },
  approval: { word: 'Approval', meaning: 'approvals under way' },
  'run-list': { word: 'List', meaning: 'parts of the lists of dry runs, kept for an approval' },
  'idempotency-record': { word: 'Record', meaning: 'records of budgets that had their sweep' },
  unknown: { word: 'Task', meaning: 'tasks whose message is not shown or not understood' },
};

/** The number of tasks by purpose, without those of which there are none. */
export function countByPurpose(
  tasks: Iterable<WaitingTask>,
): readonly { readonly purpose: TaskPurpose; readonly count: number }[] {
  const counts = new Map<TaskPurpose, number>();
  for (const { purpose } of tasks) counts.set(purpose, (counts.get(purpose) ?? 0) + 1);
  return (Object.keys(PURPOSES) as TaskPurpose[]).flatMap((purpose) => {
    const count = counts.get(purpose) ?? 0;
    return count > 0 ? [{ purpose, count }] : [];
  });
}
