import { unidentifiedId } from './event-ids.ts';
import { isObject } from '../validation/schema.ts';

/**
 * A message that reached the function. It can come in three ways:
 * - a Pub/Sub push that the framework converted, or one that Eventarc delivered: an event of type
 *   `google.cloud.pubsub.topic.v1.messagePublished`, the message in its data;
 * - a Pub/Sub push that the framework did not convert, because the message has attributes only: the bare push
 *   body;
 * - an event that a caller posted directly.
 */
export interface Message {
  /** The Pub/Sub message id, else the event's id: stable over redeliveries. */
  readonly id: string;
  /** Full name of the topic it came from, where that is known. */
  readonly topic?: string;
  /** The project of that topic, or else of the subscription that delivered it. */
  readonly project?: string;
  /** When it was published, according to Pub/Sub or the event. */
  readonly publishTime?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly payload: Payload;
}

/** The content of a message: bytes that are yet to be read, JSON that was read on the way, or nothing. */
type Payload =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'json'; readonly json: unknown }
  | { readonly kind: 'none' };

/** In characters. Longer ids are replaced by a hash. */
export const MAX_MESSAGE_ID_LENGTH = 1_024;

/** The type of the event that Eventarc, and the framework, make of a message of Pub/Sub. */
export const MESSAGE_PUBLISHED = 'google.cloud.pubsub.topic.v1.messagePublished';

/**
 * Reads the event that the framework passes to the function. Never throws: any input is a message that needs
 * an answer.
 *
 * @param newId makes an id for a message without one. It must not be made of the message alone: two requests with the
 *   same content are two requests
 */
export function readMessage(event: unknown, newId: () => string): Message {
  if (isObject(event)) {
    const wrapped = isObject(event.data) && event.type === MESSAGE_PUBLISHED ? event.data : event;
    if (isObject(wrapped.message)) return readPubSubMessage(wrapped.message, wrapped, event, newId);
    if (typeof event.id === 'string' && typeof event.type === 'string')
      return readPlainEvent(event.id, event);
  }
  return { id: newId(), attributes: {}, payload: { kind: 'json', json: toJson(event) } };
}

function readPubSubMessage(
  message: Record<string, unknown>,
  wrapped: Record<string, unknown>,
  event: Record<string, unknown>,
  newId: () => string,
): Message {
  const { data } = message;
  // Push bodies carry both spellings (google/pubsub/v1 push format).
  const id = [message.messageId, message.message_id, event.id].find(isNonEmpty);
  const publishTime = [message.publishTime, message.publish_time, event.time].find(isNonEmpty);
  const topic = topicOf(event.source);
  const [, project] = /^projects\/([^/]{1,256})\//.exec(topic ?? stringOf(wrapped.subscription)) ?? [];
  return {
    id: boundedId(id ?? newId()),
    ...(topic !== undefined && { topic }),
    ...(project !== undefined && { project }),
    ...(publishTime !== undefined && { publishTime }),
    attributes: stringsOf(message.attributes),
    payload: payloadOf(data),
  };
}

/** Data is base64, or the bytes where it was decoded on the way. */
function payloadOf(data: unknown): Payload {
  if (isNonEmpty(data)) return { kind: 'bytes', bytes: Buffer.from(data, 'base64') };
  return data instanceof Uint8Array && data.length > 0 ? { kind: 'bytes', bytes: data } : { kind: 'none' };
}

/**
 * An event that is no Pub/Sub message: its context becomes the attributes that it would have had on Pub/Sub.
 */
function readPlainEvent(id: string, event: Record<string, unknown>): Message {
  const { data, data_base64: base64, ...context } = event;
  const attributes = Object.entries(stringsOf(context)).map(([name, value]) =>
    name === 'datacontenttype' ? ['content-type', value] : [`ce-${name}`, value],
  );
  const payload: Payload = isNonEmpty(base64)
    ? { kind: 'bytes', bytes: Buffer.from(base64, 'base64') }
    : data === undefined
      ? { kind: 'none' }
      : data instanceof Uint8Array
        ? { kind: 'bytes', bytes: data }
        : { kind: 'json', json: data };
  return {
    id: boundedId(id),
    ...(isNonEmpty(event.time) && { publishTime: event.time }),
    attributes: Object.fromEntries(attributes) as Record<string, string>,
    payload,
  };
}

/**
 * The framework's source is `//pubsub.googleapis.com/projects/P/topics/T`, or ends in `null` where it does
 * not know.
 */
function topicOf(source: unknown): string | undefined {
  return typeof source === 'string'
    ? /^\/\/pubsub\.googleapis\.com\/(projects\/[^/]+\/topics\/[^/]+)$/.exec(source)?.[1]
    : undefined;
}

const stringOf = (value: unknown) => (typeof value === 'string' ? value : '');

/**
 * Ids of Pub/Sub are short, but a posted event can have any id, and the id travels in every re-check.
 */
const boundedId = (id: string) => (id.length <= MAX_MESSAGE_ID_LENGTH ? id : unidentifiedId(id));

const isNonEmpty = (value: unknown): value is string => typeof value === 'string' && value !== '';

function stringsOf(value: unknown): Record<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Bodies that the framework could not read arrive as text or bytes. */
const toJson = (event: unknown) =>
  event instanceof Uint8Array ? Buffer.from(event).toString('utf8') : (event ?? null);
