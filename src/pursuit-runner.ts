import type { Admission } from './admission.ts';
import { TRY_TIMEOUT_MS } from './cancel-with-retry.ts';
import type { CancelWithRetry } from './cancel-with-retry.ts';
import { meaningOf } from './core/answer.ts';
import { afterCancel, afterLook, finishForbidden, nextStep } from './core/decision.ts';
import type { Decision } from './core/decision.ts';
import { isPermanent } from './core/failure.ts';
import { readOperationState } from './core/operation-state.ts';
import type { Clock, Later, Operations, Publisher } from './core/ports.ts';
import type { Pursuit } from './core/pursuit.ts';
import { recheckEvent } from './core/recheck.ts';
import type { Recheck } from './core/recheck.ts';
import { resultOfPursuit } from './core/result.ts';
import type { InSpan } from './core/tracing.ts';
import type { Log } from './log.ts';
import { waitUntilDue } from './wait-until-due.ts';

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

/**
 * Performs one decision after the other, until the pursuit waits for a later message or has its result. Each
 * ends in something that Pub/Sub or Cloud Tasks keeps, so a process may die between any two.
 *
 * Both take the project that the message at hand came from.
 */
export interface RunPursuit {
  start(pursuit: Pursuit, messageProject: string | undefined): Promise<void>;
  /**
   * Goes on with a pursuit that a re-check carries.
   *
   * @throws Failure `NotDue` when it is too early
   */
  again(recheck: Recheck, messageProject: string | undefined): Promise<void>;
}

export function createRunPursuit(parts: {
  readonly admit: Admission;
  readonly operations: Operations;
  readonly cancelWithRetry: CancelWithRetry;
  readonly publisher: Publisher;
  readonly later: Later;
  readonly clock: Clock;
  readonly inSpan: InSpan;
  readonly log: Log;
}): RunPursuit {
  const { admit, operations, cancelWithRetry, publisher, later, clock, inSpan, log } = parts;

  return {
    start: (pursuit, messageProject) => run(nextStep(pursuit), messageProject),
    again: async ({ pursuit, dueMs, refusal }, messageProject) => {
      if (refusal !== undefined) return run(finishForbidden(pursuit, refusal.message), messageProject);
      await waitUntilDue(dueMs, pursuit.step === 'cancel' ? HOLD_CANCEL_MS : HOLD_MS, clock);
      await run(await admitted(pursuit, messageProject), messageProject);
    },
  };

  /** The settings may have changed since the request was accepted, and anybody can write a re-check. */
  async function admitted(pursuit: Pursuit, messageProject: string | undefined): Promise<Decision> {
    try {
      await admit(pursuit.operation, messageProject);
      return nextStep(pursuit);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      return finishForbidden(pursuit, error.message);
    }
  }

  async function run(first: Decision, messageProject: string | undefined): Promise<void> {
    for (let decision = first; ;) {
      const { pursuit } = decision;
      const { operation, requestId } = pursuit;
      const { trace } = pursuit;
      const labels = { requestId, operation: operation.fullResourceName, trace };
      switch (decision.kind) {
        case 'cancel': {
          const { meaning, attempts } = await inSpan(callOf('cancel', pursuit), () =>
            cancelWithRetry(pursuit),
          );
          const said = meaning.kind === 'ok' ? 'accepted' : meaning.error.message;
          log('INFO', 'cancel.answered', `POST :cancel: ${said}`, { ...labels, attempts });
          decision = afterCancel(pursuit, meaning, attempts, clock.now());
          break;
        }
        case 'look': {
          const answer = await inSpan(callOf('get', pursuit), () =>
            operations.get(operation, TRY_TIMEOUT_MS),
          );
          const meaning = meaningOf(answer, clock.now());
          const seen =
            meaning.kind === 'ok'
              ? readOperationState(operation.state, meaning.body).kind
              : meaning.error.message;
          log('INFO', 'look.answered', `GET: ${seen}`, labels);
          decision = afterLook(pursuit, meaning, clock.now());
          break;
        }
        case 'recheck': {
          const due = new Date(decision.dueMs).toISOString();
          const event = recheckEvent(pursuit, decision.dueMs, clock.now());
          await later.send(event, decision.dueMs, messageProject);
          log('INFO', 'recheck.scheduled', `Next: ${pursuit.step}, at ${due}`, {
            ...labels,
            attempt: pursuit.attempt,
          });
          return;
        }
        case 'finish': {
          const { outcome, detail } = decision.verdict;
          await publisher.publish(
            'results',
            resultOfPursuit(pursuit, decision.verdict, clock.now()),
            messageProject,
          );
          log('INFO', 'result.published', `${outcome}: ${detail}`, {
            ...labels,
            outcome,
            service: operation.service,
            // How long the sender has waited.
            elapsedMs: clock.now() - Date.parse(pursuit.requestedAt),
          });
          return;
        }
      }
    }
  }
}

/** The span of a call to the service, by the names of https://opentelemetry.io/docs/specs/semconv/rpc/. */
const callOf = (method: 'cancel' | 'get', { operation, requestId, trace }: Pursuit) =>
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
