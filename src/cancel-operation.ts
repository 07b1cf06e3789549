import type { Admission } from './admission.ts';
import { resolve } from './catalog/resolve.ts';
import { contextOf, dataOf, EVENT_TYPE } from './core/cloud-event.ts';
import type { EventContext } from './core/cloud-event.ts';
import { isPermanent } from './core/failure.ts';
import { childRequestId } from './core/identity.ts';
import { readMessage } from './core/message.ts';
import type { Message } from './core/message.ts';
import type { Latches } from './core/latches.ts';
import type { Clock, Publisher } from './core/ports.ts';
import { startPursuit } from './core/pursuit.ts';
import { parseRecheck } from './core/recheck.ts';
import { parseRequest } from './core/request.ts';
import type { CancelRequest, RequestBatch } from './core/request.ts';
import { resultOfUnpursued, verdictOfRefusal } from './core/result.ts';
import { routeOf } from './core/route.ts';
import type { Route, TopicNames } from './core/route.ts';
import type { InSpan } from './core/tracing.ts';
import type { AnswerDeadLetter } from './dead-letter.ts';
import type { Log } from './log.ts';
import { publishRequests } from './publish-requests.ts';
import type { RunPursuit } from './pursuit-runner.ts';
import type { ContinueSweep } from './triggers/continue-sweep.ts';
import type { HandleTrigger } from './triggers/handle-trigger.ts';
import { describeUnpursued } from './unpursued-message.ts';

/**
 * The story of a message.
 *
 * 1. A request is read, looked up in the catalogue and checked against the policy. What is not acceptable is
 *    answered with REJECTED, and acknowledged.
 * 2. An accepted one becomes a pursuit: cancel (POST), then confirm (GET) through re-checks, each a delayed
 *    message that carries the whole pursuit.
 * 3. The end is one result event, published before the message is acknowledged.
 *
 * A trigger starts a sweep (triggers/), which publishes a request for each operation that it finds.
 *
 * Returning acknowledges the message. Throwing leaves it with Pub/Sub, which delivers it again: that is for
 * what passes.
 */
export function createCancelOperation(parts: {
  readonly admit: Admission;
  readonly runPursuit: RunPursuit;
  readonly handleTrigger: HandleTrigger;
  readonly continueSweep: ContinueSweep;
  readonly latches: Latches;
  readonly answerDeadLetter: AnswerDeadLetter;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly inSpan: InSpan;
  readonly log: Log;
  readonly topics: TopicNames;
  /** For requests that do not say `confirmWithin`. */
  readonly confirmWithinMs: number;
}): (event: unknown) => Promise<void> {
  const { admit, runPursuit, handleTrigger, continueSweep, latches, answerDeadLetter } = parts;
  const { publisher, clock, inSpan, log, topics, confirmWithinMs } = parts;

  return async (event) => {
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
    await inSpan(span, (trace) =>
      follow(route, message, { ...received, ...(trace !== undefined && { trace }) }),
    );
  };

  async function follow(route: Route, message: Message, context: EventContext): Promise<void> {
    switch (route) {
      case 'request': {
        const parsed = await orRejected(message, context, () => parseRequest(dataOf(message), context.id));
        if (parsed === undefined) return;
        return 'many' in parsed
          ? fanOut(parsed.many, message, context)
          : pursue(parsed.one, message, context);
      }
      case 'recheck': {
        const recheck = await orRejected(message, context, () =>
          parseRecheck(dataOf(message), resolve, clock.now(), context.trace),
        );
        return recheck === undefined ? undefined : runPursuit.again(recheck, message.project);
      }
      case 'trigger':
        return orRejected(message, context, () => handleTrigger(message, context));
      case 'sweep-run':
        return orRejected(message, context, () => continueSweep.goOn(message, context));
      case 'latch':
        return orRejected(message, context, () => latches.renew(dataOf(message), message.project));
      case 'dead-letter':
        return answerDeadLetter(message, context);
      case 'output':
        log(
          'WARNING',
          'message.ignored',
          'The function was sent what it publishes itself: a subscription is wrong',
          {
            messageId: message.id,
            topic: message.topic,
          },
        );
    }
  }

  async function pursue(request: CancelRequest, message: Message, context: EventContext): Promise<void> {
    const operation = await orRejected(message, context, async () => {
      const resolved = resolve(request.reference);
      await admit(resolved, message.project);
      return resolved;
    });
    if (operation === undefined) return;
    const pursuit = startPursuit({
      request,
      operation,
      messageId: message.id,
      requestedAt: requestedAt(context),
      defaultConfirmWithinMs: confirmWithinMs,
      nowMs: clock.now(),
      trace: context.trace,
    });
    log('INFO', 'request.accepted', `Accepted; next: ${pursuit.step}`, {
      requestId: pursuit.requestId,
      operation: operation.fullResourceName,
      messageId: message.id,
      trace: pursuit.trace,
    });
    await runPursuit.start(pursuit, message.project);
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

  /**
   * What a step gives; or undefined, when the message cannot be followed and the result that says so is
   * published.
   */
  async function orRejected<T>(
    message: Message,
    context: EventContext,
    step: () => T | Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (!isPermanent(error)) throw error;
      const refused = describeUnpursued(message, context, clock.now());
      const result = resultOfUnpursued(refused, verdictOfRefusal(error), clock.now());
      await publisher.publish('results', result, message.project);
      log('WARNING', 'request.rejected', error.message, {
        requestId: refused.requestId,
        messageId: message.id,
        trace: context.trace,
      });
      return undefined;
    }
  }

  function requestedAt(context: EventContext): string {
    return context.time ?? new Date(clock.now()).toISOString();
  }
}
