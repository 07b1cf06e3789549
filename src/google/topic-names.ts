import { mapMaybe } from './maybe-promise.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { OwnProject, TopicKind } from '../ports.ts';

/**
 * The full name of a topic, `projects/{project}/topics/{topic}`. Both take the project that the message at
 * hand came from.
 */
export type TopicNameOf = (kind: TopicKind, messageProject: string | undefined) => MaybePromise<string>;

/** Topics that the settings name without a project are those of the function's own. */
export const createTopicNames =
  (topics: Readonly<Record<TopicKind, string>>, ownProject: OwnProject): TopicNameOf =>
  (kind, messageProject) => {
    const setting = topics[kind];
    if (setting.includes('/')) return setting;
    return mapMaybe(ownProject.id(messageProject), (project) => `projects/${project}/topics/${setting}`);
  };
