import { publishAll } from '../calls/publish-all.ts';
import { newCancellation } from '../cancellation/cancellation.ts';
import { nextStep } from '../cancellation/decide.ts';
import { readRequest, understoodOf } from '../cancellation/read-request.ts';
import type { RequestedOperation } from '../cancellation/read-request.ts';
import { performDecisions, timingOf } from '../cancellation/perform.ts';
import { EVENT_SOURCE, EVENT_TYPE, timeOf } from '../messages/cloud-event.ts';
import { childRequestId, originOf } from '../messages/event-ids.ts';
import { contentOf, isProven } from '../messages/proof.ts';
import type { RequestBatch } from '../messages/request.ts';
import type { Delivery } from '../ports.ts';
import type { App } from './app-context.ts';
import { reject } from './reject.ts';

/** Starts the cancellation that a request asks for, or publishes a request for each of its operations. */
export async function handleRequest(delivery: Delivery, app: App): Promise<void> {
  const { message, context, ownProject } = delivery;
  const read = readRequest(message, context.id);
  if (!read.ok) return reject(delivery, read.failure, app, read.understood);
  if ('many' in read) return fanOut(read.many, delivery, app);
  try {
    await app.policy.check(read.operation, ownProject);
  } catch (error) {
    return reject(delivery, error, app, understoodOf(read));
  }
  await startCancellation(read, delivery, app);
}

async function startCancellation(
  { request, operation }: RequestedOperation,
  delivery: Delivery,
  app: App,
): Promise<void> {
  const { message, context } = delivery;
  const cancellation = newCancellation({
    request,
    operation,
    messageId: message.id,
    origin: originOfRequest(delivery, app),
    requestedAt: timeOf(context, app.clock.now()),
    defaultConfirmWithinMs: app.settings.confirmWithinMs,
    nowMs: app.clock.now(),
    trace: context.trace,
  });
  app.log('INFO', 'request.accepted', `Accepted; next: ${cancellation.step}`, {
    requestId: cancellation.requestId,
    operation: operation.fullResourceName,
    messageId: message.id,
    trace: cancellation.trace,
  });
  await performDecisions(nextStep(cancellation, timingOf(app)), delivery, app);
}

/**
 * Publishes a request for each operation. A delivery that repeats it, as after a crash, gives them the same ids, so that it
 * adds nothing. A request that is sent again is answered again.
 */
async function fanOut(
  { requestId, dryRun, children }: RequestBatch,
  delivery: Delivery,
  app: App,
): Promise<void> {
  const { message, context } = delivery;
  const { trace } = context;
  const time = timeOf(context, app.clock.now());
  const origin = originOfRequest(delivery, app);
  const toEvent = ({ reference, data }: (typeof children)[number]) => {
    const id = childRequestId(requestId, reference, dryRun, origin);
    return { id, type: EVENT_TYPE.request, subject: `request/${requestId}`, time, trace, data };
  };
  await publishAll(app.publisher, 'requests', children, toEvent, delivery);
  app.log('INFO', 'request.fanned-out', `Published a request for each operation: ${children.length}`, {
    requestId,
    messageId: message.id,
    trace,
  });
}

/**
 * The origin of a request is the message that carried it: the same for a repeated delivery, and another where the request
 * is sent again. A delivery that is repeated publishes requests of its own again, as other messages with the same event id
 * and content, so these two are their origin.
 */
function originOfRequest({ message, context }: Delivery, { settings }: App): string {
  const isOwn =
    context.source === EVENT_SOURCE &&
    context.type === EVENT_TYPE.request &&
    isProven(message, context, settings.messageKeys);
  return isOwn
    ? originOf('event', context.id, Buffer.from(contentOf(message)).toString('utf8'))
    : originOf('message', message.id);
}
