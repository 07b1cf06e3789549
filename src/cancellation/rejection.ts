import type { EventContext } from '../messages/cloud-event.ts';
import { unidentifiedId } from '../messages/event-ids.ts';
import type { Message } from '../messages/message.ts';
import { isRequestId } from '../messages/request.ts';
import type { Understood } from './read-request.ts';
import type { MessageIdentity } from './result.ts';

/** The identity of a message that never became a cancellation, so that its sender recognizes the result. */
export function identify(
  { requestId, reference, operation, service, echo }: Understood,
  message: Message,
  context: EventContext,
  nowMs: number,
): MessageIdentity {
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
