import { parseConfirmWithinMs } from '../src/validation/duration.ts';
import { awaitResults } from './awaited-results.ts';
import { ClientError } from './client-error.ts';
import { filterOfPrefix, filterOfRequest } from './filter.ts';
import type {
  CancelAllOptions,
  CancelOptions,
  ConnectOptions,
  RequestOptions,
  SentRequest,
  Settled,
} from './options.ts';
import { toMessage } from './outgoing-message.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { throwIfClosed, waitFor } from './patience.ts';
import { newIdPrefix, prepareRequests } from './prepare-request.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { openConnection } from './pubsub-connection.ts';
import { toClientError } from './pubsub-error.ts';
import type { ReceivedEvent, Result } from './received-event.ts';
import { openTemporarySubscription } from './temporary-subscription.ts';

/** Sends requests, and waits for their results. */
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
  /** Ends every wait, and deletes the subscriptions of this client. */
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
  const { pubsub, topics, emulatorHost } = await openConnection(options);
  const closing = new AbortController();
  const open = new Set<Promise<unknown>>();

  /** Reads results while something waits for them. */
  async function listening<T>(
    filter: string,
    onEvent: (event: ReceivedEvent) => void,
    wait: (failed: Promise<never>) => Promise<T>,
  ): Promise<T> {
    const failed = Promise.withResolvers<never>();
    // Each wait looks at it; between waits, it is not an unhandled rejection.
    failed.promise.catch(() => undefined);
    const attempt = { topic: topics.results, emulatorHost };
    const subscription = await openTemporarySubscription({
      pubsub,
      topic: topics.results,
      name: 'lro-cancel-client',
      filter,
      onEvent,
      onError: (error) => failed.reject(toClientError(error, { action: 'receive', ...attempt })),
    }).catch((error: unknown) => {
      throw toClientError(error, { action: 'subscribe', ...attempt });
    });
    try {
      return await wait(failed.promise);
    } finally {
      await subscription.close();
    }
  }

  /** Keeps `close` waiting until the subscription of a wait is deleted. */
  function tracked<T>(promise: Promise<T>): Promise<T> {
    const ended = promise.then(
      () => undefined,
      () => undefined,
    );
    open.add(ended);
    void ended.then(() => open.delete(ended));
    return promise;
  }

  const publish = async (topic: 'requests' | 'triggers', { data, attributes }: OutgoingMessage) => {
    try {
      return await pubsub.topic(topics[topic]).publishMessage({ data, attributes });
    } catch (error) {
      throw toClientError(error, { action: 'publish', topic: topics[topic], emulatorHost });
    }
  };

  const prepareAll = (references: readonly string[], requestOptions: RequestOptions, idPrefix: string) => {
    const { requests, refused } = prepareRequests(references, requestOptions, idPrefix);
    const [first] = refused;
    if (first === undefined) return requests;
    const others = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
    throw new ClientError('Refused', `${first.failure.message}${others}`, { cause: first.failure, refused });
  };

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
    const patience = {
      timeoutMs:
        timeoutMs ??
        GRACE_MS +
          (confirmWithin === undefined
            ? DEFAULT_CONFIRM_MS
            : parseConfirmWithinMs('confirmWithin', confirmWithin)),
      signal: signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]),
    };
    return listening(filter, awaited.take, async (failed) => {
      throwIfClosed(patience.signal);
      const sending = requests.map((one: PreparedRequest, index) =>
        publish('requests', toMessage('request', one.data)).then(
          (messageId) => awaited.sent(index, messageId),
          (error: unknown) => awaited.failed(index, error as Error),
        ),
      );
      await waitFor(Promise.race([Promise.all([...sending, awaited.all]), failed]), patience);
      return awaited.settled();
    });
  }

  return {
    cancel: async (reference, cancelOptions) => {
      const [settled] = await tracked(cancelAll([reference], cancelOptions));
      if (settled?.result !== undefined) return settled.result;
      if (settled?.error !== undefined) throw settled.error;
      throw new ClientError('NoResult', `The request ${settled?.requestId ?? ''} has no result yet.`);
    },
    cancelAll: (references, cancelOptions) => tracked(cancelAll(references, cancelOptions)),
    send: (references, requestOptions = {}) =>
      tracked(
        Promise.all(
          prepareAll(references, requestOptions, newIdPrefix()).map(
            async ({ reference, requestId, data }) => ({
              reference,
              requestId,
              messageId: await publish('requests', toMessage('request', data)),
            }),
          ),
        ),
      ),
    close: async () => {
      closing.abort();
      while (open.size > 0) await Promise.all(open);
      await pubsub.close();
    },
  };
}
