import * as v from 'valibot';
import { Failure, isPermanent, valueFailure } from '../validation/failure.ts';
import { parseWith, shortText } from '../validation/schema.ts';
import { isThreshold, THRESHOLD_FORM } from './threshold.ts';
import type { BudgetNotification } from './notification.ts';

/** A rule of the setting `BUDGETS`: the sweep that a budget starts each time its costs cross a threshold, from this one on. */
export interface BudgetRule {
  /** Either of the two. */
  readonly budgetId?: string | undefined;
  readonly budgetDisplayName?: string | undefined;
  readonly threshold: number;
  readonly onForecast: boolean;
  readonly sweep: string;
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

/** The thresholds of the rules that a notification crosses. Costs replace the forecast, which they outdate. */
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
 * Whether the costs passed the threshold of a rule, but the budget itself has no threshold there and does not
 * notify: such a rule would never fire.
 */
export const lacksThreshold = (rule: BudgetRule, notification: BudgetNotification) => {
  const { costAmount, budgetAmount, alertThresholdExceeded = 0 } = notification;
  if (costAmount === undefined || budgetAmount === undefined || budgetAmount <= 0) return false;
  return costAmount / budgetAmount >= rule.threshold && alertThresholdExceeded < rule.threshold;
};

const ruleSchema = v.strictObject({
  budgetId: v.optional(v.pipe(shortText(512), v.nonEmpty('must not be empty'))),
  budgetDisplayName: v.optional(v.pipe(shortText(256), v.nonEmpty('must not be empty'))),
  threshold: v.optional(
    v.pipe(
      v.number(),
      v.check((value) => value > 0 && isThreshold(value), `must be ${THRESHOLD_FORM}`),
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
      throw isPermanent(error) ? error.at(index) : error;
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
  } = parseWith(ruleSchema, json);
  if ((budgetId === undefined) === (budgetDisplayName === undefined)) {
    throw valueFailure('budgetId', 'exactly one of budgetId and budgetDisplayName must be given');
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
