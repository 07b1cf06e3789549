import { EVENT_SOURCE, EVENT_TYPE } from './cloud-event.ts';
import type { EventContext } from './cloud-event.ts';
import { isOwnType, kindOf, kindOfData } from './kind.ts';
import type { MessageKind } from './kind.ts';
import { quote } from '../validation/failure.ts';
import type { Message } from './message.ts';

/** The topics by what they carry; each a short id or a full name. */
export interface TopicNames {
  readonly requests: string;
  readonly rechecks: string;
  readonly results: string;
  readonly triggers: string;
  readonly deadLetters: string;
}

/** The purpose of a message. */
export type Route =
  | 'request'
  | 'recheck'
  /** Continues a sweep. */
  | 'sweep-run'
  | 'idempotency-record'
  | 'run-list'
  | 'approval'
  | 'trigger'
  | 'dead-letter'
  /** A message whose type belongs on another topic than the one that it came from. */
  | 'misplaced'
  /** An event of this system that was fed back by mistake. */
  | 'own-output';

const routeOfTopic: Readonly<Record<keyof TopicNames, Route>> = {
  requests: 'request',
  rechecks: 'recheck',
  results: 'own-output',
  triggers: 'trigger',
  deadLetters: 'dead-letter',
};

/** The route of each kind, and the topic on which it belongs. */
const placeOfKind: Readonly<
  Record<MessageKind, { readonly route: Route; readonly topic: keyof TopicNames; readonly name: string }>
> = {
  request: { route: 'request', topic: 'requests', name: 'a cancel request' },
  recheck: { route: 'recheck', topic: 'rechecks', name: 'a re-check' },
  'sweep-run': { route: 'sweep-run', topic: 'rechecks', name: 'a message that continues a sweep' },
  'idempotency-record': { route: 'idempotency-record', topic: 'rechecks', name: 'a record of a sweep' },
  'run-list': { route: 'run-list', topic: 'rechecks', name: 'a part of the list of a dry run' },
  approval: { route: 'approval', topic: 'rechecks', name: 'a message that continues an approval' },
  trigger: { route: 'trigger', topic: 'triggers', name: 'a trigger of a sweep' },
  'budget-notification': { route: 'trigger', topic: 'triggers', name: 'a budget notification' },
  result: { route: 'own-output', topic: 'results', name: 'a result' },
  'sweep-report': { route: 'own-output', topic: 'results', name: 'the report of a sweep' },
};

/**
 * Chooses the route of a message.
 *
 * - A known topic decides. A message whose type belongs on another topic is `misplaced`: it is answered, and does nothing.
 * - Where the topic is unknown, the type decides or, where that is not one of this system's, the data.
 * - A message that says nothing of its kind is a request, so that it is answered.
 */
export function routeOf(message: Message, context: EventContext, topics: TopicNames): Route {
  const topic = topicKindOf(message, topics);
  // Before everything else: answers to the function's own answers would never end.
  if (topic === 'results' || (saysOutput(context) && isOwnOutput(message, context))) return 'own-output';
  if (topic === 'deadLetters' || (topic === undefined && DEAD_LETTER_MARK in message.attributes)) {
    return 'dead-letter';
  }
  if (topic !== undefined) {
    if (isOwnType(context.type) && placeOf(message, context)?.topic !== topic) return 'misplaced';
    // The topic of the re-checks carries every scheduled event.
    const place = topic === 'rechecks' ? placeOf(message, context) : undefined;
    return place?.topic === topic ? place.route : routeOfTopic[topic];
  }
  if (saysOutput(context)) return 'misplaced';
  const route = placeOf(message, context)?.route;
  return route ?? (isOwnType(context.type) ? 'misplaced' : 'request');
}

/**
 * Explains that a message belongs on another topic than the one that it came from.
 *
 * @returns undefined for a message in its place, or of which nothing is known
 */
export function misplacementOf(
  message: Message,
  context: EventContext,
  topics: TopicNames,
): string | undefined {
  const topic = topicKindOf(message, topics);
  if (topic === 'deadLetters') return undefined;
  const place = placeOf(message, context);
  if (place === undefined) {
    return isOwnType(context.type)
      ? `ce-type: ${quote(context.type ?? '')} is not a type of event that this function takes`
      : undefined;
  }
  if (place.topic === topic || (topic === undefined && place.topic !== 'results')) return undefined;
  const here = topic === undefined ? '' : `, not on the topic ${topics[topic]}`;
  const by = isOwnType(context.type) ? 'ce-type' : 'data';
  return `${by}: ${place.name} belongs on the topic ${topics[place.topic]}${here}`;
}

/**
 * Whether a message is an event that the function published itself, by its whole form: an event that only has the type
 * of one is answered. The answer has the form, so it is not answered in turn.
 */
export function isOwnOutput(message: Message, { type, source }: EventContext): boolean {
  if (isOwnType(type) && source !== EVENT_SOURCE) return false;
  const kind = kindOfData(message);
  return kind !== undefined && placeOfKind[kind].topic === 'results';
}

const saysOutput = ({ type }: EventContext) => type === EVENT_TYPE.result || type === EVENT_TYPE.sweepReport;

const placeOf = (message: Message, context: EventContext) => {
  const kind = kindOf(message, context);
  return kind === undefined ? undefined : placeOfKind[kind];
};

/** Pub/Sub puts this on the copies that it sends to a dead-letter topic. */
const DEAD_LETTER_MARK = 'CloudPubSubDeadLetterSourceSubscription';

function topicKindOf({ topic }: Message, topics: TopicNames): keyof TopicNames | undefined {
  if (topic === undefined) return undefined;
  return (Object.keys(routeOfTopic) as (keyof TopicNames)[]).find(
    (kind) => topics[kind] === topic || topic.split('/').at(-1) === topics[kind],
  );
}
