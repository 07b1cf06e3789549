import type { Cancellation } from '../cancellation/cancellation.ts';
import { finishForbidden, nextStep } from '../cancellation/decide.ts';
import type { Decision, Finish } from '../cancellation/decision.ts';
import { parseRecheck } from '../cancellation/recheck.ts';
import type { Recheck } from '../cancellation/recheck.ts';
import { performDecisions, timingOf } from '../cancellation/perform.ts';
import { resolve } from '../catalog/resolve.ts';
import { dataOf } from '../messages/cloud-event.ts';
import type { Delivery } from '../ports.ts';
import { isPermanent } from '../validation/failure.ts';
import type { App } from './app-context.ts';
import { holdUntilDue } from './hold-until-due.ts';
import { reject } from './reject.ts';

/**
 * How early a re-check may come and be held. Refusing it would slow the whole push subscription; holding it takes a place
 * in an instance.
 */
const MAX_HOLD_MS = 10_000;
/**
 * A cancel that was throttled is likely to need all the time of a delivery, so it is held only for the difference between
 * the clock of Cloud Tasks and this one.
 */
const MAX_THROTTLED_HOLD_MS = 1_000;

/**
 * Resumes the cancellation that a re-check carries.
 *
 * @throws Failure `NotDue` when the re-check comes too early to be held
 */
export async function handleRecheck(delivery: Delivery, app: App): Promise<void> {
  const { message, context } = delivery;
  let recheck: Recheck;
  try {
    recheck = parseRecheck(dataOf(message), resolve, app.clock.now(), context.trace);
  } catch (error) {
    return reject(delivery, error, app);
  }
  const { cancellation, dueMs, resolutionFailure } = recheck;
  if (resolutionFailure !== undefined) {
    return performDecisions(finishForbidden(cancellation, resolutionFailure.message), delivery, app);
  }
  const startMs = app.clock.now();
  const wasThrottled = cancellation.step === 'cancel' && cancellation.cancel.refusal === undefined;
  await holdUntilDue(dueMs, wasThrottled ? MAX_THROTTLED_HOLD_MS : MAX_HOLD_MS, app.clock);
  await performDecisions(await nextAllowedStep(cancellation, delivery, app), delivery, app, startMs);
}

/** The settings may have changed since the request was accepted, and anybody who may publish can write a re-check. */
async function nextAllowedStep(
  cancellation: Cancellation,
  { ownProject }: Delivery,
  app: App,
): Promise<Decision | Finish> {
  try {
    await app.policy.check(cancellation.operation, ownProject);
    return nextStep(cancellation, timingOf(app));
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return finishForbidden(cancellation, error.message);
  }
}
