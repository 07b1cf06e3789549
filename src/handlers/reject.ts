import { identify, resultOfMessage, verdictOfRejection } from '../cancellation/rejection.ts';
import { readRequest, understoodOf } from '../cancellation/read-request.ts';
import type { Understood } from '../cancellation/read-request.ts';
import { isOwnOutput, misplacementOf } from '../messages/route.ts';
import type { Delivery } from '../ports.ts';
import { isPermanent, valueFailure } from '../validation/failure.ts';
import type { App } from './app-context.ts';

/**
 * Publishes the result of a message that cannot be handled, which says where the message belongs if that is another topic.
 * An event that the function published itself is not answered: the answer would come the same way, without end.
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
  const { clock, publisher, log, settings } = app;
  if (isOwnOutput(message, context)) {
    ignoreOwnOutput(delivery, app);
    return;
  }
  const misplacement = misplacementOf(message, context, settings.topics);
  const failure = misplacement === undefined ? error : { code: 'ValueError' as const, message: misplacement };
  const said = understood ?? understoodOf(readRequest(message, context.id));
  const identity = identify(said, message, context, clock.now());
  const result = resultOfMessage(identity, verdictOfRejection(failure), clock.now());
  await publisher.publish('results', result, delivery);
  log('WARNING', 'request.rejected', failure.message, {
    requestId: identity.requestId,
    messageId: message.id,
    trace: context.trace,
  });
}

/** Answers a message whose type belongs on another topic. */
export const rejectMisplaced = (delivery: Delivery, app: App): Promise<void> =>
  reject(delivery, valueFailure('ce-type', 'does not belong on this topic'), app);

/** Answers a message of a kind that only this system sends, and that this system did not make. */
export const rejectUnproven = (delivery: Delivery, app: App): Promise<void> =>
  reject(
    delivery,
    valueFailure('ce-proof', 'missing or wrong; the function alone sends messages of this kind'),
    app,
  );

/** Ignores an event that the function published itself. */
export function ignoreOwnOutput({ message }: Delivery, { log }: App): void {
  const text = 'The function received an event that it published itself: a subscription is wrong';
  log('WARNING', 'message.ignored', text, { messageId: message.id, topic: message.topic });
}

/** Takes a step that fails, before it has done anything, with a permanent failure for a message that cannot be handled. */
export async function orReject(delivery: Delivery, app: App, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await reject(delivery, error, app);
  }
}
