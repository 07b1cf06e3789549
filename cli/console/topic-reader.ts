import type { PubSub } from '@google-cloud/pubsub';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../../client/deferred.ts';
import { toClientError } from '../../client/pubsub-error.ts';
import { openTemporarySubscription } from '../../client/temporary-subscription.ts';
import type { ReceivedMessage, TemporarySubscription } from '../../client/temporary-subscription.ts';

/** Reads a topic by a temporary subscription until it is closed. */
export interface TopicReader {
  /** Resolves when the first attempt to subscribe has succeeded or failed. */
  readonly attempted: Promise<void>;
  /** Ends the reading and deletes the subscription. @throws the error of Pub/Sub where it could not be deleted */
  close(): Promise<void>;
}

export interface TopicReaderOptions {
  readonly pubsub: PubSub;
  /** Full name. */
  readonly topic: string;
  readonly emulatorHost: string | undefined;
  readonly onMessage: (message: ReceivedMessage) => void;
  /** Called when the reading begins, and with a sentence when it is not possible or ends. */
  readonly onState: (problem?: string) => void;
  /** Milliseconds until the next attempt to subscribe after one that failed. */
  readonly retryMs?: number;
}

/** All subscriptions of this command and of the client begin alike, so that a person knows them. */
const NAME = 'lro-cancel-client-console';
const RETRY_MS = 30_000;

/** Keeps reading: where Pub/Sub refuses or gives up, it tries again. A problem never ends the console. */
export function readTopic(options: TopicReaderOptions): TopicReader {
  const { pubsub, topic, emulatorHost, onMessage, onState, retryMs = RETRY_MS } = options;
  const closing = new AbortController();
  const attempted = deferred<undefined>();
  const closed = new Promise<void>((resolve) => {
    closing.signal.addEventListener('abort', () => resolve());
  });

  const readOnce = async (): Promise<void> => {
    const failed = deferred<unknown>();
    let subscription: TemporarySubscription;
    try {
      subscription = await openTemporarySubscription({
        pubsub,
        topic,
        name: NAME,
        filter: '',
        onMessage,
        onError: failed.resolve,
      });
    } catch (error) {
      onState(toClientError(error, { action: 'subscribe', topic, emulatorHost }).message);
      return;
    }
    onState();
    attempted.resolve(undefined);
    const error = await Promise.race([failed.promise, closed]);
    if (closing.signal.aborted) return subscription.close();
    onState(toClientError(error, { action: 'receive', topic, emulatorHost }).message);
    // It may be what failed: then Pub/Sub deletes it after a day.
    await subscription.close().catch(() => undefined);
  };
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await readOnce();
      attempted.resolve(undefined);
      // Rejects at once where it was closed.
      await sleep(retryMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  const running = run();
  // `close` looks at it.
  running.catch(() => undefined);
  return {
    attempted: attempted.promise,
    close: () => {
      closing.abort();
      return running;
    },
  };
}
