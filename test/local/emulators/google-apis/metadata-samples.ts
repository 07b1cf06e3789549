import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';

/** An hour before the test's clock, and the end of an operation that ends at once. */
const BEGAN = '2026-11-20T10:34:04.000Z';
const NOW = '2026-11-20T11:34:04.000Z';

export const IN_LOCATION = 'projects/p/locations/l/operations/o';
const type = (message: string) => ({ '@type': `type.googleapis.com/${message}` });

/** A service, an operation of it, and its metadata: running for an hour, and cancelled just now. */
export type Shown = readonly [string, string, JsonObject, JsonObject];

const processor = (state: string) => ({
  ...type('google.cloud.documentai.v1.TrainProcessorVersionMetadata'),
  commonMetadata: {
    state,
    createTime: BEGAN,
    updateTime: NOW,
    resource: 'projects/p/locations/l/processors/p/processorVersions/o',
  },
});
const imported = {
  ...type('google.cloud.discoveryengine.v1.ImportDocumentsMetadata'),
  createTime: BEGAN,
  updateTime: NOW,
};
const translated = (state: string) => ({
  ...type('google.cloud.translation.v3.BatchTranslateMetadata'),
  state,
  submitTime: BEGAN,
});
const pending = { state: 'PENDING', stateStartTime: BEGAN };
const running = { state: 'RUNNING', stateStartTime: BEGAN };
const cluster = (status: object, statusHistory: object[]) => ({
  ...type('google.cloud.dataproc.v1.ClusterOperationMetadata'),
  clusterName: 'cluster',
  status,
  statusHistory,
  operationType: 'CREATE',
  description: 'Create cluster with 2 workers',
});
const instance = {
  ...type('google.spanner.admin.instance.v1.CreateInstanceMetadata'),
  instance: { name: 'projects/p/instances/i' },
  startTime: BEGAN,
};
const backup = (progress: object, cancelTime?: string) => ({
  ...type('google.spanner.admin.database.v1.CreateBackupMetadata'),
  name: 'projects/p/instances/i/backups/b',
  progress,
  ...(cancelTime && { cancelTime }),
});
const restore = (progress: object, cancelTime?: string) => ({
  ...type('google.spanner.admin.database.v1.RestoreDatabaseMetadata'),
  name: 'projects/p/instances/i/databases/d',
  sourceType: 'BACKUP',
  progress,
  ...(cancelTime && { cancelTime }),
});
const configuration = (progress: object, cancelTime?: string) => ({
  ...type('google.spanner.admin.instance.v1.CreateInstanceConfigMetadata'),
  instanceConfig: { name: 'projects/p/instanceConfigs/c' },
  progress,
  ...(cancelTime && { cancelTime }),
});
const documents = (operationState: string, endTime?: string) => ({
  ...type('google.firestore.admin.v1.ExportDocumentsMetadata'),
  startTime: BEGAN,
  ...(endTime && { endTime }),
  operationState,
  outputUriPrefix: 'gs://backups/nightly',
});
const entities = (state: string, endTime?: string) => ({
  ...type('google.datastore.admin.v1.ExportEntitiesMetadata'),
  common: { startTime: BEGAN, ...(endTime && { endTime }), operationType: 'EXPORT_ENTITIES', state },
  outputUrlPrefix: 'gs://backups/nightly',
});
const build = (status: string, finishTime?: string) => ({
  ...type('google.devtools.cloudbuild.v1.BuildOperationMetadata'),
  build: {
    id: 'o',
    projectId: 'p',
    status,
    createTime: BEGAN,
    startTime: BEGAN,
    ...(finishTime && { finishTime }),
  },
});
const connection = (requestedCancellation: boolean, endTime?: string) => ({
  ...type('google.devtools.cloudbuild.v2.OperationMetadata'),
  createTime: BEGAN,
  ...(endTime && { endTime }),
  target: 'projects/p/locations/l/instances/o',
  verb: 'create',
  requestedCancellation,
  apiVersion: 'v2',
});
const bigtable = (finishTime?: string) => ({
  ...type('google.bigtable.admin.v2.CreateClusterMetadata'),
  requestTime: BEGAN,
  ...(finishTime && { finishTime }),
});
const transfer = (status: string, endTime?: string) => ({
  ...type('google.storagetransfer.v1.TransferOperation'),
  name: 'transferOperations/transferJobs-12-34',
  projectId: 'my-project',
  startTime: BEGAN,
  ...(endTime && { endTime }),
  status,
  counters: {},
  transferJobName: 'transferJobs/12',
});
const flowVersion = {
  ...type('google.cloud.dialogflow.cx.v3.CreateVersionOperationMetadata'),
  version: 'projects/p/locations/l/agents/a/flows/f/versions/1',
};
const began = { startTime: BEGAN };
const ended = { startTime: BEGAN, endTime: NOW };

/** Written from the protobufs of googleapis/googleapis; the times are those of `startCaller`'s clock. */
export const shown: readonly Shown[] = [
  [
    'documentai',
    `us-documentai.googleapis.com/v1/${IN_LOCATION}`,
    processor('RUNNING'),
    processor('CANCELLED'),
  ],
  ['discoveryengine', `discoveryengine.googleapis.com/v1/${IN_LOCATION}`, imported, imported],
  [
    'translate',
    `translation.googleapis.com/v3/${IN_LOCATION}`,
    translated('RUNNING'),
    translated('CANCELLED'),
  ],
  [
    'translate',
    `translate-eu.googleapis.com/v3/${IN_LOCATION}`,
    translated('RUNNING'),
    translated('CANCELLED'),
  ],
  [
    'dataproc',
    'dataproc.googleapis.com/v1/projects/p/regions/r/operations/o',
    cluster(running, [pending]),
    cluster({ state: 'DONE', stateStartTime: NOW }, [pending, running]),
  ],
  [
    'spanner',
    'spanner.googleapis.com/v1/projects/p/instances/i/operations/o',
    instance,
    { ...instance, endTime: NOW, cancelTime: NOW },
  ],
  [
    'spanner',
    'spanner.googleapis.com/v1/projects/p/instances/i/backups/b/operations/o',
    backup(began),
    backup(ended, NOW),
  ],
  [
    'spanner',
    'spanner.googleapis.com/v1/projects/p/instances/i/databases/d/operations/o',
    restore(began),
    restore(ended, NOW),
  ],
  [
    'spanner',
    'spanner.googleapis.com/v1/projects/p/instanceConfigs/c/operations/o',
    configuration(began),
    configuration(ended, NOW),
  ],
  [
    'firestore',
    'firestore.googleapis.com/v1/projects/p/databases/d/operations/o',
    documents('PROCESSING'),
    documents('CANCELLED', NOW),
  ],
  [
    'datastore',
    'datastore.googleapis.com/v1/projects/p/operations/o',
    entities('PROCESSING'),
    entities('CANCELLED', NOW),
  ],
  [
    'cloudbuild',
    'cloudbuild.googleapis.com/v1/operations/build/p/o',
    build('WORKING'),
    build('CANCELLED', NOW),
  ],
  ['cloudbuild', `cloudbuild.googleapis.com/v1/${IN_LOCATION}`, build('WORKING'), build('CANCELLED', NOW)],
  ['cloudbuild', `cloudbuild.googleapis.com/v2/${IN_LOCATION}`, connection(false), connection(true, NOW)],
  [
    'bigtableadmin',
    'bigtableadmin.googleapis.com/v2/operations/projects/p/instances/i/operations/o',
    bigtable(),
    bigtable(NOW),
  ],
  [
    'storagetransfer',
    'storagetransfer.googleapis.com/v1/transferOperations/transferJobs-12-34',
    transfer('IN_PROGRESS'),
    transfer('ABORTED', NOW),
  ],
  ['dialogflow', `dialogflow.googleapis.com/v3/${IN_LOCATION}`, flowVersion, flowVersion],
];
