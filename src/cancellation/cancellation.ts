import type { ErrorReport, FailureReason } from '../resources/response.ts';
import type { Resource, ResourceIdentity } from '../resources/resource.ts';
import type { CancelRequest } from '../messages/request.ts';
import type { SenderFields } from '../messages/sender-fields.ts';
import type { TraceContext } from '../messages/trace-context.ts';

/**
 * The state of the cancellation of one operation, from the accepted request to its result. It travels in the re-check
 * messages; there is no other state.
 */
export interface Cancellation extends FinishableCancellation {
  readonly operation: Resource;
}

/**
 * A cancellation that may know no more of its operation than the name, because the catalog of this revision does not list
 * it. Such a cancellation can be finished or scheduled again, and has no call to send.
 */
export interface FinishableCancellation {
  readonly requestId: string;
  /** The Pub/Sub message that carried the request. */
  readonly messageId: string;
  /** Identifies the chain of re-checks: each sending of a request has its own. Absent in re-checks of older revisions. */
  readonly origin?: string | undefined;
  readonly operation: Resource | ResourceIdentity;
  readonly echo: SenderFields;
  readonly requestedAt: string;
  /** The time to give up confirming, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** `cancel`: the cancel is to be sent. `confirm`: the end is to be seen. `preview`: a dry run, which only reads. */
  readonly step: Step;
  /** Re-check messages so far: the number of the next one, by which a repeated delivery is recognized. */
  readonly attempt: number;
  /** Those of them since the last step forward whose delay was that of the schedule: the base of the next delay. */
  readonly delays: number;
  /** Those of them since the last step forward that were scheduled because the rate limiter postponed the call. */
  readonly postponements: number;
  readonly cancel: CancelProgress;
  readonly confirm: ConfirmProgress;
  /** Travels in the context of each event, not in its data. */
  readonly trace?: TraceContext | undefined;
}

/** The progress of the cancel itself. */
export interface CancelProgress {
  /** Attempts at the POST, over all deliveries. */
  readonly attempts: number;
  readonly acceptedAt?: string | undefined;
  /** Set while the last answer to the POST leaves open whether the operation is being cancelled. */
  readonly refusal?: Refusal | undefined;
}

/** An answer to the POST that is no acceptance, and that is no proof of anything before a GET was made. */
export interface Refusal {
  /** `throttled`: every attempt up to the deadline was. */
  readonly reason: FailureReason | 'throttled';
  readonly error: ErrorReport;
  /** Answers of this kind in a row, over all deliveries. */
  readonly count: number;
  /** The time at which the service asks for the next attempt (`google.rpc.RetryInfo`), if it does. */
  readonly retryAt?: string | undefined;
}

/** The progress of the confirmation. */
export interface ConfirmProgress {
  readonly checks: number;
  readonly lastCheckedAt?: string | undefined;
  /** Whether a GET showed the operation running. */
  readonly sawRunning?: boolean | undefined;
  /** Whether a GET showed a cancel under way. */
  readonly sawCancelling?: boolean | undefined;
  /** The state of a job at the last GET that showed it, in the service's own word. */
  readonly jobState?: string | undefined;
}

export type Step = 'cancel' | 'confirm' | 'preview';

/** The state of a cancellation that was requested and allowed, before its first call. */
export function newCancellation(input: {
  readonly request: CancelRequest;
  readonly operation: Resource;
  readonly messageId: string;
  readonly origin: string;
  readonly requestedAt: string;
  readonly defaultConfirmWithinMs: number;
  readonly nowMs: number;
  readonly trace?: TraceContext | undefined;
}): Cancellation {
  const { request, operation, messageId, origin, requestedAt, nowMs } = input;
  return {
    requestId: request.requestId,
    messageId,
    origin,
    operation,
    echo: request.echo,
    requestedAt,
    deadlineMs: nowMs + (request.confirmWithinMs ?? input.defaultConfirmWithinMs),
    step: request.dryRun ? 'preview' : 'cancel',
    attempt: 0,
    delays: 0,
    postponements: 0,
    cancel: { attempts: 0 },
    confirm: { checks: 0 },
    ...(input.trace !== undefined && { trace: input.trace }),
  };
}
