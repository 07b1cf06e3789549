import { hasAtMost, shortFieldsOf } from '../validation/bounded-json.ts';
import { isPermanent, quote, typeFailure, valueFailure } from '../validation/failure.ts';
import type { PermanentFailure } from '../validation/failure.ts';
import type { Message } from './message.ts';
import { isObject } from '../validation/schema.ts';
import { eventIdentity } from './event-ids.ts';
import { readTrace } from './trace-context.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * CloudEvents on Pub/Sub (https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md):
 * binary mode puts the context into attributes `ce-*`; structured mode puts the whole event into the data,
 * with the attribute `content-type: application/cloudevents+json`. A message that carries neither is plain JSON.
 */

/** The types of event this system takes and publishes. */
export const EVENT_TYPE = {
  request: 'lro-cancel.request.v1',
  recheck: 'lro-cancel.recheck.v1',
  result: 'lro-cancel.result.v1',
  sweepReport: 'lro-cancel.sweep.v1',
  /** Starts a sweep; only needed where the topic does not already say so. */
  trigger: 'lro-cancel.trigger.v1',
  /** Continues a sweep that outlived a delivery. */
  sweepRun: 'lro-cancel.sweep-run.v1',
  /** Renews a record of the idempotency store that Cloud Tasks holds. */
  idempotencyRecord: 'lro-cancel.idempotency-record.v1',
  /** A part of the list of a dry run, which is kept until it can no longer be approved. */
  runList: 'lro-cancel.run-list.v1',
  /** Requests what an approved dry run found. */
  approval: 'lro-cancel.approval.v1',
} as const;

/**
 * The source of this system's events. It is constant, so that source and id identify an event no matter which
 * instance publishes it again.
 */
export const EVENT_SOURCE = 'urn:lro-cancel';

/** The context of an incoming event, as far as this system reads it. */
export interface EventContext {
  /** Identifies the event by its source and id, or by the message's id where the event has none. */
  readonly id: string;
  readonly source?: string;
  readonly type?: string;
  /** RFC 3339, in UTC. */
  readonly time?: string;
  readonly trace?: TraceContext;
  /** The proof that this system made the event, which `proof.ts` checks. */
  readonly proof?: string;
}

/** An event to publish. */
export interface OutgoingEvent {
  readonly id: string;
  readonly type: (typeof EVENT_TYPE)[keyof typeof EVENT_TYPE];
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
  readonly data: unknown;
  readonly trace?: TraceContext | undefined;
  /** Attributes besides the context, for subscription filters. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Whether a message is a CloudEvent in structured mode, by its attributes. */
export const isStructured = (attributes: Readonly<Record<string, string>>) =>
  contentTypeOf(attributes)?.startsWith('application/cloudevents+json') === true;

const contentTypeOf = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes)
    .find(([name]) => name.toLowerCase() === 'content-type')?.[1]
    .trim()
    .toLowerCase();

/** The context of a message in any mode. Never throws; fields that cannot be read are absent. */
export function contextOf(message: Message): EventContext {
  const { attributes } = message;
  const event = isStructured(attributes) ? tryRead(message) : undefined;
  const read = (name: string) => (event === undefined ? attributes[`ce-${name}`] : stringOf(event[name]));
  const [id, source, type, proof] = [read('id'), read('source'), read('type'), read('proof')];
  const time = readTimestamp(read('time')) ?? readTimestamp(message.publishTime);
  const trace =
    readTrace(read('traceparent'), read('tracestate')) ??
    readTrace(attributes[PUBSUB_TRACEPARENT], undefined);
  return {
    id: id === undefined || id === '' ? message.id : eventIdentity(id, source),
    ...(source !== undefined && { source }),
    ...(type !== undefined && { type }),
    ...(time !== undefined && { time }),
    ...(trace !== undefined && { trace }),
    ...(proof !== undefined && { proof }),
  };
}

/** The time at which an event was sent. A sender whose clock is ahead sends now, so that nothing happens before it. */
export const timeOf = ({ time }: EventContext, nowMs: number): string =>
  time !== undefined && Date.parse(time) <= nowMs ? time : new Date(nowMs).toISOString();

/** Where Google's client libraries for Pub/Sub put the trace of a publish. */
const PUBSUB_TRACEPARENT = 'googclient_traceparent';

/** Converts a text to an RFC 3339 timestamp in UTC; undefined where it is not a timestamp. */
function readTimestamp(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}[Tt]/.test(text)) return undefined;
  const date = new Date(text);
  // Years before 0 and after 9999 have another form, which readers do not expect.
  const timestamp = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  return /^\d{4}-/.test(timestamp) ? timestamp : undefined;
}

/**
 * The JSON that a message carries, in any mode.
 *
 * @throws Failure `ValueError` or `TypeError` that says what the data should be
 */
export function dataOf(message: Message): unknown {
  const { attributes } = message;
  if (!isStructured(attributes)) {
    checkContentType(attributes);
    return readJson(message);
  }
  const event = readJson(message);
  if (!isObject(event)) throw typeFailure('data', 'must be a CloudEvent, as its content-type says');
  checkSpecVersion(stringOf(event.specversion));
  if (typeof event.data_base64 === 'string') {
    return parseJson(Buffer.from(event.data_base64, 'base64'));
  }
  if (event.data === undefined) throw valueFailure('data', 'missing; the CloudEvent carries no data');
  return event.data;
}

/**
 * The JSON that a message carries, or the failure of reading it. Of data that is too large to be read, `fields` has the
 * fields that are short.
 */
export type DataReading =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly failure: PermanentFailure; readonly fields: Record<string, unknown> };

/** Reads the JSON that a message carries, as `dataOf` does. */
export function readData(message: Message): DataReading {
  try {
    return { ok: true, data: dataOf(message) };
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { ok: false, failure: error, fields: shortFields(message) };
  }
}

function checkContentType(attributes: Readonly<Record<string, string>>): void {
  if (attributes['ce-specversion'] === undefined) return;
  checkSpecVersion(attributes['ce-specversion']);
  const contentType = contentTypeOf(attributes);
  if (contentType === undefined || /^(application|text)\/([a-z0-9.-]+\+)?json\b/.test(contentType)) return;
  throw valueFailure('content-type', `must be application/json, not ${quote(contentType)}`);
}

function checkSpecVersion(version: string | undefined): void {
  if (version !== undefined && /^1\.\d+$/.test(version)) return;
  throw valueFailure('specversion', 'must be 1.0, the version of CloudEvents that this function reads');
}

function readJson({ payload }: Message): unknown {
  switch (payload.kind) {
    case 'none':
      throw valueFailure('data', 'missing; the message has no data');
    case 'json':
      return payload.json;
    case 'bytes':
      return parseJson(payload.bytes);
  }
}

/** Largest size of a message's data, in bytes: twice that of a request for 1,000 operations with the longest names. */
export const MAX_DATA_BYTES = 4 * 1024 * 1024;
/** Largest number of values in a message's data: several times that of any message that this function takes. */
const MAX_VALUES = 100_000;
/** Longest field, in bytes, that is read of data that is too large. */
const MAX_SHORT_FIELD_BYTES = 32 * 1024;

const isTooLarge = (bytes: Uint8Array) => bytes.length > MAX_DATA_BYTES || !hasAtMost(MAX_VALUES, bytes);

/** The short fields of data that is too large to be read. */
function shortFields({ attributes, payload }: Message): Record<string, unknown> {
  if (payload.kind !== 'bytes' || !isTooLarge(payload.bytes)) return {};
  const fields = shortFieldsOf(payload.bytes, MAX_SHORT_FIELD_BYTES);
  if (!isStructured(attributes)) return fields;
  return isObject(fields.data) ? fields.data : {};
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_DATA_BYTES) {
    throw valueFailure('data', `must have at most ${MAX_DATA_BYTES} bytes, not ${bytes.length}`);
  }
  if (!hasAtMost(MAX_VALUES, bytes)) {
    throw valueFailure('data', `must have at most ${MAX_VALUES} values in its objects and arrays`);
  }
  const refuse = (problem: string, cause: unknown) =>
    valueFailure('data', `must be JSON${problem}`, { cause });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse(' in UTF-8', cause);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    // V8's own message would quote the text, which may be anything.
    throw refuse(
      text.trim() === ''
        ? ', but is empty'
        : ', an object such as {"operation": "https://…"} or {"sweep": "…"}',
      cause,
    );
  }
}

/** The event of a structured message; only its short fields where it is too large. */
function tryRead(message: Message): Record<string, unknown> | undefined {
  const { payload } = message;
  if (payload.kind === 'bytes' && isTooLarge(payload.bytes)) {
    return shortFieldsOf(payload.bytes, MAX_SHORT_FIELD_BYTES);
  }
  try {
    const event = readJson(message);
    return isObject(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

const stringOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The attributes of an event in binary mode. */
export function attributesOf(event: OutgoingEvent): Record<string, string> {
  return {
    ...event.attributes,
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-source': EVENT_SOURCE,
    'ce-type': event.type,
    'ce-subject': event.subject,
    'ce-time': event.time,
    ...(event.trace !== undefined && { 'ce-traceparent': event.trace.traceparent }),
    ...(event.trace?.tracestate !== undefined && { 'ce-tracestate': event.trace.tracestate }),
    'content-type': 'application/json',
  };
}
