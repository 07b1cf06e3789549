import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';
import { createDeliveryQueue, type DeliveryQueue } from './delivery-queue.ts';
import { parseMessageFilter } from './message-filter.ts';
import { retryBackOff } from './retry-backoff.ts';
import type { StoredMessage } from './stored-message.ts';
import type { Subscription } from '../wire-types.ts';

/** A live subscription: its settings, its messages, and its consumers. */
export interface LiveSubscription {
  /** The current settings; an update replaces them. */
  settings: Subscription;
  readonly queue: DeliveryQueue;
  /** Takes the messages that match its filter; the others count as acknowledged. */
  receive(messages: readonly StoredMessage[]): void;
  /** Aborted when the subscription is deleted or the broker closed; streams and pushes end with it. */
  readonly ended: AbortSignal;
  end(reason: Error): void;
}

/** Starts a subscription whose settings have been validated. */
export function createLiveSubscription({
  clock,
  settings,
  forwardDeadLetter,
}: {
  clock: Clock;
  settings: Subscription;
  forwardDeadLetter: (source: Subscription, message: StoredMessage, attempts: number) => boolean;
}): LiveSubscription {
  const matches = parseMessageFilter(settings.filter);
  const ending = new AbortController();
  // One listener for each stream and waiting pull, however many there are.
  setMaxListeners(0, ending.signal);
  const queue = createDeliveryQueue({
    clock,
    policy: () => ({
      backOff: retryBackOff(subscription.settings.retryPolicy),
      maxDeliveryAttempts: subscription.settings.deadLetterPolicy?.maxDeliveryAttempts,
    }),
    forwardDeadLetter: (message, attempts) => forwardDeadLetter(subscription.settings, message, attempts),
  });
  const subscription: LiveSubscription = {
    settings,
    queue,
    receive: (messages) => {
      queue.add(messages.filter(({ attributes }) => matches(attributes)));
    },
    ended: ending.signal,
    end: (reason) => {
      queue.close();
      ending.abort(reason);
    },
  };
  return subscription;
}
