import * as v from 'valibot';
import { EVENT_TYPE } from '../messages/cloud-event.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { sweepReportId } from '../messages/event-ids.ts';
import { quote } from '../validation/failure.ts';
import { listOf, shortText, timestamp } from '../validation/schema.ts';
import { causeSchema } from './cause.ts';
import type { RuleField } from './run-memory.ts';
import { MAX_KEPT, tallyEntries } from './run-state.ts';
import type { SweepRun, Tally } from './run-state.ts';
import type { Sweep } from './sweep.ts';

/** The data of the one report of a run. `docs/schemas/sweep-report.json` is generated from its schema. */
export type SweepReport = v.InferOutput<typeof sweepReportSchema>;

export const sweepReportSchema = v.object({
  sweep: v.string(),
  runId: v.string(),
  /** Whether every request was for a dry run. */
  dryRun: v.boolean(),
  /** Whether every list was read to its end, every place was reachable, and the policy forbade no operation. */
  complete: v.boolean(),
  /** One or two sentences for a person. */
  detail: v.string(),
  ...tallyEntries,
  /** Fields of rules that none of the listed operations has: a rule that names one may be misspelled. */
  missingFields: listOf(
    v.object({ rule: v.picklist(['match', 'exclude']), field: shortText(256) }),
    MAX_KEPT.missingFields,
  ),
  cause: causeSchema,
  startedAt: timestamp,
  finishedAt: timestamp,
});

/** What a sweep lists, in a word for people; where it lists both, its jobs are counted as operations. */
export const nounOf = ({ listings }: Pick<Sweep, 'listings'>): 'job' | 'operation' =>
  listings.every(({ collection }) => collection.jobs !== undefined) ? 'job' : 'operation';

/**
 * The report event of a run that has ended.
 *
 * @param noun what it listed
 */
export function sweepReportEvent(
  run: SweepRun,
  missingFields: readonly RuleField[],
  nowMs: number,
  noun: 'job' | 'operation' = 'operation',
): OutgoingEvent & { readonly data: SweepReport } {
  const { sweep, runId, cause, allDry: dryRun, startedAt, tally, trace } = run;
  const { failures, unreachable, skipped } = tally;
  const complete = failures.length === 0 && unreachable.length === 0 && skipped.forbidden === 0;
  const finishedAt = new Date(nowMs).toISOString();
  const data: SweepReport = {
    sweep,
    runId,
    dryRun,
    complete,
    detail: describe(tally, missingFields, { dryRun, noun }),
    ...tally,
    missingFields: missingFields.slice(0, MAX_KEPT.missingFields),
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

function describe(
  { found, matched, requested, skipped, failures, unreachable }: Tally,
  missingFields: readonly RuleField[],
  { dryRun, noun }: { readonly dryRun: boolean; readonly noun: string },
): string {
  const asked = dryRun ? 'a dry run' : 'a cancel';
  const sentences = [
    `Of ${counted(found, noun)}, ${matched} matched; ${asked} was requested for ${requested}.`,
    skipped.forbidden > 0 && `The policy forbids ${skipped.forbidden} of them.`,
    skipped.unclear > 0 &&
      `${counted(skipped.unclear, noun)} left alone, because a field that exclude names could not be read.`,
    failures.length > 0 && `${counted(failures.length, 'list')} could not be read to the end.`,
    unreachable.length > 0 && `${counted(unreachable.length, 'place')} could not be reached.`,
    missingFields.length > 0 && `No listed ${noun} has ${named(missingFields)}.`,
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}

/** `the field "metadata.targets" of exclude`; the first three, where there are more. */
function named(fields: readonly RuleField[]): string {
  const first = fields.slice(0, 3).map(({ rule, field }) => `the field ${quote(field)} of ${rule}`);
  const others = fields.length > 3 ? `, or ${fields.length - 3} others` : '';
  return first.join(', or ') + others;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
