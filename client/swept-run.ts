import { senderOfApproval, senderOfSweep } from '../src/messages/sender-fields.ts';
import type { SweepReport } from '../src/sweeps/report.ts';
import { deferred } from './deferred.ts';
import type { SweepProgress, SweptRun } from './options.ts';
import type { ReceivedEvent, Result } from './received-event.ts';
import { isNews } from './result-rules.ts';

/** The report and the results that a trigger waits for. */
export interface AwaitedRun {
  take(event: ReceivedEvent): void;
  sent(messageId: string): void;
  /** Resolves when the trigger was rejected, or the report and as many results as it has requests have come. */
  readonly whole: Promise<void>;
  swept(): SweptRun;
}

/** How the report and the results of one trigger are told from those of others. */
interface RunEvents {
  /** Whether a report is that of the trigger whose message has this id. */
  isReport(report: SweepReport, messageId: string): boolean;
  /** Whether a result can be of the run, as long as its report has not come. */
  isCandidate(result: Result): boolean;
  /** Whether a candidate is of the run that a report describes. */
  isResult(result: Result, report: SweepReport): boolean;
}

/**
 * The run that a trigger starts. Its report names the message of the trigger, and with it the id of the run, which the
 * results of its requests have as a label. The report of a later approval has the same cause.
 */
export const runOfSweep = (sweep: string): RunEvents => ({
  isReport: ({ cause, approved }, messageId) =>
    approved === undefined && cause.kind === 'message' && cause.messageId === messageId,
  isCandidate: ({ labels, requestedBy }) => labels?.sweep === sweep && requestedBy === senderOfSweep(sweep),
  isResult: ({ labels }, { runId }) => labels?.runId === runId,
});

/**
 * The approval of a run. Its results have the label of its dry run, whose own results may still come. Another approval of
 * the run, which came first, has a report with another message, and this one a rejection.
 */
export const approvalOfRun = (runId: string): RunEvents => ({
  isReport: ({ approved, runId: reported }, messageId) =>
    reported === runId && approved?.messageId === messageId,
  isCandidate: ({ labels, outcome }) => labels?.runId === runId && outcome !== 'DRY_RUN',
  isResult: ({ requestedBy }, { sweep, approved }) =>
    requestedBy === (approved?.requestedBy ?? senderOfApproval(sweep)),
});

/**
 * Waits for the run of a trigger. Results that come before the report are kept until it says that they are of this run.
 *
 * @param triggerId the id by which the function answers the trigger itself, if it rejects it
 */
export function awaitRun(
  events: RunEvents,
  triggerId: string,
  onProgress: (progress: SweepProgress) => void,
): AwaitedRun {
  const whole = deferred<undefined>();
  let messageId: string | undefined;
  let report: SweptRun['report'];
  let rejection: Result | undefined;
  /** Events that came before it was known which run is this one. */
  const early: ReceivedEvent[] = [];
  const results = new Map<string, Result>();
  const isWhole = () => report !== undefined && results.size >= report.requested;

  const take = (event: ReceivedEvent): void => {
    if (event.kind === 'report') {
      if (messageId === undefined) early.push(event);
      else if (report === undefined && events.isReport(event.report, messageId)) {
        report = event.report;
        onProgress({ kind: 'report', report });
        for (const one of early.splice(0)) take(one);
      }
    } else if (event.result.requestId === triggerId) {
      rejection = event.result;
      whole.resolve(undefined);
    } else if (events.isCandidate(event.result)) {
      if (report === undefined) early.push(event);
      else if (events.isResult(event.result, report)) takeResult(event.id, event.result);
    }
    if (isWhole()) whole.resolve(undefined);
  };
  const takeResult = (id: string, result: Result) => {
    if (!isNews(result, results.get(id))) return;
    results.set(id, result);
    onProgress({ kind: 'result', result });
  };

  return {
    whole: whole.promise,
    take,
    sent: (id) => {
      messageId = id;
      onProgress({ kind: 'started', messageId: id });
      for (const one of early.splice(0)) take(one);
    },
    swept: () => ({
      ...(report !== undefined && { report }),
      ...(rejection !== undefined && { rejection }),
      results: [...results.values()],
      isWhole: isWhole(),
    }),
  };
}
