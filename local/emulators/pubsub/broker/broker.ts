import type { Clock } from './clock.ts';
import { deadLetterOf } from './dead-letter.ts';
import { deletedTopic } from '../resource-names.ts';
import { StatusError } from '../status-error.ts';
import { createStoredMessage, type PublishedMessage, type StoredMessage } from './stored-message.ts';
import { createLiveSubscription, type LiveSubscription } from './subscription.ts';
import type { Subscription, Topic } from '../wire-types.ts';

/** Called with each new subscription; the push begins here. */
type SubscriptionListener = (subscription: LiveSubscription) => void;

/**
 * Topics, subscriptions and the messages between them. Knows no transport; what it is given has been
 * validated.
 */
export interface Broker {
  addTopic(topic: Topic): void;
  /** NOT_FOUND if absent, as of all that follow. */
  topic(name: string): Topic;
  replaceTopic(topic: Topic): void;
  /** Its subscriptions stay, with what they still have. */
  deleteTopic(name: string): void;
  topics(): Topic[];
  /** The ids, in the order of the messages. */
  publish(topicName: string, messages: readonly PublishedMessage[]): string[];
  addSubscription(settings: Subscription): LiveSubscription;
  subscription(name: string): LiveSubscription;
  deleteSubscription(name: string): void;
  subscriptions(): LiveSubscription[];
  /** Ends every subscription and drops every message. */
  close(): void;
}

/** An empty broker. */
export function createBroker({
  clock,
  onSubscription,
}: {
  clock: Clock;
  onSubscription: SubscriptionListener;
}): Broker {
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, LiveSubscription>();
  let publishedCount = 0;

  const topic = (name: string) => {
    const found = topics.get(name);
    if (found === undefined) throw notFound(name);
    return found;
  };
  const subscription = (name: string) => {
    const found = subscriptions.get(name);
    if (found === undefined) throw notFound(name);
    return found;
  };

  const publish: Broker['publish'] = (topicName, messages) => {
    topic(topicName);
    const publishTimeMs = clock.now();
    const stored = messages.map((message) => {
      publishedCount += 1;
      return createStoredMessage(String(publishedCount), publishTimeMs, message);
    });
    for (const each of subscriptions.values()) {
      if (each.settings.topic === topicName) each.receive(stored);
    }
    return stored.map(({ messageId }) => messageId);
  };

  // The service cannot forward to a deleted topic either, and continues to deliver to the subscriber.
  const forwardDeadLetter = (source: Subscription, message: StoredMessage, attempts: number) => {
    const deadLetterTopic = source.deadLetterPolicy?.deadLetterTopic ?? '';
    if (!topics.has(deadLetterTopic)) return false;
    publish(deadLetterTopic, [deadLetterOf(source, message, attempts)]);
    return true;
  };

  return {
    addTopic: (added) => {
      if (topics.has(added.name)) throw alreadyExists(added.name);
      topics.set(added.name, added);
    },
    topic,
    replaceTopic: (replacement) => void topics.set(topic(replacement.name).name, replacement),
    deleteTopic: (name) => {
      topic(name);
      topics.delete(name);
      for (const each of subscriptions.values()) {
        if (each.settings.topic === name) each.settings = { ...each.settings, topic: deletedTopic };
      }
    },
    topics: () => [...topics.values()],
    publish,
    addSubscription: (settings) => {
      if (subscriptions.has(settings.name)) throw alreadyExists(settings.name);
      topic(settings.topic);
      const added = createLiveSubscription({ clock, settings, forwardDeadLetter });
      subscriptions.set(settings.name, added);
      onSubscription(added);
      return added;
    },
    subscription,
    deleteSubscription: (name) => {
      const deleted = subscription(name);
      subscriptions.delete(name);
      deleted.end(notFound(name));
    },
    subscriptions: () => [...subscriptions.values()],
    close: () => {
      for (const each of subscriptions.values()) {
        each.end(new StatusError('UNAVAILABLE', 'The embedded Pub/Sub is closed.'));
      }
      subscriptions.clear();
      topics.clear();
    },
  };
}

function notFound(name: string) {
  return new StatusError('NOT_FOUND', `Resource not found (resource=${name}).`);
}

function alreadyExists(name: string) {
  return new StatusError('ALREADY_EXISTS', `Resource already exists in the project (resource=${name}).`);
}
