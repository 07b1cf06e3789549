import type { SweepProgress, SweptRun } from '../client/options.ts';
import type { Result } from '../client/received-event.ts';
import { quoted } from '../local/page/model/messages.ts';
import { leftAlone } from '../local/page/model/run-life.ts';
import type { ConnectionOptions, OutputFormat } from './connection-options.ts';
import { showDuration } from './duration.ts';
import { createPrinter } from './printer.ts';
import { nameIn, resultLine, summary } from './result-line.ts';

/**
 * What `sweep` and `approve` show: the report, a line for each result, and on a terminal, below, how far the run is. With
 * `json`, all at the end.
 */
export interface RunView {
  readonly onProgress: (progress: SweepProgress) => void;
  /** Shows what is left at the end: what did not come in `timeoutMs`, the counts, and how a dry run is approved. */
  end(swept: SweptRun, timeoutMs: number): void;
  /** Says that the wait was ended, and what that does not end. */
  interrupt(): void;
  /** Removes what is drawn. Can be called again. */
  stop(): void;
}

/** @param subject what was started, as in `the sweep nightly` */
export function createRunView(
  subject: string,
  { output, ...where }: ConnectionOptions & { readonly output: OutputFormat },
): RunView {
  const { stdout, stderr } = process;
  const startedMs = Date.now();
  let requested: number | undefined;
  let ended = 0;
  const liveLines = () => {
    const state =
      requested === undefined
        ? `${subject} has no report yet`
        : `${ended} of ${requested} requests have ended`;
    return [`${showDuration(Date.now() - startedMs).padStart(7)}  ${state}`];
  };
  const { line: print, stop } = createPrinter(output, liveLines);
  return {
    onProgress: (progress) => {
      if (progress.kind === 'report') {
        requested = progress.report.requested;
        print(progress.report.detail);
        const skipped = leftAlone(progress.report).map(({ reason, count }) => `${count} ${reason}`);
        if (skipped.length > 0) print(`Left alone: ${skipped.join(', ')}.`);
      } else if (progress.kind === 'result') {
        ended += 1;
        print(lineOf(progress.result));
      }
    },
    end: (swept, timeoutMs) => {
      stop();
      if (output === 'json') {
        stdout.write(`${JSON.stringify(swept, undefined, 2)}\n`);
        return;
      }
      const { report, rejection } = swept;
      if (rejection !== undefined) {
        print(resultLine(rejection.outcome, { reference: '', detail: rejection.detail }));
      } else if (report === undefined) {
        const waited = `No report within ${showDuration(timeoutMs)}.`;
        print(`${waited} ${capitalized(subject)} may still run: lro-cancel watch shows its results.`);
      } else {
        const outcomes = outcomesOf(report.requested, swept.results);
        if (outcomes.length > 0) stderr.write(`${summary(outcomes)}\n`);
        if (report.approval !== undefined) stderr.write(`${approvalHint(report.approval, where)}\n`);
      }
    },
    interrupt: () => {
      stop();
      stderr.write(`Stopped waiting. ${capitalized(subject)} goes on.\n`);
    },
    stop,
  };
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const lineOf = (result: Result) =>
  resultLine(result.outcome, { reference: nameIn(result), detail: result.detail });

const outcomesOf = (requested: number, results: readonly Result[]): readonly string[] => [
  ...results.map(({ outcome }) => outcome),
  ...Array.from({ length: Math.max(requested - results.length, 0) }, () => 'NO RESULT'),
];

/** The line that approves a dry run at the same system. Its words are quoted: the id comes from a message. */
function approvalHint(
  { runId, until }: { readonly runId: string; readonly until: string },
  { project, prefix, local = false }: ConnectionOptions,
): string {
  const words = [
    ...['lro-cancel', 'approve', runId],
    ...(local ? ['--local'] : []),
    ...(project === undefined || local ? [] : ['--project', project]),
    ...(prefix === 'lro-cancel' || local ? [] : ['--prefix', prefix]),
  ];
  return `To cancel what it found, until ${until}:\n  ${words.map(quoted).join(' ')}`;
}
