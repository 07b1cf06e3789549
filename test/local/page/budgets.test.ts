import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgetsOf, effectOf } from '../../../local/page/model/budgets.ts';

const [training, other] = budgetsOf([
  { budgetDisplayName: 'training', threshold: 0.9, sweep: 'look' },
  { budgetId: 'b', threshold: 1, sweep: 'stop' },
  { budgetDisplayName: 'training', threshold: 1, sweep: 'stop' },
]);

describe('the form of a budget alert', () => {
  for (const [percent, sentence] of [
    [89, 'Starts nothing: the first rule fires from 90 % on.'],
    [90, 'Starts look, once in a month for each threshold.'],
    [120, 'Starts look and stop, once in a month for each threshold.'],
  ] as const) {
    it(`an alert at ${percent} % is explained by all rules of its budget`, () => {
      assert.ok(training && other);
      assert.equal(effectOf(training, percent), sentence);
      assert.equal(other.rules.length, 1);
    });
  }
});
