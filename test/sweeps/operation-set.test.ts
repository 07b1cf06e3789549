import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createOperationSet, MAX_ENCODED_LENGTH, MAX_OPERATIONS } from '../../src/sweeps/operation-set.ts';
import { failureOf } from '../support/refusals.ts';

describe('the set of operations that a run has met', () => {
  it('a set knows the names that were added, before and after it travels in a message', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (before, after) => {
        const known = new Set<string>();
        const first = createOperationSet();
        const add = (set: typeof first, name: string) => {
          assert.equal(set.add(name), !known.has(name));
          known.add(name);
        };
        for (const name of before) add(first, name);
        const second = createOperationSet(first.encode());
        for (const name of [...after, ...before]) add(second, name);
        assert.equal(createOperationSet(second.encode()).encode(), second.encode());
      }),
    );
  });

  it('a full set of 100,000 operations fits into a message and takes no more', () => {
    const set = createOperationSet();
    let fresh = 0;
    for (let id = 0; id < MAX_OPERATIONS; id += 1) fresh += set.add(`operation ${id}`) ? 1 : 0;
    assert.equal(fresh, MAX_OPERATIONS);
    const encoded = set.encode();
    assert.ok(encoded.length <= MAX_ENCODED_LENGTH, `${encoded.length} characters`);
    const again = createOperationSet(encoded);
    assert.equal(again.add('operation 7'), false);
    assert.deepEqual([again.add('one more'), again.add('one more')], [true, true], 'it is not remembered');
    assert.equal(again.encode(), encoded);
  });

  for (const [title, encoded] of [
    ['of another form', 'x'],
    ['with a size beyond its content', '100000.AAAA'],
    ['with too large a size', '999999.AAAA'],
    ['of ones alone', `5.${'/'.repeat(40_000)}`],
    ['of size 0', '0.'],
  ] as const) {
    it(`a set ${title} is refused`, () => {
      const { code, path } = failureOf(() => createOperationSet(encoded));
      assert.deepEqual([code, path], ['ValueError', ['operations']]);
    });
  }
});
