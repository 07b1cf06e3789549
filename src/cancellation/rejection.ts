import { resolve, serviceOf } from '../catalog/resolve.ts';
import { tryDataOf } from '../messages/cloud-event.ts';
import type { EventContext } from '../messages/cloud-event.ts';
import { unidentifiedId } from '../messages/event-ids.ts';
import type { Message } from '../messages/message.ts';
import type { Resource } from '../resources/resource.ts';
import type { Reference } from '../catalog/reference.ts';
import { isRequestId, parseRequest, identifyRequest } from '../messages/request.ts';
import type { MessageIdentity } from './result.ts';

/** What can be told of a message that never became a cancellation, so that its sender recognizes the result. */
export function identify(message: Message, context: EventContext, nowMs: number): MessageIdentity {
  const data = tryDataOf(message);
  const { requestId, reference, echo } = identifyRequest(data);
  const meant = tryReference(data, context.id);
  const operation = meant === undefined ? undefined : tryResolve(meant);
  const service = meant === undefined ? undefined : serviceOf(meant);
  return {
    requestId: [requestId, context.id, message.id].find(isRequestId) ?? unidentifiedId(message.id),
    messageId: message.id,
    echo,
    requestedAt: context.time ?? new Date(nowMs).toISOString(),
    trace: context.trace,
    ...(reference !== undefined && { reference }),
    ...(operation !== undefined && { operation }),
    ...(service !== undefined && { service }),
  };
}

function tryReference(data: unknown, eventId: string): Reference | undefined {
  try {
    const parsed = parseRequest(data, eventId);
    return 'one' in parsed ? parsed.one.reference : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The operation that a refused message means, where it is the policy that refuses it and not the catalog.
 */
function tryResolve(reference: Reference): Resource | undefined {
  try {
    return resolve(reference);
  } catch {
    return undefined;
  }
}
