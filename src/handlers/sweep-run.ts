import { dataOf } from '../messages/cloud-event.ts';
import type { EventContext } from '../messages/cloud-event.ts';
import type { Message } from '../messages/message.ts';
import type { Clock, Scheduler } from '../ports.ts';
import { waitUntilDue } from './hold-until-due.ts';
import type { SweepRuns } from '../sweeps/run.ts';
import { parseSweepRun, sweepRunEvent } from '../sweeps/sweep-run.ts';
import type { SweepRun } from '../sweeps/sweep-run.ts';
import type { Sweep, Sweeps } from '../sweeps/sweep.ts';

/** A page needs nearly all the time that a delivery has: held for no longer than two clocks differ. */
const HOLD_MS = 1_000;

/** What becomes of messages with which runs go on. Throw Failure `TypeError` or `ValueError` for what is none. */
export interface ResumeSweep {
  resume(message: Message, context: EventContext): Promise<void>;
  /** Ends a run whose message Pub/Sub gave up; one that is not even due was given up for waiting, and waits on. */
  abandon(message: Message, context: EventContext, problem: string): Promise<void>;
}

export function createResumeSweep(parts: {
  readonly sweeps: Sweeps;
  readonly runSweep: SweepRuns;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
}): ResumeSweep {
  const { sweeps, runSweep, scheduler, clock } = parts;
  const read = (message: Message, { trace }: EventContext) =>
    parseSweepRun(dataOf(message), clock.now(), trace);

  return {
    resume: async (message, context) => {
      const { run, dueMs } = read(message, context);
      const sweep = findSweep(run);
      if (typeof sweep === 'string') return runSweep.abandon(run, sweep, message.project);
      await waitUntilDue(dueMs, HOLD_MS, clock);
      await runSweep.run(run, sweep, message.project);
    },
    abandon: async (message, context, problem) => {
      const { run, dueMs } = read(message, context);
      if (dueMs <= clock.now()) return runSweep.abandon(run, problem, message.project);
      // As another step: Cloud Tasks would take the same one for done.
      const next = { ...run, step: run.step + 1 };
      await scheduler.schedule(sweepRunEvent(next, dueMs, clock.now()), dueMs, message.project);
    },
  };

  /** The sweep that a run goes on with, or why it cannot: the settings may be others than when it began. */
  function findSweep({ sweep: name, fingerprint }: SweepRun): Sweep | string {
    const sweep = sweeps.get(name);
    if (sweep === undefined) return 'SWEEPS does not define it any more';
    return sweep.fingerprint === fingerprint ? sweep : 'its definition in SWEEPS changed while it ran';
  }
}
