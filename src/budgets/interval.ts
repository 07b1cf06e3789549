import type { BudgetNotification } from './notification.ts';

/** The interval of a budget that a notification is about. */
export interface BudgetInterval {
  /** The same for each way to write its start. */
  readonly key: string;
  /** In milliseconds since the epoch; undefined where the start cannot be read. */
  readonly startMs: number | undefined;
}

/**
 * The interval of a notification, by its start. Without that, the interval is taken for the month in which the notification
 * was sent.
 *
 * @param sentTime RFC 3339, in UTC
 */
export function intervalOf({ costIntervalStart }: BudgetNotification, sentTime = ''): BudgetInterval {
  const month = sentTime.slice(0, 'yyyy-mm'.length);
  const ms = Date.parse(costIntervalStart ?? month);
  if (Number.isNaN(ms)) return { key: costIntervalStart ?? month, startMs: undefined };
  return { key: costIntervalStart === undefined ? month : new Date(ms).toISOString(), startMs: ms };
}

/**
 * How far ahead a start may be, in milliseconds: an hour for daylight saving time, and an hour for clocks. Intervals "begin
 * at 12 AM US and Canadian Pacific Time (UTC-8)" (google/type/calendar_period.proto,
 * google/cloud/billing/budgets/v1/budget_model.proto), which is an hour later in the summer than midnight there.
 */
const MAX_AHEAD_MS = 2 * 3_600_000;

/**
 * Whether an interval has not begun. Cloud Billing sends no notification of such an interval; to believe one would use up
 * the sweep of the interval before it begins.
 */
export const isAhead = ({ startMs }: BudgetInterval, nowMs: number) =>
  startMs !== undefined && startMs > nowMs + MAX_AHEAD_MS;
