import type { BudgetFact } from './records.ts';

/** A budget with the rules that name it. */
export interface Budget {
  readonly budgetId?: string;
  readonly budgetDisplayName?: string;
  readonly rules: readonly BudgetFact[];
}

/** The budgets that rules name, each once. */
export function budgetsOf(rules: readonly BudgetFact[]): readonly Budget[] {
  const budgets = Map.groupBy(rules, ({ budgetId, budgetDisplayName }) => budgetId ?? budgetDisplayName);
  return [...budgets.values()].flatMap((ofOne) => {
    const [first] = ofOne;
    return first === undefined ? [] : [{ ...first, rules: ofOne }];
  });
}

/** The sweeps that an alert at a percentage starts, in a sentence. */
export function effectOf({ rules }: Budget, percent: number): string {
  const fired = rules.filter(({ threshold }) => percent >= threshold * 100);
  const lowest = Math.min(...rules.map(({ threshold }) => threshold)) * 100;
  if (fired.length === 0) return `Starts nothing: the first rule fires from ${lowest} % on.`;
  return `Starts ${fired.map(({ sweep }) => sweep).join(' and ')}, once in a month for each threshold.`;
}
