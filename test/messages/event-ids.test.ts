import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { childRequestId, recheckId, resultId } from '../../src/messages/event-ids.ts';

describe('an id', () => {
  it('is 32 hexadecimal digits, and the same for the same parts', () => {
    assert.match(resultId('r', 'o'), /^[0-9a-f]{32}$/);
    assert.equal(resultId('r', 'o'), resultId('r', 'o'));
  });

  it('differs for other parts, also where they read alike when put together', () => {
    const two = fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(two, two, ([a, b], [c, d]) =>
        assert.equal(resultId(a, b) === resultId(c, d), a === c && b === d),
      ),
    );
    assert.notEqual(resultId('ab', 'c'), resultId('a', 'bc'));
    assert.notEqual(resultId('r', '1:o'), resultId('r1:', 'o'));
  });

  it('of one kind is never that of another', () => {
    assert.equal(new Set([resultId('r', 'o'), childRequestId('r', 'o'), recheckId('r', 'o', '', 0)]).size, 3);
  });
});
