import type { OutgoingEvent } from '../messages/cloud-event.ts';
import type { DeliveryProject, Publisher, TopicKind } from '../ports.ts';

/** Events that are published at the same time: as many as fit into one call to Pub/Sub. */
const MAX_PORTION_EVENTS = 100;
/**
 * Their size together, in bytes of JSON, but for a single event that is larger. The client of Pub/Sub holds each several
 * times until it is stored, and an instance handles many deliveries.
 */
export const MAX_PORTION_BYTES = 512 * 1024;

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
  let portion: OutgoingEvent[] = [];
  let bytes = 0;
  const flush = async () => {
    await Promise.all(portion.map((event) => publisher.publish(topic, event, delivery)));
    portion = [];
    bytes = 0;
  };
  for (const subject of subjects) {
    const event = toEvent(subject);
    const size = Buffer.byteLength(JSON.stringify(event.data));
    if (portion.length >= MAX_PORTION_EVENTS || bytes + size > MAX_PORTION_BYTES) await flush();
    portion.push(event);
    bytes += size;
  }
  await flush();
}
