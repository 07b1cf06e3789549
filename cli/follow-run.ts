import type { Client } from '../client/client.ts';
import type { SweepProgress, SweptRun } from '../client/options.ts';
import type { RunArguments } from './command-arguments.ts';
import { connectTo } from './connect.ts';
import { readDurationMs } from './duration.ts';
import { EXIT } from './exit-code.ts';
import { onInterruption } from './interruption.ts';
import { isWanted } from './result-line.ts';
import { createRunView } from './run-view.ts';

/** How long to wait, and where the progress goes. */
interface Following {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SweepProgress) => void;
}

/**
 * Starts a sweep or an approval, and shows its report and results until all have come.
 *
 * @param subject what is started, as in `the sweep nightly`
 * @returns the exit code
 */
export async function followRun(
  subject: string,
  { timeout = '30m', output, ...where }: RunArguments,
  start: (client: Client, following: Following) => Promise<SweptRun>,
): Promise<number> {
  const timeoutMs = readDurationMs('--timeout', timeout);
  const interruption = onInterruption();
  const client = await connectTo(where);
  const view = createRunView(subject, { output, ...where });
  const { onProgress } = view;
  try {
    const swept = await start(client, { timeoutMs, signal: interruption.signal, onProgress });
    view.end(swept, timeoutMs);
    return exitCodeOf(swept);
  } catch (error) {
    const code = interruption.exitCode();
    if (code === undefined) throw error;
    if (code !== EXIT.brokenPipe) view.interrupt();
    return code;
  } finally {
    view.stop();
    await client.close();
    interruption.dispose();
  }
}

function exitCodeOf({ report, rejection, results, isWhole }: SweptRun): number {
  if (rejection !== undefined) return EXIT.otherOutcome;
  if (!isWhole) return EXIT.noResult;
  // A target of a sweep can be a dry run of its own.
  const areWanted = results.every(({ outcome }) => isWanted(outcome, false) || isWanted(outcome, true));
  return report?.complete === true && areWanted ? EXIT.done : EXIT.otherOutcome;
}
