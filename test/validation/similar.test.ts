import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mostSimilar } from '../../src/validation/similar.ts';

describe('the most similar word', () => {
  const words = ['aiplatform', 'notebooks', 'dns', 'spanner', 'storage', 'storagetransfer'];
  for (const [word, expected] of [
    ['aiplatfrom', 'aiplatform'],
    ['notebook', 'notebooks'],
    ['noteboooks', 'notebooks'],
    ['spaner', 'spanner'],
    ['storge', 'storage'],
    ['dms', undefined],
    ['bigquery', undefined],
    ['', undefined],
    ['x'.repeat(10_000), undefined],
  ] as const) {
    it(`the most similar word to ${JSON.stringify(word.slice(0, 20))} is ${expected ?? 'undefined'}`, () => {
      assert.equal(mostSimilar(word, words), expected);
    });
  }
});
