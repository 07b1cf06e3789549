import { identify } from '../cancellation/rejection.ts';
import { readRequest, understoodOf } from '../cancellation/read-request.ts';
import type { Understood } from '../cancellation/read-request.ts';
import { resultOfMessage, verdictOfRejection } from '../cancellation/result.ts';
import type { Delivery } from '../ports.ts';
import { isPermanent } from '../validation/failure.ts';
import type { App } from './app-context.ts';

/**
 * Publishes the result of a message that cannot be handled.
 *
 * @param understood as much of the message as was read; without it, the message is read as a request
 * @throws an error that may pass, as it came: Pub/Sub delivers the message again
 */
export async function reject(
  delivery: Delivery,
  error: unknown,
  app: App,
  understood?: Understood,
): Promise<void> {
  if (!isPermanent(error)) throw error;
  const { message, context } = delivery;
  const { clock, publisher, log } = app;
  const said = understood ?? understoodOf(readRequest(message, context.id));
  const identity = identify(said, message, context, clock.now());
  const result = resultOfMessage(identity, verdictOfRejection(error), clock.now());
  await publisher.publish('results', result, delivery);
  log('WARNING', 'request.rejected', error.message, {
    requestId: identity.requestId,
    messageId: message.id,
    trace: context.trace,
  });
}

/** Takes a step that fails, before it has done anything, with a permanent failure for a message that cannot be handled. */
export async function orReject(delivery: Delivery, app: App, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await reject(delivery, error, app);
  }
}
