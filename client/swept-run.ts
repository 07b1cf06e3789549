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

/**
 * Waits for the run that a trigger starts. Its report names the message of the trigger, and with it the id of the run,
 * which the results of its requests carry as a label. Results that come before the report are kept until then.
 *
 * @param triggerId the id by which the function answers the trigger itself, if it rejects it
 */
export function awaitRun(
  sweep: string,
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
      const { cause } = event.report;
      if (messageId === undefined) early.push(event);
      if (report !== undefined || cause.kind !== 'message' || cause.messageId !== messageId) return;
      report = event.report;
      onProgress({ kind: 'report', report });
      for (const one of early.splice(0)) take(one);
    } else if (event.result.requestId === triggerId) {
      rejection = event.result;
      whole.resolve(undefined);
    } else if (event.result.labels?.sweep === sweep) {
      if (report === undefined) early.push(event);
      else takeResult(event.id, event.result, report.runId);
    }
    if (isWhole()) whole.resolve(undefined);
  };
  const takeResult = (id: string, result: Result, runId: string) => {
    if (result.labels?.runId !== runId || !isNews(result, results.get(id))) return;
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
