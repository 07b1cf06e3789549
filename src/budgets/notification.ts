import { quote } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import { isThreshold, THRESHOLD_FORM } from './threshold.ts';

/**
 * A budget notification, as Cloud Billing sends it several times a day
 * (https://cloud.google.com/billing/docs/how-to/budgets-programmatic-notifications).
 */
export interface BudgetNotification {
  readonly billingAccountId?: string | undefined;
  readonly budgetId?: string | undefined;
  readonly budgetDisplayName?: string | undefined;
  /** The highest threshold that the costs have crossed, where 1 is the whole amount; absent below the lowest. */
  readonly alertThresholdExceeded?: number | undefined;
  /** The highest threshold that the forecast has crossed. */
  readonly forecastThresholdExceeded?: number | undefined;
  readonly costAmount?: number | undefined;
  readonly budgetAmount?: number | undefined;
  readonly currencyCode?: string | undefined;
  readonly costIntervalStart?: string | undefined;
  /** A mistake in a field that the notification can do without. */
  readonly problem?: string;
}

/** Deciding fields: the thresholds that were crossed. Any other field is only shown, or names the budget. */
const THRESHOLDS = ['alertThresholdExceeded', 'forecastThresholdExceeded'] as const;

/** The version of notifications that this module reads. */
const SCHEMA_VERSION = '1.0';

/** Whether a message on the topic comes from Cloud Billing, even if it is not a budget notification. */
export const isFromBilling = (attributes: Readonly<Record<string, string>>, data: unknown) =>
  ['billingAccountId', 'budgetId', 'schemaVersion'].some((name) => name in attributes) ||
  (isObject(data) && Object.keys(data).some((key) => /budget|billing|anomal|thresholdexceeded/i.test(key)));

/**
 * Reads a budget notification. Describes any other message of Cloud Billing in `unknown`: the topic can carry
 * alerts of anomalies, and notifications of other versions. A field that is only shown never decides: it is left out where
 * it cannot be read.
 */
export function readBudgetNotification(
  attributes: Readonly<Record<string, string>>,
  data: unknown,
): BudgetNotification | { readonly unknown: string } {
  const { schemaVersion = SCHEMA_VERSION, billingAccountId, budgetId } = attributes;
  if (schemaVersion !== SCHEMA_VERSION) {
    return {
      unknown: `a notification of schemaVersion ${quote(schemaVersion)}; the function reads only ${SCHEMA_VERSION}`,
    };
  }
  if (!isObject(data) || !RECOGNIZED_BY.some((name) => name in data)) {
    const seen = isObject(data)
      ? `fields ${quote(Object.keys(data).join(', '))}`
      : `data of type ${quote(typeof data)}`;
    return { unknown: `not a budget notification, but ${seen}` };
  }
  const [alert, forecast] = THRESHOLDS.map((name) => readThreshold(data[name]));
  if (alert === INVALID) return { unknown: describeThreshold('alertThresholdExceeded', data) };
  return {
    billingAccountId: textOf(billingAccountId),
    budgetId: textOf(budgetId),
    budgetDisplayName: textOf(data.budgetDisplayName),
    alertThresholdExceeded: alert,
    forecastThresholdExceeded: forecast === INVALID ? undefined : forecast,
    costAmount: numberOf(data.costAmount),
    budgetAmount: numberOf(data.budgetAmount),
    currencyCode: textOf(data.currencyCode),
    costIntervalStart: textOf(data.costIntervalStart),
    ...(forecast === INVALID && { problem: describeThreshold('forecastThresholdExceeded', data) }),
  };
}

/** Fields that only a budget notification has. */
const RECOGNIZED_BY = [...THRESHOLDS, 'budgetDisplayName', 'costAmount'];

const INVALID = 'invalid';

/** A threshold: undefined where none was crossed. */
function readThreshold(value: unknown): number | typeof INVALID | undefined {
  if (value === undefined || value === null) return undefined;
  const threshold = numberOf(value);
  return threshold !== undefined && isThreshold(threshold) ? threshold : INVALID;
}

const describeThreshold = (name: (typeof THRESHOLDS)[number], data: Readonly<Record<string, unknown>>) =>
  `a budget notification with ${name}: must be ${THRESHOLD_FORM}, not ${shown(data[name])}`;

/** Objects and arrays can have any size and depth. */
const shown = (value: unknown) =>
  typeof value === 'object' ? 'an object or array' : quote(JSON.stringify(value));

/** A finite number, also as text: JSON of other languages writes decimals so. */
function numberOf(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(value.trim());
  const number = isText ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Text, cut and repaired until it can travel in a message. */
const textOf = (value: unknown) =>
  typeof value === 'string' ? value.slice(0, 256).toWellFormed() : undefined;
