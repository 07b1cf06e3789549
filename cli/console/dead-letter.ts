import type { ReceivedMessage } from '../../client/temporary-subscription.ts';
import type { DeadLetter } from '../../local/page/model/records.ts';
import type { MessageKind } from '../../src/messages/kind.ts';
import { isRequestId } from '../../src/messages/request.ts';
import { isObject } from '../../src/validation/schema.ts';
import { shownText } from '../../src/validation/shown-text.ts';
import { readCarried } from './carried-message.ts';

/** In characters. A person reads no more, and a message has up to 10 MB. */
const MAX_BODY_LENGTH = 20_000;
const MAX_PARSED_BYTES = 1_000_000;
const DAY_MS = 24 * 3_600_000;

const NAMES: Readonly<Record<MessageKind, string>> = {
  request: 'a cancel request',
  recheck: 'a re-check',
  'sweep-run': 'a message that continues a sweep',
  'idempotency-record': 'a record of a sweep',
  'run-list': 'a part of the list of a dry run',
  approval: 'a message that continues an approval',
  trigger: 'a trigger of a sweep',
  'budget-notification': 'a budget notification',
  result: 'a result',
  'sweep-report': 'the report of a sweep',
};

/** Reads a message of the topic of dead letters (https://cloud.google.com/pubsub/docs/dead-letter-topics). Never throws. */
export function readDeadLetter({ id, attributes, data, publishTime }: ReceivedMessage): DeadLetter {
  const { kind, context, traceId } = readCarried({ id, attributes, bytes: data });
  const json = parse(data);
  const given = isObject(json) ? json.requestId : undefined;
  const requestId =
    kind === 'recheck' || kind === 'request' ? (isRequestId(given) ? given : context.id) : undefined;
  const atMs = publishTime.getTime();
  const publishedMs = Date.parse(attributes.CloudPubSubDeadLetterSourceTopicPublishTime ?? '');
  return {
    id,
    atMs,
    kind: kind === undefined ? 'a message of no known kind' : NAMES[kind],
    why: whyOf(attributes),
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== undefined && { traceId }),
    sinceMs: Number.isNaN(publishedMs) ? atMs - DAY_MS : publishedMs,
    attributes,
    body: bodyOf(data, json),
  };
}

/** Anybody who may publish to the topic can write these attributes. */
function whyOf({
  CloudPubSubDeadLetterSourceDeliveryCount: count = '',
  CloudPubSubDeadLetterSourceSubscription: subscription = '',
}: Readonly<Record<string, string>>): string {
  if (subscription === '') return 'It was published to this topic, and not by Pub/Sub.';
  const times = count === '' ? 'several' : shownText(count, 64);
  return `Pub/Sub gave up after ${times} deliveries by the subscription ${shownText(subscription, 512)}.`;
}

function parse(data: Uint8Array): unknown {
  if (data.length > MAX_PARSED_BYTES) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(data)) as unknown;
  } catch {
    return undefined;
  }
}

function bodyOf(data: Uint8Array, json: unknown): string {
  const text =
    json === undefined
      ? new TextDecoder().decode(data.subarray(0, 4 * MAX_BODY_LENGTH))
      : JSON.stringify(json, undefined, 2);
  return text.length > MAX_BODY_LENGTH
    ? `${text.slice(0, MAX_BODY_LENGTH).toWellFormed()}…\n(${data.length} bytes in all)`
    : text;
}
