import { deferred } from './deferred.ts';
import type { Progress, Settled } from './options.ts';
import type { PreparedRequest } from './prepare-request.ts';
import type { ReceivedEvent, Result } from './received-event.ts';
import { answers } from './result-rules.ts';

/** The results that requests wait for. */
export interface AwaitedResults {
  /** Settles the requests that an event answers; does nothing for an event of another request. */
  take(event: ReceivedEvent): void;
  sent(index: number, messageId: string): void;
  failed(index: number, error: Error): void;
  /** Resolves when each request has its result or could not be published. */
  readonly all: Promise<void>;
  /** What is known, in the order of the requests. */
  settled(): readonly Settled[];
}

interface Entry {
  readonly request: PreparedRequest;
  messageId?: string;
  result?: Result;
  error?: Error;
  /** Results that came before the request's message id was known. */
  readonly early: Result[];
}

export function awaitResults(
  requests: readonly PreparedRequest[],
  onProgress: (progress: Progress) => void,
): AwaitedResults {
  const entries: readonly Entry[] = requests.map((request) => ({ request, early: [] }));
  const byResultId = new Map<string, number[]>();
  for (const [index, { request }] of entries.entries()) {
    for (const id of request.resultIds) {
      const indexes = byResultId.get(id);
      if (indexes === undefined) byResultId.set(id, [index]);
      else indexes.push(index);
    }
  }
  const byOwnId = new Map(
    entries.flatMap(({ request }, index) => (request.hasOwnId ? [[request.requestId, index] as const] : [])),
  );
  const all = deferred<undefined>();
  let open = entries.length;
  const close = () => {
    open -= 1;
    if (open === 0) all.resolve(undefined);
  };
  if (open === 0) all.resolve(undefined);

  const settle = (index: number, result: Result) => {
    const entry = entries[index];
    if (entry === undefined || entry.result !== undefined || entry.error !== undefined) return;
    if (entry.messageId === undefined) {
      entry.early.push(result);
    } else if (answers(result, entry.messageId)) {
      entry.result = result;
      onProgress({ kind: 'result', index, result });
      close();
    }
  };

  return {
    all: all.promise,
    take: (event) => {
      if (event.kind !== 'result') return;
      const known = byResultId.get(event.id);
      const own = byOwnId.get(event.result.requestId);
      for (const index of known ?? (own === undefined ? [] : [own])) settle(index, event.result);
    },
    sent: (index, messageId) => {
      const entry = entries[index];
      if (entry === undefined) return;
      entry.messageId = messageId;
      const { reference, requestId } = entry.request;
      onProgress({ kind: 'sent', index, sent: { reference, requestId, messageId } });
      for (const result of entry.early.splice(0)) settle(index, result);
    },
    failed: (index, error) => {
      const entry = entries[index];
      if (entry === undefined) return;
      entry.error = error;
      onProgress({ kind: 'failed', index, error });
      close();
    },
    settled: () =>
      entries.map(({ request: { reference, requestId }, result, error }) => ({
        reference,
        requestId,
        ...(result !== undefined && { result }),
        ...(error !== undefined && { error }),
      })),
  };
}
