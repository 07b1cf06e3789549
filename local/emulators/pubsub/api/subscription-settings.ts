import { parseResourceName } from '../resource-names.ts';
import { invalidArgument, StatusError } from '../status-error.ts';
import { retryBackOff } from '../broker/retry-backoff.ts';
import {
  fromMs,
  toMs,
  type DeadLetterPolicy,
  type PushConfig,
  type RetryPolicy,
  type Subscription,
} from '../wire-types.ts';

const dayMs = 86_400_000;

/** The settings as the service would keep them, defaults filled in (pubsub.proto, Subscription). */
export function checkedSubscription(given: Subscription): Subscription {
  parseResourceName(given.name, 'subscriptions');
  refuseWhatIsNotOffered(given);
  const settings: Subscription = {
    ...given,
    ackDeadlineSeconds: given.ackDeadlineSeconds === 0 ? 10 : given.ackDeadlineSeconds,
    pushConfig: given.pushConfig ?? { pushEndpoint: '', attributes: {} },
    messageRetentionDuration: given.messageRetentionDuration ?? { seconds: '604800', nanos: 0 },
    expirationPolicy: given.expirationPolicy ?? { ttl: { seconds: '2678400', nanos: 0 } },
    deadLetterPolicy: given.deadLetterPolicy && checkedDeadLetterPolicy(given.deadLetterPolicy),
    retryPolicy: given.retryPolicy && withDefaults(given.retryPolicy),
    detached: false,
    state: 'ACTIVE',
  };
  within('ack_deadline_seconds', settings.ackDeadlineSeconds, 10, 600);
  checkPushConfig(settings.pushConfig);
  checkDurations(settings);
  return settings;
}

/** INVALID_ARGUMENT unless the push endpoint is absent or an absolute http or https URL. */
export function checkPushConfig(pushConfig: PushConfig | null): void {
  if (pushConfig?.noWrapper) throw notOffered('push_config.no_wrapper');
  if (pushConfig === null || pushConfig.pushEndpoint === '') return;
  const protocol = URL.parse(pushConfig.pushEndpoint)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw invalidArgument(`Invalid push endpoint given (endpoint=${pushConfig.pushEndpoint}).`);
  }
}

function checkedDeadLetterPolicy(policy: DeadLetterPolicy): DeadLetterPolicy {
  const maxDeliveryAttempts = policy.maxDeliveryAttempts === 0 ? 5 : policy.maxDeliveryAttempts;
  within('dead_letter_policy.max_delivery_attempts', maxDeliveryAttempts, 5, 100);
  parseResourceName(policy.deadLetterTopic, 'topics');
  return { ...policy, maxDeliveryAttempts };
}

function withDefaults(policy: RetryPolicy): RetryPolicy {
  const { minimumMs, maximumMs } = retryBackOff(policy);
  return { minimumBackoff: fromMs(minimumMs), maximumBackoff: fromMs(maximumMs) };
}

function checkDurations({ retryPolicy, messageRetentionDuration, expirationPolicy }: Subscription) {
  if (retryPolicy !== null) {
    const { minimumMs, maximumMs } = retryBackOff(retryPolicy);
    within('retry_policy.minimum_backoff in seconds', minimumMs / 1000, 0, 600);
    within('retry_policy.maximum_backoff in seconds', maximumMs / 1000, 0, 600);
    if (minimumMs > maximumMs) {
      throw invalidArgument('retry_policy.minimum_backoff is longer than retry_policy.maximum_backoff.');
    }
  }
  if (messageRetentionDuration !== null) {
    const retentionDays = toMs(messageRetentionDuration) / dayMs;
    within('message_retention_duration in days', retentionDays, 10 / 1440, 31);
  }
  if (expirationPolicy?.ttl && toMs(expirationPolicy.ttl) < dayMs) {
    throw invalidArgument('expiration_policy.ttl is less than a day.');
  }
}

// Better refused than accepted and not kept.
function refuseWhatIsNotOffered(given: Subscription) {
  if (given.enableMessageOrdering) throw notOffered('enable_message_ordering');
  if (given.enableExactlyOnceDelivery) throw notOffered('enable_exactly_once_delivery');
  if (given.messageTransforms.length > 0) throw notOffered('message_transforms');
  if (given.bigqueryConfig ?? given.cloudStorageConfig ?? given.bigtableConfig) throw notOffered('export');
}

function notOffered(field: string): StatusError {
  return new StatusError('UNIMPLEMENTED', `The embedded Pub/Sub does not offer ${field}.`);
}

function within(field: string, value: number, minimum: number, maximum: number) {
  if (value >= minimum && value <= maximum) return;
  throw invalidArgument(`Invalid ${field}: ${value} is not within ${minimum} and ${maximum}.`);
}
