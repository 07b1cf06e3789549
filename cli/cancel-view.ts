import type { Progress, Settled } from '../client/options.ts';
import type { OutputFormat } from './connection-options.ts';
import { showDuration } from './duration.ts';
import { createPrinter } from './printer.ts';
import { resultLine, summary } from './result-line.ts';

/** What `cancel` shows: a line for each request as it ends, and on a terminal, below, those that are under way. */
export interface CancelView {
  readonly onProgress: (progress: Progress) => void;
  /** Shows what is left at the end: requests without a result, and the counts. */
  end(settled: readonly Settled[]): void;
  /** Removes what is drawn. Can be called again. */
  stop(): void;
}

const MAX_LIVE_LINES = 10;

export function createCancelView(
  references: readonly string[],
  { output, job = false }: { readonly output: OutputFormat; readonly job?: boolean },
): CancelView {
  const { stdout, stderr } = process;
  const startedMs = Date.now();
  const sentMs = new Map<number, number>();
  const pending = new Set(references.keys());
  const sinceSent = (index: number) => Date.now() - (sentMs.get(index) ?? startedMs);
  const liveLine = (index: number) => {
    const state = sentMs.has(index) ? 'sent' : 'sending';
    return `${state.padEnd(11)}  ${showDuration(sinceSent(index)).padStart(7)}  ${references[index] ?? ''}`;
  };
  const liveLines = () => {
    const shown = [...pending].slice(0, MAX_LIVE_LINES).map(liveLine);
    const hidden = pending.size - shown.length;
    return hidden > 0
      ? [
          ...shown,
          `and ${hidden} more; ${references.length - pending.size} of ${references.length} have ended`,
        ]
      : shown;
  };
  const { line: print, stop } = createPrinter(output, liveLines);

  return {
    onProgress: (progress) => {
      const { index } = progress;
      const reference = references[index] ?? '';
      switch (progress.kind) {
        case 'sent':
          sentMs.set(index, Date.now());
          break;
        case 'failed':
          pending.delete(index);
          print(resultLine('NOT SENT', { reference, detail: progress.error.message }));
          break;
        case 'result': {
          pending.delete(index);
          const { outcome, detail } = progress.result;
          print(resultLine(outcome, { reference, ms: sinceSent(index), detail }));
          break;
        }
      }
    },
    end: (settled) => {
      for (const [index, { reference, requestId, result, error }] of settled.entries()) {
        if (result !== undefined || error !== undefined) continue;
        const detail = `No result in time. It may come later, for the request id ${requestId}.`;
        print(resultLine('NO RESULT', { reference, ms: sinceSent(index), detail }));
      }
      stop();
      if (output === 'json')
        stdout.write(
          `${JSON.stringify(
            settled.map((one) => toJson(one, job)),
            undefined,
            2,
          )}\n`,
        );
      else if (settled.length > 1)
        stderr.write(
          `${summary(settled.map(({ result, error }) => result?.outcome ?? (error === undefined ? 'NO RESULT' : 'NOT SENT')))}\n`,
        );
    },
    stop,
  };
}

/** A request without a result has the outcome null. */
const toJson = ({ reference, requestId, result, error }: Settled, job: boolean) =>
  result ?? {
    requestId,
    outcome: null,
    detail: error === undefined ? 'No result in time.' : error.message,
    [job ? 'job' : 'operation']: { reference },
  };
