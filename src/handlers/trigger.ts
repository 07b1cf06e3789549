import { dataOf } from '../messages/cloud-event.ts';
import type { EventContext } from '../messages/cloud-event.ts';
import { isPermanent, messageOf } from '../validation/failure.ts';
import { sweepRunId } from '../messages/event-ids.ts';
import { isObject } from '../validation/json.ts';
import type { Message } from '../messages/message.ts';
import type { Clock } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';
import { isFromBilling } from '../budgets/notification.ts';
import { startSweepRun } from '../sweeps/start-run.ts';
import type { SweepCause } from '../sweeps/cause.ts';
import type { HandleBudget } from './budget-notification.ts';
import type { SweepRuns } from '../sweeps/run.ts';
import type { Sweeps } from '../sweeps/sweep.ts';
import { parseTrigger } from '../sweeps/trigger.ts';

/**
 * Starts what a message on the triggers topic names: `{"sweep": "nightly"}` its sweep, a budget notification
 * that of the rules it makes fire.
 *
 * @throws Failure `TypeError` or `ValueError` for a message that is neither, to be answered
 */
export type HandleTrigger = (message: Message, context: EventContext) => Promise<void>;

export function createHandleTrigger(parts: {
  readonly sweeps: Sweeps;
  readonly runSweep: SweepRuns;
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
      handleBudget.ignore(messageOf(error), message);
      return;
    }
    const namesSweep = isObject(data) && 'sweep' in data;
    if (!namesSweep && isFromBilling(message.attributes, data))
      return handleBudget.handle(data, message, context);
    const { sweep, dryRun } = parseTrigger(data, sweeps);
    const cause: SweepCause = { kind: 'message', messageId: message.id };
    const runId = sweepRunId('message', sweep.name, context.id);
    log('INFO', 'sweep.started', `Sweep ${sweep.name}`, { sweep: sweep.name, runId, messageId: message.id });
    const run = startSweepRun({ runId, sweep, cause, dryRun, context, nowMs: clock.now() });
    await runSweep.begin(run, message.project);
  };
}
