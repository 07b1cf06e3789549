import { andThen } from '../core/eventual.ts';
import type { Eventual } from '../core/eventual.ts';
import type { OwnProject, TopicKind } from '../core/ports.ts';

/**
 * The full name of a topic, `projects/{project}/topics/{topic}`. Both take the project that the message at
 * hand came from.
 */
export type TopicNameOf = (kind: TopicKind, messageProject: string | undefined) => Eventual<string>;

/** Topics that the settings name without a project are those of the function's own. */
export const createTopicNames =
  (topics: Readonly<Record<TopicKind, string>>, ownProject: OwnProject): TopicNameOf =>
  (kind, messageProject) => {
    const setting = topics[kind];
    if (setting.includes('/')) return setting;
    return andThen(ownProject.id(messageProject), (project) => `projects/${project}/topics/${setting}`);
  };
