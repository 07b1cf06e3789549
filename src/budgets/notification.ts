import * as v from 'valibot';
import { Failure, isPermanent, messageOf, quote, valueFailure } from '../validation/failure.ts';
import { isObject } from '../validation/json.ts';
import { parseWith, shortText } from '../validation/schema.ts';

/**
 * Budget notifications, as Cloud Billing sends them several times a day
 * (https://cloud.google.com/billing/docs/how-to/budgets-programmatic-notifications), and the rules of the
 * settings that say which sweep one starts.
 */
export interface BudgetNotification {
  readonly billingAccountId?: string | undefined;
  readonly budgetId?: string | undefined;
  readonly budgetDisplayName?: string | undefined;
  /** The highest threshold that the costs have crossed, where 1 is the whole amount; absent below all. */
  readonly alertThresholdExceeded?: number | undefined;
  /** The same for the forecast. */
  readonly forecastThresholdExceeded?: number | undefined;
  readonly costAmount?: number | undefined;
  readonly budgetAmount?: number | undefined;
  readonly currencyCode?: string | undefined;
  readonly costIntervalStart?: string | undefined;
}

export interface BudgetRule {
  /** Either of the two. */
  readonly budgetId?: string | undefined;
  readonly budgetDisplayName?: string | undefined;
  readonly threshold: number;
  readonly onForecast: boolean;
  readonly sweep: string;
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

/** The version of the notifications that is read here. */
const SCHEMA_VERSION = '1.0';

/** Whether a message on the topic comes from Cloud Billing, whatever it says. */
export const isFromBilling = (attributes: Readonly<Record<string, string>>, data: unknown) =>
  ['billingAccountId', 'budgetId', 'schemaVersion'].some((name) => name in attributes) ||
  (isObject(data) && Object.keys(data).some((key) => /budget|billing|anomal/i.test(key)));

/**
 * Reads a message from Cloud Billing, or says what else it is: the topic can carry alerts of anomalies, and
 * other versions.
 */
export function readBudgetNotification(
  attributes: Readonly<Record<string, string>>,
  data: unknown,
): BudgetNotification | { readonly unknown: string } {
  const { schemaVersion = SCHEMA_VERSION, billingAccountId, budgetId } = attributes;
  if (schemaVersion !== SCHEMA_VERSION) {
    return {
      unknown: `a notification of schemaVersion ${quote(schemaVersion)}, where ${SCHEMA_VERSION} is understood`,
    };
  }
  if (!isObject(data) || !('budgetDisplayName' in data || 'costAmount' in data)) {
    const seen = isObject(data) ? `fields ${quote(Object.keys(data).join(', '))}` : quote(typeof data);
    return { unknown: `no budget notification, but ${seen}` };
  }
  try {
    const fields: Record<string, unknown> = { ...data, billingAccountId, budgetId };
    // Text is shown and compared, never more: what could not travel in a message is made so that it can.
    const present = Object.entries(fields)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, 256).toWellFormed() : value]);
    return parseWith(notificationSchema, Object.fromEntries(present), 'data');
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { unknown: `a budget notification with ${messageOf(error)}` };
  }
}

/** A threshold that a notification says was crossed. */
export interface Crossing {
  readonly rule: BudgetRule;
  readonly threshold: number;
  /** Whether only the forecast crossed it. */
  readonly forecast: boolean;
}

/** The rules that name the notification's budget. */
export const rulesFor = (rules: readonly BudgetRule[], { budgetId, budgetDisplayName }: BudgetNotification) =>
  rules.filter((rule) =>
    rule.budgetId === undefined ? rule.budgetDisplayName === budgetDisplayName : rule.budgetId === budgetId,
  );

/** What of its rules a notification makes fire. Costs go before a forecast, which they make old. */
export function crossingsOf(
  rules: readonly BudgetRule[],
  { alertThresholdExceeded = 0, forecastThresholdExceeded = 0 }: BudgetNotification,
): readonly Crossing[] {
  return rules.flatMap((rule): Crossing[] => {
    if (alertThresholdExceeded >= rule.threshold) {
      return [{ rule, threshold: alertThresholdExceeded, forecast: false }];
    }
    if (rule.onForecast && forecastThresholdExceeded >= rule.threshold) {
      return [{ rule, threshold: forecastThresholdExceeded, forecast: true }];
    }
    return [];
  });
}

/**
 * Whether the costs are where a rule should fire and the budget has no threshold there to tell it: the rule
 * would never fire.
 */
export const lacksThreshold = (rule: BudgetRule, notification: BudgetNotification) => {
  const { costAmount, budgetAmount, alertThresholdExceeded = 0 } = notification;
  if (costAmount === undefined || budgetAmount === undefined || budgetAmount <= 0) return false;
  return costAmount / budgetAmount >= rule.threshold && alertThresholdExceeded < rule.threshold;
};

/** As a fraction; a larger one was meant as a percentage. */
const MAX_THRESHOLD = 20;

const ruleSchema = v.strictObject({
  budgetId: v.optional(v.pipe(shortText(512), v.nonEmpty('must not be empty'))),
  budgetDisplayName: v.optional(v.pipe(shortText(256), v.nonEmpty('must not be empty'))),
  threshold: v.optional(
    v.pipe(
      v.number(),
      v.check(
        (value) => value > 0 && value <= MAX_THRESHOLD,
        'must be a fraction of the budget: 1 is all of it, 0.5 half',
      ),
    ),
  ),
  sweep: shortText(64),
  onForecast: v.optional(v.boolean()),
});

/**
 * Reads the budget rules of the settings, an array.
 *
 * @throws Failure `TypeError` or `ValueError` that says where the mistake is, and what should be there
 */
export function parseBudgetRules(json: unknown): readonly BudgetRule[] {
  if (!Array.isArray(json)) throw new Failure('TypeError', 'must be a JSON array of rules');
  return json.map((written: unknown, index) => {
    try {
      return parseRule(written);
    } catch (error) {
      if (isPermanent(error)) error.message = `[${index}].${error.message}`;
      throw error;
    }
  });
}

function parseRule(json: unknown): BudgetRule {
  const {
    budgetId,
    budgetDisplayName,
    threshold = 1,
    sweep,
    onForecast = false,
  } = parseWith(ruleSchema, json, 'rule');
  if ((budgetId === undefined) === (budgetDisplayName === undefined)) {
    throw valueFailure('budgetId', 'either this or budgetDisplayName must be given, and not both');
  }
  return {
    // A budget's full name ends in its id, which is what notifications carry.
    ...(budgetId !== undefined && { budgetId: budgetId.split('/').at(-1) }),
    ...(budgetDisplayName !== undefined && { budgetDisplayName }),
    threshold,
    onForecast,
    sweep,
  };
}
