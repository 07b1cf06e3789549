import { serviceOf, type Address } from './address.ts';
import { dialectOf } from './dialect.ts';
import { overlaid } from './fault.ts';
import type { OperationPast, OperationPresent } from './operation-life.ts';
import type { JsonObject } from './rpc-status.ts';

/** What the metadata of every service is made of. */
interface MetadataFacts {
  readonly version: string;
  readonly target: string;
  readonly createTime: string | undefined;
  readonly updateTime: string;
  readonly endTime: string | undefined;
  readonly cancelRequested: boolean;
}

/** How one service shows its operations. */
interface ServiceShape {
  /**
   * Whether a running operation says `"done": false`. Services on the common control plane do; others leave a
   * false field out, as proto3 JSON does.
   */
  readonly saysNotDone: boolean;
  readonly metadata: (facts: MetadataFacts) => JsonObject;
  readonly response: (facts: MetadataFacts) => JsonObject;
}

const TYPE = 'type.googleapis.com';

/** The metadata most services use, differing in the name of the field that tells of a cancel. */
function controlPlane(type: string, responseType: string, cancelField: string): ServiceShape {
  return {
    saysNotDone: true,
    metadata: ({ version, target, createTime, endTime, cancelRequested }) => ({
      '@type': `${TYPE}/google.cloud.${type}.${version}.OperationMetadata`,
      ...(createTime !== undefined && { createTime }),
      ...(endTime !== undefined && { endTime }),
      target,
      verb: 'create',
      [cancelField]: cancelRequested,
      apiVersion: version,
    }),
    response: ({ version, target }) => ({
      '@type': `${TYPE}/google.cloud.${type}.${version}.${responseType}`,
      name: target,
    }),
  };
}

/**
 * Google.Cloud.AIPlatform: GenericOperationMetadata nested in each operation's own type; cancellation shows
 * nowhere in it.
 */
const AIPLATFORM: ServiceShape = {
  saysNotDone: false,
  metadata: ({ version, createTime, updateTime }) => ({
    '@type': `${TYPE}/google.cloud.aiplatform.${version}.CreateDatasetOperationMetadata`,
    genericMetadata: { ...(createTime !== undefined && { createTime }), updateTime },
  }),
  response: ({ version, target }) => ({
    '@type': `${TYPE}/google.cloud.aiplatform.${version}.Dataset`,
    name: target,
  }),
};

/** google.cloud.dialogflow KnowledgeOperationMetadata: a state, and no time at all. */
const DIALOGFLOW: ServiceShape = {
  saysNotDone: false,
  metadata: ({ version, target, endTime }) => ({
    '@type': `${TYPE}/google.cloud.dialogflow.${version}.KnowledgeOperationMetadata`,
    state: endTime === undefined ? 'RUNNING' : 'DONE',
    knowledgeBase: target,
  }),
  response: ({ version, target }) => ({
    '@type': `${TYPE}/google.cloud.dialogflow.${version}.Document`,
    name: target,
  }),
};

/** google.cloud.channel.v1.OperationMetadata has the operation's type, and no time. */
const CLOUDCHANNEL: ServiceShape = {
  saysNotDone: false,
  metadata: () => ({
    '@type': `${TYPE}/google.cloud.channel.v1.OperationMetadata`,
    operationType: 'CREATE_ENTITLEMENT',
  }),
  response: () => ({
    '@type': `${TYPE}/google.cloud.channel.v1.Entitlement`,
    name: 'accounts/C012345/customers/S0123456789/entitlements/E0123456789',
  }),
};

function shapeOf(service: string): ServiceShape {
  switch (service) {
    case 'aiplatform':
      return AIPLATFORM;
    case 'dialogflow':
      return DIALOGFLOW;
    case 'cloudchannel':
      return CLOUDCHANNEL;
    case 'notebooks':
      return controlPlane('notebooks', 'Instance', 'requestedCancellation');
    case 'cloudaicompanion':
      return controlPlane('cloudaicompanion', 'CodeRepositoryIndex', 'requestedCancellation');
    default:
      return controlPlane(service, 'Resource', 'cancelRequested');
  }
}

/** The operation as its service's GET shows it (google/longrunning/operations.proto). */
export function operationResource(
  address: Address,
  past: OperationPast,
  present: OperationPresent,
  nowMs: number,
): JsonObject {
  const { script, addedAtMs, cancelledAtMs } = past;
  const service = serviceOf(address.host);
  const shape = shapeOf(service);
  const done = present.state !== 'running';
  const facts: MetadataFacts = {
    version: address.version,
    target: address.collection.replace(/\/?[A-Za-z]+$/, '') + `/instances/${address.operationId ?? ''}`,
    createTime: script.ageMs === 'unknown' ? undefined : timestamp(addedAtMs - (script.ageMs ?? 0)),
    updateTime: timestamp(done ? present.sinceMs : (cancelledAtMs ?? nowMs)),
    endTime: done ? timestamp(present.sinceMs) : undefined,
    cancelRequested: cancelledAtMs !== undefined,
  };
  return dialectOf(service).show({
    name: address.name,
    metadata: overlaid(shape.metadata(facts), script.metadata ?? {}),
    ...(done ? { done: true } : shape.saysNotDone && { done: false }),
    ...result(present.state, past, () => shape.response(facts)),
  });
}

function result(
  state: OperationPresent['state'],
  { script }: OperationPast,
  response: () => JsonObject,
): JsonObject {
  switch (state) {
    case 'cancelled':
      return { error: script.error ?? { code: 1, message: 'The operation was cancelled.' } };
    case 'failed':
      return { error: script.error ?? { code: 13, message: 'Internal error encountered.' } };
    case 'succeeded':
      return { response: script.response ?? response() };
    case 'running':
    case 'neither':
    case 'gone':
      return {};
  }
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
