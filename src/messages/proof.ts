import { createHmac, timingSafeEqual } from 'node:crypto';
import { EVENT_SOURCE, EVENT_TYPE, isStructured, readData } from './cloud-event.ts';
import type { EventContext, OutgoingEvent } from './cloud-event.ts';
import { eventIdentity } from './event-ids.ts';
import type { Message } from './message.ts';

/**
 * Proof that this system made a message: HMAC-SHA256 over type, id and data of the event, in its attribute `ce-proof`.
 * Everyone who may publish to a topic can write a message of any type there. A re-check, a run of a sweep, an
 * idempotency record, the list of a dry run and its approval are believed, and a request is taken for one of the function's own, only with a proof. A message that
 * is published a second time, unchanged, keeps its proof: it is the same message, and leads to the same ids.
 */

const ATTRIBUTE = 'ce-proof';

/** The types whose events this system alone makes, and requests, which it makes too. */
const PROVEN: ReadonlySet<string> = new Set([
  EVENT_TYPE.recheck,
  EVENT_TYPE.sweepRun,
  EVENT_TYPE.idempotencyRecord,
  EVENT_TYPE.runList,
  EVENT_TYPE.approval,
  EVENT_TYPE.request,
]);

/** Adds the proof to an event that needs one. Without keys, no event does. */
export function prove(event: OutgoingEvent, [key]: readonly string[]): OutgoingEvent {
  if (key === undefined || !PROVEN.has(event.type)) return event;
  const id = eventIdentity(event.id, EVENT_SOURCE);
  const proof = proofOf(event.type, id, JSON.stringify(event.data), key).toString('base64url');
  return { ...event, attributes: { ...event.attributes, [ATTRIBUTE]: proof } };
}

/**
 * Whether a message has a valid proof.
 *
 * @param keys the first of them signs, and each verifies, so that a key can be replaced. Without keys, every message passes
 */
export function isProven(message: Message, context: EventContext, keys: readonly string[]): boolean {
  if (keys.length === 0) return true;
  const { type = '', id, proof } = context;
  if (proof === undefined) return false;
  const given = Buffer.from(proof, 'base64url');
  const content = contentOf(message);
  return keys.some((key) => {
    const expected = proofOf(type, id, content, key);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** The data of a message as it was published, also where it was read as JSON on the way. */
export function contentOf(message: Message): Uint8Array | string {
  const { payload, attributes } = message;
  if (payload.kind === 'bytes' && !isStructured(attributes)) return payload.bytes;
  const read = readData(message);
  return read.ok ? JSON.stringify(read.data) : '';
}

const proofOf = (type: string, id: string, content: Uint8Array | string, key: string) =>
  // Length-prefixed, so that no two events read alike.
  createHmac('sha256', key).update(`${type.length}:${type}${id.length}:${id}`).update(content).digest();
