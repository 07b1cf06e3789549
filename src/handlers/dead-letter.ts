import { resolve } from '../catalog/resolve.ts';
import { dataOf, EVENT_TYPE } from '../messages/cloud-event.ts';
import type { EventContext } from '../messages/cloud-event.ts';
import { isPermanent } from '../validation/failure.ts';
import type { IdempotencyStore } from '../budgets/idempotency-store.ts';
import type { Message } from '../messages/message.ts';
import type { Clock, Scheduler, Publisher } from '../ports.ts';
import { parseRecheck, recheckEvent } from '../cancellation/recheck.ts';
import type { Recheck } from '../cancellation/recheck.ts';
import { resultOfCancellation, resultOfMessage } from '../cancellation/result.ts';
import type { Log } from '../telemetry/log.ts';
import type { ResumeSweep } from './sweep-run.ts';
import { identify } from '../cancellation/rejection.ts';

/** Answers a message that Pub/Sub gave up delivering, with what can be read of it. */
export type AnswerDeadLetter = (message: Message, context: EventContext) => Promise<void>;

/**
 * A re-check that is not even due did not fail: it was given up for waiting, because every "not yet" counts
 * as a delivery. It is sent on its way again. The run of a sweep ends with its report, everything else with
 * ERROR.
 */
export function createAnswerDeadLetter(parts: {
  readonly publisher: Publisher;
  readonly scheduler: Scheduler;
  readonly continueSweep: ResumeSweep;
  readonly idempotencyStore: IdempotencyStore;
  readonly clock: Clock;
  readonly log: Log;
}): AnswerDeadLetter {
  const { publisher, scheduler, continueSweep, idempotencyStore, clock, log } = parts;

  /** A run is answered by its report. */
  const endRun = (message: Message, context: EventContext) =>
    continueSweep.abandon(message, context, describeGivingUp(message));

  /** Nobody waits for an answer about a latch; what it keeps must not be forgotten. */
  const renew = (message: Message) => idempotencyStore.renew(dataOf(message), message.project);

  return async (message, context) => {
    if (context.type === EVENT_TYPE.sweepRun && (await taken(() => endRun(message, context)))) return;
    if (context.type === EVENT_TYPE.idempotencyRecord && (await taken(() => renew(message)))) return;
    const recheck =
      context.type === EVENT_TYPE.recheck ? readRecheck(message, context, clock.now()) : undefined;
    if (recheck !== undefined && recheck.dueMs > clock.now()) {
      const { dueMs } = recheck;
      // As another attempt: Cloud Tasks would take the same one for done.
      const cancellation = { ...recheck.cancellation, attempt: recheck.cancellation.attempt + 1 };
      await scheduler.schedule(recheckEvent(cancellation, dueMs, clock.now()), dueMs, message.project);
      log('INFO', 'recheck.scheduled', 'Given up while it waited; sent again', {
        requestId: cancellation.requestId,
        operation: cancellation.operation.fullResourceName,
        messageId: message.id,
        trace: context.trace,
      });
      return;
    }
    const error = { type: 'DeadLetter', message: describeGivingUp(message) } as const;
    const verdict = { outcome: 'ERROR', detail: error.message, error } as const;
    const result =
      recheck === undefined
        ? resultOfMessage(identify(message, context, clock.now()), verdict, clock.now())
        : resultOfCancellation(recheck.cancellation, verdict, clock.now());
    await publisher.publish('results', result, message.project);
    log('ERROR', 'dead-letter.answered', error.message, {
      requestId: result.attributes?.requestId,
      operation: result.subject,
      messageId: message.id,
      trace: context.trace,
    });
  };
}

/** Whether a message was what its type says. */
async function taken(take: () => Promise<void>): Promise<boolean> {
  try {
    await take();
    return true;
  } catch (error) {
    if (isPermanent(error)) return false;
    throw error;
  }
}

/**
 * Pub/Sub marks the copies that it sends to a dead-letter topic
 * (https://cloud.google.com/pubsub/docs/dead-letter-topics).
 */
function describeGivingUp({ attributes }: Message): string {
  const {
    CloudPubSubDeadLetterSourceDeliveryCount: count = 'several',
    CloudPubSubDeadLetterSourceSubscription: subscription = '(unknown)',
    CloudPubSubDeadLetterSourceTopicPublishTime: publishTime,
  } = attributes;
  const published = publishTime === undefined ? '' : ` of the message published at ${publishTime}`;
  return `Pub/Sub gave up after ${count} deliveries${published} by the subscription ${subscription}. What it asked for may have been begun.`;
}

function readRecheck(message: Message, { trace }: EventContext, nowMs: number): Recheck | undefined {
  try {
    return parseRecheck(dataOf(message), resolve, nowMs, trace);
  } catch (error) {
    if (isPermanent(error)) return undefined;
    throw error;
  }
}
