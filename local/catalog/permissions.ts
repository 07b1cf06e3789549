/**
 * The IAM permission that a cancel needs: `{service}.operations.cancel` as a rule, and what is known to
 * differ.
 *
 * Source: https://cloud.google.com/iam/docs/roles-permissions
 */
export function permissionOf(service: string, name: string): string | undefined {
  if (WITHOUT_IAM.has(service)) return undefined;
  const [, , permission] = EXCEPTIONS.find(([of, form]) => of === service && form.test(name)) ?? [];
  return permission ?? `${service}.operations.cancel`;
}

/** Services of Workspace and Android, which know roles of their own in place of IAM. */
const WITHOUT_IAM = new Set([
  'androidmanagement',
  'chromemanagement',
  'checks',
  'cloudchannel',
  'deepreview',
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
