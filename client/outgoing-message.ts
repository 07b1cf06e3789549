import { randomUUID } from 'node:crypto';
import { eventIdentity } from '../src/messages/event-ids.ts';
import { EVENT_TYPE } from '../src/messages/cloud-event.ts';

/** Not that of the function, which ignores what it sent itself. */
const SOURCE = '/lro-cancel/client';

/** A message for Pub/Sub: a CloudEvent in binary mode, which says what it is wherever it arrives. */
export interface OutgoingMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** By which the function knows the event, and names it in a result where the data has no id. */
  readonly identity: string;
}

export function toMessage(
  type: 'request' | 'trigger',
  data: object,
  id: string = randomUUID(),
): OutgoingMessage {
  return {
    data: Buffer.from(JSON.stringify(data)),
    attributes: {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': SOURCE,
      'ce-type': EVENT_TYPE[type],
      'ce-time': new Date().toISOString(),
      'content-type': 'application/json',
    },
    identity: eventIdentity(id, SOURCE),
  };
}
