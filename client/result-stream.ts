import type { ReceivedEvent, Result } from './received-event.ts';
import { isNews } from './result-rules.ts';

/** Results between the subscription that brings them and the loop that reads them. */
export interface ResultStream {
  /** Resolves when the loop has taken the event's result, or at once where it is none of the wanted. */
  take(event: ReceivedEvent): Promise<void>;
  /** Ends the loop after what came before; with an error, the loop throws it. */
  end(error?: Error): void;
  read(): AsyncGenerator<Result, void, undefined>;
}

/** Ids that are remembered, so that a result that is published again is not read again. */
const MAX_REMEMBERED = 10_000;

export function createResultStream(isWanted: (result: Result) => boolean): ResultStream {
  const queue: { readonly result: Result; readonly taken: () => void }[] = [];
  const seen = new Map<string, Result>();
  let ended: { readonly error: Error | undefined } | undefined;
  let wake: () => void = () => undefined;

  return {
    take: async (event) => {
      if (event.kind !== 'result' || !isWanted(event.result)) return;
      if (!isNews(event.result, seen.get(event.id))) return;
      seen.set(event.id, event.result);
      const [oldest] = seen.keys();
      if (seen.size > MAX_REMEMBERED && oldest !== undefined) seen.delete(oldest);
      await new Promise<void>((taken) => {
        queue.push({ result: event.result, taken });
        wake();
      });
    },
    end: (error) => {
      ended ??= { error };
      wake();
    },
    read: async function* () {
      for (;;) {
        const next = queue.shift();
        if (next !== undefined) {
          next.taken();
          yield next.result;
        } else if (ended !== undefined) {
          if (ended.error !== undefined) throw ended.error;
          return;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    },
  };
}
