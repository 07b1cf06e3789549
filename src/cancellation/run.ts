import type { Admission } from '../policy/admission.ts';
import { TRY_TIMEOUT_MS } from '../calls/cancel-with-retry.ts';
import type { CancelWithRetry } from '../calls/cancel-with-retry.ts';
import { classify } from '../resources/response.ts';
import type { Postponed } from '../resources/response.ts';
import { afterCancel, afterGet, finishForbidden, nextStep } from './decide.ts';
import type { Decision } from './decide.ts';
import { seconds } from '../validation/duration.ts';
import { isPermanent } from '../validation/failure.ts';
import { readOperationState } from '../resources/state.ts';
import type { Clock, Scheduler, ResourceApi, Publisher } from '../ports.ts';
import type { Cancellation } from './cancellation.ts';
import { recheckEvent } from './recheck.ts';
import type { Recheck } from './recheck.ts';
import { resultOfCancellation } from './result.ts';
import type { WithSpan } from '../telemetry/with-span.ts';
import type { Log } from '../telemetry/log.ts';
import type { RateLimiter } from '../calls/turn.ts';
import { waitUntilDue } from '../handlers/hold-until-due.ts';

/**
 * A re-check that comes at most so much too early is held until its time. Refusing it would slow the whole
 * push subscription for everybody; holding it costs a place in an instance.
 */
const HOLD_MS = 10_000;
/**
 * A cancel needs nearly all the time that a delivery has, so it is held no longer than two clocks differ: that
 * of Cloud Tasks, and this one.
 */
const HOLD_CANCEL_MS = 1_000;

/** How long a look is held for its turn. */
const LOOK_IN_LINE_MS = 10_000;

/**
 * Performs one decision after the other, until the cancellation waits for a later message or has its result. Each
 * ends in something that Pub/Sub or Cloud Tasks keeps, so a process may die between any two.
 *
 * Both take the project that the message at hand came from.
 */
export interface Cancellations {
  start(cancellation: Cancellation, messageProject: string | undefined): Promise<void>;
  /**
   * Goes on with a cancellation that a re-check carries.
   *
   * @throws Failure `NotDue` when it is too early
   */
  resume(recheck: Recheck, messageProject: string | undefined): Promise<void>;
}

export function createCancellations(parts: {
  readonly admit: Admission;
  readonly resourceApi: ResourceApi;
  readonly cancelWithRetry: CancelWithRetry;
  readonly pacing: RateLimiter;
  readonly publisher: Publisher;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly withSpan: WithSpan;
  readonly log: Log;
}): Cancellations {
  const { admit, resourceApi, cancelWithRetry, pacing, publisher, scheduler, clock, withSpan, log } = parts;

  return {
    start: (cancellation, messageProject) => run(nextStep(cancellation), messageProject),
    resume: async ({ cancellation, dueMs, refusal }, messageProject) => {
      if (refusal !== undefined) return run(finishForbidden(cancellation, refusal.message), messageProject);
      await waitUntilDue(dueMs, cancellation.step === 'cancel' ? HOLD_CANCEL_MS : HOLD_MS, clock);
      await run(await admitted(cancellation, messageProject), messageProject);
    },
  };

  /** The settings may have changed since the request was accepted, and anybody can write a re-check. */
  async function admitted(cancellation: Cancellation, messageProject: string | undefined): Promise<Decision> {
    try {
      const admission = admit(cancellation.operation, messageProject);
      if (admission instanceof Promise) await admission;
      return nextStep(cancellation);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      return finishForbidden(cancellation, error.message);
    }
  }

  async function run(first: Decision, messageProject: string | undefined): Promise<void> {
    const lineEndsMs = clock.now() + LOOK_IN_LINE_MS;
    for (let decision = first; ;) {
      switch (decision.kind) {
        case 'cancel':
          decision = await cancel(decision.cancellation);
          break;
        case 'get':
          decision = await look(decision.cancellation, lineEndsMs);
          break;
        case 'recheck':
          return recheckLater(decision, messageProject);
        case 'finish':
          return finish(decision, messageProject);
      }
    }
  }

  async function cancel(cancellation: Cancellation): Promise<Decision> {
    const { meaning, attempts } = await withSpan(spanOf('cancel', cancellation), () =>
      cancelWithRetry(cancellation),
    );
    if (meaning.kind === 'postponed') {
      logPostponed('POST :cancel', cancellation, meaning);
    } else {
      const said = meaning.kind === 'ok' ? 'accepted' : meaning.error.message;
      log('INFO', 'cancel.answered', `POST :cancel: ${said}`, { ...labelsOf(cancellation), attempts });
    }
    return afterCancel(cancellation, meaning, attempts, clock.now());
  }

  /** A look that comes after a cancel that took its time is not held for its turn. */
  async function look(cancellation: Cancellation, startByMs: number): Promise<Decision> {
    const { operation, deadlineMs, postponements, confirm } = cancellation;
    const answer = await withSpan(spanOf('get', cancellation), () =>
      pacing(
        { kind: 'get', operation, startByMs, deadlineMs, postponements, wasAttempted: confirm.checks > 0 },
        () => resourceApi.get(operation, TRY_TIMEOUT_MS),
      ),
    );
    if (answer.kind === 'postponed') {
      logPostponed('GET', cancellation, answer);
      return afterGet(cancellation, answer, clock.now());
    }
    const meaning = classify(answer, clock.now());
    const seen =
      meaning.kind === 'ok' ? readOperationState(operation.state, meaning.body).kind : meaning.error.message;
    log('INFO', 'get.answered', `GET: ${seen}`, labelsOf(cancellation));
    return afterGet(cancellation, meaning, clock.now());
  }

  async function recheckLater(
    { cancellation, dueMs }: DecisionTo<'recheck'>,
    messageProject: string | undefined,
  ): Promise<void> {
    await scheduler.schedule(recheckEvent(cancellation, dueMs, clock.now()), dueMs, messageProject);
    const text = `Next: ${cancellation.step}, at ${new Date(dueMs).toISOString()}`;
    log('INFO', 'recheck.scheduled', text, { ...labelsOf(cancellation), attempt: cancellation.attempt });
  }

  async function finish(
    { cancellation, verdict }: DecisionTo<'finish'>,
    messageProject: string | undefined,
  ): Promise<void> {
    const { outcome, detail } = verdict;
    await publisher.publish(
      'results',
      resultOfCancellation(cancellation, verdict, clock.now()),
      messageProject,
    );
    log('INFO', 'result.published', `${outcome}: ${detail}`, {
      ...labelsOf(cancellation),
      outcome,
      service: cancellation.operation.service,
      // How long the sender has waited.
      elapsedMs: clock.now() - Date.parse(cancellation.requestedAt),
    });
  }

  function logPostponed(call: string, cancellation: Cancellation, { waitMs, error }: Postponed): void {
    const text = `${call}: its turn comes in ${seconds(waitMs)}, because of earlier ones: ${error.message}`;
    log('INFO', 'call.postponed', text, labelsOf(cancellation));
  }
}

type DecisionTo<Kind> = Extract<Decision, { readonly kind: Kind }>;

const labelsOf = ({ requestId, operation, trace }: Cancellation) => ({
  requestId,
  operation: operation.fullResourceName,
  trace,
});

/** The span of a call to the service, by the names of https://opentelemetry.io/docs/specs/semconv/rpc/. */
const spanOf = (method: 'cancel' | 'get', { operation, requestId, trace }: Cancellation) =>
  ({
    name: `operations.${method}`,
    kind: 'client',
    parent: trace,
    attributes: {
      'rpc.service': operation.service,
      'rpc.method': `operations.${method}`,
      'server.address': operation.host,
      'lro_cancel.operation': operation.fullResourceName,
      'lro_cancel.request_id': requestId,
    },
  }) as const;
