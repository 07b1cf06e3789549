import type { OwnProject, TopicKind } from '../core/ports.ts';

/**
 * The full name of a topic, `projects/{project}/topics/{topic}`. Both take the project that the message at
 * hand came from.
 */
export type TopicNameOf = (kind: TopicKind, messageProject: string | undefined) => Promise<string>;

/** Topics that the settings name without a project are those of the function's own. */
export const createTopicNames =
  (topics: Readonly<Record<TopicKind, string>>, ownProject: OwnProject): TopicNameOf =>
  async (kind, messageProject) => {
    const setting = topics[kind];
    return setting.includes('/')
      ? setting
      : `projects/${await ownProject.id(messageProject)}/topics/${setting}`;
  };
