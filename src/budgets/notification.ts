import * as v from 'valibot';
import { isPermanent, quote } from '../validation/failure.ts';
import { isObject, parseWith, shortText } from '../validation/schema.ts';

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
}

const text = (maxLength: number) => v.optional(shortText(maxLength));
const number = v.optional(v.number());
const notificationSchema = v.object({
  billingAccountId: text(256),
  budgetId: text(256),
  budgetDisplayName: text(256),
  alertThresholdExceeded: number,
  forecastThresholdExceeded: number,
  costAmount: number,
  budgetAmount: number,
  currencyCode: text(256),
  costIntervalStart: text(256),
});

/** The version of notifications that this module reads. */
const SCHEMA_VERSION = '1.0';

/** Whether a message on the topic comes from Cloud Billing, even if it is not a budget notification. */
export const isFromBilling = (attributes: Readonly<Record<string, string>>, data: unknown) =>
  ['billingAccountId', 'budgetId', 'schemaVersion'].some((name) => name in attributes) ||
  (isObject(data) && Object.keys(data).some((key) => /budget|billing|anomal/i.test(key)));

/**
 * Reads a budget notification. Describes any other message of Cloud Billing in `unknown`: the topic can carry
 * alerts of anomalies, and notifications of other versions.
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
  if (!isObject(data) || !('budgetDisplayName' in data || 'costAmount' in data)) {
    const seen = isObject(data)
      ? `fields ${quote(Object.keys(data).join(', '))}`
      : `data of type ${quote(typeof data)}`;
    return { unknown: `not a budget notification, but ${seen}` };
  }
  try {
    const fields: Record<string, unknown> = { ...data, billingAccountId, budgetId };
    // Text is only shown and compared, so it is cut and repaired until it can travel in a message.
    const present = Object.entries(fields)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, 256).toWellFormed() : value]);
    return parseWith(notificationSchema, Object.fromEntries(present), 'data');
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { unknown: `a budget notification with ${error.message}` };
  }
}
