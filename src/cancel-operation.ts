import type { Admission } from './admission.ts';
import { contextOf, dataOf, EVENT_TYPE } from './core/cloud-event.ts';
import type { EventContext } from './core/cloud-event.ts';
import { Failure } from './core/failure.ts';
import { childRequestId } from './core/identity.ts';
import { readMessage } from './core/message.ts';
import type { Message } from './core/message.ts';
import type { Clock, Publisher } from './core/ports.ts';
import { startPursuit } from './core/pursuit.ts';
import { parseRecheck } from './core/recheck.ts';
import { parseRequest } from './core/request.ts';
import type { RequestBatch } from './core/request.ts';
import { resultOfUnpursued } from './core/result.ts';
import { routeOf } from './core/route.ts';
import type { TopicNames } from './core/route.ts';
import type { AnswerDeadLetter } from './dead-letter.ts';
import type { Log } from './log.ts';
import type { Pursue } from './pursuing.ts';
import { describeUnpursued } from './unpursued.ts';

/**
 * A re-check that comes at most so much too early is held until its time. Refusing it would slow the whole push subscription for
 * everybody; holding it costs a place in an instance, and fits the ack deadline with room for the GET and the publish.
 */
export const HOLD_MS = 10_000;

/**
 * The story of a message.
 *
 * 1. A request is read, looked up in the catalogue and checked against the policy. What is not acceptable is answered with
 *    REJECTED, and acknowledged.
 * 2. An accepted one becomes a pursuit: cancel (POST), then confirm (GET) through re-checks, each a delayed message that carries
 *    the whole pursuit.
 * 3. The end is one result event, published before the message is acknowledged.
 *
 * Returning acknowledges the message. Throwing leaves it with Pub/Sub, which delivers it again: that is for what passes.
 */
export function createCancelOperation(parts: {
  readonly admit: Admission;
  readonly pursue: Pursue;
  readonly answerDeadLetter: AnswerDeadLetter;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
  readonly topics: TopicNames;
  /** For requests that do not say `confirmWithin`. */
  readonly confirmWithinMs: number;
}): (event: unknown) => Promise<void> {
  const { admit, pursue, answerDeadLetter, publisher, clock, log, topics, confirmWithinMs } = parts;

  return async (event) => {
    const message = readMessage(event);
    const context = contextOf(message);
    switch (routeOf(message, context, topics)) {
      case 'request':
        return answered(message, context, () => request(message, context));
      case 'recheck':
        return answered(message, context, () => recheck(message));
      case 'trigger':
        return answered(message, context, () => {
          throw new Failure('ValueError', 'data: no sweep is configured here, so there is nothing to start');
        });
      case 'dead-letter': {
        const result = await answerDeadLetter(message, context);
        await publisher.publish('results', result, message.project);
        log('ERROR', 'dead-letter.answered', 'A message was given up', {
          messageId: message.id,
          ...result.attributes,
        });
        return;
      }
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
  };

  async function request(message: Message, context: EventContext): Promise<void> {
    const parsed = parseRequest(dataOf(message), context.id);
    if ('many' in parsed) return fanOut(parsed.many, message, context);

    const operation = await admit(parsed.one.reference, message.project);
    const pursuit = startPursuit({
      request: parsed.one,
      operation,
      messageId: message.id,
      requestedAt: context.time ?? new Date(clock.now()).toISOString(),
      defaultConfirmWithinMs: confirmWithinMs,
      nowMs: clock.now(),
    });
    log('INFO', 'request.accepted', `Next: ${pursuit.step}`, {
      requestId: pursuit.requestId,
      operation: operation.fullResourceName,
      messageId: message.id,
    });
    await pursue(pursuit, message.project);
  }

  async function recheck(message: Message): Promise<void> {
    const { reference, dueMs, resume } = parseRecheck(dataOf(message));
    const pursuit = resume(await admit(reference, message.project));
    const earlyMs = dueMs - clock.now();
    if (earlyMs > HOLD_MS) {
      throw new Failure(
        'NotDue',
        `The re-check of ${pursuit.requestId} is due at ${new Date(dueMs).toISOString()}`,
      );
    }
    if (earlyMs > 0) await clock.sleep(earlyMs);
    await pursue(pursuit, message.project);
  }

  /** Publishes each operation as a request of its own. The ids are stable, so doing it again after a crash adds nothing. */
  async function fanOut(
    { requestId, children }: RequestBatch,
    message: Message,
    context: EventContext,
  ): Promise<void> {
    const time = context.time ?? new Date(clock.now()).toISOString();
    const publishing = children.map(({ reference, data }) => {
      const id = childRequestId(requestId, reference);
      const event = { id, type: EVENT_TYPE.request, subject: `request/${requestId}`, time, data };
      return publisher.publish('requests', event, message.project);
    });
    await Promise.all(publishing);
    log('INFO', 'request.fanned-out', `${children.length} operations, each a request now`, {
      requestId,
      messageId: message.id,
    });
  }

  /** Runs a step, and answers what its sender did wrong. What passes with time is thrown on. */
  async function answered(message: Message, context: EventContext, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Failure) || (error.code !== 'TypeError' && error.code !== 'ValueError'))
        throw error;
      const refused = describeUnpursued(message, context, clock.now());
      const report = { type: error.code, message: error.message };
      const result = resultOfUnpursued(refused, 'REJECTED', report, clock.now());
      await publisher.publish('results', result, message.project);
      log('WARNING', 'request.rejected', error.message, {
        requestId: refused.requestId,
        messageId: message.id,
      });
    }
  }
}
