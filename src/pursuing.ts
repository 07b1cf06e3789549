import { TRY_TIMEOUT_MS } from './cancel-with-retry.ts';
import type { CancelWithRetry } from './cancel-with-retry.ts';
import { meaningOf } from './core/answer.ts';
import { afterCancel, afterLook, nextStep } from './core/decision.ts';
import { readOperationState } from './core/operation.ts';
import type { Clock, Later, Operations, Publisher } from './core/ports.ts';
import type { Pursuit } from './core/pursuit.ts';
import { recheckEvent } from './core/recheck.ts';
import { resultOfPursuit } from './core/result.ts';
import type { Log } from './log.ts';

/**
 * Performs one decision after the other, until the pursuit waits for a later message or has its result. Each ends in something
 * that Pub/Sub or Cloud Tasks keeps, so a process may die between any two.
 *
 * @param near the project that the message at hand came from
 */
export type Pursue = (pursuit: Pursuit, near: string | undefined) => Promise<void>;

export function createPursue(parts: {
  readonly operations: Operations;
  readonly cancelWithRetry: CancelWithRetry;
  readonly publisher: Publisher;
  readonly later: Later;
  readonly clock: Clock;
  readonly log: Log;
}): Pursue {
  const { operations, cancelWithRetry, publisher, later, clock, log } = parts;

  return async (started, near) => {
    for (let decision = nextStep(started); ;) {
      const { pursuit } = decision;
      const { operation, requestId } = pursuit;
      const labels = { requestId, operation: operation.fullResourceName };
      switch (decision.kind) {
        case 'cancel': {
          const { meaning, attempts } = await cancelWithRetry(pursuit);
          const said = meaning.kind === 'ok' ? 'accepted' : meaning.error.message;
          log('INFO', 'cancel.answered', `POST :cancel: ${said}`, { ...labels, attempts });
          decision = afterCancel(pursuit, meaning, attempts, clock.now());
          break;
        }
        case 'look': {
          const meaning = meaningOf(await operations.get(operation, TRY_TIMEOUT_MS), clock.now());
          const seen = meaning.kind === 'ok' ? readOperationState(meaning.body).kind : meaning.error.message;
          log('INFO', 'look.answered', `GET: ${seen}`, labels);
          decision = afterLook(pursuit, meaning, clock.now());
          break;
        }
        case 'recheck': {
          const due = new Date(decision.dueMs).toISOString();
          const event = recheckEvent(pursuit, decision.dueMs, clock.now());
          await later.send(event, decision.dueMs, near);
          log('INFO', 'recheck.scheduled', `Next: ${pursuit.step}, at ${due}`, {
            ...labels,
            attempt: pursuit.attempt,
          });
          return;
        }
        case 'finish': {
          const { outcome, detail } = decision.verdict;
          const event = resultOfPursuit(pursuit, decision.verdict, clock.now());
          await publisher.publish('results', event, near);
          log('INFO', 'result.published', `${outcome}: ${detail}`, { ...labels, outcome });
          return;
        }
      }
    }
  };
}
