import { invalidArgument } from './status-error.ts';

// cloud.google.com/pubsub/docs/pubsub-basics#resource_names: 3 to 255 characters, first a letter, never
// "goog…".
const id = /^(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;
const project = /^[A-Za-z0-9][A-Za-z0-9.:_-]*$/;

/** The topic that subscriptions show after theirs was deleted (pubsub.proto, Subscription.topic). */
export const deletedTopic = '_deleted-topic_';

/** `projects/P/topics/T` or `projects/P/subscriptions/S`, taken apart; INVALID_ARGUMENT if it is neither. */
export function parseResourceName(name: string, collection: 'topics' | 'subscriptions') {
  const [projects, projectId = '', kind, shortName = '', ...rest] = name.split('/');
  const wellFormed =
    projects === 'projects' && kind === collection && rest.length === 0 && project.test(projectId);
  if (!wellFormed || !id.test(shortName)) {
    throw invalidArgument(
      `Invalid [${collection}] name: (name=${name}). It is projects/PROJECT/${collection}/ID, where ID has ` +
        '3 to 255 of letters, digits and -_.~+%, begins with a letter and not with "goog".',
    );
  }
  return { projectId, shortName };
}

/** The project's id in `projects/P`; INVALID_ARGUMENT if it is not one. */
export function parseProjectName(name: string): string {
  const [projects, projectId = '', ...rest] = name.split('/');
  if (projects !== 'projects' || rest.length > 0 || !project.test(projectId)) {
    throw invalidArgument(`Invalid project name: (name=${name}). It is projects/PROJECT.`);
  }
  return projectId;
}
