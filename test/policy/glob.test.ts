import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileGlob } from '../../src/policy/glob.ts';

describe('a glob', () => {
  for (const [pattern, text, expected] of [
    ['projects/p/**', 'projects/p/locations/l/operations/o', true],
    ['projects/p/**', 'projects/q/locations/l/operations/o', false],
    ['projects/*/locations/*/operations/keep-*', 'projects/p/locations/l/operations/keep-1', true],
    ['projects/*/locations/*/operations/keep-*', 'projects/p/locations/l/operations/drop-1', false],
    ['projects/*', 'projects/p/locations', false],
    ['*', 'a', true],
    ['*', '', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['**/operations/o', 'a/operations/o', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a?c', 'ac', false],
    ['', '', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['(a|b)+$^', '(a|b)+$^', true],
    ['💥*', '💥💥', true],
  ] as const) {
    it(`the glob ${JSON.stringify(pattern)} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
      assert.equal(compileGlob(pattern).matches(text), expected);
    });
  }

  it('a glob without wildcards matches exactly itself', () => {
    const plain = fc.string().filter((text) => !/[*?]/.test(text));
    fc.assert(
      fc.property(plain, plain, (pattern, text) => {
        assert.equal(compileGlob(pattern).matches(text), pattern === text);
      }),
    );
  });

  it('a glob with many wildcards is matched within a second', () => {
    const startMs = performance.now();
    assert.equal(compileGlob(`${'*a'.repeat(100)}b`).matches('a'.repeat(1_024)), false);
    assert.ok(performance.now() - startMs < 1_000);
  });
});
