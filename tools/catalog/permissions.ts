/**
 * The IAM permission that a cancel needs, in words: what is known, else Google's rule for their names, which not
 * every service follows.
 *
 * Sources: https://cloud.google.com/iam/docs/roles-permissions and, for Vertex AI, which has none for operations,
 * https://cloud.google.com/vertex-ai/docs/general/iam-permissions
 */
export function permissionOf(service: string, name: string): string {
  if (WITHOUT_IAM.has(service)) return 'a role of the service itself; it does not use IAM';
  const [, , permission] = EXCEPTIONS.find(([of, form]) => of === service && form.test(name)) ?? [];
  if (permission !== undefined) return permission;
  if (service === 'aiplatform') {
    return 'that of the method which began it; roles/aiplatform.user has them all';
  }
  if (service === 'dialogflow') return 'not known; no role that Google publishes names one';
  if (service === 'sqladmin') return 'not known; permissions of Cloud SQL begin with cloudsql';
  if (service === 'bigtableadmin') return 'not known; permissions of Bigtable begin with bigtable';
  const byRule = `${service}.operations.cancel`;
  return FOLLOWING_THE_RULE.has(service) ? byRule : `not known; by Google's rule for their names, ${byRule}`;
}

const FOLLOWING_THE_RULE = new Set([
  'cloudaicompanion',
  'datastore',
  'logging',
  'notebooks',
  'storagetransfer',
]);

/** Services of Workspace, Android and advertising, which have their own roles instead of IAM. */
const WITHOUT_IAM = new Set([
  'admanager',
  'androidmanagement',
  'chromemanagement',
  'checks',
  'cloudchannel',
  'deepreview',
  'googleads',
  'vault',
]);

const EXCEPTIONS: readonly (readonly [service: string, name: RegExp, permission: string])[] = [
  ['firestore', /^/, 'datastore.operations.cancel'],
  ['spanner', /^projects\/[^/]+\/instances\/[^/]+\/databases\//, 'spanner.databaseOperations.cancel'],
  ['spanner', /^projects\/[^/]+\/instances\/[^/]+\/backups\//, 'spanner.backupOperations.cancel'],
  [
    'spanner',
    /^projects\/[^/]+\/instances\/[^/]+\/instancePartitions\//,
    'spanner.instancePartitionOperations.cancel',
  ],
  ['spanner', /^projects\/[^/]+\/instances\//, 'spanner.instanceOperations.cancel'],
  ['spanner', /^projects\/[^/]+\/instanceConfigs\//, 'spanner.instanceConfigOperations.cancel'],
  ['storage', /^/, 'storage.bucketOperations.cancel'],
  ['translate', /^/, 'cloudtranslate.operations.cancel'],
];
