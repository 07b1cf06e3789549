import { findField, hasAtMost } from '../validation/bounded-json.ts';
import { isObject } from '../validation/schema.ts';
import { MAX_DATA_BYTES } from './cloud-event.ts';
import { kindOfData } from './kind.ts';
import { MESSAGE_PUBLISHED } from './message.ts';

/**
 * Reads an HTTP request into the event that it carries, or says why it carries none.
 *
 * Pub/Sub takes every status but a success for a failure, and delivers the message again: a bad message of Pub/Sub has to
 * become an event, which the function answers with `REJECTED`. A sender of another kind reads the status: its mistake
 * is answered with 400. A request comes from Pub/Sub if any of these holds:
 *
 * - its path ends in `/projects/P/topics/T`, which only push endpoints do;
 * - its body is the wrapper `{"message": …, "subscription": …}` of a push;
 * - it has headers `x-goog-pubsub-*` (payload unwrapping with metadata) or Pub/Sub's own `user-agent`
 *   (https://cloud.google.com/pubsub/docs/payload-unwrapping);
 * - it is the event that Eventarc makes of a message, by its `ce-type`.
 */
export interface Post {
  /** Path of the URL, without the query. */
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An event for `readMessage`, or the reason why there is none, in a sentence for the sender. */
export type PostReading =
  { readonly event: Readonly<Record<string, unknown>> } | { readonly refused: string };

/** Reads an HTTP request. Never throws. */
export function readPost({ path, headers, body }: Post): PostReading {
  const json = tryParse(body);
  const context = contextOfHeaders(headers);
  const topic = topicOfPath(path);
  if (isContext(context) && context.type === MESSAGE_PUBLISHED) {
    const source = topic === undefined ? {} : { source: `//pubsub.googleapis.com/${topic}` };
    return { event: { ...source, ...context, data: isPush(json) ? withBytes(json) : (json ?? body) } };
  }
  if (!isContext(context) && isPush(json)) return { event: published(topic, withBytes(json)) };
  if (topic !== undefined || isFromPubSub(headers)) {
    return { event: published(topic, unwrapped({ headers, body }, json)) };
  }
  return readDirect(context, { path, headers, body }, json);
}

/** Names of attributes that have capitals, which HTTP does not keep. */
const CAPITALIZED = [
  'billingAccountId',
  'budgetId',
  'schemaVersion',
  'CloudPubSubDeadLetterSourceSubscription',
  'CloudPubSubDeadLetterSourceDeliveryCount',
  'CloudPubSubDeadLetterSourceTopicPublishTime',
];
const nameOf = new Map(CAPITALIZED.map((name) => [name.toLowerCase(), name]));

/** The body of a push, as Pub/Sub wraps it without payload unwrapping. */
function unwrapped({ headers, body }: Omit<Post, 'path'>, json: unknown): Record<string, unknown> {
  const attributes = Object.entries(headers).flatMap(([name, value]) => {
    const attribute = nameOf.get(name) ?? (/^(?:ce-|googclient_)/.test(name) ? name : undefined);
    return attribute === undefined ? [] : [[attribute, value] as const];
  });
  // Without an attribute of the message, the type of the body is none of its own.
  const contentType = headers['content-type'];
  const isUntyped = contentType === undefined || contentType.startsWith('application/octet-stream');
  const type = isEvent(json) ? STRUCTURED : isUntyped ? undefined : contentType;
  const of = (name: string) => headers[`x-goog-pubsub-${name}`];
  return {
    message: {
      ...(body.length > 0 && { data: body }),
      attributes: {
        ...Object.fromEntries(attributes),
        ...(type !== undefined && { 'content-type': type }),
      },
      messageId: of('message-id') ?? headers['ce-id'],
      publishTime: of('publish-time'),
    },
    subscription: of('subscription-name'),
  };
}

const STRUCTURED = 'application/cloudevents+json';

/** The event that Eventarc would make of a push. */
const published = (topic: string | undefined, data: Record<string, unknown>) => ({
  type: MESSAGE_PUBLISHED,
  ...(topic !== undefined && { source: `//pubsub.googleapis.com/${topic}` }),
  data,
});

/** Reads a request of a sender that is not Pub/Sub: a CloudEvent, or JSON. */
function readDirect(
  context: Readonly<Record<string, string>>,
  { headers, body }: Post,
  json: unknown,
): PostReading {
  if (body.length === 0) return { refused: 'The request has no body: post a JSON object or a CloudEvent.' };
  if (!isObject(json))
    return {
      refused: `The body must be a JSON object, or a CloudEvent in JSON, of at most ${MAX_BODY_VALUES} values.`,
    };
  const contentType = headers['content-type']?.trim().toLowerCase() ?? '';
  const isJson = /^(?:application|text)\/(?:[a-z0-9.-]+\+)?json\s*(?:;|$)/.test(contentType);
  if (isContext(context)) {
    if (!isJson && contentType !== '') return MUST_BE_JSON;
    return { event: { ...context, data: body.length > MAX_DATA_BYTES ? body : json } };
  }
  const isStructured = isEvent(json) || contentType.startsWith(STRUCTURED);
  // Clients that know nothing of the body name one of these types.
  const isUntyped = /^(?:|text\/plain.*|application\/octet-stream)$/.test(contentType);
  if (!isJson && (isStructured || !isUntyped || !isUnmistakable(json))) return MUST_BE_JSON;
  const { traceparent } = headers;
  const attributes = {
    ...(isStructured && { 'content-type': STRUCTURED }),
    ...(traceparent !== undefined && { googclient_traceparent: traceparent }),
  };
  const id = isStructured ? json.id : undefined;
  return { event: published(undefined, { message: { data: body, attributes, messageId: id } }) };
}

const MUST_BE_JSON = {
  refused: 'The content-type must be application/json or application/cloudevents+json.',
};

const isUnmistakable = (json: unknown) =>
  kindOfData({ id: '', attributes: {}, payload: { kind: 'json', json } }) !== undefined;

const contextOfHeaders = (headers: Post['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('ce-'))
      .map(([name, value]) => [name.slice('ce-'.length), value]),
  );

/** Whether attributes are the context of a CloudEvent: these four are required. */
const isContext = (context: Readonly<Record<string, unknown>>) =>
  ['specversion', 'id', 'source', 'type'].every(
    (name) => typeof context[name] === 'string' && context[name] !== '',
  );

const isEvent = (json: unknown): json is Record<string, unknown> => isObject(json) && isContext(json);

/** The body of a push without payload unwrapping. */
type Push = Record<string, unknown> & { readonly message: Record<string, unknown> };

/** Whether a body is that of a push without payload unwrapping. */
const isPush = (json: unknown): json is Push =>
  isObject(json) && isObject(json.message) && !('specversion' in json);

const isFromPubSub = (headers: Post['headers']) =>
  /CloudPubSub-Google|APIs-Google/.test(headers['user-agent'] ?? '') ||
  Object.keys(headers).some((name) => name.startsWith('x-goog-pubsub-'));

/** The topic in the path of a push endpoint, as the framework finds it. */
const topicOfPath = (path: string) => /projects\/[^/]+\/topics\/[^/]+/.exec(path)?.[0];

/** A push with its data as bytes: the framework keeps the event, and the text would be kept with it. */
function withBytes(push: Push): Record<string, unknown> {
  const { message } = push;
  const { data } = message;
  return typeof data === 'string'
    ? { ...push, message: { ...message, data: Buffer.from(data, 'base64') } }
    : push;
}

/** Largest number of values in the body of a request: those of a message's data and some more. */
const MAX_BODY_VALUES = 200_000;

function tryParse(body: Uint8Array): unknown {
  if (!hasAtMost(MAX_BODY_VALUES, body)) return undefined;
  return (body.length > LARGE_BODY_BYTES ? parseLargePush(body) : undefined) ?? parse(body);
}

/** Bodies above this size are parsed without the data of their message. */
const LARGE_BODY_BYTES = 1024 * 1024;

/**
 * Parses the body of a push with its data as bytes. As text, in the body and by itself, it would take twice its size once
 * more. Undefined for any other body.
 */
function parseLargePush(body: Uint8Array): unknown {
  const message = findField(body, 'message');
  const data = message === undefined ? undefined : findField(body, 'data', message);
  if (data === undefined || body[data.start] !== QUOTE || body[data.end - 1] !== QUOTE) return undefined;
  const rest = Buffer.concat([body.subarray(0, data.start), Buffer.from('""'), body.subarray(data.end)]);
  const push = parse(rest);
  const bytes = decodeBase64(body.subarray(data.start + 1, data.end - 1));
  return isPush(push) && bytes !== undefined
    ? { ...push, message: { ...push.message, data: bytes } }
    : undefined;
}

const QUOTE = 0x22;
/** A multiple of four, which base64 decodes by itself. */
const PIECE = 64 * 1024;

/** Decodes base64 piece by piece; undefined where it has other characters, as escapes. */
function decodeBase64(text: Uint8Array): Uint8Array | undefined {
  const pieces = Buffer.from(text.buffer, text.byteOffset, text.length);
  const decoded = Buffer.alloc(Math.ceil((text.length * 3) / 4));
  let length = 0;
  for (let at = 0; at < pieces.length; at += PIECE) {
    const piece = pieces.toString('latin1', at, at + PIECE);
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(piece)) return undefined;
    length += decoded.write(piece, length, 'base64');
  }
  return decoded.subarray(0, length);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
