import type { RegionalHosts } from '../../src/catalog/catalog.ts';

/**
 * Facts about services that both the npm package and the service configurations lack, kept by hand. Every entry
 * has its source, so that the next reader can check it.
 */

/** Regional hosts, and the page that documents them. */
export interface Regional extends RegionalHosts {
  readonly source: string;
}

export const regional: Readonly<Record<string, Regional>> = {
  aiplatform: {
    host: '{location}-aiplatform.googleapis.com',
    multiRegionHost: 'aiplatform.{location}.rep.googleapis.com',
    required: true,
    source: 'https://cloud.google.com/vertex-ai/docs/reference/rest#rest_endpoints',
  },
  automl: {
    host: '{location}-automl.googleapis.com',
    only: ['eu'],
    source: 'https://cloud.google.com/vision/automl/docs/locations',
  },
  chronicle: {
    host: '{location}-chronicle.googleapis.com',
    only: [
      ...[
        'us',
        'eu',
        'africa-south1',
        'asia-northeast1',
        'asia-south1',
        'asia-southeast1',
        'asia-southeast2',
      ],
      ...['australia-southeast1', 'europe-west12', 'europe-west2', 'europe-west3', 'europe-west6'],
      ...['europe-west9', 'me-central1', 'me-central2', 'me-west1', 'northamerica-northeast2'],
      ...['southamerica-east1'],
    ],
    source: 'https://cloud.google.com/chronicle/docs/reference/rest and google/secops-wrapper, regions.md',
  },
  contactcenterinsights: {
    host: '{location}-contactcenterinsights.googleapis.com',
    source: 'https://cloud.google.com/contact-center/insights/docs/regionalization',
  },
  dialogflow: {
    host: '{location}-dialogflow.googleapis.com',
    source: 'https://cloud.google.com/dialogflow/es/docs/how/region#api-requests',
  },
  discoveryengine: {
    host: '{location}-discoveryengine.googleapis.com',
    source: 'https://cloud.google.com/generative-ai-app-builder/docs/locations',
  },
  documentai: {
    host: '{location}-documentai.googleapis.com',
    source: 'https://cloud.google.com/document-ai/docs/regions',
  },
  gkemulticloud: {
    host: '{location}-gkemulticloud.googleapis.com',
    required: true,
    source: 'https://cloud.google.com/kubernetes-engine/multi-cloud/docs/reference/rest',
  },
  pubsublite: {
    host: '{location}-pubsublite.googleapis.com',
    required: true,
    source: 'https://cloud.google.com/pubsub/lite/docs/reference/rest#rest_endpoints',
  },
  speech: {
    host: '{location}-speech.googleapis.com',
    source: 'https://cloud.google.com/speech-to-text/v2/docs/reference/rest',
  },
  translate: {
    host: 'translate-{location}.googleapis.com',
    only: ['eu', 'us'],
    source: 'https://cloud.google.com/translate/docs/advanced/endpoints',
  },
  vision: {
    host: '{location}-vision.googleapis.com',
    only: ['eu', 'us'],
    source: 'https://cloud.google.com/vision/docs/ocr#regionalization',
  },
};

/**
 * Services with an alias `{location}-{service}.googleapis.com` of their plain host in every region. The alias is
 * accepted in references, and the plain host is called. Services with regional endpoints have such aliases in the
 * same locations (https://cloud.google.com/assured-workloads/docs/api-endpoints).
 */
export const locationalHosts: Readonly<Record<string, string>> = {
  dataproc: 'https://cloud.google.com/dataproc/docs/concepts/regional-endpoints',
};

/** Operations that can be cancelled and that both sources lack. */
export const additions: readonly {
  readonly service: string;
  readonly version: string;
  readonly names: readonly string[];
  readonly source: string;
}[] = [
  {
    service: 'cloudaicompanion',
    version: 'v1',
    names: ['projects/*/locations/*/operations/*'],
    source: 'https://cloud.google.com/gemini/docs/reference/rest/v1/projects.locations.operations/cancel',
  },
  {
    service: 'lifesciences',
    version: 'v2beta',
    names: ['projects/*/locations/*/operations/*'],
    source: 'discovery document lifesciences v2beta, September 2026',
  },
  {
    service: 'osconfig',
    version: 'v1',
    names: ['projects/*/locations/*/operations/*'],
    source: 'discovery document osconfig v1, September 2026',
  },
];

/**
 * Kinds of aiplatform's resources whose operations can be cancelled, which its frozen package lacks. Each
 * kind stands in a location, and also without project and location: that rule makes the patterns.
 *
 * Source: discovery documents aiplatform v1 and v1beta1, revision 20260920.
 */
const AIPLATFORM_LATER_KINDS = [
  'memoryBanks/*',
  'memoryBanks/*/memories/*',
  'onlineEvaluators/*',
  'semanticGovernancePolicies/*',
  'servingProfiles/*',
  'taskStores/*',
];
export const aiplatformKinds: Readonly<Record<string, readonly string[]>> = {
  v1: AIPLATFORM_LATER_KINDS,
  v1beta1: [
    ...AIPLATFORM_LATER_KINDS,
    'reasoningEngines/*/feedbackEntries/*',
    'reasoningEngines/*/runtimeRevisions/*',
    'reasoningEngines/*/sandboxEnvironmentSnapshots/*',
    'reasoningEngines/*/sandboxEnvironmentTemplates/*',
    'skills/*',
    'tuningJobs/*',
  ],
};

/**
 * The form of an operation's state where it is not `google.longrunning.Operation`.
 *
 * Sources: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.operations
 * and https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/operations
 */
export const states: Readonly<Record<string, 'container' | 'sqladmin'>> = {
  container: 'container',
  sqladmin: 'sqladmin',
};

/** Aliases of names, as the services themselves write them in an operation's `name`. */
export const aliases: readonly {
  readonly service: string;
  readonly name: string;
  /** The form of the name in the path of a call. */
  readonly path: string;
  readonly source: string;
}[] = [
  {
    service: 'storage',
    name: 'projects/_/buckets/*/operations/*',
    path: 'b/*/operations/*',
    source: 'https://cloud.google.com/storage/docs/json_api/v1/operations',
  },
];

/** Another beginning of paths, which a service's own pages show. */
export const legacyBases: readonly {
  readonly service: string;
  readonly version: string;
  readonly base: string;
  readonly source: string;
}[] = [
  {
    service: 'sqladmin',
    version: 'v1beta4',
    base: 'v1beta4/',
    source: 'https://cloud.google.com/sql/docs/mysql/import-export/cancel-import-export',
  },
];

/**
 * Names that contain their project, where the pattern of the sources does not show it.
 *
 * Sources: google/bigtable/admin/v2/bigtableadmin_v2.yaml, which lists `operations/projects/**`, and
 * https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds/create, whose operations are
 * `operations/build/{project}/{id}`.
 */
export const projectPlaces: readonly {
  readonly service: string;
  readonly version: string;
  readonly name: string;
}[] = [
  { service: 'bigtableadmin', version: 'v2', name: 'operations/projects/*/**' },
  { service: 'cloudbuild', version: 'v1', name: 'operations/build/{project}/**' },
];

/**
 * The version for requests that name none, where several are stable. Where none is given here, there is none:
 * dialogflow's v2 and v3 are different products.
 *
 * Source: https://cloud.google.com/vertex-ai/docs/workbench/reference/rest, where v1 is deprecated
 */
export const defaultVersions: Readonly<Record<string, string>> = { notebooks: 'v2' };

/**
 * The usual form of a service's names, which refusals suggest. Only for services whose usual form is neither the
 * default pattern nor the shortest form in a project.
 *
 * Sources: https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds/create (cloudbuild),
 * https://cloud.google.com/dataproc/docs/reference/rest/v1/projects.regions.operations (dataproc),
 * https://cloud.google.com/generative-ai-app-builder/docs/poll-lro (discoveryengine),
 * https://ai.google.dev/gemini-api/docs/batch-api (generativelanguage),
 * https://cloud.google.com/spanner/docs/manage-long-running-operations (spanner),
 * https://cloud.google.com/storage/docs/json_api/v1/operations (storage)
 */
export const usualNames: Readonly<Record<string, string>> = {
  bigtableadmin: 'operations/projects/*/**',
  cloudbuild: 'operations/build/{project}/**',
  dataproc: 'projects/*/regions/*/operations/*',
  discoveryengine: 'projects/*/locations/*/collections/*/dataStores/*/branches/*/operations/*',
  generativelanguage: 'batches/*',
  spanner: 'projects/*/instances/*/databases/*/operations/*',
  storage: 'b/*/operations/*',
};

/**
 * Operations that cannot be cancelled and that both sources lack.
 *
 * Source: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation, whose
 * operations are polled with `:fetchPredictOperation` and have no other method.
 */
export const uncancellableNames: readonly {
  readonly service: string;
  readonly version: string;
  readonly names: readonly string[];
}[] = ['v1', 'v1beta1'].map((version) => ({
  service: 'aiplatform',
  version,
  names: ['[projects/*/locations/*/]publishers/*/models/*/operations/*'],
}));

/**
 * The filter without which a service lists nothing, where its operations are all in one collection.
 *
 * Source: https://cloud.google.com/storage-transfer/docs/reference/rest/v1/transferOperations/list
 */
export const listFilters: Readonly<Record<string, string>> = {
  storagetransfer: '{"projectId":"{project}"}',
};

/**
 * The scope a token is asked for, where the methods list several besides `cloud-platform` or none. Narrowest
 * that is accepted.
 */
export const tokenScopes: Readonly<Record<string, string>> = {
  // https://developers.google.com/identity/protocols/oauth2/scopes: read_write cannot change access control.
  storage: 'devstorage.read_write',
  // "serving" cannot change the configuration of data stores and engines.
  discoveryengine: 'discoveryengine.readwrite',
};

/**
 * Scopes of methods for which the package has no sample, or an old one.
 *
 * Source: discovery documents, September 2026.
 */
export const scopes: Readonly<Record<string, readonly string[]>> = {
  aiplatform: ['aiplatform', 'cloud-platform'],
  healthcare: ['cloud-healthcare', 'cloud-platform'],
  storage: ['cloud-platform', 'devstorage.full_control', 'devstorage.read_write'],
};

/**
 * Services that act for a person of a Workspace domain: a token needs domain-wide delegation.
 *
 * Sources: https://cloud.google.com/channel/docs/get-started/authentication (cloudchannel),
 * https://developers.google.com/workspace/vault/guides/authorizing (vault)
 */
export const delegated: readonly string[] = ['cloudchannel', 'vault'];

/**
 * Services that have operations but no method to cancel them, beyond those that the package shows as such.
 *
 * Source: the services' REST references, none of which lists `operations.cancel`.
 */
export const uncancellable: readonly string[] = ['apigee', 'compute'];

/**
 * APIs of the package that are another one under a former name: `sql` is `sqladmin`, as its host there says.
 */
export const formerNames: readonly string[] = ['sql'];
