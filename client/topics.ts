/** The topics that a client uses. */
export type ClientTopic = 'requests' | 'triggers' | 'results';

/** Full names, such as `projects/my-project/topics/lro-cancel-requests`. */
export type ClientTopics = Readonly<Record<ClientTopic, string>>;

/** The topics of a deployment, by the prefix that infra/ gives all names. */
export const topicsOf = (projectId: string, prefix: string): ClientTopics => ({
  requests: `projects/${projectId}/topics/${prefix}-requests`,
  triggers: `projects/${projectId}/topics/${prefix}-triggers`,
  results: `projects/${projectId}/topics/${prefix}-results`,
});
