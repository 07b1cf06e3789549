import { dataOf } from '../core/cloud-event.ts';
import type { EventContext } from '../core/cloud-event.ts';
import { isPermanent, messageOf } from '../core/failure.ts';
import { sweepRunId } from '../core/identity.ts';
import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import type { Clock } from '../core/ports.ts';
import type { Log } from '../log.ts';
import { isFromBilling } from './budget.ts';
import { beginRun } from './begin-run.ts';
import type { Cause } from './cause.ts';
import type { HandleBudget } from './handle-budget.ts';
import type { RunSweep } from './run-sweep.ts';
import type { Sweeps } from './sweep.ts';
import { parseTrigger } from './trigger.ts';

/**
 * Starts what a message on the triggers topic names: `{"sweep": "nightly"}` its sweep, a budget notification
 * that of the rules it makes fire.
 *
 * @throws Failure `TypeError` or `ValueError` for a message that is neither, to be answered
 */
export type HandleTrigger = (message: Message, context: EventContext) => Promise<void>;

export function createHandleTrigger(parts: {
  readonly sweeps: Sweeps;
  readonly runSweep: RunSweep;
  readonly handleBudget: HandleBudget;
  readonly clock: Clock;
  readonly log: Log;
}): HandleTrigger {
  const { sweeps, runSweep, handleBudget, clock, log } = parts;

  return async (message, context) => {
    let data: unknown;
    try {
      data = dataOf(message);
    } catch (error) {
      if (!isPermanent(error) || !isFromBilling(message.attributes, undefined)) throw error;
      handleBudget.unknown(messageOf(error), message);
      return;
    }
    const namesSweep = isObject(data) && 'sweep' in data;
    if (!namesSweep && isFromBilling(message.attributes, data))
      return handleBudget.notified(data, message, context);
    const { sweep, dryRun } = parseTrigger(data, sweeps);
    const cause: Cause = { kind: 'message', messageId: message.id };
    const runId = sweepRunId('message', sweep.name, context.id);
    log('INFO', 'sweep.started', `Sweep ${sweep.name}`, { sweep: sweep.name, runId, messageId: message.id });
    const run = beginRun({ runId, sweep, cause, dryRun, context, nowMs: clock.now() });
    await runSweep.begin(run, message.project);
  };
}
