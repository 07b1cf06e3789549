import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mostSimilar } from '../../src/validation/similar.ts';

describe('the word that was meant', () => {
  const words = ['aiplatform', 'notebooks', 'dns', 'spanner', 'storage', 'storagetransfer'];
  for (const [written, meant] of [
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
    it(`by ${JSON.stringify(written.slice(0, 20))} is ${meant ?? 'not known'}`, () => {
      assert.equal(mostSimilar(written, words), meant);
    });
  }
});
