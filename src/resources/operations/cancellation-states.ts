/**
 * How services show that an operation is being cancelled or was cancelled, beside the error code 1 that
 * google/longrunning/operations.proto documents. Data only, each row with its source: a path below `google/` in
 * googleapis/googleapis at commit f8291d2b, or a page.
 */

/** The state of an operation that its service writes itself, into the metadata as a rule. */
export interface OwnState {
  /**
   * Paths of the field with the state, from the body of the operation. The first that is there counts. Each is the
   * state of the operation, never that of a part, a step or a resource.
   */
  readonly fields: readonly string[];
  /** The service's word for "cancelled", where it is not among `CANCELLED_WORDS`. */
  readonly cancelledWord?: string;
  /** The word that the service documents as "either cancelled or completed". */
  readonly sharedWord?: string;
  /** Last segment of the one `@type` of metadata in which that word means "completed". */
  readonly completedType?: string;
  /** Path of a `google.rpc.Status` in the response, where the service writes the error of the operation. */
  readonly statusField?: string;
  readonly source: string;
}

/**
 * By service. Other services tell the end of an operation only by its error: their states have no word for "cancelled",
 * or are those of a resource, which others may cancel too.
 */
export const OWN_STATES: Readonly<Record<string, OwnState>> = {
  alloydb: {
    fields: ['metadata.upgradeClusterStatus.state', 'response.status'],
    source: 'cloud/alloydb/v1/service.proto, UpgradeClusterStatus and UpgradeClusterResponse',
  },
  cloudbuild: {
    fields: ['metadata.build.status'],
    source: 'devtools/cloudbuild/v1/cloudbuild.proto, BuildOperationMetadata',
  },
  dataproc: {
    fields: ['metadata.status.state', 'metadata.state'],
    sharedWord: 'DONE',
    completedType: 'JobMetadata',
    source:
      'cloud/dataproc/v1/operations.proto, jobs.proto (JobMetadata) and workflow_templates.proto (WorkflowMetadata)',
  },
  datastore: {
    fields: ['metadata.common.state'],
    source: 'datastore/admin/v1/datastore_admin.proto, CommonMetadata',
  },
  dialogflow: {
    fields: ['metadata.state'],
    sharedWord: 'DONE',
    source: 'cloud/dialogflow/v2/conversation_model.proto and document.proto (KnowledgeOperationMetadata)',
  },
  documentai: {
    fields: ['metadata.commonMetadata.state', 'metadata.state'],
    source:
      'cloud/documentai/v1/operation_metadata.proto and document_processor_service.proto (BatchProcessMetadata)',
  },
  firestore: {
    fields: ['metadata.operationState', 'metadata.state'],
    source: 'firestore/admin/v1/operation.proto, OperationState',
  },
  generativelanguage: {
    fields: ['metadata.state'],
    source: 'https://ai.google.dev/api/batch-api, BatchState of GenerateContentBatch and EmbedContentBatch',
  },
  logging: {
    fields: ['metadata.state'],
    source: 'logging/v2/logging_config.proto, OperationState',
  },
  osconfig: {
    fields: ['metadata.rolloutState'],
    source: 'cloud/osconfig/v1/os_policy_assignments.proto, OSPolicyAssignmentOperationMetadata',
  },
  remotebuildexecution: {
    fields: [],
    statusField: 'response.status',
    source: 'bazelbuild/remote-apis, build/bazel/remote/execution/v2/remote_execution.proto, ExecuteResponse',
  },
  storagebatchoperations: {
    fields: ['metadata.job.state'],
    source: 'cloud/storagebatchoperations/v1/storage_batch_operations_types.proto, Job.State',
  },
  storagetransfer: {
    fields: ['metadata.status'],
    cancelledWord: 'ABORTED',
    source: 'storagetransfer/v1/transfer_types.proto, TransferOperation.Status',
  },
  translate: {
    fields: ['metadata.state'],
    source:
      'cloud/translate/v3/translation_service.proto (BatchTranslateMetadata and others) and common.proto',
  },
  vision: {
    fields: ['metadata.state'],
    source: 'cloud/vision/v1/product_search_service.proto and image_annotator.proto (OperationMetadata)',
  },
  webrisk: {
    fields: ['metadata.state'],
    source: 'cloud/webrisk/v1/webrisk.proto, SubmitUriMetadata',
  },
};

/**
 * The words for "cancelled" and "being cancelled", without the prefix of their enum. A word that is not listed, such as
 * one that a service learns later, says nothing.
 */
export const CANCELLED_WORDS: ReadonlySet<string> = new Set(['CANCELLED', 'CANCELED']);
export const CANCELLING_WORDS: ReadonlySet<string> = new Set([
  'CANCELLING',
  'CANCELING',
  // dataproc, JobStatus.State
  'CANCEL_PENDING',
  'CANCEL_STARTED',
  // alloydb, UpgradeClusterResponse.Status
  'CANCEL_IN_PROGRESS',
]);

/** The prefixes of words: `OPERATION_STATE_CANCELLED` of logging and translate, `BATCH_STATE_…` of generativelanguage. */
export const WORD_PREFIX = /^(?:OPERATION|BATCH)_STATE_/;

/** The fields in which a service without an `OwnState` would write that it is cancelling. */
export const USUAL_STATE_FIELDS: readonly string[] = [
  'metadata.state',
  'metadata.operationState',
  'metadata.status.state',
  'metadata.commonMetadata.state',
];

/**
 * Fields that say, by `true`, that a cancel was requested. They stay set after the end, whichever it is. In every proto
 * and discovery document they mean the cancel of the operation itself.
 */
export const REQUESTED_FIELDS: readonly string[] = [
  // 59 services, as in cloud/notebooks/v2/service.proto
  'requestedCancellation',
  // apihub, cloudbuild, tpu and others, as in cloud/tpu/v2/cloud_tpu.proto
  'cancelRequested',
  // logging/v2/logging_config.proto, CopyLogEntriesMetadata; discovery document of apigeeregistry
  'cancellationRequested',
  // Discovery document of ml
  'isCancellationRequested',
];

/** The field that says so by being set: its time is that of the cancel (spanner/admin/database/v1/backup.proto). */
export const CANCEL_TIME_FIELD = 'cancelTime';

/** Where services have these fields: in the metadata, or one level deeper. */
export const REQUESTED_WITHIN: readonly string[] = [
  'metadata',
  // storage/control/v2/storage_control.proto
  'metadata.commonMetadata',
  // cloud/visionai/v1/warehouse.proto
  'metadata.operationMetadata',
  'metadata.metadata',
  // cloud/aiplatform/v1/operation.proto: a place for what all of its operations have; no such field is documented yet
  'metadata.genericMetadata',
];
