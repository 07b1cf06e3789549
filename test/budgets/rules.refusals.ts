import { parseBudgetRules } from '../../src/budgets/rules.ts';
import { parseIdempotencyRecord } from '../../src/budgets/idempotency-store.ts';
import { refusalsOf } from '../support/refusals.ts';

/** Rules that BUDGETS refuses. */
export const REFUSED_RULES = refusalsOf(
  (rule: unknown) => parseBudgetRules([rule]),
  [
    ['no budget', { sweep: 's' }, 'ValueError', [0, 'budgetId']],
    ['two budgets', { budgetId: 'a', budgetDisplayName: 'b', sweep: 's' }, 'ValueError', [0, 'budgetId']],
    ['no sweep', { budgetId: 'a' }, 'ValueError', [0, 'sweep']],
    ['a percentage', { budgetId: 'a', sweep: 's', threshold: 90 }, 'ValueError', [0, 'threshold']],
    ['a threshold of 0', { budgetId: 'a', sweep: 's', threshold: 0 }, 'ValueError', [0, 'threshold']],
    ['a misspelled field', { budgetId: 'a', sweep: 's', onforecast: true }, 'ValueError', [0, 'onforecast']],
    ['text', 'budget', 'TypeError', [0]],
  ],
);

/** Messages that no idempotency store wrote. */
export const REFUSED_RECORDS = refusalsOf(
  (data: unknown) => parseIdempotencyRecord(data),
  [['a record without a window', { key: 'a' }, 'ValueError', ['window']]],
);
