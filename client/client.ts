import { parseConfirmWithinMs } from '../src/validation/duration.ts';
import { awaitResults } from './awaited-results.ts';
import { ClientError } from './client-error.ts';
import { filterOfPrefix, filterOfRequest, filterOfResults } from './filter.ts';
import type {
  ApproveOptions,
  CancelAllOptions,
  CancelOptions,
  ConnectOptions,
  RequestOptions,
  ResultsOptions,
  SentRequest,
  Settled,
  SweepOptions,
  SweptRun,
} from './options.ts';
import { toMessage } from './outgoing-message.ts';
import { throwIfClosed, waitFor } from './patience.ts';
import { newIdPrefix, prepareRequests } from './prepare-request.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { createExchange } from './exchange.ts';
import { openConnection } from './pubsub-connection.ts';
import { resourceIn } from './received-event.ts';
import type { Result } from './received-event.ts';
import { createResultStream } from './result-stream.ts';
import { createRunTriggers } from './run-triggers.ts';

/** Sends requests and triggers, and waits for their results. */
export interface Client {
  /**
   * Requests the cancel of one operation or job, and waits for its result.
   *
   * @param reference a URL, a full resource name, or a bare name with `service`
   * @throws ClientError `Refused` before anything is sent, and `NoResult` when none came in time
   */
  cancel(reference: string, options?: CancelOptions): Promise<Result>;
  /**
   * Requests the cancel of many, each by a request of its own, and waits for all results.
   *
   * @returns an entry for each reference, in their order; one without a result had none in time
   * @throws ClientError `Refused` before anything is sent, with every reference that is refused
   */
  cancelAll(references: readonly string[], options?: CancelAllOptions): Promise<readonly Settled[]>;
  /** Sends requests without waiting. Their results come as `results()` has them. */
  send(references: readonly string[], options?: RequestOptions): Promise<readonly SentRequest[]>;
  /** Starts a sweep of the deployed settings, and waits for its report and the results of its requests. */
  sweep(name: string, options?: SweepOptions): Promise<SweptRun>;
  /**
   * Approves a dry run, so that what it found is cancelled, and waits for the report of the approval and the results of its
   * requests. A run that cannot be approved, or was before, is answered with `rejection`.
   *
   * @param runId the id in the report of the dry run
   */
  approve(runId: string, options?: ApproveOptions): Promise<SweptRun>;
  /**
   * The results of all requests, from now on, each once. The loop that reads them decides the pace. Leaving the loop deletes
   * the subscription.
   */
  results(options?: ResultsOptions): AsyncIterable<Result>;
  /** Ends every wait and loop, and deletes the subscriptions of this client. */
  close(): Promise<void>;
}

const DEFAULT_CONFIRM_MS = 900_000;
/** Beyond `confirmWithin`: the time of the deliveries, and of a queue at the service. */
const GRACE_MS = 60_000;

/**
 * Connects to a system: a deployed one by application default credentials, or a local one by `PUBSUB_EMULATOR_HOST`.
 *
 * @throws ClientError `NoCredentials`, `NoProject` or `Unreachable`
 */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const exchange = createExchange(await openConnection(options));
  const signalOf = (signal: AbortSignal | undefined) =>
    signal === undefined ? exchange.closed : AbortSignal.any([signal, exchange.closed]);

  async function cancelAll(
    references: readonly string[],
    { onProgress = () => undefined, timeoutMs, signal, ...request }: CancelAllOptions = {},
  ): Promise<readonly Settled[]> {
    const idPrefix = newIdPrefix();
    const requests = prepareAll(references, request, idPrefix);
    if (requests.length === 0) return [];
    const awaited = awaitResults(requests, onProgress);
    const { requestId, confirmWithin } = request;
    const filter = requestId === undefined ? filterOfPrefix(idPrefix) : filterOfRequest(requestId);
    const patience = { timeoutMs: timeoutMs ?? defaultTimeoutMs(confirmWithin), signal: signalOf(signal) };
    return exchange.listen(
      filter,
      (event) => awaited.take(event),
      async (failed) => {
        throwIfClosed(patience.signal);
        const sending = requests.map(({ data }, index) =>
          exchange.publish('requests', toMessage('request', data)).then(
            (messageId) => awaited.sent(index, messageId),
            (error: unknown) => awaited.failed(index, error as Error),
          ),
        );
        await waitFor(Promise.race([Promise.all([...sending, awaited.all]), failed]), patience);
        return awaited.settled();
      },
    );
  }

  async function* results({ outcomes = [], services = [], signal }: ResultsOptions = {}) {
    const isWanted = (result: Result) =>
      (outcomes.length === 0 || outcomes.includes(result.outcome)) &&
      (services.length === 0 || services.includes(resourceIn(result).service ?? ''));
    const stream = createResultStream(isWanted);
    const ends = signalOf(signal);
    const end = () => stream.end();
    ends.addEventListener('abort', end, { once: true });
    if (ends.aborted) return;
    try {
      const subscription = await exchange.subscribe(
        filterOfResults(outcomes, services),
        (event) => stream.take(event),
        (error) => stream.end(error),
      );
      try {
        yield* stream.read();
      } finally {
        await subscription.close();
      }
    } finally {
      ends.removeEventListener('abort', end);
    }
  }

  return {
    cancel: async (reference, cancelOptions) => {
      const [settled] = await cancelAll([reference], cancelOptions);
      if (settled?.result !== undefined) return settled.result;
      if (settled?.error !== undefined) throw settled.error;
      throw new ClientError('NoResult', `The request ${settled?.requestId ?? ''} has no result yet.`);
    },
    cancelAll,
    send: (references, requestOptions = {}) =>
      Promise.all(
        prepareAll(references, requestOptions, newIdPrefix()).map(async ({ reference, requestId, data }) => ({
          reference,
          requestId,
          messageId: await exchange.publish('requests', toMessage('request', data)),
        })),
      ),
    ...createRunTriggers(exchange, signalOf),
    results,
    close: () => exchange.close(),
  };
}

const defaultTimeoutMs = (confirmWithin: string | undefined) =>
  GRACE_MS +
  (confirmWithin === undefined ? DEFAULT_CONFIRM_MS : parseConfirmWithinMs('confirmWithin', confirmWithin));

/** @throws ClientError `Refused` */
function prepareAll(
  references: readonly string[],
  options: RequestOptions,
  idPrefix: string,
): readonly PreparedRequest[] {
  const { requests, refused } = prepareRequests(references, options, idPrefix);
  const [first] = refused;
  if (first === undefined) return requests;
  const others = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
  throw new ClientError('Refused', `${first.failure.message}${others}`, { cause: first.failure, refused });
}
