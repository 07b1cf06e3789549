import type { OutgoingEvent } from '../messages/cloud-event.ts';
import type { DeliveryProject, Publisher, TopicKind } from '../ports.ts';

/** Events that are published at the same time: as many as fit into one call to Pub/Sub. */
const PORTION_SIZE = 100;

/**
 * Publishes an event for each subject, each made when its portion is published.
 *
 * @throws Failure `Unavailable` when Pub/Sub did not take an event; others may have been published
 */
export async function publishAll<T>(
  publisher: Publisher,
  topic: TopicKind,
  subjects: readonly T[],
  toEvent: (subject: T) => OutgoingEvent,
  delivery: DeliveryProject,
): Promise<void> {
  for (let start = 0; start < subjects.length; start += PORTION_SIZE) {
    const portion = subjects.slice(start, start + PORTION_SIZE);
    await Promise.all(portion.map((subject) => publisher.publish(topic, toEvent(subject), delivery)));
  }
}
