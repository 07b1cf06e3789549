/**
 * The services whose operations can be cancelled: data only. What is not here is refused before any call.
 *
 * Sources: the APIs' discovery documents (methods `…operations.cancel`, `.get`), and for the regional
 * endpoints the page named at each.
 */

/** How a service's host depends on the location of the operation. */
export type Endpoint =
  /** `{service}.googleapis.com`, always. */
  | 'global'
  /** `{location}-{service}.googleapis.com`; without a location, or for `global`, the plain host. */
  | 'location-prefix'
  /**
   * As above, but a location is needed, and the multi-regions are at `{service}.{us,eu}.rep.googleapis.com`.
   */
  | 'location-required';

export interface Version {
  /** Name patterns: `*` is one segment, `**` one or more. */
  readonly patterns: readonly string[];
}

export interface Service {
  readonly endpoint: Endpoint;
  readonly versions: Readonly<Record<string, Version>>;
  /**
   * Used where a request names none. Absent where versions are different products and guessing would be
   * wrong.
   */
  readonly defaultVersion?: string;
  /** OAuth scopes of which any one is accepted. */
  readonly scopes: readonly string[];
}

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const IN_LOCATION = 'projects/*/locations/*/operations/*';
const IN_PROJECT = 'projects/*/operations/*';

/**
 * Resources of aiplatform that have operations of their own. Each stands in a location, and also without
 * project and location, where the region comes from the host.
 */
const AIPLATFORM_COMMON = [
  'customJobs/*',
  'dataLabelingJobs/*',
  'datasets/*',
  'datasets/*/annotationSpecs/*',
  'datasets/*/dataItems/*',
  'datasets/*/dataItems/*/annotations/*',
  'datasets/*/savedQueries/*',
  'deploymentResourcePools/*',
  'endpoints/*',
  'featureGroups/*',
  'featureGroups/*/features/*',
  'featureOnlineStores/*',
  'featureOnlineStores/*/featureViews/*',
  'featurestores/*',
  'featurestores/*/entityTypes/*',
  'featurestores/*/entityTypes/*/features/*',
  'hyperparameterTuningJobs/*',
  'indexEndpoints/*',
  'indexes/*',
  'metadataStores/*',
  'metadataStores/*/artifacts/*',
  'metadataStores/*/contexts/*',
  'metadataStores/*/executions/*',
  'migratableResources/*',
  'modelDeploymentMonitoringJobs/*',
  'models/*',
  'models/*/evaluations/*',
  'notebookExecutionJobs/*',
  'notebookRuntimeTemplates/*',
  'notebookRuntimes/*',
  'persistentResources/*',
  'pipelineJobs/*',
  'ragCorpora/*',
  'ragCorpora/*/ragFiles/*',
  'ragEngineConfig',
  'reasoningEngines/*',
  'reasoningEngines/*/memories/*',
  'reasoningEngines/*/sandboxEnvironments/*',
  'reasoningEngines/*/sessions/*',
  'schedules/*',
  'specialistPools/*',
  'studies/*',
  'studies/*/trials/*',
  'tensorboards/*',
  'tensorboards/*/experiments/*',
  'tensorboards/*/experiments/*/runs/*',
  'tensorboards/*/experiments/*/runs/*/timeSeries/*',
  'trainingPipelines/*',
  'tuningJobs/*',
];
const AIPLATFORM_V1 = [
  ...AIPLATFORM_COMMON,
  'reasoningEngines/*/sandboxEnvironmentSnapshots/*',
  'reasoningEngines/*/sandboxEnvironmentTemplates/*',
  'skills/*',
];
const AIPLATFORM_V1BETA1 = [
  ...AIPLATFORM_COMMON,
  'agents/*',
  'apps/*',
  'edgeDevices/*',
  'evaluationItems/*',
  'evaluationRuns/*',
  'evaluationSets/*',
  'evaluationTasks/*',
  'exampleStores/*',
  'extensionControllers/*',
  'extensions/*',
  'featureGroups/*/featureMonitors/*',
  'modelMonitors/*',
  'reasoningEngines/*/examples/*',
  'solvers/*',
];

const aiplatformPatterns = (resources: readonly string[]) => [
  IN_LOCATION,
  'operations/*',
  ...resources.flatMap((resource) => [
    `projects/*/locations/*/${resource}/operations/*`,
    `${resource}/operations/*`,
  ]),
];

export const services: Readonly<Record<string, Service>> = {
  // https://cloud.google.com/vertex-ai/docs/reference/rest#rest_endpoints
  aiplatform: {
    endpoint: 'location-required',
    versions: {
      v1: { patterns: aiplatformPatterns(AIPLATFORM_V1) },
      v1beta1: { patterns: aiplatformPatterns(AIPLATFORM_V1BETA1) },
    },
    defaultVersion: 'v1',
    scopes: [CLOUD_PLATFORM],
  },
  // https://cloud.google.com/gemini/docs/reference/rest
  cloudaicompanion: {
    endpoint: 'global',
    versions: { v1: { patterns: [IN_LOCATION] } },
    defaultVersion: 'v1',
    scopes: [CLOUD_PLATFORM],
  },
  // https://cloud.google.com/channel/docs/reference/rest/v1/operations
  cloudchannel: {
    endpoint: 'global',
    versions: { v1: { patterns: ['operations/**'] } },
    defaultVersion: 'v1',
    scopes: ['https://www.googleapis.com/auth/apps.order'],
  },
  // https://cloud.google.com/dialogflow/es/docs/reference/rest/v2-overview and
  // …/cx/docs/reference/rest/v3-overview. v2 (ES) and v3 (CX) are different products: no default.
  dialogflow: {
    endpoint: 'location-prefix',
    versions: {
      v2: { patterns: [IN_LOCATION, IN_PROJECT] },
      v2beta1: { patterns: [IN_LOCATION, IN_PROJECT] },
      v3: { patterns: [IN_LOCATION, IN_PROJECT] },
      v3beta1: { patterns: [IN_LOCATION, IN_PROJECT] },
    },
    scopes: [CLOUD_PLATFORM, 'https://www.googleapis.com/auth/dialogflow'],
  },
  // https://cloud.google.com/vertex-ai/docs/workbench/reference/rest
  notebooks: {
    endpoint: 'global',
    versions: { v1: { patterns: [IN_LOCATION] }, v2: { patterns: [IN_LOCATION] } },
    defaultVersion: 'v2',
    scopes: [CLOUD_PLATFORM],
  },
};
