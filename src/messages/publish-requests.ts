import type { OutgoingEvent } from './cloud-event.ts';
import type { Publisher } from '../ports.ts';

/** How many are published at the same time: as many as go into one call to Pub/Sub. */
const PORTION = 100;

/**
 * Publishes many requests, each made when its turn has come.
 *
 * @param messageProject the project that the message at hand came from
 * @throws Failure `Unavailable` when Pub/Sub did not take one; some of the others may have been published
 */
export async function publishRequests<T>(
  publisher: Publisher,
  subjects: readonly T[],
  toEvent: (subject: T) => OutgoingEvent,
  messageProject: string | undefined,
): Promise<void> {
  for (let start = 0; start < subjects.length; start += PORTION) {
    const portion = subjects.slice(start, start + PORTION);
    await Promise.all(portion.map((one) => publisher.publish('requests', toEvent(one), messageProject)));
  }
}
