import { dataOf } from '../messages/cloud-event.ts';
import type { Delivery } from '../ports.ts';
import { abandonSweepRun, performSweepRun } from '../sweeps/perform-run.ts';
import { parseSweepRun, sweepRunEvent } from '../sweeps/run-state.ts';
import type { SweepRun } from '../sweeps/run-state.ts';
import { checkRunOf } from '../sweeps/run-claims.ts';
import type { Sweep } from '../sweeps/sweep.ts';
import type { App } from './app-context.ts';
import { holdUntilDue } from './hold-until-due.ts';
import { orReject } from './reject.ts';

/** A page needs nearly all the time of a delivery, so a run is held only for the difference between two clocks. */
const MAX_HOLD_MS = 1_000;

/** Resumes the run of a sweep that a message carries. */
export const handleSweepRun = (delivery: Delivery, app: App): Promise<void> =>
  orReject(delivery, app, () => resumeSweepRun(delivery, app));

/**
 * @throws Failure `TypeError` or `ValueError` for a message that carries no run; `NotDue` when it comes too early to be
 *   held
 */
async function resumeSweepRun(delivery: Delivery, app: App): Promise<void> {
  const { run, dueMs } = readSweepRun(delivery, app);
  const sweep = findSweep(run, app);
  if (typeof sweep === 'string') return abandonSweepRun(run, sweep, delivery, app);
  checkRunOf(sweep, run);
  await holdUntilDue(dueMs, MAX_HOLD_MS, app.clock);
  await performSweepRun(run, sweep, delivery, app);
}

/**
 * Ends the run of a sweep whose message Pub/Sub stopped delivering. A run that is not even due was dead-lettered for
 * waiting, and keeps waiting.
 *
 * @throws Failure `TypeError` or `ValueError` for a message that carries no run
 */
export async function endDeadSweepRun(problem: string, delivery: Delivery, app: App): Promise<void> {
  const { scheduler, clock } = app;
  const { run, dueMs } = readSweepRun(delivery, app);
  const sweep = findSweep(run, app);
  if (typeof sweep !== 'string') checkRunOf(sweep, run);
  if (dueMs <= clock.now()) return abandonSweepRun(run, problem, delivery, app);
  // As another step: Cloud Tasks refuses the name of the same one.
  const next = { ...run, step: run.step + 1 };
  await scheduler.schedule(sweepRunEvent(next, dueMs, clock.now()), dueMs, delivery);
}

const readSweepRun = ({ message, context }: Delivery, { clock }: App) =>
  parseSweepRun(dataOf(message), clock.now(), context.trace);

/** The sweep of a run, or why the run cannot continue: the settings may have changed since it began. */
function findSweep({ sweep: name, fingerprint }: SweepRun, { settings }: App): Sweep | string {
  const sweep = settings.sweeps.get(name);
  if (sweep === undefined) return 'SWEEPS does not define it any more';
  return sweep.fingerprint === fingerprint ? sweep : 'its definition in SWEEPS changed while it ran';
}
