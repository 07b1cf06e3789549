import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { childRequestId, recheckId, resultId } from '../../src/messages/event-ids.ts';

describe('the id of an event', () => {
  it('an event id is 32 hexadecimal digits, and the same for the same parts', () => {
    assert.match(resultId('r', 'o', false), /^[0-9a-f]{32}$/);
    assert.equal(resultId('r', 'o', false), resultId('r', 'o', false));
  });

  it('event ids of different parts differ, even if their concatenations are equal', () => {
    const two = fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(two, two, ([a, b], [c, d]) =>
        assert.equal(resultId(a, b, false) === resultId(c, d, false), a === c && b === d),
      ),
    );
    assert.notEqual(resultId('ab', 'c', false), resultId('a', 'bc', false));
    assert.notEqual(resultId('r', '1:o', false), resultId('r1:', 'o', false));
  });

  it('event ids of different kinds differ for the same parts', () => {
    assert.equal(
      new Set([resultId('r', 'o', false), childRequestId('r', 'o', false), recheckId('r', 'o', 0, false)]).size,
      3,
    );
  });
});
