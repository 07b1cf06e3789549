/**
 * The messages of google/pubsub/v1/pubsub.proto as the transports decode them: camelCase, 64-bit numbers as
 * strings, bytes as Buffers, every field present (an absent message is null). Only what is read is declared.
 */

/** google.protobuf.Duration, and google.protobuf.Timestamp, which has the same fields. */
export interface SecondsAndNanos {
  seconds: string;
  nanos: number;
}

/** google.pubsub.v1.PubsubMessage; the id and the time of publishing are the server's to set. */
export interface PubsubMessage {
  data: Uint8Array;
  attributes: Record<string, string>;
  messageId: string;
  publishTime: SecondsAndNanos | null;
  orderingKey: string;
}

/** google.pubsub.v1.Topic. */
export interface Topic {
  name: string;
  labels: Record<string, string>;
  messageRetentionDuration: SecondsAndNanos | null;
  schemaSettings: object | null;
  ingestionDataSourceSettings: object | null;
  messageTransforms: object[];
  state: string;
}

/** google.pubsub.v1.PushConfig. */
export interface PushConfig {
  pushEndpoint: string;
  attributes: Record<string, string>;
  noWrapper?: object | null;
}

/** google.pubsub.v1.RetryPolicy. */
export interface RetryPolicy {
  minimumBackoff: SecondsAndNanos | null;
  maximumBackoff: SecondsAndNanos | null;
}

/** google.pubsub.v1.DeadLetterPolicy. */
export interface DeadLetterPolicy {
  deadLetterTopic: string;
  maxDeliveryAttempts: number;
}

/** google.pubsub.v1.Subscription. */
export interface Subscription {
  name: string;
  topic: string;
  pushConfig: PushConfig | null;
  ackDeadlineSeconds: number;
  retainAckedMessages: boolean;
  messageRetentionDuration: SecondsAndNanos | null;
  labels: Record<string, string>;
  enableMessageOrdering: boolean;
  enableExactlyOnceDelivery: boolean;
  expirationPolicy: { ttl: SecondsAndNanos | null } | null;
  filter: string;
  deadLetterPolicy: DeadLetterPolicy | null;
  retryPolicy: RetryPolicy | null;
  detached: boolean;
  bigqueryConfig: object | null;
  cloudStorageConfig: object | null;
  bigtableConfig: object | null;
  messageTransforms: object[];
  state: string;
}

/** google.pubsub.v1.ReceivedMessage. */
export interface ReceivedMessage {
  ackId: string;
  message: PubsubMessage;
  deliveryAttempt: number;
}

/** google.pubsub.v1.StreamingPullRequest. */
export interface StreamingPullRequest {
  subscription: string;
  ackIds: string[];
  modifyDeadlineSeconds: number[];
  modifyDeadlineAckIds: string[];
  streamAckDeadlineSeconds: number;
  maxOutstandingMessages: string;
  maxOutstandingBytes: string;
}

/** Milliseconds of a Duration or a Timestamp. */
export function toMs({ seconds, nanos }: SecondsAndNanos): number {
  return Number(seconds) * 1000 + nanos / 1e6;
}

/** Milliseconds as a Duration or a Timestamp. */
export function fromMs(ms: number): SecondsAndNanos {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
