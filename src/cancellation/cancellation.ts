import type { ErrorReport } from '../resources/response.ts';
import type { Resource, ResourceIdentity } from '../resources/resource.ts';
import type { CancelRequest, SenderFields } from '../messages/request.ts';
import type { TraceContext } from '../messages/trace-context.ts';

/**
 * The cancellation of one operation, from the accepted request to its result: all that a next step needs. It
 * travels in the re-check messages, so there is no other state.
 */
export interface Cancellation extends FinishableCancellation {
  readonly operation: Resource;
}

/**
 * A cancellation whose operation may be known by its name alone, because this revision's catalog does not know it
 * (any more): it can be finished, or sent on to a later delivery, and has nothing that could be called.
 */
export interface FinishableCancellation {
  readonly requestId: string;
  /** The Pub/Sub message that carried the request. */
  readonly messageId: string;
  readonly operation: Resource | ResourceIdentity;
  readonly echo: SenderFields;
  readonly requestedAt: string;
  /** When to stop looking, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** `cancel`: it is yet to be accepted. `confirm`: look how it ends. `preview`: look only, for a dry run. */
  readonly step: Step;
  /** How many re-check messages this step has had: numbers the next, and sets its delay. */
  readonly attempt: number;
  /** How many of these only had it wait for its turn, because the service refused others. */
  readonly postponements: number;
  readonly cancel: CancelProgress;
  readonly confirm: { readonly checks: number; readonly lastCheckedAt?: string | undefined };
  /** Travels in the context of each event, not in its data. */
  readonly trace?: TraceContext | undefined;
}

/** How far the cancel itself has come. */
export interface CancelProgress {
  /** POSTs made, over all deliveries. */
  readonly attempts: number;
  readonly acceptedAt?: string | undefined;
  /**
   * Why it is not known to be accepted: FAILED_PRECONDITION, or no usable answer. What became of it is being
   * looked into.
   */
  readonly refusal?: ErrorReport | undefined;
}

export type Step = 'cancel' | 'confirm' | 'preview';

/** Starts the cancellation of an operation that was asked for and allowed. */
export function startCancellation(input: {
  readonly request: CancelRequest;
  readonly operation: Resource;
  readonly messageId: string;
  readonly requestedAt: string;
  readonly defaultConfirmWithinMs: number;
  readonly nowMs: number;
  readonly trace?: TraceContext | undefined;
}): Cancellation {
  const { request, operation, messageId, requestedAt, nowMs } = input;
  return {
    requestId: request.requestId,
    messageId,
    operation,
    echo: request.echo,
    requestedAt,
    deadlineMs: nowMs + (request.confirmWithinMs ?? input.defaultConfirmWithinMs),
    step: request.dryRun ? 'preview' : 'cancel',
    attempt: 0,
    postponements: 0,
    cancel: { attempts: 0 },
    confirm: { checks: 0 },
    ...(input.trace !== undefined && { trace: input.trace }),
  };
}
