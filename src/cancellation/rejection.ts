import { timeOf } from '../messages/cloud-event.ts';
import { identityOf } from '../catalog/canonical-name.ts';
import type { EventContext, OutgoingEvent } from '../messages/cloud-event.ts';
import type { SenderFields } from '../messages/sender-fields.ts';
import type { TraceContext } from '../messages/trace-context.ts';
import type { Resource } from '../resources/resource.ts';
import type { PermanentFailure } from '../validation/failure.ts';
import { unidentifiedId } from '../messages/event-ids.ts';
import type { Message } from '../messages/message.ts';
import { isRequestId } from '../messages/request.ts';
import type { Understood } from './read-request.ts';
import type { Verdict } from './outcome.ts';
import { resourceOf, resultEvent } from './result.ts';

/** The known fields of a message that never became a cancellation. */
export interface MessageIdentity {
  readonly requestId: string;
  readonly messageId: string;
  /** The operation or job as the message names it, where that is readable. */
  readonly reference?: string;
  /** Whether the message names a job. */
  readonly isJob?: boolean;
  /** The operation that the reference names, where the catalog has it and the policy refused it. */
  readonly operation?: Resource;
  /** Short name of the service that the message names, where the catalog has it. */
  readonly service?: string;
  readonly dryRun: boolean;
  readonly echo: SenderFields;
  readonly requestedAt: string;
  readonly trace?: TraceContext | undefined;
}

/** The identity of a message that never became a cancellation, so that its sender recognizes the result. */
export function identify(
  { requestId, reference, isJob, operation, service, dryRun = false, echo }: Understood,
  message: Message,
  context: EventContext,
  nowMs: number,
): MessageIdentity {
  return {
    requestId: [requestId, context.id, message.id].find(isRequestId) ?? unidentifiedId(message.id),
    messageId: message.id,
    dryRun,
    echo,
    requestedAt: timeOf(context, nowMs),
    trace: context.trace,
    ...(reference !== undefined && { reference }),
    ...(isJob !== undefined && { isJob }),
    ...(operation !== undefined && { operation }),
    ...(service !== undefined && { service }),
  };
}

/** The verdict on a message that cannot be handled. */
export function verdictOfRejection({ code, message }: Pick<PermanentFailure, 'code' | 'message'>): Verdict {
  if (code === 'Unsupported')
    return { outcome: 'UNSUPPORTED', detail: `The function called nothing: ${message}.` };
  return {
    outcome: 'REJECTED',
    detail: `Refused before any call: ${message}`,
    error: { type: code, message },
  };
}

/** The result of a message that was refused before any call, or dead-lettered by Pub/Sub. */
export function resultOfMessage(message: MessageIdentity, verdict: Verdict, nowMs: number): OutgoingEvent {
  const { operation } = message;
  const reference = message.reference?.slice(0, 1_024).toWellFormed();
  const name = operation?.fullResourceName ?? message.reference ?? '';
  return resultEvent(
    { name, identity: operation === undefined ? name : identityOf(operation) },
    {
      requestId: message.requestId,
      outcome: verdict.outcome,
      detail: verdict.detail,
      ...(operation === undefined ? unresolved(message, reference) : resourceOf(operation)),
      cancel: { attempts: 0 },
      confirm: { checks: 0 },
      error: verdict.error,
      ...message.echo,
      messageId: message.messageId,
      requestedAt: message.requestedAt,
      finishedAt: new Date(nowMs).toISOString(),
    },
    { dryRun: message.dryRun, trace: message.trace },
  );
}

/** The operation or job as far as it was understood. */
const unresolved = ({ isJob = false, service }: MessageIdentity, reference: string | undefined) => ({
  [isJob ? 'job' : 'operation']: { ...(service !== undefined && { service }), reference },
});
