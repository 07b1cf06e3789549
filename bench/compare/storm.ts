import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalSystem } from '../../local/system.ts';
import type { LocalSystem, PublishedResult } from '../../local/system.ts';
import { recheckDelayMs } from '../../src/calls/backoff.ts';

/** Many requests at once, for a service that takes few cancels a second: the built function in the whole system. */

interface StormOptions {
  readonly requests: number;
  /** Cancels a second that the service takes, and the number that it takes at once after a pause. */
  readonly perSecond: number;
  /** Number of processes of the function. */
  readonly instances: number;
  /** Whether a 429 has `Retry-After`. */
  readonly retryAfter: boolean;
  /** Maximum number of concurrent pushes of an instance. Default 80, as deployed. */
  readonly concurrency?: number;
  /** For a quota that is whole again all at once, at the end of each window. */
  readonly windowMs?: number;
  /** Time to wait for the results, from the first publish. Default 1,000 s: a request has 900 s. */
  readonly patienceMs?: number;
}

export interface Storm {
  /** Number of requests that have their result. */
  readonly results: number;
  /** Number of results by outcome. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** From the first publish to the last of the results. */
  readonly seconds: number;
  /** Lower bound of `seconds`: the quota is fully used, and nothing else takes any time. */
  readonly idealSeconds: number;
  /** From the first publish to the last cancel that was accepted. */
  readonly acceptedSeconds: number;
  /** Cancels that reached the service, as it counts them. */
  readonly posts: number;
  readonly postsPerOperation: number;
  /** Those of them that were above the quota. */
  readonly refused: number;
  /** Number of requests without a result. */
  readonly lost: number;
  /** Results that were published again. */
  readonly duplicates: number;
  /** Pushes that waited for an instance for too long, and have to come again. */
  readonly turnedAway: number;
}

const HOST = 'notebooks.googleapis.com';
const OPERATIONS = `https://${HOST}/v2/projects/my-project/locations/us-central1/operations`;
/** As in infra/: `function_config` and `queue_config`. */
const CONCURRENCY = 80;
const DISPATCHES_PER_SECOND = 100;
const PATIENCE_MS = 1_000_000;

/** Publishes all requests at once, and waits until each has its result. */
export async function measureStorm(options: StormOptions): Promise<Storm> {
  const { requests, perSecond, instances, retryAfter, windowMs } = options;
  const { concurrency = CONCURRENCY, patienceMs = PATIENCE_MS } = options;
  const system = await startLocalSystem({
    projectId: `storm-${Date.now().toString(36)}`,
    settings: { ALLOWED_PROJECTS: 'my-project' },
    delay: 'cloud-tasks',
    instances,
    concurrency,
    // Pub/Sub pushes the more at once the more is acknowledged: as much as there is room for.
    outstandingPushes: instances * concurrency,
    tasks: { dispatchesPerSecond: DISPATCHES_PER_SECOND },
    // As in infra/subscriptions.tf.
    backoff: { minimumSeconds: 10, maximumSeconds: 600 },
  });
  try {
    const ids = Array.from({ length: requests }, (_, index) => `r${index}`);
    for (const id of ids) system.services.add(`${OPERATIONS}/${id}`);
    const received = receive(system);
    system.services.addQuota(HOST, {
      calls: 'cancels',
      perSecond,
      retryAfter,
      ...(windowMs !== undefined && { windowMs }),
    });
    const startMs = Date.now();
    await publish(system, ids);
    while (received.firsts.size < requests && Date.now() < startMs + patienceMs) await sleep(20);
    return { ...summary(system, received, { requests, startMs }), idealSeconds: idealSeconds(options) };
  } finally {
    await system.close();
  }
}

interface Received {
  /** The first result of each request. */
  readonly firsts: Map<string, PublishedResult['data']>;
  duplicates: number;
  /** Time of the last first result. */
  lastMs: number;
}

function receive(system: LocalSystem): Received {
  const received: Received = { firsts: new Map(), duplicates: 0, lastMs: 0 };
  system.onResult(({ data }) => {
    if (received.firsts.has(data.requestId)) {
      received.duplicates += 1;
      return;
    }
    received.firsts.set(data.requestId, data);
    received.lastMs = Date.now();
  });
  return received;
}

async function publish({ pubsub, topology }: LocalSystem, ids: readonly string[]): Promise<void> {
  const topic = pubsub.topic(topology.topics.requests, { batching: { maxMessages: 500 } });
  await Promise.all(
    ids.map((requestId) =>
      topic.publishMessage({ json: { operation: `${OPERATIONS}/${requestId}`, requestId } }),
    ),
  );
}

function summary(
  { services, frontEnd }: LocalSystem,
  { firsts, duplicates, lastMs }: Received,
  { requests, startMs }: { readonly requests: number; readonly startMs: number },
): Omit<Storm, 'idealSeconds'> {
  const results = [...firsts.values()];
  const outcomes = new Map<string, number>();
  for (const { outcome } of results) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const accepted = results.flatMap(({ cancel }) => cancel.acceptedAt ?? []).map((at) => Date.parse(at));
  const secondsUntil = (endMs: number) => Math.max(0, endMs - startMs) / 1_000;
  const [{ admitted, refused } = { admitted: 0, refused: 0 }] = services.quotas();
  return {
    results: results.length,
    outcomes,
    seconds: secondsUntil(lastMs),
    acceptedSeconds: secondsUntil(accepted.reduce((last, atMs) => Math.max(last, atMs), 0)),
    posts: admitted + refused,
    postsPerOperation: (admitted + refused) / requests,
    refused,
    lost: requests - results.length,
    duplicates,
    turnedAway: frontEnd.turnedAway(),
  };
}

/** The last cancel goes out as soon as the quota has room for it, and is looked at once, after the first delay. */
function idealSeconds({ requests, perSecond, windowMs }: StormOptions): number {
  const lookSeconds = recheckDelayMs(0) / 1_000;
  if (windowMs === undefined) return Math.max(0, requests - perSecond) / perSecond + lookSeconds;
  const aWindow = Math.max(1, Math.round((perSecond * windowMs) / 1_000));
  return ((Math.ceil(requests / aWindow) - 1) * windowMs) / 1_000 + lookSeconds;
}
