import { publishAll } from '../calls/publish-all.ts';
import { newCancellation } from '../cancellation/cancellation.ts';
import { nextStep } from '../cancellation/decide.ts';
import { readRequest, understoodOf } from '../cancellation/read-request.ts';
import type { RequestedOperation } from '../cancellation/read-request.ts';
import { performDecisions } from '../cancellation/perform.ts';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import { childRequestId } from '../messages/event-ids.ts';
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
    requestedAt: requestedAt(delivery, app),
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
  await performDecisions(nextStep(cancellation, app.clock.now()), delivery, app);
}

/** Publishes a request for each operation. The ids are stable, so repeating it after a crash adds nothing. */
async function fanOut(
  { requestId, dryRun, children }: RequestBatch,
  delivery: Delivery,
  app: App,
): Promise<void> {
  const { message, context } = delivery;
  const { trace } = context;
  const time = requestedAt(delivery, app);
  const toEvent = ({ reference, data }: (typeof children)[number]) => {
    const id = childRequestId(requestId, reference, dryRun);
    return { id, type: EVENT_TYPE.request, subject: `request/${requestId}`, time, trace, data };
  };
  await publishAll(app.publisher, 'requests', children, toEvent, delivery);
  app.log('INFO', 'request.fanned-out', `Published a request for each operation: ${children.length}`, {
    requestId,
    messageId: message.id,
    trace,
  });
}

const requestedAt = ({ context }: Delivery, { clock }: App): string =>
  context.time ?? new Date(clock.now()).toISOString();
