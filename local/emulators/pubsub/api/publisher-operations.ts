import type { Broker } from '../broker/broker.ts';
import { checkMessages } from './message-limits.ts';
import { page, type PageRequest } from './page.ts';
import { parseProjectName, parseResourceName } from '../resource-names.ts';
import { invalidArgument, StatusError } from '../status-error.ts';
import type { PubsubMessage, Topic } from '../wire-types.ts';

/**
 * google.pubsub.v1.Publisher: each method takes a decoded request and returns the response, or throws a
 * StatusError.
 */
export function createPublisherOperations(broker: Broker) {
  const topicOf = (name: string) => {
    parseResourceName(name, 'topics');
    return broker.topic(name);
  };
  return {
    CreateTopic: (topic: Topic): Topic => {
      parseResourceName(topic.name, 'topics');
      if (topic.schemaSettings ?? topic.ingestionDataSourceSettings ?? topic.messageTransforms[0]) {
        throw new StatusError(
          'UNIMPLEMENTED',
          'The embedded Pub/Sub does not offer schema_settings, ingestion_data_source_settings and message_transforms.',
        );
      }
      const created: Topic = { ...topic, state: 'ACTIVE' };
      broker.addTopic(created);
      return created;
    },
    UpdateTopic: ({ topic, updateMask }: { topic: Topic | null; updateMask: { paths: string[] } | null }) => {
      if (topic === null) throw invalidArgument('topic is required.');
      const updated = { ...topicOf(topic.name) };
      for (const path of updateMask?.paths ?? []) {
        if (path === 'labels') updated.labels = topic.labels;
        else if (path === 'message_retention_duration') {
          updated.messageRetentionDuration = topic.messageRetentionDuration;
        } else throw invalidArgument(`Invalid update_mask: "${path}" cannot be updated.`);
      }
      broker.replaceTopic(updated);
      return updated;
    },
    GetTopic: ({ topic }: { topic: string }): Topic => topicOf(topic),
    ListTopics: ({ project, ...request }: PageRequest & { project: string }) => {
      const prefix = `projects/${parseProjectName(project)}/topics/`;
      const { items, nextPageToken } = page(
        broker.topics().filter(({ name }) => name.startsWith(prefix)),
        request,
      );
      return { topics: items, nextPageToken };
    },
    ListTopicSubscriptions: ({ topic, ...request }: PageRequest & { topic: string }) => {
      const { name } = topicOf(topic);
      const attached = broker.subscriptions().filter(({ settings }) => settings.topic === name);
      const { items, nextPageToken } = page(
        attached.map(({ settings }) => settings),
        request,
      );
      return { subscriptions: items.map((subscription) => subscription.name), nextPageToken };
    },
    DeleteTopic: ({ topic }: { topic: string }) => {
      broker.deleteTopic(topicOf(topic).name);
      return {};
    },
    Publish: ({ topic, messages }: { topic: string; messages: PubsubMessage[] }) => {
      const { name } = topicOf(topic);
      checkMessages(messages);
      return { messageIds: broker.publish(name, messages) };
    },
  };
}
