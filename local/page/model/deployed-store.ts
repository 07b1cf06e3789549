import { isNews } from '../../../client/result-rules.ts';
import type { ResultData } from '../../../src/cancellation/result.ts';
import type { SweepReport } from '../../../src/sweeps/report.ts';
import { boundedIds } from './bounded-ids.ts';
import { createChangeLog } from './change-log.ts';
import type { ChangeLog } from './change-log.ts';
import {
  afterLeaving,
  keyOfWaiting,
  lifeOfResult,
  lifeOfWaiting,
  runOfReport,
  runOfWaiting,
} from './deployed-life.ts';
import { noticeOfRefusal } from './notice.ts';
import type { DeadLetter, Notice, PageRecord, Source } from './records.ts';
import { afterPublishing, keyOfRequest, newLife } from './request-life.ts';
import type { RequestLife } from './request-life.ts';
import { afterApproval } from './run-life.ts';
import type { RunLife } from './run-life.ts';
import type { WaitingTask } from './waiting-task.ts';

/**
 * Everything that the page shows of a deployed system, put together from the messages of its topics and the tasks of its
 * queue. It keeps a bounded number of each.
 */
export interface DeployedStore {
  readonly changes: Pick<ChangeLog<PageRecord>, 'sequence' | 'since'>;
  /** @param told what the event says of the result: its subject, and the trace that it names */
  onResult(
    result: ResultData,
    told: { readonly subject: string; readonly traceId: string | undefined },
  ): void;
  /** @param cause of the run, in a clause */
  onReport(report: SweepReport, cause: string, traceId: string | undefined): void;
  onDeadLetter(deadLetter: DeadLetter): void;
  /** Something that a person should know and that is of no request, in a sentence. */
  onNotice(message: string): void;
  /**
   * The tasks of the queue, as they are now.
   *
   * @param isWhole whether the queue has no others: only then is a task that is not among them known to have left
   */
  onTasks(tasks: readonly WaitingTask[], isWhole: boolean): void;
  onSource(source: Source): void;
  /** A request that the page itself has published. */
  onPublished(requestId: string): void;
}

/** Maximum number of records of each kind; the oldest that have ended leave first. */
export interface DeployedLimits {
  readonly requests: number;
  readonly runs: number;
  readonly deadLetters: number;
  readonly notices: number;
}

const DEFAULT_LIMITS: DeployedLimits = { requests: 20_000, runs: 500, deadLetters: 500, notices: 500 };

export function createDeployedStore(
  now: () => number,
  { requests: maxRequests, runs: maxRuns, deadLetters: maxDeadLetters, notices: maxNotices } = DEFAULT_LIMITS,
): DeployedStore {
  const changes = createChangeLog<PageRecord>();
  const requests = boundedIds(maxRequests);
  const runs = boundedIds(maxRuns);
  const deadLetters = boundedIds(maxDeadLetters);
  const notices = boundedIds(maxNotices);
  /** The tasks of the last reading by id, each as text, by which one that changed is known. */
  let tasksBefore: ReadonlyMap<string, string> = new Map();
  /** The requests that had a re-check in the last reading. */
  let waitingBefore: ReadonlySet<string> = new Set();
  let noticeCount = 0;

  const lifeOf = (key: string): RequestLife | undefined => {
    const record = changes.get(`request ${key}`);
    return record?.kind === 'request' ? record.request : undefined;
  };
  const putLife = (life: RequestLife) => {
    changes.put(`request ${life.key}`, { kind: 'request', request: life });
    for (const key of requests.add(life.key, life.ended)) changes.remove(`request ${key}`);
  };
  /** A request that the page published is known by its id alone, until a message names its operation. */
  const replaceQueued = ({ requestId, operation }: RequestLife) => {
    const key = keyOfRequest(requestId, undefined);
    if (operation === undefined || lifeOf(key)?.status !== 'Queued') return;
    requests.remove(key);
    changes.remove(`request ${key}`);
  };
  const runOf = (id: string): RunLife | undefined => {
    const record = changes.get(`run ${id}`);
    return record?.kind === 'run' ? record.run : undefined;
  };
  const putRun = (run: RunLife) => {
    changes.put(`run ${run.key}`, { kind: 'run', run });
    for (const old of runs.add(run.key, run.ended)) changes.remove(`run ${old}`);
  };

  const putNotice = (told: Omit<Notice, 'id' | 'atMs'>) => {
    noticeCount += 1;
    const notice = { id: noticeCount, atMs: now(), ...told };
    changes.put(`notice ${noticeCount}`, { kind: 'notice', notice });
    for (const id of notices.add(String(noticeCount), true)) changes.remove(`notice ${id}`);
  };

  /** @returns the key of the life that a task is of */
  const onWaiting = ({ request, run, dueMs }: WaitingTask): string | undefined => {
    if (run !== undefined && runOf(run.runId)?.ended !== true) putRun(runOfWaiting(run, dueMs));
    if (request === undefined) return undefined;
    const key = keyOfWaiting(request);
    const before = lifeOf(key);
    // A reading that began before the result came has the task still. Another sending of the request begins anew.
    if (before?.result?.messageId === request.messageId) return undefined;
    const life = lifeOfWaiting(request, dueMs, before);
    replaceQueued(life);
    putLife(life);
    return key;
  };

  return {
    changes,
    onResult: (result, told) => {
      const refusal = noticeOfRefusal(result);
      if (refusal !== undefined) {
        putNotice(refusal);
        return;
      }
      const life = lifeOfResult(result, told);
      const before = lifeOf(life.key);
      replaceQueued(life);
      if (before?.result === undefined || isNews(result, before.result)) putLife(life);
      else if (!before.ended) putLife(lifeOfResult(before.result, told));
    },
    onReport: (report, cause, traceId) => {
      const run = runOfReport(report, cause, traceId);
      const dryRun = run.isApproval ? runOf(run.runId) : undefined;
      if (dryRun !== undefined) putRun(afterApproval(dryRun, now(), report));
      const known = run.isApproval ? undefined : runOf(run.key)?.approved;
      putRun({ ...run, ...(known !== undefined && { approved: known }) });
    },
    onDeadLetter: (deadLetter) => {
      changes.put(`dead-letter ${deadLetter.id}`, { kind: 'dead-letter', deadLetter });
      for (const id of deadLetters.add(deadLetter.id, true)) changes.remove(`dead-letter ${id}`);
    },
    onNotice: (message) => putNotice({ severity: 'WARNING', event: 'console', message }),
    onTasks: (tasks, isWhole) => {
      const next = new Map(tasks.map((task) => [task.id, JSON.stringify(task)]));
      const waiting = new Set(isWhole ? [] : waitingBefore);
      for (const task of tasks) {
        const isSame = tasksBefore.get(task.id) === next.get(task.id);
        if (!isSame) changes.put(`task ${task.id}`, { kind: 'task', task });
        const known = task.request === undefined ? undefined : keyOfWaiting(task.request);
        if (isSame && known !== undefined && waitingBefore.has(known)) waiting.add(known);
        const key = isSame ? undefined : onWaiting(task);
        if (key !== undefined) waiting.add(key);
      }
      for (const id of tasksBefore.keys()) if (!next.has(id)) changes.remove(`task ${id}`);
      for (const key of waitingBefore) {
        const life = waiting.has(key) ? undefined : lifeOf(key);
        if (life?.status === 'Waiting') putLife(afterLeaving(life));
      }
      tasksBefore = next;
      waitingBefore = new Set([...waiting].filter((key) => lifeOf(key)?.status === 'Waiting'));
    },
    onSource: (source) => changes.put(`source ${source.id}`, { kind: 'source', source }),
    onPublished: (requestId) => {
      const key = keyOfRequest(requestId, undefined);
      if (lifeOf(key) === undefined) putLife(afterPublishing(newLife(requestId, undefined, now()), now()));
    },
  };
}
