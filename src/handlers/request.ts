import { publishAll } from '../calls/publish-all.ts';
import { startCancellation } from '../cancellation/cancellation.ts';
import { nextStep } from '../cancellation/decide.ts';
import { performDecisions } from '../cancellation/run.ts';
import { resolve } from '../catalog/resolve.ts';
import { dataOf, EVENT_TYPE } from '../messages/cloud-event.ts';
import { childRequestId } from '../messages/event-ids.ts';
import { parseRequest } from '../messages/request.ts';
import type { CancelRequest, RequestBatch } from '../messages/request.ts';
import type { Delivery } from '../ports.ts';
import type { Resource } from '../resources/resource.ts';
import type { App } from './app-context.ts';
import { reject } from './reject.ts';

/** A request that was read, resolved and allowed. */
type Accepted = { readonly many: RequestBatch } | AcceptedRequest;

interface AcceptedRequest {
  readonly request: CancelRequest;
  readonly operation: Resource;
}

/** Starts the cancellation that a request asks for, or publishes a request for each of its operations. */
export async function handleRequest(delivery: Delivery, app: App): Promise<void> {
  let accepted: Accepted;
  try {
    accepted = await acceptRequest(delivery, app);
  } catch (error) {
    return reject(delivery, error, app);
  }
  if ('many' in accepted) await fanOut(accepted.many, delivery, app);
  else await cancelOperation(accepted, delivery, app);
}

/** @throws Failure for a request that is malformed, names no operation of the catalog, or that the policy forbids */
async function acceptRequest({ message, context, ownProject }: Delivery, { policy }: App): Promise<Accepted> {
  const parsed = parseRequest(dataOf(message), context.id);
  if ('many' in parsed) return parsed;
  const operation = resolve(parsed.one.reference);
  await policy.check(operation, ownProject);
  return { request: parsed.one, operation };
}

async function cancelOperation(
  { request, operation }: AcceptedRequest,
  delivery: Delivery,
  app: App,
): Promise<void> {
  const { message, context } = delivery;
  const cancellation = startCancellation({
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
  await performDecisions(nextStep(cancellation), delivery, app);
}

/** Publishes a request for each operation. The ids are stable, so repeating it after a crash adds nothing. */
async function fanOut({ requestId, children }: RequestBatch, delivery: Delivery, app: App): Promise<void> {
  const { message, context } = delivery;
  const { trace } = context;
  const time = requestedAt(delivery, app);
  const toEvent = ({ reference, data }: (typeof children)[number]) => {
    const id = childRequestId(requestId, reference);
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
