import { EVENT_SOURCE, EVENT_TYPE } from './cloud-event.ts';
import type { EventContext } from './cloud-event.ts';
import type { Message } from './message.ts';

/** The topics by what they carry; each a short id or a full name. */
export interface TopicNames {
  readonly requests: string;
  readonly rechecks: string;
  readonly results: string;
  readonly triggers: string;
  readonly deadLetters: string;
}

/** The purpose of a message. `own-output` is an event of this system that was fed back by mistake. */
export type Route =
  | 'request'
  | 'recheck'
  /** Continues a sweep. */
  | 'sweep-run'
  | 'idempotency-record'
  | 'trigger'
  | 'dead-letter'
  | 'own-output';

const routeOfTopic: Readonly<Record<keyof TopicNames, Route>> = {
  requests: 'request',
  rechecks: 'recheck',
  results: 'own-output',
  triggers: 'trigger',
  deadLetters: 'dead-letter',
};

/**
 * Chooses the route of a message by the topic it came from, or by its type where the topic is unknown. A
 * message that carries neither is a request, so that it is answered.
 */
export function routeOf(message: Message, context: EventContext, topics: TopicNames): Route {
  // Before everything else: answers to the function's own answers would never end.
  const isOutput = context.type === EVENT_TYPE.result || context.type === EVENT_TYPE.sweepReport;
  if (isOutput && context.source === EVENT_SOURCE) return 'own-output';
  const byTopic = message.topic === undefined ? undefined : routeByTopic(message.topic, topics);
  // The topic of the re-checks carries every scheduled event.
  if (byTopic === 'recheck') return routesOfLater.get(context.type) ?? byTopic;
  if (byTopic !== undefined) return byTopic;
  if (DEAD_LETTER_MARK in message.attributes) return 'dead-letter';
  return routesOfTypes.get(context.type) ?? 'request';
}

const routesOfLater: ReadonlyMap<string | undefined, Route> = new Map([
  [EVENT_TYPE.sweepRun, 'sweep-run'],
  [EVENT_TYPE.idempotencyRecord, 'idempotency-record'],
]);
const routesOfTypes: ReadonlyMap<string | undefined, Route> = new Map([
  ...routesOfLater,
  [EVENT_TYPE.recheck, 'recheck'],
  [EVENT_TYPE.trigger, 'trigger'],
]);

/** Pub/Sub puts this on the copies that it sends to a dead-letter topic. */
const DEAD_LETTER_MARK = 'CloudPubSubDeadLetterSourceSubscription';

function routeByTopic(topic: string, topics: TopicNames): Route | undefined {
  for (const kind of Object.keys(routeOfTopic) as (keyof TopicNames)[]) {
    if (topics[kind] === topic || topic.split('/').at(-1) === topics[kind]) return routeOfTopic[kind];
  }
  return undefined;
}
