import type { Broker } from '../broker/broker.ts';
import type { Clock } from '../broker/clock.ts';
import { page, type PageRequest } from './page.ts';
import { checkPullable, pull } from './pull.ts';
import { parseProjectName, parseResourceName } from '../resource-names.ts';
import { invalidArgument } from '../status-error.ts';
import { checkedSubscription, checkPushConfig } from './subscription-settings.ts';
import { withUpdates } from './subscription-update.ts';
import type { PushConfig, Subscription } from '../wire-types.ts';

/** Acks and deadline changes, as a unary call or a stream sends them. */
interface AckChanges {
  subscription: string;
  ackIds: string[];
}

/** google.pubsub.v1.Subscriber without its stream: as the publisher's operations. */
export function createSubscriberOperations(broker: Broker, clock: Clock) {
  const subscriptionOf = (name: string) => {
    parseResourceName(name, 'subscriptions');
    return broker.subscription(name);
  };
  const checkDeadLetterTopic = ({ deadLetterPolicy }: Subscription) => {
    if (deadLetterPolicy !== null) broker.topic(deadLetterPolicy.deadLetterTopic);
  };
  const checkAckIds = (ackIds: string[]) => {
    if (ackIds.length === 0) throw invalidArgument('No ack ids specified.');
  };

  return {
    CreateSubscription: (given: Subscription): Subscription => {
      const settings = checkedSubscription(given);
      parseResourceName(settings.topic, 'topics');
      checkDeadLetterTopic(settings);
      return broker.addSubscription(settings).settings;
    },
    GetSubscription: ({ subscription }: { subscription: string }): Subscription => {
      return subscriptionOf(subscription).settings;
    },
    UpdateSubscription: ({
      subscription,
      updateMask,
    }: {
      subscription: Subscription | null;
      updateMask: { paths: string[] } | null;
    }): Subscription => {
      if (subscription === null) throw invalidArgument('subscription is required.');
      const live = subscriptionOf(subscription.name);
      const settings = checkedSubscription(withUpdates(live.settings, subscription, updateMask?.paths ?? []));
      checkDeadLetterTopic(settings);
      live.settings = settings;
      live.queue.offer();
      return settings;
    },
    ListSubscriptions: ({ project, ...request }: PageRequest & { project: string }) => {
      const prefix = `projects/${parseProjectName(project)}/subscriptions/`;
      const all = broker.subscriptions().map(({ settings }) => settings);
      const { items, nextPageToken } = page(
        all.filter(({ name }) => name.startsWith(prefix)),
        request,
      );
      return { subscriptions: items, nextPageToken };
    },
    DeleteSubscription: ({ subscription }: { subscription: string }) => {
      broker.deleteSubscription(subscriptionOf(subscription).settings.name);
      return {};
    },
    ModifyPushConfig: ({
      subscription,
      pushConfig,
    }: {
      subscription: string;
      pushConfig: PushConfig | null;
    }) => {
      const live = subscriptionOf(subscription);
      checkPushConfig(pushConfig);
      live.settings = { ...live.settings, pushConfig: pushConfig ?? { pushEndpoint: '', attributes: {} } };
      live.queue.offer();
      return {};
    },
    Pull: async (
      {
        subscription,
        maxMessages,
        returnImmediately,
      }: { subscription: string; maxMessages: number; returnImmediately: boolean },
      signal: AbortSignal,
    ) => {
      const live = subscriptionOf(subscription);
      checkPullable(live);
      if (maxMessages <= 0) throw invalidArgument('max_messages must be greater than 0.');
      return { receivedMessages: await pull(live, { maxMessages, returnImmediately, clock, signal }) };
    },
    Acknowledge: ({ subscription, ackIds }: AckChanges) => {
      const { queue } = subscriptionOf(subscription);
      checkAckIds(ackIds);
      queue.settle(ackIds, 'acked');
      return {};
    },
    ModifyAckDeadline: ({
      subscription,
      ackIds,
      ackDeadlineSeconds,
    }: AckChanges & { ackDeadlineSeconds: number }) => {
      const { queue } = subscriptionOf(subscription);
      checkAckIds(ackIds);
      if (ackDeadlineSeconds < 0 || ackDeadlineSeconds > 600) {
        throw invalidArgument(`Invalid ack_deadline_seconds: ${ackDeadlineSeconds} is not within 0 and 600.`);
      }
      // A deadline of 0 is a nack (pubsub.proto, ModifyAckDeadlineRequest).
      if (ackDeadlineSeconds === 0) queue.settle(ackIds, 'nacked');
      else queue.extend(ackIds, ackDeadlineSeconds * 1000);
      return {};
    },
  };
}
