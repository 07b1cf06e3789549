import { identify } from '../cancellation/rejection.ts';
import { resultOfMessage, verdictOfRejection } from '../cancellation/result.ts';
import type { Delivery } from '../ports.ts';
import { isPermanent } from '../validation/failure.ts';
import type { App } from './app-context.ts';

/**
 * Publishes the result of a message that cannot be handled.
 *
 * @throws an error that may pass, as it came: Pub/Sub delivers the message again
 */
export async function reject(delivery: Delivery, error: unknown, app: App): Promise<void> {
  if (!isPermanent(error)) throw error;
  const { message, context } = delivery;
  const { clock, publisher, log } = app;
  const identity = identify(message, context, clock.now());
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
