import type { RegionalHosts } from '../../src/catalog/catalog.ts';

/**
 * Facts about services that the npm package lacks, kept by hand. Every entry has its source, so that the next
 * reader can check it.
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
};

/** Operations that can be cancelled and that the package does not list. */
export const additions: readonly {
  readonly service: string;
  readonly version: string;
  readonly names: readonly string[];
  readonly source: string;
}[] = [
  {
    service: 'automl',
    version: 'v1',
    names: ['projects/*/locations/*/operations/*'],
    source: 'googleapis/googleapis, google/cloud/automl/v1/automl_v1.yaml',
  },
  {
    service: 'cloudaicompanion',
    version: 'v1',
    names: ['projects/*/locations/*/operations/*'],
    source: 'https://cloud.google.com/gemini/docs/reference/rest/v1/projects.locations.operations/cancel',
  },
  {
    service: 'gkemulticloud',
    version: 'v1',
    names: ['projects/*/locations/*/operations/*'],
    source: 'googleapis/googleapis, google/cloud/gkemulticloud/v1/gkemulticloud_v1.yaml',
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
  {
    service: 'speech',
    version: 'v2',
    names: ['projects/*/locations/*/operations/*'],
    source: 'googleapis/googleapis, google/cloud/speech/v2/speech_v2.yaml',
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
 * Names that say which project they belong to in another place than behind `projects`.
 *
 * Source: https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds/create, whose operations
 * are `operations/build/{project}/{id}`.
 */
export const projectPlaces: readonly {
  readonly service: string;
  readonly version: string;
  readonly name: string;
}[] = [{ service: 'cloudbuild', version: 'v1', name: 'operations/build/{project}/**' }];

/**
 * The version for requests that name none, where several are stable. Where none is given here, there is none:
 * dialogflow's v2 and v3 are different products.
 *
 * Source: https://cloud.google.com/vertex-ai/docs/workbench/reference/rest, where v1 is deprecated
 */
export const defaultVersions: Readonly<Record<string, string>> = { notebooks: 'v2' };

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
