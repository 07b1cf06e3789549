/** The example of https://cloud.google.com/billing/docs/how-to/budgets-programmatic-notifications. */
export const BUDGET_ATTRIBUTES = {
  billingAccountId: '01D4EE-079462-DFD6EC',
  budgetId: 'de72f49d-779b-4945-a127-4d6ce8def0bb',
  schemaVersion: '1.0',
};
export const BUDGET_ALERT = {
  budgetDisplayName: 'name-of-budget',
  alertThresholdExceeded: 1.0,
  costAmount: 100.01,
  costIntervalStart: '2019-01-01T00:00:00Z',
  budgetAmount: 100.0,
  budgetAmountType: 'SPECIFIED_AMOUNT',
  currencyCode: 'USD',
};
