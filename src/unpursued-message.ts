import { resolve, serviceOf } from './catalog/resolve.ts';
import { tryDataOf } from './core/cloud-event.ts';
import type { EventContext } from './core/cloud-event.ts';
import { unidentifiedId } from './core/identity.ts';
import type { Message } from './core/message.ts';
import type { Operation } from './core/operation.ts';
import type { Reference } from './core/reference.ts';
import { isRequestId, parseRequest, salvage } from './core/request.ts';
import type { Unpursued } from './core/result.ts';

/** What can be told of a message that never became a pursuit, so that its sender recognizes the result. */
export function describeUnpursued(message: Message, context: EventContext, nowMs: number): Unpursued {
  const data = tryDataOf(message);
  const { requestId, reference, echo } = salvage(data);
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
 * The operation that a refused message means, where it is the policy that refuses it and not the catalogue.
 */
function tryResolve(reference: Reference): Operation | undefined {
  try {
    return resolve(reference);
  } catch {
    return undefined;
  }
}
