import { contextOf } from '../messages/cloud-event.ts';
import type { EventContext } from '../messages/cloud-event.ts';
import { kindOf } from '../messages/kind.ts';
import type { MessageKind } from '../messages/kind.ts';
import type { Message } from '../messages/message.ts';
import { isProven } from '../messages/proof.ts';
import { routeOf } from '../messages/route.ts';
import type { Route } from '../messages/route.ts';
import type { Delivery } from '../ports.ts';
import type { App } from './app-context.ts';
import { handleApproval } from './approval.ts';
import { handleDeadLetter } from './dead-letter.ts';
import { handleIdempotencyRecord } from './idempotency-record.ts';
import { handleRecheck } from './recheck.ts';
import { ignoreOwnOutput, rejectMisplaced, rejectUnproven } from './reject.ts';
import { handleRequest } from './request.ts';
import { handleRunListEntry } from './run-list.ts';
import { handleSweepRun } from './sweep-run.ts';
import { handleTrigger } from './trigger.ts';

/**
 * The way of a message.
 *
 * 1. A request (`request.ts`) is read, looked up in the catalog and checked against the policy. An unacceptable one is
 *    answered with REJECTED (`reject.ts`) and acknowledged.
 * 2. An accepted one becomes a cancellation: cancel (POST), then confirm (GET) through re-checks (`recheck.ts`), each a
 *    delayed message that carries the whole state of the cancellation.
 * 3. The end is one result event, published before the message is acknowledged.
 *
 * With MESSAGE_KEYS, a message of a kind that only this system sends is handled only with a proof (`messages/proof.ts`).
 *
 * A message on a topic where it does not belong is answered with REJECTED, which names its topic.
 *
 * A trigger (`trigger.ts`, `budget-notification.ts`) starts a run of a sweep (`sweep-run.ts`), which publishes a request
 * for each operation that it finds. A trigger can also approve a dry run (`approval.ts`): what it found is requested.
 *
 * A handler that returns acknowledges the message. A handler that throws leaves it with Pub/Sub, which delivers it again:
 * that is for problems that pass.
 */
export function handleMessage(message: Message, app: App): Promise<void> {
  const context = contextOf(message);
  const route = routeOf(message, context, app.settings.topics);
  const ownProject = app.ownProjectFor(message.project);
  return app.withSpan(spanOf(route, message, context), (trace) =>
    dispatch(
      route,
      { message, context: { ...context, ...(trace !== undefined && { trace }) }, ownProject },
      app,
    ),
  );
}

function dispatch(route: Route, delivery: Delivery, app: App): Promise<void> {
  const { message, context } = delivery;
  if (isInternal(route, delivery) && !isProven(message, context, app.settings.messageKeys)) {
    return rejectUnproven(delivery, app);
  }
  switch (route) {
    case 'request':
      return handleRequest(delivery, app);
    case 'recheck':
      return handleRecheck(delivery, app);
    case 'trigger':
      return handleTrigger(delivery, app);
    case 'sweep-run':
      return handleSweepRun(delivery, app);
    case 'idempotency-record':
      return handleIdempotencyRecord(delivery, app);
    case 'run-list':
      return handleRunListEntry(delivery, app);
    case 'approval':
      return handleApproval(delivery, app);
    case 'dead-letter':
      return handleDeadLetter(delivery, app);
    case 'misplaced':
      return rejectMisplaced(delivery, app);
    case 'own-output':
      ignoreOwnOutput(delivery, app);
      return Promise.resolve();
  }
}

/** The kinds of message that this system alone sends, which are routes too. */
const INTERNAL: ReadonlySet<MessageKind | Route | undefined> = new Set([
  'recheck',
  'sweep-run',
  'idempotency-record',
  'run-list',
  'approval',
] as const);

const isInternal = (route: Route, { message, context }: Delivery) =>
  INTERNAL.has(route === 'dead-letter' ? kindOf(message, context) : route);

/** The span of a message, by the names of https://opentelemetry.io/docs/specs/semconv/messaging/. */
const spanOf = (route: Route, message: Message, { trace }: EventContext) =>
  ({
    name: `${route} process`,
    kind: 'consumer',
    parent: trace,
    attributes: {
      'messaging.system': 'gcp_pubsub',
      'messaging.operation.type': 'process',
      'messaging.destination.name': message.topic,
      'messaging.message.id': message.id,
    },
  }) as const;
