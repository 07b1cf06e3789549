import { targetOf, typeOf, wordFor, type LongrunningShape, type OperationFacts } from './shape.ts';

const WORDS = {
  running: 'RUNNING',
  cancelling: 'CANCELLING',
  cancelled: 'CANCELLED',
  failed: 'FAILED',
  succeeded: 'SUCCEEDED',
};

/**
 * Vertex AI: GenericOperationMetadata nested in each operation's own type; a cancel shows nowhere in it
 * (google/cloud/aiplatform/v1/operation.proto).
 */
export const AIPLATFORM: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: ({ address: { version }, createTime, updateTime }) => ({
    ...typeOf(`google.cloud.aiplatform.${version}.CreateDatasetOperationMetadata`),
    genericMetadata: { createTime, updateTime },
  }),
  response: (facts) => ({
    ...typeOf(`google.cloud.aiplatform.${facts.address.version}.Dataset`),
    name: targetOf(facts),
  }),
};

/**
 * Dialogflow ES: KnowledgeOperationMetadata has a state and when it ended, but not when it began
 * (google/cloud/dialogflow/v2/document.proto).
 */
export const DIALOGFLOW: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf(`google.cloud.dialogflow.${facts.address.version}.KnowledgeOperationMetadata`),
    state: facts.endTime === undefined ? 'RUNNING' : 'DONE',
    knowledgeBase: targetOf(facts),
    doneTime: facts.endTime,
  }),
  response: (facts) => ({
    ...typeOf(`google.cloud.dialogflow.${facts.address.version}.Document`),
    name: targetOf(facts),
  }),
};

/** Dialogflow CX, which is v3: the version's name, and no time (google/cloud/dialogflow/cx/v3/version.proto). */
export const DIALOGFLOW_CX: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf(`google.cloud.dialogflow.cx.${facts.address.version}.CreateVersionOperationMetadata`),
    version: `${facts.parent}/agents/a/flows/f/versions/1`,
  }),
  response: (facts) => ({
    ...typeOf(`google.cloud.dialogflow.cx.${facts.address.version}.Version`),
    name: `${facts.parent}/agents/a/flows/f/versions/1`,
  }),
};

/** Document AI: CommonOperationMetadata (google/cloud/documentai/v1/operation_metadata.proto). */
export const DOCUMENTAI: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf(`google.cloud.documentai.${facts.address.version}.TrainProcessorVersionMetadata`),
    commonMetadata: {
      state: wordFor(facts, WORDS),
      createTime: facts.createTime,
      updateTime: facts.updateTime,
      resource: `${facts.parent}/processors/p/processorVersions/${facts.id}`,
    },
  }),
  response: (facts) => ({
    ...typeOf(`google.cloud.documentai.${facts.address.version}.TrainProcessorVersionResponse`),
    processorVersion: `${facts.parent}/processors/p/processorVersions/${facts.id}`,
  }),
};

/** Vertex AI Search: the times alone (google/cloud/discoveryengine/v1/import_config.proto). */
export const DISCOVERYENGINE: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: ({ address: { version }, createTime, updateTime }) => ({
    ...typeOf(`google.cloud.discoveryengine.${version}.ImportDocumentsMetadata`),
    createTime,
    updateTime,
  }),
  response: ({ address: { version } }) =>
    typeOf(`google.cloud.discoveryengine.${version}.ImportDocumentsResponse`),
};

const translated = ({ address: { version }, createTime, endTime }: OperationFacts) => ({
  ...typeOf(`google.cloud.translation.${version}.BatchTranslateResponse`),
  submitTime: createTime,
  endTime,
});

/**
 * Translation: `submitTime`, and a cancelled batch ends with what was translated until then
 * (google/cloud/translate/v3/translation_service.proto, BatchTranslateMetadata).
 */
export const TRANSLATE: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf(`google.cloud.translation.${facts.address.version}.BatchTranslateMetadata`),
    state: wordFor(facts, WORDS),
    submitTime: facts.createTime,
  }),
  response: translated,
  besides: (facts) => (facts.state === 'cancelled' ? { error: undefined, response: translated(facts) } : {}),
};
