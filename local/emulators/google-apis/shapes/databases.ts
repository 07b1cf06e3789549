import { typeOf, wordFor, type LongrunningShape, type OperationFacts } from './shape.ts';

/** The names of the states in Firestore and Datastore: `OperationState` and `CommonMetadata.State`. */
const ADMIN_WORDS = {
  running: 'PROCESSING',
  cancelling: 'CANCELLING',
  cancelled: 'CANCELLED',
  failed: 'FAILED',
  succeeded: 'SUCCESSFUL',
};

/** Firestore: google/firestore/admin/v1/operation.proto, ExportDocumentsMetadata. */
export const FIRESTORE: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf('google.firestore.admin.v1.ExportDocumentsMetadata'),
    startTime: facts.createTime,
    endTime: facts.endTime,
    operationState: wordFor(facts, ADMIN_WORDS),
    outputUriPrefix: 'gs://backups/nightly',
  }),
  response: () => ({
    ...typeOf('google.firestore.admin.v1.ExportDocumentsResponse'),
    outputUriPrefix: 'gs://backups/nightly',
  }),
};

/** Datastore: google/datastore/admin/v1/datastore_admin.proto, ExportEntitiesMetadata. */
export const DATASTORE: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf('google.datastore.admin.v1.ExportEntitiesMetadata'),
    common: {
      startTime: facts.createTime,
      endTime: facts.endTime,
      operationType: 'EXPORT_ENTITIES',
      state: wordFor(facts, ADMIN_WORDS),
    },
    outputUrlPrefix: 'gs://backups/nightly',
  }),
  response: () => ({
    ...typeOf('google.datastore.admin.v1.ExportEntitiesResponse'),
    outputUrl: 'gs://backups/nightly/nightly.overall_export_metadata',
  }),
};

/** Bigtable: google/bigtable/admin/v2/bigtable_instance_admin.proto, CreateClusterMetadata. */
export const BIGTABLE: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: ({ createTime, endTime }) => ({
    ...typeOf('google.bigtable.admin.v2.CreateClusterMetadata'),
    requestTime: createTime,
    finishTime: endTime,
  }),
  response: () => typeOf('google.bigtable.admin.v2.Cluster'),
};

interface SpannerKind {
  readonly message: string;
  readonly resource: string;
  readonly metadata: (facts: OperationFacts) => object;
}

const progress = ({ createTime, endTime }: OperationFacts) => ({
  progress: { startTime: createTime, endTime },
});

/** By the collection in front of the operations. */
const SPANNER_KINDS: Readonly<Record<string, SpannerKind>> = {
  databases: {
    message: 'database.v1.RestoreDatabaseMetadata',
    resource: 'database.v1.Database',
    metadata: (facts) => ({ name: facts.parent, sourceType: 'BACKUP', ...progress(facts) }),
  },
  backups: {
    message: 'database.v1.CreateBackupMetadata',
    resource: 'database.v1.Backup',
    metadata: (facts) => ({ name: facts.parent, ...progress(facts) }),
  },
  instanceConfigs: {
    message: 'instance.v1.CreateInstanceConfigMetadata',
    resource: 'instance.v1.InstanceConfig',
    metadata: (facts) => ({ instanceConfig: { name: facts.parent }, ...progress(facts) }),
  },
};

const SPANNER_INSTANCE: SpannerKind = {
  message: 'instance.v1.CreateInstanceMetadata',
  resource: 'instance.v1.Instance',
  metadata: ({ parent, createTime, endTime }) => ({
    instance: { name: parent },
    startTime: createTime,
    endTime,
  }),
};

const spannerKind = ({ parent }: OperationFacts) =>
  SPANNER_KINDS[parent.split('/').at(-2) ?? ''] ?? SPANNER_INSTANCE;

/**
 * Spanner: the times by themselves or in the progress (google/spanner/admin/database/v1/
 * spanner_database_admin.proto and backup.proto, google/spanner/admin/instance/v1/
 * spanner_instance_admin.proto).
 */
export const SPANNER: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf(`google.spanner.admin.${spannerKind(facts).message}`),
    ...spannerKind(facts).metadata(facts),
    cancelTime: facts.cancelTime,
  }),
  response: (facts) => ({
    ...typeOf(`google.spanner.admin.${spannerKind(facts).resource}`),
    name: facts.parent,
  }),
};
