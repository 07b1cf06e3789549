import type { RequestOptions, Settled } from '../client/options.ts';
import { checkReferences, readReferences } from './references.ts';
import type { CancelArguments } from './command-arguments.ts';
import { createCancelView } from './cancel-view.ts';
import { readConfirmWithin, readDurationMs } from './duration.ts';
import { EXIT } from './exit-code.ts';
import { onInterruption } from './interruption.ts';
import { isWanted } from './result-line.ts';
import { UsageError } from './usage-error.ts';

/**
 * `lro-cancel cancel`. Everything that can be refused is refused before Pub/Sub's client is even loaded.
 *
 * @returns the exit code
 */
export async function runCancel(given: readonly string[], options: CancelArguments): Promise<number> {
  const { wait, output, timeout, file } = options;
  const timeoutMs = timeout === undefined ? undefined : readDurationMs('--timeout', timeout);
  const request = requestOf(options);
  const { references, duplicates } = checkReferences(
    await readReferences(given, file, process.stdin),
    request,
  );
  for (const duplicate of duplicates) console.error(`Left out: ${duplicate}`);

  const interruption = onInterruption();
  const { connectTo } = await import('./connect.ts');
  const client = await connectTo(options);
  try {
    if (!wait) {
      const sent = await client.send(references, request);
      console.log(
        output === 'json'
          ? JSON.stringify(sent, undefined, 2)
          : sent.map(({ requestId }) => requestId).join('\n'),
      );
      return EXIT.done;
    }
    const view = createCancelView(references, { output, job: request.job === true });
    try {
      const settled = await client.cancelAll(references, {
        ...request,
        ...(timeoutMs !== undefined && { timeoutMs }),
        signal: interruption.signal,
        onProgress: view.onProgress,
      });
      view.end(settled);
      return exitCodeOf(settled, request.dryRun === true);
    } finally {
      view.stop();
    }
  } catch (error) {
    const code = interruption.exitCode();
    if (code === undefined) throw error;
    if (code !== EXIT.brokenPipe) console.error('Stopped waiting. What was sent is not withdrawn.');
    return code;
  } finally {
    await client.close();
    interruption.dispose();
  }
}

function requestOf({ label, confirmWithin: within, ...options }: CancelArguments): RequestOptions {
  const { job, service, version, region, dryRun, reason, requestedBy, requestId } = options;
  const confirmWithin = within === undefined ? undefined : readConfirmWithin(within);
  const given = { job, service, version, region, dryRun, reason, requestedBy, confirmWithin, requestId };
  return {
    ...(Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as RequestOptions),
    ...(label !== undefined && { labels: Object.fromEntries(label.map(readLabel)) }),
  };
}

function readLabel(text: string): readonly [string, string] {
  const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === '') throw new UsageError(`--label must be key=value, not ${JSON.stringify(text)}`);
  return [key, value];
}

function exitCodeOf(settled: readonly Settled[], dryRun: boolean): number {
  if (settled.every(({ error }) => error !== undefined)) return EXIT.usage;
  if (settled.some(({ result }) => result === undefined)) return EXIT.noResult;
  return settled.every(({ result }) => result !== undefined && isWanted(result.outcome, dryRun))
    ? EXIT.done
    : EXIT.otherOutcome;
}
