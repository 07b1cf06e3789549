import type { Clock } from '../broker/clock.ts';
import type { Delivery } from '../broker/delivery-queue.ts';
import { StatusError } from '../status-error.ts';
import { toPubsubMessage } from '../broker/stored-message.ts';
import type { LiveSubscription } from '../broker/subscription.ts';
import type { ReceivedMessage, Subscription } from '../wire-types.ts';

/** Time that a Pull waits for a first message: "a bounded amount of time" (pubsub.proto, PullRequest). */
const pullWaitMs = 10_000;

/** Bounds one response: the client libraries take 20 MB at most. */
export const maxResponseBytes = 10_000_000;

/** A delivery as a puller receives it, counted only under a dead letter policy. */
export function toReceivedMessage(
  { ackId, message, attempt }: Delivery,
  { deadLetterPolicy }: Subscription,
): ReceivedMessage {
  const deliveryAttempt = deadLetterPolicy === null ? 0 : attempt;
  return { ackId, message: toPubsubMessage(message), deliveryAttempt };
}

/** FAILED_PRECONDITION on a subscription that pushes, as the service answers. */
export function checkPullable({ settings }: LiveSubscription): void {
  if (settings.pushConfig?.pushEndpoint) {
    throw new StatusError('FAILED_PRECONDITION', 'This method is not supported for this subscription type.');
  }
}

/**
 * Takes at most `maxMessages` messages: those that are ready, or else the first to come. Gives none if the
 * wait or the call ends first.
 */
export function pull(
  subscription: LiveSubscription,
  demand: { maxMessages: number; returnImmediately: boolean; clock: Clock; signal: AbortSignal },
): Promise<ReceivedMessage[]> {
  const { queue, settings, ended } = subscription;
  const { maxMessages, returnImmediately, clock, signal } = demand;
  const ackDeadlineMs = settings.ackDeadlineSeconds * 1000;
  const take = () =>
    queue
      .take({ maxMessages, maxBytes: maxResponseBytes, ackDeadlineMs })
      .map((delivery) => toReceivedMessage(delivery, subscription.settings));

  const atOnce = take();
  if (atOnce.length > 0 || returnImmediately || signal.aborted) return Promise.resolve(atOnce);
  return new Promise((resolve, reject) => {
    const stop = () => {
      leave();
      cancelWait();
      signal.removeEventListener('abort', finish);
      ended.removeEventListener('abort', fail);
    };
    const finish = () => {
      stop();
      resolve([]);
    };
    const fail = () => {
      stop();
      reject(ended.reason as Error);
    };
    const leave = queue.consume(() => {
      const messages = take();
      if (messages.length === 0) return;
      stop();
      resolve(messages);
    });
    const cancelWait = clock.after(pullWaitMs, finish);
    signal.addEventListener('abort', finish);
    ended.addEventListener('abort', fail);
  });
}
