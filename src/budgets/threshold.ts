/**
 * A threshold is a fraction of the budget, where 1 is the whole amount. Cloud Billing documents no maximum of it
 * (google/cloud/billing/budgets/v1/budget_model.proto: "1.0-based percentage", non-negative), and thresholds above 1 are
 * common. Ten times the budget is not: such a number was meant as a percentage.
 */
const THRESHOLD_BELOW = 10;

/** Whether a number can be a threshold. */
export const isThreshold = (value: number) => value >= 0 && value < THRESHOLD_BELOW;

/** The form of a threshold, as refusals describe it. */
export const THRESHOLD_FORM =
  'a fraction of the budget below 10, such as 1 for all of it or 0.5 for half of it';
