import type { Chaos } from './chaos.ts';
import type { World } from '../../support/virtual-time.ts';

/** A message as it stands on a topic. */
export interface Message {
  readonly id: string;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly publishedMs: number;
}

export type Topic = 'requests' | 'rechecks' | 'triggers' | 'deadLetters' | 'results';

/** The function that messages are pushed to, or nothing while it is down. */
export interface Receiver {
  readonly handle: (event: unknown) => Promise<void>;
  /** Calls back when it has died: the connection breaks. */
  readonly onDeath: (listener: () => void) => void;
}

export interface PubSub {
  /** Gives the message's id. */
  publish(topic: Topic, data: string, attributes: Readonly<Record<string, string>>): string;
  readonly results: readonly Message[];
  /** Every message on the topic of the requests. */
  readonly requests: readonly Message[];
  /** Messages that were given up, as they were before. */
  readonly given: readonly Message[];
  /** Number of deliveries. */
  deliveries(): number;
  /** Number of deliveries that outlasted their ack deadline. */
  late(): number;
}

const ACK_DEADLINE_MS = 60_000;
const BACKOFF_MS = { least: 10_000, most: 600_000 };
/** Deliveries before a message is given up; a dead letter never is. */
const ATTEMPTS = { requests: 10, rechecks: 100, triggers: 10, deadLetters: Infinity };
const PROJECT = 'my-project';
const TOPIC_ID = {
  requests: 'requests',
  rechecks: 'rechecks',
  triggers: 'triggers',
  deadLetters: 'dead-letters',
};

/** Pub/Sub with push subscriptions: at least once, in any order. */
export function createPubSub(
  world: World,
  chaos: Chaos,
  receiver: () => Receiver | undefined,
  onResult: (message: Message) => void,
): PubSub {
  const results: Message[] = [];
  const requests: Message[] = [];
  const given: Message[] = [];
  let count = 0;
  let deliveries = 0;
  let late = 0;

  function publish(topic: Topic, data: string, attributes: Readonly<Record<string, string>>): string {
    count += 1;
    const message = { id: `m${count}`, data, attributes, publishedMs: world.now() };
    if (topic === 'results') {
      results.push(message);
      onResult(message);
      return message.id;
    }
    if (topic === 'requests') requests.push(message);
    const copies = world.chance(chaos.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) deliverSoon(topic, message, 1, 0);
    return message.id;
  }

  function deliverSoon(topic: Exclude<Topic, 'results'>, message: Message, attempt: number, waitMs: number) {
    world.after(waitMs + world.between(1, chaos.deliveryMs), () => push(topic, message, attempt));
  }

  function push(topic: Exclude<Topic, 'results'>, message: Message, attempt: number): void {
    deliveries += 1;
    let isOpen = true;
    const close = (answer: 'ack' | 'nack' | 'late') => {
      if (!isOpen) return;
      isOpen = false;
      if (answer === 'late') late += 1;
      if (answer === 'ack' && !world.chance(chaos.lostAck)) return;
      if (attempt >= ATTEMPTS[topic]) {
        giveUp(topic, message, attempt);
        return;
      }
      const doubledMs = BACKOFF_MS.least * 2 ** Math.min(attempt - 1, 10);
      const backoffMs = answer === 'ack' ? ACK_DEADLINE_MS : Math.min(BACKOFF_MS.most, doubledMs);
      deliverSoon(topic, message, attempt + 1, backoffMs);
    };
    const target = receiver();
    if (target === undefined) {
      close('nack');
      return;
    }
    target.onDeath(() => close('nack'));
    world.after(ACK_DEADLINE_MS, () => close('late'));
    target.handle(eventOf(topic, message)).then(
      () => close('ack'),
      () => close('nack'),
    );
  }

  function giveUp(topic: Exclude<Topic, 'results'>, message: Message, attempt: number): void {
    given.push(message);
    publish('deadLetters', message.data, {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
      CloudPubSubDeadLetterSourceSubscription: `push-${TOPIC_ID[topic]}`,
      CloudPubSubDeadLetterSourceSubscriptionProject: PROJECT,
    });
  }

  return { publish, results, requests, given, deliveries: () => deliveries, late: () => late };
}

/** The event that the framework makes of a push. */
function eventOf(topic: Exclude<Topic, 'results'>, { id, data, attributes, publishedMs }: Message): unknown {
  return {
    specversion: '1.0',
    id,
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: `//pubsub.googleapis.com/projects/${PROJECT}/topics/lro-cancel-${TOPIC_ID[topic]}`,
    time: new Date(publishedMs).toISOString(),
    data: {
      message: {
        messageId: id,
        publishTime: new Date(publishedMs).toISOString(),
        attributes,
        ...(data !== '' && { data: Buffer.from(data).toString('base64') }),
      },
    },
  };
}
