import type { Broker } from '../broker/broker.ts';
import type { Clock } from '../broker/clock.ts';
import { createPublisherOperations } from './publisher-operations.ts';
import { createSubscriberOperations } from './subscriber-operations.ts';

/** A method of the API: what both transports call. The signal is aborted when the caller no longer waits. */
export type Operation = (request: object, signal: AbortSignal) => object | Promise<object>;

/** The unary methods of google.pubsub.v1 that are offered, by service and name. */
export interface Operations {
  readonly publisher: Readonly<Record<string, Operation>>;
  readonly subscriber: Readonly<Record<string, Operation>>;
}

/** The methods over a broker. */
export function createOperations(broker: Broker, clock: Clock): Operations {
  return {
    // The transports decode by the service's definition, so a request has the type of its method.
    publisher: createPublisherOperations(broker) as unknown as Record<string, Operation>,
    subscriber: createSubscriberOperations(broker, clock) as unknown as Record<string, Operation>,
  };
}
