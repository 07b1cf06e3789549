import * as v from 'valibot';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { sweepReportId } from '../messages/event-ids.ts';
import { timestamp } from '../validation/schema.ts';
import { causeSchema } from './cause.ts';
import { tallyEntries } from './run-state.ts';
import type { SweepRun, Tally } from './run-state.ts';

/** The data of the one report of a run. `docs/schemas/sweep-report.json` is generated from its schema. */
export type SweepReport = v.InferOutput<typeof sweepReportSchema>;

export const sweepReportSchema = v.object({
  sweep: v.string(),
  runId: v.string(),
  /** Whether every request was for a dry run. */
  dryRun: v.boolean(),
  /** Whether every list was read to its end and every place was reachable. */
  complete: v.boolean(),
  /** One or two sentences for a person. */
  detail: v.string(),
  ...tallyEntries,
  cause: causeSchema,
  startedAt: timestamp,
  finishedAt: timestamp,
});

/** The report event of a run that has ended. */
export function sweepReportEvent(
  run: SweepRun,
  nowMs: number,
): OutgoingEvent & { readonly data: SweepReport } {
  const { sweep, runId, cause, allDry: dryRun, startedAt, tally, trace } = run;
  const complete = tally.failures.length === 0 && tally.unreachable.length === 0;
  const finishedAt = new Date(nowMs).toISOString();
  const data: SweepReport = {
    sweep,
    runId,
    dryRun,
    complete,
    detail: describe(tally, dryRun),
    ...tally,
    cause,
    startedAt,
    finishedAt,
  };
  return {
    id: sweepReportId(runId),
    type: EVENT_TYPE.sweepReport,
    subject: `sweep/${sweep}`,
    time: finishedAt,
    trace,
    data,
    attributes: { sweep, dryRun: String(dryRun), complete: String(complete) },
  };
}

function describe({ found, matched, requested, failures, unreachable }: Tally, dryRun: boolean): string {
  const asked = dryRun ? 'a dry run' : 'a cancel';
  const of = `Of ${counted(found, 'operation')}, ${matched} matched; ${asked} was requested for ${requested}.`;
  const failed =
    failures.length === 0 ? '' : ` ${counted(failures.length, 'list')} could not be read to the end.`;
  const missing =
    unreachable.length === 0 ? '' : ` ${counted(unreachable.length, 'place')} could not be reached.`;
  return of + failed + missing;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
