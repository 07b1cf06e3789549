import type { SweepProgress, SweptRun } from '../client/options.ts';
import type { Result } from '../client/received-event.ts';
import type { SweepArguments } from './command-arguments.ts';
import { connectTo } from './connect.ts';
import { readDurationMs, showDuration } from './duration.ts';
import { EXIT } from './exit-code.ts';
import { onInterruption } from './interruption.ts';
import { createLiveLines, isDrawable } from './live-lines.ts';
import { isWanted, nameIn, resultLine, summary } from './result-line.ts';

/**
 * `lro-cancel sweep`.
 *
 * @returns the exit code
 */
export async function runSweep(
  name: string,
  { dryRun = false, timeout = '30m', output, ...where }: SweepArguments,
): Promise<number> {
  const timeoutMs = readDurationMs('--timeout', timeout);
  const interruption = onInterruption();
  const client = await connectTo(where);
  const view = createSweepView(name, output === 'text');
  try {
    const swept = await client.sweep(name, {
      dryRun,
      timeoutMs,
      signal: interruption.signal,
      onProgress: view.onProgress,
    });
    view.stop();
    if (output === 'json') console.log(JSON.stringify(swept, undefined, 2));
    else printEnd(swept, timeoutMs);
    return exitCodeOf(swept);
  } catch (error) {
    const code = interruption.exitCode();
    if (code === undefined) throw error;
    view.stop();
    console.error('Stopped waiting. The sweep goes on.');
    return code;
  } finally {
    view.stop();
    await client.close();
    interruption.dispose();
  }
}

function createSweepView(name: string, isText: boolean) {
  const { stdout, stderr } = process;
  const startedMs = Date.now();
  let requested: number | undefined;
  let ended = 0;
  const liveLines = () => {
    const state =
      requested === undefined
        ? `the sweep ${name} lists operations`
        : `${ended} of ${requested} requests have ended`;
    return [`${showDuration(Date.now() - startedMs).padStart(7)}  ${state}`];
  };
  const live = isDrawable(stderr) ? createLiveLines(stderr, liveLines) : undefined;
  const print = (line: string) => {
    if (!isText) return;
    const write = () => stdout.write(`${line}\n`);
    if (live === undefined) write();
    else live.above(write);
  };
  return {
    onProgress: (progress: SweepProgress) => {
      if (progress.kind === 'report') {
        requested = progress.report.requested;
        print(progress.report.detail);
      } else if (progress.kind === 'result') {
        ended += 1;
        print(lineOf(progress.result));
      }
    },
    stop: () => live?.end(),
  };
}

const lineOf = (result: Result) =>
  resultLine(result.outcome, { reference: nameIn(result), detail: result.detail });

function printEnd({ report, rejection, results }: SweptRun, timeoutMs: number): void {
  const waited = showDuration(timeoutMs);
  if (rejection !== undefined)
    console.log(resultLine(rejection.outcome, { reference: '', detail: rejection.detail }));
  else if (report === undefined)
    console.log(`No report within ${waited}. The sweep may still run: lro-cancel watch shows its results.`);
  else {
    const missing = Math.max(report.requested - results.length, 0);
    const outcomes = [
      ...results.map(({ outcome }) => outcome),
      ...Array.from({ length: missing }, () => 'NO RESULT'),
    ];
    if (outcomes.length > 0) console.error(summary(outcomes));
  }
}

function exitCodeOf({ report, rejection, results, isWhole }: SweptRun): number {
  if (rejection !== undefined) return EXIT.otherOutcome;
  if (!isWhole) return EXIT.noResult;
  // A target of a sweep can be a dry run of its own.
  const areWanted = results.every(({ outcome }) => isWanted(outcome, false) || isWanted(outcome, true));
  return report?.complete === true && areWanted ? EXIT.done : EXIT.otherOutcome;
}
