/** The words of one enum, at the place where a service writes it. Absent: the enum has no such word. */
export interface OwnStateSample {
  readonly service: string;
  /** The type of the metadata, or of the response where `field` is in it. */
  readonly type: string;
  readonly field: string;
  readonly running: string;
  readonly succeeded: string;
  readonly cancelling?: readonly string[];
  readonly cancelled?: string;
  /** `succeeded` is the word for "cancelled" too. */
  readonly shared?: true;
}

const CANCELLED = { cancelled: 'CANCELLED' } as const;
const BOTH = { cancelling: ['CANCELLING'], cancelled: 'CANCELLED' } as const;
const PREFIXED = {
  running: 'OPERATION_STATE_RUNNING',
  succeeded: 'OPERATION_STATE_SUCCEEDED',
  cancelled: 'OPERATION_STATE_CANCELLED',
} as const;

/** Each type of metadata, or each of a kind, that has a state of the operation itself. */
export const OWN_STATE_SAMPLES: readonly OwnStateSample[] = [
  {
    service: 'alloydb',
    type: 'google.cloud.alloydb.v1.OperationMetadata',
    field: 'metadata.upgradeClusterStatus.state',
    running: 'IN_PROGRESS',
    succeeded: 'PARTIAL_SUCCESS',
    cancelling: ['CANCEL_IN_PROGRESS'],
    ...CANCELLED,
  },
  {
    service: 'alloydb',
    type: 'google.cloud.alloydb.v1.UpgradeClusterResponse',
    field: 'response.status',
    running: 'IN_PROGRESS',
    succeeded: 'SUCCESS',
    ...CANCELLED,
  },
  {
    service: 'cloudbuild',
    type: 'google.devtools.cloudbuild.v1.BuildOperationMetadata',
    field: 'metadata.build.status',
    running: 'WORKING',
    succeeded: 'SUCCESS',
    ...CANCELLED,
  },
  {
    service: 'dataproc',
    type: 'google.cloud.dataproc.v1.JobMetadata',
    field: 'metadata.status.state',
    running: 'RUNNING',
    succeeded: 'DONE',
    cancelling: ['CANCEL_PENDING', 'CANCEL_STARTED'],
    ...CANCELLED,
  },
  ...['ClusterOperationMetadata', 'NodeGroupOperationMetadata'].map((type) => ({
    service: 'dataproc',
    type: `google.cloud.dataproc.v1.${type}`,
    field: 'metadata.status.state',
    running: 'RUNNING',
    succeeded: 'DONE',
    shared: true as const,
  })),
  {
    service: 'dataproc',
    type: 'google.cloud.dataproc.v1.WorkflowMetadata',
    field: 'metadata.state',
    running: 'RUNNING',
    succeeded: 'DONE',
    shared: true,
  },
  ...['ExportEntitiesMetadata', 'ImportEntitiesMetadata', 'IndexOperationMetadata'].map((type) => ({
    service: 'datastore',
    type: `google.datastore.admin.v1.${type}`,
    field: 'metadata.common.state',
    running: 'PROCESSING',
    succeeded: 'SUCCESSFUL',
    ...BOTH,
  })),
  {
    service: 'dialogflow',
    type: 'google.cloud.dialogflow.v2.CreateConversationModelOperationMetadata',
    field: 'metadata.state',
    running: 'TRAINING',
    succeeded: 'SUCCEEDED',
    ...BOTH,
  },
  {
    service: 'dialogflow',
    type: 'google.cloud.dialogflow.v2.CreateConversationModelEvaluationOperationMetadata',
    field: 'metadata.state',
    running: 'RUNNING',
    succeeded: 'SUCCEEDED',
    ...CANCELLED,
  },
  {
    service: 'dialogflow',
    type: 'google.cloud.dialogflow.v2beta1.KnowledgeOperationMetadata',
    field: 'metadata.state',
    running: 'RUNNING',
    succeeded: 'DONE',
    shared: true,
  },
  {
    service: 'documentai',
    type: 'google.cloud.documentai.v1.BatchProcessMetadata',
    field: 'metadata.state',
    running: 'WAITING',
    succeeded: 'SUCCEEDED',
    ...BOTH,
  },
  // The type that answers of v1 have; its package is in no proto.
  {
    service: 'documentai',
    type: 'google.cloud.documentai.uiv1beta3.TrainProcessorVersionMetadata',
    field: 'metadata.commonMetadata.state',
    running: 'RUNNING',
    succeeded: 'SUCCEEDED',
    ...BOTH,
  },
  {
    service: 'firestore',
    type: 'google.firestore.admin.v1.ExportDocumentsMetadata',
    field: 'metadata.operationState',
    running: 'PROCESSING',
    succeeded: 'SUCCESSFUL',
    ...BOTH,
  },
  {
    service: 'firestore',
    type: 'google.firestore.admin.v1.IndexOperationMetadata',
    field: 'metadata.state',
    running: 'FINALIZING',
    succeeded: 'SUCCESSFUL',
    ...BOTH,
  },
  {
    service: 'generativelanguage',
    type: 'google.ai.generativelanguage.v1beta.GenerateContentBatch',
    field: 'metadata.state',
    running: 'BATCH_STATE_RUNNING',
    succeeded: 'BATCH_STATE_SUCCEEDED',
    cancelled: 'BATCH_STATE_CANCELLED',
  },
  ...['CopyLogEntriesMetadata', 'BucketMetadata', 'LinkMetadata'].map((type) => ({
    service: 'logging',
    type: `google.logging.v2.${type}`,
    field: 'metadata.state',
    ...PREFIXED,
  })),
  {
    service: 'osconfig',
    type: 'google.cloud.osconfig.v1.OSPolicyAssignmentOperationMetadata',
    field: 'metadata.rolloutState',
    running: 'IN_PROGRESS',
    succeeded: 'SUCCEEDED',
    ...BOTH,
  },
  {
    service: 'storagebatchoperations',
    type: 'google.cloud.storagebatchoperations.v1.OperationMetadata',
    field: 'metadata.job.state',
    running: 'QUEUED',
    succeeded: 'SUCCEEDED',
    cancelled: 'CANCELED',
  },
  {
    service: 'storagetransfer',
    type: 'google.storagetransfer.v1.TransferOperation',
    field: 'metadata.status',
    running: 'SUSPENDING',
    succeeded: 'SUCCESS',
    cancelled: 'ABORTED',
  },
  ...['BatchTranslateMetadata', 'BatchTranslateDocumentMetadata', 'CreateGlossaryMetadata'].map((type) => ({
    service: 'translate',
    type: `google.cloud.translation.v3.${type}`,
    field: 'metadata.state',
    running: 'RUNNING',
    succeeded: 'SUCCEEDED',
    ...BOTH,
  })),
  {
    service: 'translate',
    type: 'google.cloud.translation.v3.ImportDataMetadata',
    field: 'metadata.state',
    ...PREFIXED,
    cancelling: ['OPERATION_STATE_CANCELLING'],
  },
  {
    service: 'vision',
    type: 'google.cloud.vision.v1.BatchOperationMetadata',
    field: 'metadata.state',
    running: 'PROCESSING',
    succeeded: 'SUCCESSFUL',
    ...CANCELLED,
  },
  {
    service: 'vision',
    type: 'google.cloud.vision.v1.OperationMetadata',
    field: 'metadata.state',
    running: 'CREATED',
    succeeded: 'DONE',
    ...CANCELLED,
  },
  {
    service: 'webrisk',
    type: 'google.cloud.webrisk.v1.SubmitUriMetadata',
    field: 'metadata.state',
    running: 'RUNNING',
    succeeded: 'CLOSED',
    ...CANCELLED,
  },
];
