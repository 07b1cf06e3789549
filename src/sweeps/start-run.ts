import type { EventContext } from '../messages/cloud-event.ts';
import type { SweepCause } from './cause.ts';
import { EMPTY_TALLY, MAX_RUN_MS } from './sweep-run.ts';
import type { SweepRun } from './sweep-run.ts';
import type { Sweep } from './sweep.ts';

/** A run that has seen nothing yet. */
export function startSweepRun(input: {
  readonly runId: string;
  readonly sweep: Sweep;
  readonly cause: SweepCause;
  readonly dryRun: boolean;
  readonly context: EventContext;
  readonly nowMs: number;
}): SweepRun {
  const { runId, sweep, cause, dryRun, context, nowMs } = input;
  return {
    runId,
    sweep: sweep.name,
    fingerprint: sweep.fingerprint,
    cause,
    dryRun,
    allDry: dryRun || sweep.listings.every((listing) => listing.dryRun),
    startedAt: new Date(nowMs).toISOString(),
    deadlineMs: nowMs + MAX_RUN_MS,
    step: 0,
    nextIndex: 0,
    postponed: [],
    tally: EMPTY_TALLY,
    ...(context.trace !== undefined && { trace: context.trace }),
  };
}
