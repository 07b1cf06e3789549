import type { Admission } from './admission.ts';
import { TRY_TIMEOUT_MS } from './cancel-with-retry.ts';
import type { CancelWithRetry } from './cancel-with-retry.ts';
import { meaningOf } from './core/answer.ts';
import type { Postponed } from './core/answer.ts';
import { afterCancel, afterLook, finishForbidden, nextStep } from './core/decision.ts';
import type { Decision } from './core/decision.ts';
import { seconds } from './core/duration.ts';
import { isPermanent } from './core/failure.ts';
import { readOperationState } from './core/operation-state.ts';
import type { Clock, Later, Operations, Publisher } from './core/ports.ts';
import type { Pursuit } from './core/pursuit.ts';
import { recheckEvent } from './core/recheck.ts';
import type { Recheck } from './core/recheck.ts';
import { resultOfPursuit } from './core/result.ts';
import type { InSpan } from './core/tracing.ts';
import type { Log } from './log.ts';
import type { Pacing } from './core/turn.ts';
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

/** How long a look is held for its turn. */
const LOOK_IN_LINE_MS = 10_000;

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
  readonly pacing: Pacing;
  readonly publisher: Publisher;
  readonly later: Later;
  readonly clock: Clock;
  readonly inSpan: InSpan;
  readonly log: Log;
}): RunPursuit {
  const { admit, operations, cancelWithRetry, pacing, publisher, later, clock, inSpan, log } = parts;

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
      const admission = admit(pursuit.operation, messageProject);
      if (admission instanceof Promise) await admission;
      return nextStep(pursuit);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      return finishForbidden(pursuit, error.message);
    }
  }

  async function run(first: Decision, messageProject: string | undefined): Promise<void> {
    const lineEndsMs = clock.now() + LOOK_IN_LINE_MS;
    for (let decision = first; ;) {
      switch (decision.kind) {
        case 'cancel':
          decision = await cancel(decision.pursuit);
          break;
        case 'look':
          decision = await look(decision.pursuit, lineEndsMs);
          break;
        case 'recheck':
          return goOnLater(decision, messageProject);
        case 'finish':
          return finish(decision, messageProject);
      }
    }
  }

  async function cancel(pursuit: Pursuit): Promise<Decision> {
    const { meaning, attempts } = await inSpan(callOf('cancel', pursuit), () => cancelWithRetry(pursuit));
    if (meaning.kind === 'postponed') {
      tellOfPostponed('POST :cancel', pursuit, meaning);
    } else {
      const said = meaning.kind === 'ok' ? 'accepted' : meaning.error.message;
      log('INFO', 'cancel.answered', `POST :cancel: ${said}`, { ...labelsOf(pursuit), attempts });
    }
    return afterCancel(pursuit, meaning, attempts, clock.now());
  }

  /** A look that comes after a cancel that took its time is not held for its turn. */
  async function look(pursuit: Pursuit, startByMs: number): Promise<Decision> {
    const { operation, deadlineMs, postponements, confirm } = pursuit;
    const answer = await inSpan(callOf('get', pursuit), () =>
      pacing(
        { kind: 'get', operation, startByMs, deadlineMs, postponements, isTried: confirm.checks > 0 },
        () => operations.get(operation, TRY_TIMEOUT_MS),
      ),
    );
    if (answer.kind === 'postponed') {
      tellOfPostponed('GET', pursuit, answer);
      return afterLook(pursuit, answer, clock.now());
    }
    const meaning = meaningOf(answer, clock.now());
    const seen =
      meaning.kind === 'ok' ? readOperationState(operation.state, meaning.body).kind : meaning.error.message;
    log('INFO', 'look.answered', `GET: ${seen}`, labelsOf(pursuit));
    return afterLook(pursuit, meaning, clock.now());
  }

  async function goOnLater(
    { pursuit, dueMs }: DecisionTo<'recheck'>,
    messageProject: string | undefined,
  ): Promise<void> {
    await later.send(recheckEvent(pursuit, dueMs, clock.now()), dueMs, messageProject);
    const text = `Next: ${pursuit.step}, at ${new Date(dueMs).toISOString()}`;
    log('INFO', 'recheck.scheduled', text, { ...labelsOf(pursuit), attempt: pursuit.attempt });
  }

  async function finish(
    { pursuit, verdict }: DecisionTo<'finish'>,
    messageProject: string | undefined,
  ): Promise<void> {
    const { outcome, detail } = verdict;
    await publisher.publish('results', resultOfPursuit(pursuit, verdict, clock.now()), messageProject);
    log('INFO', 'result.published', `${outcome}: ${detail}`, {
      ...labelsOf(pursuit),
      outcome,
      service: pursuit.operation.service,
      // How long the sender has waited.
      elapsedMs: clock.now() - Date.parse(pursuit.requestedAt),
    });
  }

  function tellOfPostponed(call: string, pursuit: Pursuit, { waitMs, error }: Postponed): void {
    const text = `${call}: its turn comes in ${seconds(waitMs)}, because of earlier ones: ${error.message}`;
    log('INFO', 'call.postponed', text, labelsOf(pursuit));
  }
}

type DecisionTo<Kind> = Extract<Decision, { readonly kind: Kind }>;

const labelsOf = ({ requestId, operation, trace }: Pursuit) => ({
  requestId,
  operation: operation.fullResourceName,
  trace,
});

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
