import type { ResultData } from '../../../src/cancellation/result.ts';
import type { SweepReport } from '../../../src/sweeps/report.ts';
import { boundedIds } from './bounded-ids.ts';
import { createChangeLog } from './change-log.ts';
import type { ChangeLog } from './change-log.ts';
import { readLogEntry } from './log-entry.ts';
import type { LogEntry } from './log-entry.ts';
import { isOfRefusedTrigger, noticeOfRefusal } from './notice.ts';
import type { Notice, PageRecord, SimulatedResource } from './records.ts';
import {
  afterLogEntry,
  afterPublishing,
  afterResult,
  keyOfRequest,
  newLife,
  subjectOf,
} from './request-life.ts';
import type { RequestLife } from './request-life.ts';
import { afterApproval, afterReport, afterRunEntry, isOfApproval, keyOfRun } from './run-life.ts';
import type { RunLife } from './run-life.ts';
import { createUnclaimedCalls } from './service-call.ts';
import type { ServiceCall } from './service-call.ts';

/**
 * Everything that the page shows, put together from the function's log, the calls that reached the simulated services, and
 * the messages on the results topic. It keeps a bounded number of each.
 */
export interface PageStore {
  readonly changes: Pick<ChangeLog<PageRecord>, 'sequence' | 'since'>;
  onLogLine(line: string): void;
  onServiceCall(call: ServiceCall): void;
  onResult(result: ResultData, attributes: Readonly<Record<string, string>>): void;
  onReport(report: SweepReport): void;
  /** A request that the page itself has published. */
  onPublished(requestId: string): void;
  /** The operations and jobs of the simulated services, as they are now. */
  onSimulated(resources: readonly SimulatedResource[]): void;
}

/** Maximum number of records of each kind; the oldest that have ended leave first. */
export interface PageLimits {
  readonly requests: number;
  readonly runs: number;
  readonly notices: number;
  readonly simulated: number;
}

const DEFAULT_LIMITS: PageLimits = { requests: 20_000, runs: 500, notices: 500, simulated: 20_000 };
/** Lines that say nothing to a person who watches: each stands in another form in a request or a run. */
const QUIET_EVENTS = new Set(['message.not-due']);

export function createPageStore(
  now: () => number,
  { requests: maxRequests, runs: maxRuns, notices: maxNotices, simulated: maxSimulated } = DEFAULT_LIMITS,
): PageStore {
  const changes = createChangeLog<PageRecord>();
  const calls = createUnclaimedCalls();
  const keysByRequestId = new Map<string, Set<string>>();
  const requests = boundedIds(maxRequests);
  const runs = boundedIds(maxRuns);
  const notices = boundedIds(maxNotices);
  let simulated: ReadonlyMap<string, string> = new Map();
  let noticeCount = 0;

  const lifeOf = (key: string): RequestLife | undefined => {
    const record = changes.get(`request ${key}`);
    return record?.kind === 'request' ? record.request : undefined;
  };
  const runOf = (runId: string, isApproval: boolean) => {
    const record = changes.get(`run ${keyOfRun(runId, isApproval)}`);
    return record?.kind === 'run' ? record.run : undefined;
  };
  const forget = (key: string) => {
    const life = lifeOf(key);
    changes.remove(`request ${key}`);
    const keys = keysByRequestId.get(life?.requestId ?? '');
    keys?.delete(key);
    if (life && keys?.size === 0) keysByRequestId.delete(life.requestId);
  };
  const putLife = (life: RequestLife) => {
    const keys = keysByRequestId.get(life.requestId) ?? new Set();
    keysByRequestId.set(life.requestId, keys.add(life.key));
    changes.put(`request ${life.key}`, { kind: 'request', request: life });
    for (const key of requests.add(life.key, life.ended)) forget(key);
  };

  /** The life that a line is about: one that was only published until now becomes that of its operation. */
  const findLife = (requestId: string, operation: string | undefined): RequestLife => {
    const life = lifeOf(keyOfRequest(requestId, operation));
    if (life !== undefined || operation === undefined) return life ?? newLife(requestId, operation, now());
    const unnamed = lifeOf(keyOfRequest(requestId, undefined));
    if (unnamed === undefined || unnamed.status !== 'Queued') return newLife(requestId, operation, now());
    requests.remove(unnamed.key);
    forget(unnamed.key);
    return { ...newLife(requestId, operation, unnamed.firstMs), steps: unnamed.steps };
  };

  const livesOf = (requestId: string): RequestLife[] =>
    [...(keysByRequestId.get(requestId) ?? [])].flatMap((key) => lifeOf(key) ?? []);

  /** The life of a refused request whose result came before its line of the log, which names no operation. */
  const findRefused = (requestId: string) =>
    livesOf(requestId).find(({ result, steps }) => result?.outcome === 'REJECTED' && steps.length === 0);

  /** The life that a result is of: that of its operation, or one whose operation the log has not named. */
  const findEnded = ({ requestId }: ResultData, subject: string): RequestLife => {
    const lives = livesOf(requestId);
    const named = lives.find(({ operation }) => operation !== undefined && subjectOf(operation) === subject);
    if (named !== undefined) return named;
    const unnamed = lives.find(({ operation }) => operation === undefined);
    // A subject of this form stands for no operation at all.
    if (subject === '' || subject === `request/${requestId}`) {
      return unnamed ?? newLife(requestId, undefined, now());
    }
    if (unnamed === undefined || unnamed.status === 'SPLIT') return newLife(requestId, subject, now());
    requests.remove(unnamed.key);
    forget(unnamed.key);
    return { ...unnamed, key: keyOfRequest(requestId, subject), operation: subject };
  };

  const onRequestEntry = (entry: LogEntry, requestId: string) => {
    const { operation, event } = entry;
    const claimed =
      operation !== undefined && /^(?:cancel|get)\./.test(event)
        ? calls.claim(operation, event.startsWith('get.') ? 'gets' : 'others')
        : [];
    const refused = event === 'request.rejected' ? findRefused(requestId) : undefined;
    putLife(afterLogEntry(refused ?? findLife(requestId, operation), entry, claimed, now()));
  };

  const putNotice = (told: Omit<Notice, 'id' | 'atMs'>) => {
    noticeCount += 1;
    const notice = { id: noticeCount, atMs: now(), ...told };
    changes.put(`notice ${noticeCount}`, { kind: 'notice', notice });
    for (const id of notices.add(String(noticeCount), true)) changes.remove(`notice ${id}`);
  };

  const onNotice = ({ severity, event, message, fields: { messageId } }: LogEntry) => {
    putNotice({ severity, event, message, ...(typeof messageId === 'string' && { messageId }) });
  };

  const putRun = (run: RunLife, report?: SweepReport) => {
    changes.put(`run ${run.key}`, { kind: 'run', run });
    for (const id of runs.add(run.key, run.ended)) changes.remove(`run ${id}`);
    const dryRun = run.isApproval ? runOf(run.runId, false) : undefined;
    if (dryRun !== undefined) putRun(afterApproval(dryRun, now(), report));
  };

  return {
    changes,
    onLogLine: (line) => {
      const entry = readLogEntry(line);
      // A refused trigger is known by its result, which also names its message.
      if (entry === undefined || QUIET_EVENTS.has(entry.event) || isOfRefusedTrigger(entry)) return;
      if (entry.requestId !== undefined) {
        onRequestEntry(entry, entry.requestId);
        return;
      }
      const { runId } = entry.fields;
      const known = typeof runId === 'string' ? runOf(runId, isOfApproval(entry)) : undefined;
      const run = afterRunEntry(known, entry, now());
      if (run === undefined) onNotice(entry);
      else putRun(run);
    },
    onServiceCall: (call) => calls.add(call),
    onResult: (result, attributes) => {
      const refusal = noticeOfRefusal(result);
      if (refusal !== undefined) {
        putNotice(refusal);
        return;
      }
      putLife(afterResult(findEnded(result, attributes['ce-subject'] ?? ''), result, now()));
    },
    onReport: (report) =>
      putRun(afterReport(runOf(report.runId, report.approved !== undefined), report, now()), report),
    onPublished: (requestId) => {
      if (keysByRequestId.has(requestId)) return;
      putLife(afterPublishing(newLife(requestId, undefined, now()), now()));
    },
    onSimulated: (resources) => {
      const next = new Map<string, string>();
      for (const one of resources.slice(-maxSimulated)) {
        const seen = JSON.stringify(one);
        next.set(one.url, seen);
        if (simulated.get(one.url) === seen) continue;
        changes.put(`simulated ${one.url}`, { kind: 'simulated', simulated: one });
      }
      for (const url of simulated.keys()) if (!next.has(url)) changes.remove(`simulated ${url}`);
      simulated = next;
    },
  };
}
