import type { Admission } from '../policy/admission.ts';
import { resolve } from '../catalog/resolve.ts';
import { contextOf, dataOf, EVENT_TYPE } from '../messages/cloud-event.ts';
import type { EventContext } from '../messages/cloud-event.ts';
import { isPermanent } from '../validation/failure.ts';
import { childRequestId } from '../messages/event-ids.ts';
import { readMessage } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import type { IdempotencyStore } from '../budgets/idempotency-store.ts';
import type { Operation } from '../resources/resource.ts';
import type { Clock, Publisher } from '../ports.ts';
import { startCancellation } from '../cancellation/cancellation.ts';
import { parseRecheck } from '../cancellation/recheck.ts';
import type { Recheck } from '../cancellation/recheck.ts';
import { parseRequest } from '../messages/request.ts';
import type { CancelRequest, RequestBatch } from '../messages/request.ts';
import { resultOfMessage, verdictOfRejection } from '../cancellation/result.ts';
import { routeOf } from '../messages/route.ts';
import type { Route, TopicNames } from '../messages/route.ts';
import type { WithSpan } from '../telemetry/with-span.ts';
import type { AnswerDeadLetter } from './dead-letter.ts';
import type { Log } from '../telemetry/log.ts';
import { publishRequests } from '../messages/publish-requests.ts';
import type { Cancellations } from '../cancellation/run.ts';
import type { ResumeSweep } from './sweep-run.ts';
import type { HandleTrigger } from './trigger.ts';
import { identify } from '../cancellation/rejection.ts';

/**
 * The story of a message.
 *
 * 1. A request is read, looked up in the catalog and checked against the policy. What is not acceptable is
 *    answered with REJECTED, and acknowledged.
 * 2. An accepted one becomes a cancellation: cancel (POST), then confirm (GET) through re-checks, each a delayed
 *    message that carries the whole cancellation.
 * 3. The end is one result event, published before the message is acknowledged.
 *
 * A trigger starts a sweep (triggers/), which publishes a request for each operation that it finds.
 *
 * Returning acknowledges the message. Throwing leaves it with Pub/Sub, which delivers it again: that is for
 * what passes.
 */
export function createCancelOperation(parts: {
  readonly admit: Admission;
  readonly cancellations: Cancellations;
  readonly handleTrigger: HandleTrigger;
  readonly continueSweep: ResumeSweep;
  readonly idempotencyStore: IdempotencyStore;
  readonly answerDeadLetter: AnswerDeadLetter;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly withSpan: WithSpan;
  readonly log: Log;
  readonly topics: TopicNames;
  /** For requests that do not say `confirmWithin`. */
  readonly confirmWithinMs: number;
}): (event: unknown) => Promise<void> {
  const { admit, cancellations, handleTrigger, continueSweep, idempotencyStore, answerDeadLetter } = parts;
  const { publisher, clock, withSpan, log, topics, confirmWithinMs } = parts;

  return (event) => {
    const message = readMessage(event);
    const received = contextOf(message);
    const route = routeOf(message, received, topics);
    const span = {
      name: `${route} process`,
      kind: 'consumer',
      parent: received.trace,
      attributes: {
        'messaging.system': 'gcp_pubsub',
        'messaging.operation.type': 'process',
        'messaging.destination.name': message.topic,
        'messaging.message.id': message.id,
      },
    } as const;
    return withSpan(span, (trace) =>
      dispatch(route, message, { ...received, ...(trace !== undefined && { trace }) }),
    );
  };

  function dispatch(route: Route, message: Message, context: EventContext): Promise<void> {
    switch (route) {
      case 'request':
        return handleRequest(message, context);
      case 'recheck':
        return handleRecheck(message, context);
      case 'trigger':
        return orRejected(message, context, () => handleTrigger(message, context));
      case 'sweep-run':
        return orRejected(message, context, () => continueSweep.resume(message, context));
      case 'idempotency-record':
        return orRejected(message, context, () => idempotencyStore.renew(dataOf(message), message.project));
      case 'dead-letter':
        return answerDeadLetter(message, context);
      case 'own-output':
        return ignore(message);
    }
  }

  async function handleRequest(message: Message, context: EventContext): Promise<void> {
    let accepted: Accepted;
    try {
      accepted = readRequest(message, context);
      if ('operation' in accepted) {
        const admitted = admit(accepted.operation, message.project);
        if (admitted instanceof Promise) await admitted;
      }
    } catch (error) {
      return reject(message, context, error);
    }
    await ('many' in accepted ? fanOut(accepted.many, message, context) : pursue(accepted, message, context));
  }

  /** @throws Failure for what is malformed, or no operation of the catalog */
  function readRequest(message: Message, context: EventContext): Accepted {
    const parsed = parseRequest(dataOf(message), context.id);
    return 'many' in parsed ? parsed : { request: parsed.one, operation: resolve(parsed.one.reference) };
  }

  async function handleRecheck(message: Message, context: EventContext): Promise<void> {
    let recheck: Recheck;
    try {
      recheck = parseRecheck(dataOf(message), resolve, clock.now(), context.trace);
    } catch (error) {
      return reject(message, context, error);
    }
    await cancellations.resume(recheck, message.project);
  }

  function ignore(message: Message): Promise<void> {
    const text = 'The function was sent what it publishes itself: a subscription is wrong';
    log('WARNING', 'message.ignored', text, { messageId: message.id, topic: message.topic });
    return Promise.resolve();
  }

  function pursue({ request, operation }: Pursued, message: Message, context: EventContext): Promise<void> {
    const cancellation = startCancellation({
      request,
      operation,
      messageId: message.id,
      requestedAt: requestedAt(context),
      defaultConfirmWithinMs: confirmWithinMs,
      nowMs: clock.now(),
      trace: context.trace,
    });
    log('INFO', 'request.accepted', `Accepted; next: ${cancellation.step}`, {
      requestId: cancellation.requestId,
      operation: operation.fullResourceName,
      messageId: message.id,
      trace: cancellation.trace,
    });
    return cancellations.start(cancellation, message.project);
  }

  /**
   * Publishes each operation as a request of its own. The ids are stable: doing it again after a crash adds
   * nothing.
   */
  async function fanOut(batch: RequestBatch, message: Message, context: EventContext): Promise<void> {
    const { requestId, children } = batch;
    const { trace } = context;
    const time = requestedAt(context);
    const toEvent = ({ reference, data }: (typeof children)[number]) => {
      const id = childRequestId(requestId, reference);
      return { id, type: EVENT_TYPE.request, subject: `request/${requestId}`, time, trace, data };
    };
    await publishRequests(publisher, children, toEvent, message.project);
    log('INFO', 'request.fanned-out', `Each of its operations is a request now: ${children.length}`, {
      requestId,
      messageId: message.id,
      trace: context.trace,
    });
  }

  /** A step that may find, before it has done anything, that the message cannot be followed. */
  async function orRejected(
    message: Message,
    context: EventContext,
    step: () => Promise<void>,
  ): Promise<void> {
    try {
      await step();
    } catch (error) {
      await reject(message, context, error);
    }
  }

  /**
   * Publishes the result which says that a message cannot be followed.
   *
   * @throws what passes with time, as it came: Pub/Sub brings the message again
   */
  async function reject(message: Message, context: EventContext, error: unknown): Promise<void> {
    if (!isPermanent(error)) throw error;
    const refused = identify(message, context, clock.now());
    const result = resultOfMessage(refused, verdictOfRejection(error), clock.now());
    await publisher.publish('results', result, message.project);
    log('WARNING', 'request.rejected', error.message, {
      requestId: refused.requestId,
      messageId: message.id,
      trace: context.trace,
    });
  }

  function requestedAt(context: EventContext): string {
    return context.time ?? new Date(clock.now()).toISOString();
  }
}

/** A request that is in order. */
type Accepted = { readonly many: RequestBatch } | Pursued;

interface Pursued {
  readonly request: CancelRequest;
  readonly operation: Operation;
}
