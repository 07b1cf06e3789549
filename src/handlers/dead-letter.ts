import { parseRecheck, recheckEvent } from '../cancellation/recheck.ts';
import type { Recheck } from '../cancellation/recheck.ts';
import { identify, resultOfMessage } from '../cancellation/rejection.ts';
import { readRequest, understoodOf } from '../cancellation/read-request.ts';
import { resultOfCancellation } from '../cancellation/result.ts';
import { resolve } from '../catalog/resolve.ts';
import { dataOf } from '../messages/cloud-event.ts';
import { kindOf } from '../messages/kind.ts';
import type { Message } from '../messages/message.ts';
import type { Delivery } from '../ports.ts';
import { isPermanent } from '../validation/failure.ts';
import { shownText } from '../validation/shown-text.ts';
import type { App } from './app-context.ts';
import { endDeadApprovalOf } from './approval.ts';
import { dropRunListEntry } from './run-list.ts';
import { endDeadSweepRun } from './sweep-run.ts';

/**
 * Answers a message that Pub/Sub stopped delivering.
 *
 * - The run of a sweep, or its approval, ends with its report. A record of the idempotency store is renewed, and an entry
 *   of a run's list is dropped.
 * - A re-check that is not even due did not fail: every "not yet" counts as a delivery. It is scheduled again.
 * - Everything else ends with the result ERROR.
 */
export async function handleDeadLetter(delivery: Delivery, app: App): Promise<void> {
  const { message, context } = delivery;
  const { clock, idempotencyStore } = app;
  const kind = kindOf(message, context);
  if (kind === 'sweep-run') {
    if (await wasHandled(() => endDeadSweepRun(describeDeadLetter(message), delivery, app))) return;
  }
  if (kind === 'idempotency-record') {
    // No sender waits for an answer, and the record must not be forgotten.
    if (await wasHandled(() => idempotencyStore.renew(dataOf(message), delivery))) return;
  }
  if (kind === 'approval') {
    if (await wasHandled(() => endDeadApprovalOf(describeDeadLetter(message), delivery, app))) return;
  }
  if (kind === 'run-list') {
    if (await wasHandled(() => dropRunListEntry(delivery, app))) return;
  }
  const recheck = kind === 'recheck' ? readRecheck(delivery, app) : undefined;
  if (recheck !== undefined && recheck.dueMs > clock.now()) return scheduleAgain(recheck, delivery, app);
  await publishError(recheck, delivery, app);
}

/** Whether a message was of the kind that its type says. */
async function wasHandled(handle: () => Promise<void>): Promise<boolean> {
  try {
    await handle();
    return true;
  } catch (error) {
    if (isPermanent(error)) return false;
    throw error;
  }
}

async function scheduleAgain({ cancellation, dueMs }: Recheck, delivery: Delivery, app: App): Promise<void> {
  const { clock, scheduler, log } = app;
  // As another attempt: Cloud Tasks refuses the name of the same one.
  const next = { ...cancellation, attempt: cancellation.attempt + 1 };
  await scheduler.schedule(recheckEvent(next, dueMs, clock.now()), dueMs, delivery);
  log('INFO', 'recheck.scheduled', 'The re-check was dead-lettered while it waited; it is scheduled again', {
    requestId: next.requestId,
    operation: next.operation.fullResourceName,
    messageId: delivery.message.id,
    trace: delivery.context.trace,
  });
}

async function publishError(recheck: Recheck | undefined, delivery: Delivery, app: App): Promise<void> {
  const { message, context } = delivery;
  const { clock, publisher, log } = app;
  const error = { type: 'DeadLetter', message: describeDeadLetter(message) } as const;
  const verdict = { outcome: 'ERROR', detail: error.message, error } as const;
  const result =
    recheck === undefined
      ? resultOfMessage(readIdentity(delivery, clock.now()), verdict, clock.now())
      : resultOfCancellation(recheck.cancellation, verdict, clock.now());
  await publisher.publish('results', result, delivery);
  log('ERROR', 'dead-letter.answered', error.message, {
    requestId: result.attributes?.requestId,
    operation: result.subject,
    messageId: message.id,
    trace: context.trace,
  });
}

/** Reads the message as a request: of the others, none but re-checks names an operation. */
const readIdentity = ({ message, context }: Delivery, nowMs: number) =>
  identify(understoodOf(readRequest(message, context.id)), message, context, nowMs);

/**
 * Pub/Sub marks the copies that it sends to a dead-letter topic
 * (https://cloud.google.com/pubsub/docs/dead-letter-topics).
 */
function describeDeadLetter({ attributes }: Message): string {
  const {
    CloudPubSubDeadLetterSourceDeliveryCount: count = 'several',
    CloudPubSubDeadLetterSourceSubscription: subscription = '(unknown)',
    CloudPubSubDeadLetterSourceTopicPublishTime: publishTime,
  } = attributes;
  // Anybody who may publish to the topic can write these, at any length.
  const published =
    publishTime === undefined ? '' : ` of the message published at ${shownText(publishTime, 64)}`;
  return `Pub/Sub gave up after ${shownText(count, 64)} deliveries${published} by the subscription ${shownText(subscription, 512)}. What it asked for may have been begun.`;
}

function readRecheck({ message, context }: Delivery, { clock }: App): Recheck | undefined {
  try {
    return parseRecheck(dataOf(message), resolve, clock.now(), context.trace);
  } catch (error) {
    if (isPermanent(error)) return undefined;
    throw error;
  }
}
