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

/** What a message is for. `output` is what this system publishes itself, fed back by mistake. */
export type Route =
  | 'request'
  | 'recheck'
  /** A sweep goes on. */
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
 * Tells what a message is for: by the topic it came from; where that is unknown, by its type; and what
 * carries neither is a request, so that it is answered.
 */
export function routeOf(message: Message, context: EventContext, topics: TopicNames): Route {
  // Before all else: answering our own answers would never end.
  const isOutput = context.type === EVENT_TYPE.result || context.type === EVENT_TYPE.sweepReport;
  if (isOutput && context.source === EVENT_SOURCE) return 'own-output';
  const byTopic = message.topic === undefined ? undefined : routeByTopic(message.topic, topics);
  // Whatever is for later comes by the topic of the re-checks.
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
