import type { ClientError } from './client-error.ts';
import { deferred } from './deferred.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Connection } from './pubsub-connection.ts';
import { toClientError } from './pubsub-error.ts';
import { readEvent } from './received-event.ts';
import type { ReceivedEvent } from './received-event.ts';
import { openTemporarySubscription } from './temporary-subscription.ts';
import type { TemporarySubscription } from './temporary-subscription.ts';
import type { ClientTopic } from './topics.ts';

type OnEvent = (event: ReceivedEvent) => void | Promise<void>;

/** Messages to the function, and events from it. Every error is a ClientError. */
export interface Exchange {
  /** Resolves with Pub/Sub's id of the message. */
  publish(topic: Exclude<ClientTopic, 'results'>, message: OutgoingMessage): Promise<string>;
  subscribe(
    filter: string,
    onEvent: OnEvent,
    onError: (error: ClientError) => void,
  ): Promise<TemporarySubscription>;
  /**
   * Reads events while `wait` runs, and deletes the subscription after it.
   *
   * @param wait is given a promise that rejects when Pub/Sub gives up the delivery
   */
  listen<T>(filter: string, onEvent: OnEvent, wait: (failed: Promise<never>) => Promise<T>): Promise<T>;
  /** Aborts when `close` is called. */
  readonly closed: AbortSignal;
  close(): Promise<void>;
}

export function createExchange({ pubsub, topics, emulatorHost }: Connection): Exchange {
  const closing = new AbortController();
  // One object for each topic, because each collects messages into batches of its own.
  const publishers = { requests: pubsub.topic(topics.requests), triggers: pubsub.topic(topics.triggers) };
  /** Every subscription that was opened, or is being opened, and not closed. */
  const open = new Set<Promise<TemporarySubscription>>();

  const subscribe: Exchange['subscribe'] = async (filter, onEvent, onError) => {
    const attempt = { topic: topics.results, emulatorHost };
    const opening = openTemporarySubscription({
      pubsub,
      topic: topics.results,
      name: 'lro-cancel-client',
      filter,
      onMessage: ({ attributes, data }) => {
        const event = readEvent(attributes, data);
        return event === undefined ? undefined : onEvent(event);
      },
      onError: (error) => onError(toClientError(error, { action: 'receive', ...attempt })),
    });
    open.add(opening);
    try {
      const subscription = await opening;
      return {
        close: async () => {
          await subscription.close();
          open.delete(opening);
        },
      };
    } catch (error) {
      open.delete(opening);
      throw toClientError(error, { action: 'subscribe', ...attempt });
    }
  };

  return {
    publish: async (topic, { data, attributes }) => {
      try {
        return await publishers[topic].publishMessage({ data, attributes });
      } catch (error) {
        throw toClientError(error, { action: 'publish', topic: topics[topic], emulatorHost });
      }
    },
    subscribe,
    listen: async (filter, onEvent, wait) => {
      const failed = deferred<never>();
      // The wait looks at it, if it has begun.
      failed.promise.catch(() => undefined);
      const subscription = await subscribe(filter, onEvent, (error) => failed.reject(error));
      try {
        return await wait(failed.promise);
      } finally {
        await subscription.close();
      }
    },
    closed: closing.signal,
    close: async () => {
      closing.abort();
      const opened = await Promise.allSettled(open);
      await Promise.all(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
      await pubsub.close();
    },
  };
}
