import type { Address } from './address.ts';
import type { ListForm } from './list-form.ts';
import { CONTAINER_LIST, SQL_LIST, STANDARD_LIST, STORAGE_LIST, TRANSFER_LIST } from './list-forms.ts';

/**
 * The differences between a service's HTTP methods and google.longrunning.Operations. They come from the
 * services' own references and not from the catalog, so that the two can disagree.
 */
interface Dialect {
  readonly cancel: { readonly method: 'GET' | 'POST'; readonly suffix: string };
  readonly hasGet: boolean;
  readonly list: ListForm;
  /** Whether the operations of a collection can be listed. */
  readonly hasList: (collection: Address) => boolean;
}

const STANDARD: Dialect = {
  cancel: { method: 'POST', suffix: ':cancel' },
  hasGet: true,
  list: STANDARD_LIST,
  hasList: () => true,
};
const WITHOUT_GET: Dialect = { ...STANDARD, hasGet: false };
const SLASH_CANCEL: Dialect['cancel'] = { method: 'POST', suffix: '/cancel' };

const DIALECTS: Readonly<Record<string, Dialect>> = {
  // https://cloud.google.com/storage/docs/json_api/v1/operations/cancel
  storage: { ...STANDARD, cancel: SLASH_CANCEL, list: STORAGE_LIST },
  // https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/operations/cancel
  sqladmin: { ...STANDARD, cancel: SLASH_CANCEL, list: SQL_LIST },
  // https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.operations
  container: { ...STANDARD, list: CONTAINER_LIST },
  // https://cloud.google.com/storage-transfer/docs/reference/rest/v1/transferOperations
  storagetransfer: { ...STANDARD, list: TRANSFER_LIST },
  // https://cloud.google.com/ai-platform/data-labeling/docs/reference/rest/v1beta1/projects.operations/cancel
  datalabeling: { ...STANDARD, cancel: { method: 'GET', suffix: ':cancel' } },
  chromemanagement: WITHOUT_GET,
  firebaseml: WITHOUT_GET,
  runtimeconfig: WITHOUT_GET,
  // https://firebase.google.com/docs/reference/hosting/rest: v1 lists `operations`, and not those of domains.
  firebasehosting: { ...WITHOUT_GET, hasList: unless(/^v1\/.*\/customDomains\//) },
  // google/cloud/texttospeech/v1/texttospeech_v1.yaml lists in locations, where nothing can be cancelled.
  texttospeech: { ...WITHOUT_GET, hasList: unless(/^v1\/operations$/) },
  // google/cloud/videointelligence/v1/videointelligence_v1.yaml: `operations/projects/…` is not listed.
  videointelligence: { ...STANDARD, hasList: unless(/^v1\/operations$/) },
  // https://cloud.google.com/ai-platform/training/docs/reference/rest/v1/projects.locations.operations
  ml: { ...STANDARD, hasList: unless(/\/locations\//) },
  // google/devtools/cloudbuild/v1/cloudbuild_v1.yaml, v2/cloudbuild_v2.yaml
  cloudbuild: { ...STANDARD, hasList: () => false },
  // https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.operations
  artifactregistry: { ...STANDARD, hasList: unless(/^v1\//) },
  // google/cloud/osconfig/v1/osconfig_v1.yaml
  osconfig: { ...STANDARD, hasList: unless(/\/osPolicyAssignments\//) },
  // https://bigqueryreservation.googleapis.com/$discovery/rest?version=v1alpha2
  bigqueryreservation: { ...STANDARD, hasList: () => false },
  // https://aiplatform.googleapis.com/$discovery/rest?version=v1, and v1beta1
  aiplatform: { ...STANDARD, hasList: unless(/^v1\/.*\/sandboxEnvironment|^v1beta1\/.*\/examples\//) },
};

export const dialectOf = (service: string): Dialect =>
  (Object.hasOwn(DIALECTS, service) ? DIALECTS[service] : undefined) ?? STANDARD;

/** Every collection but those whose path behind the version matches the pattern. */
function unless(pattern: RegExp): Dialect['hasList'] {
  return ({ version, collection }) => !pattern.test(`${version}/${collection}`);
}
