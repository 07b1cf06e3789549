import { PubSub } from '@google-cloud/pubsub';
import type { Message } from '@google-cloud/pubsub';

/**
 * A consumer of results: acts on each operation that was not cancelled, once.
 *
 * RESULTS_TOPIC=projects/my-project/topics/lro-cancel-results node consumer.ts
 *
 * It needs Node 24 and credentials. Beside `npm start` it needs the PUBSUB_EMULATOR_HOST that `npm start` prints, and
 * the Node of node_modules/.bin.
 *
 * It reads a subscription of its own, whose filter keeps Pub/Sub from delivering, and billing, other results. A result
 * arrives at least once, always under the same `ce-id`, by which the consumer remembers the results it acted on. An end
 * of the operation replaces any other outcome of the same id, as `UNCONFIRMED`.
 */
const topic = process.env.RESULTS_TOPIC ?? 'projects/my-project/topics/lro-cancel-results';
const subscriptionId = process.env.SUBSCRIPTION ?? 'lro-cancel-not-cancelled';

const pubsub = new PubSub({ projectId: topic.split('/')[1] ?? '' });
const ALREADY_EXISTS = 6;
await pubsub
  .createSubscription(topic, subscriptionId, {
    // The filter of a subscription cannot be changed later. Reports of sweeps have no outcome.
    filter: 'attributes:outcome AND attributes.outcome != "CANCELLED" AND attributes.outcome != "DRY_RUN"',
    expirationPolicy: { ttl: null },
  })
  .catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
  });

/** The outcomes acted on, by `ce-id`. Keep them where they outlive the process, such as a table of your database. */
const seen = new Map<string, string>();
const ENDS = ['CANCELLED', 'SUCCEEDED', 'FAILED', 'NOT_FOUND'];

/** Whether an outcome is the first of its id, or the first end. */
function isNews(outcome: string, before: string | undefined): boolean {
  return before === undefined || (ENDS.includes(outcome) && !ENDS.includes(before));
}

/** Replace it by your own action: page somebody, retry, open a ticket. */
function act({ outcome, requestId, detail, operation }: Result): void {
  console.log(`${outcome} ${requestId}: ${detail} ${operation.url ?? ''}`.trim());
}

interface Result {
  readonly requestId: string;
  readonly outcome: string;
  readonly detail: string;
  readonly operation: { readonly url?: string };
}

const subscription = pubsub.subscription(subscriptionId);
subscription.on('message', (message: Message) => {
  const id = message.attributes['ce-id'] ?? message.id;
  const result = JSON.parse(message.data.toString('utf8')) as Result;
  if (isNews(result.outcome, seen.get(id))) {
    act(result);
    seen.set(id, result.outcome);
  }
  // A result is acknowledged only after the action.
  message.ack();
});
subscription.on('error', (error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void subscription.close().then(() => pubsub.close()));
}
