import type { Clock } from './clock.ts';
import { createFifo } from './fifo.ts';
import { redeliveryDelayMs, type RetryBackOff } from './retry-backoff.ts';
import type { StoredMessage } from './stored-message.ts';

/** The end of a delivery. Only an ack ends the message; after the others it is delivered again. */
type Settlement = 'acked' | 'nacked' | 'expired';

/** One message handed to one consumer, until it is settled. */
export interface Delivery {
  readonly ackId: string;
  readonly message: StoredMessage;
  /** 1 for the first delivery; pubsub.proto, DeadLetterPolicy, defines the count. */
  readonly attempt: number;
}

/**
 * A subscription's settings for redelivery. They are read at each failed delivery, so changes take effect at
 * once.
 */
export interface RedeliveryPolicy {
  readonly backOff: RetryBackOff;
  /** Absent without a dead letter policy. */
  readonly maxDeliveryAttempts: number | undefined;
}

/** The deliveries that a consumer can take now. */
export interface Demand {
  maxMessages: number;
  /** At least one message is given, however big. */
  maxBytes: number;
  ackDeadlineMs: number;
  /** Called once, when the delivery is acked, nacked or has expired. */
  onSettled?: (delivery: Delivery, settlement: Settlement) => void;
}

/** A taker of deliveries: a stream, a waiting pull, or the push. Called whenever a message is ready. */
type Consumer = () => void;

/**
 * The state machine of a subscription: each message is ready, or leased to a consumer, or rests after a
 * failure.
 */
export interface DeliveryQueue {
  add(messages: readonly StoredMessage[]): void;
  take(demand: Demand): Delivery[];
  /** Ignores ack ids of past deliveries, whose message is ready again, leased anew, or gone. */
  settle(ackIds: readonly string[], settlement: Settlement): void;
  extend(ackIds: readonly string[], ackDeadlineMs: number): void;
  /** Adds a consumer, and returns how to remove it. */
  consume(consumer: Consumer): () => void;
  /** Lets the consumers take ready messages, in turn; called by a consumer that can take more again. */
  offer(): void;
  /** Forgets every message and timer. Consumers are not called again. */
  close(): void;
}

interface Item {
  readonly message: StoredMessage;
  attempts: number;
}

interface Lease {
  readonly item: Item;
  readonly delivery: Delivery;
  readonly onSettled: Demand['onSettled'];
  cancelExpiry: () => void;
}

/** `forwardDeadLetter` returns whether it took the message over; if not, redelivery continues. */
export function createDeliveryQueue({
  clock,
  policy,
  forwardDeadLetter,
}: {
  clock: Clock;
  policy: () => RedeliveryPolicy;
  forwardDeadLetter: (message: StoredMessage, attempts: number) => boolean;
}): DeliveryQueue {
  const ready = createFifo<Item>();
  const leases = new Map<string, Lease>();
  const cancelRests = new Set<() => void>();
  const consumers = new Set<Consumer>();
  let leaseCount = 0;
  let isOffering = false;
  let isOfferedAgain = false;
  let isClosed = false;

  const offer = () => {
    // A consumer may cause another offer while it takes; that one waits for its turn.
    isOfferedAgain = true;
    if (isOffering || isClosed) return;
    isOffering = true;
    try {
      while (isOfferedAgain) {
        isOfferedAgain = false;
        for (const consumer of [...consumers]) {
          if (ready.length() === 0) break;
          // A consumer that was asked moves to the end, so that parallel streams share the load.
          if (!consumers.delete(consumer)) continue;
          consumers.add(consumer);
          consumer();
        }
      }
    } finally {
      isOffering = false;
    }
  };

  const lease = (item: Item, { ackDeadlineMs, onSettled }: Demand): Delivery => {
    item.attempts += 1;
    leaseCount += 1;
    const { message, attempts: attempt } = item;
    const delivery = { ackId: `${message.messageId}-${attempt}-${leaseCount}`, message, attempt };
    const expire = () => {
      settle([delivery.ackId], 'expired');
    };
    leases.set(delivery.ackId, {
      item,
      delivery,
      onSettled,
      cancelExpiry: clock.after(ackDeadlineMs, expire),
    });
    return delivery;
  };

  const retry = (item: Item) => {
    const { backOff, maxDeliveryAttempts = Infinity } = policy();
    if (item.attempts >= maxDeliveryAttempts && forwardDeadLetter(item.message, item.attempts)) return;
    const cancelRest = clock.after(redeliveryDelayMs(backOff, item.attempts), () => {
      cancelRests.delete(cancelRest);
      ready.push(item);
      offer();
    });
    cancelRests.add(cancelRest);
  };

  const settle = (ackIds: readonly string[], settlement: Settlement) => {
    for (const ackId of ackIds) {
      const settled = leases.get(ackId);
      if (settled === undefined) continue;
      leases.delete(ackId);
      settled.cancelExpiry();
      if (settlement !== 'acked') retry(settled.item);
      settled.onSettled?.(settled.delivery, settlement);
    }
    offer();
  };

  return {
    add: (messages) => {
      for (const message of messages) ready.push({ message, attempts: 0 });
      offer();
    },
    take: (demand) => {
      const deliveries: Delivery[] = [];
      let takenBytes = 0;
      while (deliveries.length < demand.maxMessages) {
        const next = ready.peek();
        if (next === undefined) break;
        takenBytes += next.message.sizeBytes;
        if (deliveries.length > 0 && takenBytes > demand.maxBytes) break;
        ready.shift();
        deliveries.push(lease(next, demand));
      }
      return deliveries;
    },
    settle,
    extend: (ackIds, ackDeadlineMs) => {
      for (const ackId of ackIds) {
        const extended = leases.get(ackId);
        if (extended === undefined) continue;
        extended.cancelExpiry();
        extended.cancelExpiry = clock.after(ackDeadlineMs, () => {
          settle([ackId], 'expired');
        });
      }
    },
    consume: (consumer) => {
      consumers.add(consumer);
      offer();
      return () => void consumers.delete(consumer);
    },
    offer,
    close: () => {
      isClosed = true;
      for (const { cancelExpiry } of leases.values()) cancelExpiry();
      for (const cancelRest of cancelRests) cancelRest();
      leases.clear();
      cancelRests.clear();
      consumers.clear();
      ready.clear();
    },
  };
}
