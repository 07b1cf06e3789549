import { isFromBilling } from '../budgets/notification.ts';
import { dataOf } from '../messages/cloud-event.ts';
import { sweepRunId } from '../messages/event-ids.ts';
import type { Delivery } from '../ports.ts';
import { approveRun } from '../sweeps/approval.ts';
import { scheduleSweepRun } from '../sweeps/perform-run.ts';
import { newSweepRun } from '../sweeps/run-state.ts';
import { modeOf } from '../sweeps/sweep.ts';
import { parseTrigger } from '../sweeps/trigger.ts';
import { isPermanent } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import type { App } from './app-context.ts';
import { handleBudgetNotification, ignoreFromBilling } from './budget-notification.ts';
import { orReject } from './reject.ts';

/**
 * Starts what a message on the triggers topic asks for: `{"sweep": "nightly"}` names a sweep, `{"approve": "7e24…"}` a dry
 * run whose operations are to be cancelled, and a budget notification starts the sweeps of the rules that it makes fire.
 * Any other message is answered with REJECTED.
 */
export const handleTrigger = (delivery: Delivery, app: App): Promise<void> =>
  orReject(delivery, app, () => startTriggered(delivery, app));

/** @throws Failure `TypeError` or `ValueError` for a message that is no trigger */
async function startTriggered(delivery: Delivery, app: App): Promise<void> {
  const { message } = delivery;
  let data: unknown;
  try {
    data = dataOf(message);
  } catch (error) {
    if (!isPermanent(error) || !isFromBilling(message.attributes, undefined)) throw error;
    ignoreFromBilling(error.message, delivery, app);
    return;
  }
  if (isObject(data) && 'approve' in data) {
    await approveRun(data, app.settings.sweeps, delivery, app);
    return;
  }
  const namesSweep = isObject(data) && 'sweep' in data;
  if (!namesSweep && isFromBilling(message.attributes, data)) {
    await handleBudgetNotification(data, delivery, app);
  } else {
    await startNamedSweep(data, delivery, app);
  }
}

async function startNamedSweep(data: unknown, delivery: Delivery, app: App): Promise<void> {
  const { message, context } = delivery;
  const { sweep, dryRun } = parseTrigger(data, app.settings.sweeps);
  const runId = sweepRunId('message', sweep.name, context.id, modeOf(sweep, dryRun));
  app.log('INFO', 'sweep.started', `Sweep ${sweep.name}`, {
    sweep: sweep.name,
    runId,
    messageId: message.id,
  });
  const cause = { kind: 'message', messageId: message.id } as const;
  const run = newSweepRun({ runId, sweep, cause, dryRun, context, nowMs: app.clock.now() });
  await scheduleSweepRun(run, delivery, app);
}
