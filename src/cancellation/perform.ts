import { callSpan } from '../calls/call-span.ts';
import type { RateLimiter } from '../calls/rate-limiter.ts';
import { sendWithRetry } from '../calls/send-with-retry.ts';
import type { Delivery, Ports } from '../ports.ts';
import type { Postponed } from '../resources/response.ts';
import { seconds } from '../validation/duration.ts';
import { cancelLimits, getLimits, MAX_GET_QUEUE_MS } from './call-limits.ts';
import type { Cancellation, FinishableCancellation } from './cancellation.ts';
import { afterCancel, afterGet } from './decide.ts';
import type { Decision, Finish, Timing } from './decision.ts';
import { recheckEvent } from './recheck.ts';
import { resultOfCancellation } from './result.ts';
import { cancelCallOf } from './words.ts';

/** The ports that performing decisions needs. */
export type CancellationPorts = Pick<
  Ports,
  'resourceApi' | 'publisher' | 'scheduler' | 'clock' | 'random' | 'withSpan' | 'log'
> & {
  readonly limiter: RateLimiter;
  readonly settings: Pick<Timing, 'firstRecheckMs'>;
};

/**
 * Performs one decision after the other, until the cancellation has its result or waits for a re-check. Each decision ends
 * in something that Pub/Sub or Cloud Tasks stores, so the process may die between any two.
 *
 * @param startMs the start of the delivery, in milliseconds since the epoch, from which the time for a cancel counts
 */
export async function performDecisions(
  first: Decision | Finish,
  delivery: Delivery,
  ports: CancellationPorts,
  startMs = ports.clock.now(),
): Promise<void> {
  // Counted from before the cancel: a GET that follows a slow cancel has less time, or none, to wait for its permit.
  const queueEndMs = ports.clock.now() + MAX_GET_QUEUE_MS;
  for (let decision = first; ;) {
    switch (decision.kind) {
      case 'cancel':
        decision = await cancel(decision.cancellation, startMs, ports);
        break;
      case 'get':
        decision = await get(decision.cancellation, queueEndMs, ports);
        break;
      case 'recheck':
        return scheduleRecheck(decision, delivery, ports);
      case 'finish':
        return finish(decision, delivery, ports);
    }
  }
}

/** The time of a decision that is made now. */
export const timingOf = ({ clock, settings }: Pick<CancellationPorts, 'clock' | 'settings'>): Timing => ({
  nowMs: clock.now(),
  firstRecheckMs: settings.firstRecheckMs,
});

async function cancel(
  cancellation: Cancellation,
  startMs: number,
  ports: CancellationPorts,
): Promise<Decision> {
  const { resourceApi, limiter, withSpan, log } = ports;
  const { result, attempts } = await withSpan(spanOf('cancel', cancellation), () =>
    sendWithRetry(
      {
        ...cancelLimits(cancellation, startMs),
        limiter,
        send: (timeoutMs) => resourceApi.cancel(cancellation.operation, timeoutMs),
        onRetry: ({ error: { message, httpStatus } }, waitMs, attempts) => {
          const text = `${cancelCallOf(cancellation)}: trying again in ${seconds(waitMs)} after: ${message}`;
          log('INFO', 'cancel.retrying', text, { ...labelsOf(cancellation), attempts, httpStatus });
        },
      },
      ports,
    ),
  );
  if (result.kind === 'postponed') {
    logPostponed(cancelCallOf(cancellation), cancellation, result, ports);
  } else {
    const answer = result.kind === 'ok' ? 'accepted' : result.error.message;
    log('INFO', 'cancel.answered', `${cancelCallOf(cancellation)}: ${answer}`, {
      ...labelsOf(cancellation),
      attempts,
    });
  }
  return afterCancel(cancellation, result, attempts, timingOf(ports));
}

async function get(
  cancellation: Cancellation,
  startByMs: number,
  ports: CancellationPorts,
): Promise<Decision> {
  const { resourceApi, limiter, withSpan, log } = ports;
  const { operation } = cancellation;
  const { result } = await withSpan(spanOf('get', cancellation), () =>
    sendWithRetry(
      {
        ...getLimits(cancellation, startByMs),
        limiter,
        send: (timeoutMs) => resourceApi.get(operation, timeoutMs),
      },
      ports,
    ),
  );
  if (result.kind === 'postponed') {
    logPostponed('GET', cancellation, result, ports);
  } else {
    const seen = result.kind === 'ok' ? operation.kind.readState(result.body).kind : result.error.message;
    log('INFO', 'get.answered', `GET: ${seen}`, labelsOf(cancellation));
  }
  return afterGet(cancellation, result, timingOf(ports));
}

async function scheduleRecheck(
  { cancellation, dueMs }: Extract<Decision, { readonly kind: 'recheck' }>,
  delivery: Delivery,
  { scheduler, clock, log }: CancellationPorts,
): Promise<void> {
  const scheduled = await scheduler.schedule(recheckEvent(cancellation, dueMs, clock.now()), dueMs, delivery);
  const text =
    scheduled === 'now'
      ? `Next: ${cancellation.step}, at ${new Date(dueMs).toISOString()}`
      : 'An earlier delivery of this message has scheduled the next step already';
  log('INFO', 'recheck.scheduled', text, { ...labelsOf(cancellation), attempt: cancellation.attempt });
}

async function finish(
  { cancellation, verdict }: Finish,
  delivery: Delivery,
  { publisher, clock, log }: CancellationPorts,
): Promise<void> {
  const { outcome, detail } = verdict;
  await publisher.publish('results', resultOfCancellation(cancellation, verdict, clock.now()), delivery);
  log('INFO', 'result.published', `${outcome}: ${detail}`, {
    ...labelsOf(cancellation),
    outcome,
    service: cancellation.operation.service,
    // How long the sender has waited.
    elapsedMs: clock.now() - Date.parse(cancellation.requestedAt),
  });
}

function logPostponed(
  call: string,
  cancellation: Cancellation,
  { waitMs, error }: Postponed,
  { log }: CancellationPorts,
): void {
  const text = `${call}: postponed for ${seconds(waitMs)}, because the service throttled earlier calls: ${error.message}`;
  log('INFO', 'call.postponed', text, labelsOf(cancellation));
}

const labelsOf = ({ requestId, operation, trace }: FinishableCancellation) => ({
  requestId,
  operation: operation.fullResourceName,
  trace,
});

const spanOf = (method: 'cancel' | 'get', { operation, requestId, trace }: Cancellation) =>
  callSpan(method, operation, trace, {
    'lro_cancel.operation': operation.fullResourceName,
    'lro_cancel.request_id': requestId,
  });
