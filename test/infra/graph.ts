/**
 * The order in which resources are made. Mocked providers cannot show that the first apply fails when a resource does
 * not wait for another, so this reads the order from `terraform graph`.
 */
type Dependencies = ReadonlyMap<string, readonly string[]>;

/** Resources that have to wait, each for the other, directly or not. */
const ORDER: readonly (readonly [resource: RegExp, after: string, because: string])[] = [
  [
    /^google_(?!project_service\b|project_service_identity\b)/,
    'time_sleep.apis',
    'an API is not usable at once',
  ],
  [/^time_sleep\.apis$/, 'google_project_service_identity.agent', 'IAM refuses agents that do not exist'],
  [/^google_project_service_identity\./, 'google_project_service.required', 'an agent needs its API'],
  ...[
    'google_project_iam_member.build_writes_logs',
    'google_project_iam_member.build_reads_sources',
    'google_project_iam_member.build_writes_images',
    'google_artifact_registry_repository_iam_member.build_writes_images',
    'google_cloud_tasks_queue_iam_member.function_enqueues',
    'google_cloud_tasks_queue_iam_member.function_views_tasks',
    'google_pubsub_topic_iam_member.function_publishes',
    'google_secret_manager_secret_iam_member.function_reads_message_keys',
    'google_service_account_iam_member.function_acts_as_tasks',
    'time_sleep.grants',
  ].map(
    (grant) =>
      [/^google_cloudfunctions2_function\./, grant, 'a build or a revision fails without its roles'] as const,
  ),
  [
    /^google_pubsub_subscription\.push$/,
    'google_cloud_run_v2_service_iam_member.push_invokes',
    'a refused push counts as an attempt',
  ],
  [
    /^google_pubsub_subscription\.push$/,
    'google_service_account_iam_member.pubsub_signs_pushes',
    'a push without a token is refused',
  ],
  [/^google_monitoring_slo\./, 'time_sleep.metrics', 'an objective with an unknown metric is refused'],
];

/** The resources of the module that do not wait for what they need, each with the reason. */
export function misorderedResources(graph: string): readonly string[] {
  const dependencies = readGraph(graph);
  return ORDER.flatMap(([resource, after, because]) => {
    const waiting = [...dependencies.keys()].filter((name) => resource.test(name));
    if (waiting.length === 0) return [`no resource is like ${resource.source}`];
    return waiting
      .filter((name) => !reaches(dependencies, name, after))
      .map((name) => `${name} does not wait for ${after}: ${because}`);
  });
}

function readGraph(graph: string): Dependencies {
  const dependencies = new Map<string, string[]>();
  const add = (name: string) => dependencies.get(name) ?? dependencies.set(name, []).get(name) ?? [];
  for (const [, from = '', to] of graph.matchAll(/^ *"([^"]+)"(?: -> "([^"]+)"| \[)/gm)) {
    if (/^(?:data|check|module)\b/.test(from)) continue;
    const needs = add(from);
    if (to !== undefined) needs.push(to);
  }
  return dependencies;
}

function reaches(dependencies: Dependencies, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const name of seen) for (const next of dependencies.get(name) ?? []) seen.add(next);
  return seen.has(to);
}
