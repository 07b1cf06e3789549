import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { indexPatterns } from '../../src/catalog/name-pattern.ts';

const median = (figures: readonly number[]) => [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? NaN;

function timeMs(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

describe('the speed of the catalog', () => {
  it('the catalog is parsed in less than 3 ms', async () => {
    const json = await readFile('src/catalog/catalog.json', 'utf8');
    const figures = Array.from({ length: 21 }, () => timeMs(() => void JSON.parse(json)));
    assert.ok(median(figures) < 3, `${median(figures)} ms`);
  });

  it('a name is found among 50,000 patterns about as fast as among 5', () => {
    const indexOf = (count: number) =>
      indexPatterns(
        Array.from({ length: count }, (_, kind) => [`projects/*/kind${kind}/*/operations/*`, kind] as const),
      );
    const [small, large] = [indexOf(5), indexOf(50_000)];
    assert.equal(large('projects/p/kind4/k/operations/o')?.value, 4);
    const lookUp = (index: ReturnType<typeof indexOf>) =>
      timeMs(() => {
        for (let count = 0; count < 5_000; count += 1) index('projects/p/kind4/k/operations/o');
      });
    // The fastest of each, in turn: whatever else the machine does only makes a run slower.
    const rounds = Array.from({ length: 15 }, () => [lookUp(large), lookUp(small)] as const);
    const ratio =
      Math.min(...rounds.map(([ofLarge]) => ofLarge)) / Math.min(...rounds.map(([, ofSmall]) => ofSmall));
    assert.ok(ratio < 5, `${ratio} times as long`);
  });
});
