import type { ResultData } from '../../../src/cancellation/result.ts';
import type { LogEntry } from './log-entry.ts';
import type { Notice } from './records.ts';
import { namedIn } from './request-life.ts';
import type { Tone } from './request-life.ts';

/** The event of a notice that the function refused a trigger: to it, a refused trigger is a result without an operation. */
export const TRIGGER_REFUSED = 'trigger.refused';

/** The ids that `client/run-triggers.ts` gives to triggers. */
const TRIGGER_ID = /^(?:sweep|approve)-now-/;
/** How a refusal begins that only a trigger can meet (src/sweeps/trigger.ts, approval.ts, src/messages/route.ts). */
const REFUSALS =
  /^(?:sweep|approve): (?!unknown field)|^\w+: unknown field; known are (?:sweep|approve),|^dryRun: must not be false: SWEEPS |^(?:data|ce-type): a trigger of a sweep belongs on /;

const isOfTrigger = (requestId: string, problem: string) =>
  TRIGGER_ID.test(requestId) || REFUSALS.test(problem);

/** Whether a line of the log says that a trigger, and not a request, was refused. */
export const isOfRefusedTrigger = ({ requestId = '', operation, event, message }: LogEntry): boolean =>
  operation === undefined &&
  ['request.rejected', 'dead-letter.answered'].includes(event) &&
  isOfTrigger(requestId, message);

/** The notice that a trigger was refused; undefined for the result of a request. */
export function noticeOfRefusal(
  result: ResultData,
): Pick<Notice, 'severity' | 'event' | 'message' | 'messageId'> | undefined {
  const { requestId, detail, error, messageId } = result;
  const { name, reference } = namedIn(result) ?? {};
  if (name !== undefined || reference !== undefined || error === undefined) return undefined;
  if (!isOfTrigger(requestId, error.message)) return undefined;
  return { severity: 'WARNING', event: TRIGGER_REFUSED, message: detail, messageId };
}

/** How a notice reads at a glance, in a word and its color. */
export function labelOf({ severity, event }: Notice): { readonly word: string; readonly tone: Tone } {
  if (event === TRIGGER_REFUSED) return { word: 'Refused', tone: 'bad' };
  if (severity === 'ERROR' || severity === 'CRITICAL') return { word: 'Error', tone: 'bad' };
  return severity === 'WARNING' ? { word: 'Warning', tone: 'bad' } : { word: 'Note', tone: 'info' };
}
