import * as v from 'valibot';
import { MAX_MESSAGE_ID_LENGTH } from '../messages/message.ts';
import { quote } from '../validation/failure.ts';
import { shortText } from '../validation/schema.ts';

/** The cause of a run: the message or the budget that started it. */
export type SweepCause = v.InferOutput<typeof causeSchema>;

const amount = v.optional(v.number());

/** The form in which the cause travels with the run and stands in its report. */
export const causeSchema = v.variant('kind', [
  v.object({ kind: v.literal('message'), messageId: shortText(MAX_MESSAGE_ID_LENGTH) }),
  v.object({
    kind: v.literal('budget'),
    messageId: shortText(MAX_MESSAGE_ID_LENGTH),
    billingAccountId: v.optional(shortText(256)),
    budgetId: v.optional(shortText(256)),
    budgetDisplayName: v.optional(shortText(256)),
    /** The threshold that was crossed, where 1 is the whole amount. */
    threshold: v.number(),
    /** Whether only the forecast crossed it. */
    forecast: v.boolean(),
    costAmount: amount,
    budgetAmount: amount,
    currencyCode: v.optional(shortText(256)),
    costIntervalStart: v.optional(shortText(256)),
  }),
]);

/** Describes a cause in one clause for a person. */
export function describeCause(cause: SweepCause): string {
  if (cause.kind === 'message') return 'started by a message';
  const {
    budgetDisplayName,
    budgetId,
    threshold,
    forecast,
    costAmount,
    budgetAmount,
    currencyCode = '',
  } = cause;
  const percent = Math.round(threshold * 1_000) / 10;
  const amounts =
    costAmount === undefined || budgetAmount === undefined
      ? ''
      : ` (${[`${costAmount} of ${budgetAmount}`, currencyCode].join(' ').trim()})`;
  const subject = forecast ? 'the forecast of the budget' : 'the budget';
  return `${subject} ${quote(budgetDisplayName ?? budgetId ?? '')} crossed ${percent} %${amounts}`;
}
