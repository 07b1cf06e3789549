import type { CreateSubscriptionOptions, PubSub } from '@google-cloud/pubsub';

/**
 * Topics and subscriptions as infra/ makes them, on a Pub/Sub of this machine, with the default names of the
 * settings.
 */
export interface Topology {
  readonly projectId: string;
  /** The subscription by which the local system reads the results topic. */
  readonly resultsSubscription: string;
  readonly topics: Readonly<Record<'requests' | 'rechecks' | 'results' | 'triggers' | 'deadLetters', string>>;
}

export interface Backoff {
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
}

export interface TopologyOptions {
  readonly pubsub: PubSub;
  readonly projectId: string;
  /** URL of the function, as `http://127.0.0.1:8080`. */
  readonly functionUrl: string;
  /**
   * Retry policy of the pushed subscriptions. It also bounds the lateness of a re-check with delay by
   * redelivery. Without a policy, a refused message comes again at once.
   */
  readonly backoff: Backoff | undefined;
  /** Number of deliveries before a request becomes a dead letter; the service takes 5 to 100. Default 20. */
  readonly requestDeliveryAttempts?: number;
  /**
   * Id of the subscription by which the local system reads results. With another than the default, which people pull,
   * each gets every result.
   */
  readonly resultsSubscriptionId?: string;
  /** The same for a re-check, where each "not yet" counts as a delivery. Default 100. */
  readonly recheckDeliveryAttempts?: number;
}

/** A delivery lasts up to 56 s: see docs/decisions/0002. */
const ACK_DEADLINE_SECONDS = 60;

/** Id of the subscription that the documentation has people pull. */
const PULLED = 'lro-cancel-results-pull';

/** Creates the topics and subscriptions that do not exist yet. */
export async function createTopology(options: TopologyOptions): Promise<Topology> {
  const {
    pubsub,
    projectId,
    functionUrl,
    backoff,
    requestDeliveryAttempts = 20,
    recheckDeliveryAttempts = 100,
  } = options;
  const fullName = (id: string) => `projects/${projectId}/topics/${id}`;
  const topics = {
    requests: fullName('lro-cancel-requests'),
    rechecks: fullName('lro-cancel-rechecks'),
    results: fullName('lro-cancel-results'),
    triggers: fullName('lro-cancel-triggers'),
    deadLetters: fullName('lro-cancel-dead-letters'),
  };
  for (const name of Object.values(topics)) await unlessThere(pubsub.createTopic(name));

  const push = (topic: string, deadLetter?: { deadLetterTopic: string; maxDeliveryAttempts: number }) => {
    // The endpoint's path names the topic to the framework, and by it the function knows the kind of message.
    const settings: CreateSubscriptionOptions = {
      pushConfig: { pushEndpoint: `${functionUrl}/${topic}` },
      ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
      ...(backoff !== undefined && {
        retryPolicy: {
          minimumBackoff: duration(backoff.minimumSeconds),
          maximumBackoff: duration(backoff.maximumSeconds),
        },
      }),
      ...(deadLetter !== undefined && { deadLetterPolicy: deadLetter }),
    };
    const name = `${topic.split('/').at(-1) ?? ''}-push`;
    // A subscription of an earlier run pushes to the address that the function had then.
    return unlessThere(pubsub.createSubscription(topic, name, settings), () =>
      pubsub.subscription(name).modifyPushConfig({ pushEndpoint: `${functionUrl}/${topic}` }),
    );
  };
  const deadLetterTopic = topics.deadLetters;
  await push(topics.requests, { deadLetterTopic, maxDeliveryAttempts: requestDeliveryAttempts });
  await push(topics.rechecks, { deadLetterTopic, maxDeliveryAttempts: recheckDeliveryAttempts });
  await push(topics.triggers, { deadLetterTopic, maxDeliveryAttempts: requestDeliveryAttempts });
  await push(topics.deadLetters);
  const { resultsSubscriptionId = PULLED } = options;
  for (const id of new Set([PULLED, resultsSubscriptionId])) {
    await unlessThere(pubsub.createSubscription(topics.results, id, { ackDeadlineSeconds: 10 }));
  }
  return {
    projectId,
    resultsSubscription: `projects/${projectId}/subscriptions/${resultsSubscriptionId}`,
    topics,
  };
}

const duration = (inSeconds: number) => ({
  seconds: Math.floor(inSeconds),
  nanos: Math.round((inSeconds % 1) * 1e9),
});

const ALREADY_EXISTS = 6;

async function unlessThere(
  creation: Promise<unknown>,
  elseDo: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
    await elseDo();
  }
}
