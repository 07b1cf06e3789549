import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  childRequestId,
  eventIdentity,
  recheckId,
  resultId,
  sweepRequestId,
} from '../../src/messages/event-ids.ts';

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
      new Set([
        resultId('r', 'o', false),
        childRequestId('r', 'o', false, 'm'),
        recheckId('r', 'o', 0, false, 'm'),
        recheckId('r', 'o', 0, false, undefined),
      ]).size,
      4,
    );
  });

  it('event ids of a dry run differ from those of the real request', () => {
    assert.notEqual(resultId('r', 'o', true), resultId('r', 'o', false));
    assert.notEqual(childRequestId('r', 'o', true, 'm'), childRequestId('r', 'o', false, 'm'));
    assert.notEqual(recheckId('r', 'o', 0, true, 'm'), recheckId('r', 'o', 0, false, 'm'));
    assert.notEqual(sweepRequestId('r', 'o', true), sweepRequestId('r', 'o', false));
  });

  it('two sendings of a request have their own chains of re-checks and their own requests for its operations', () => {
    assert.notEqual(recheckId('r', 'o', 1, false, 'm1'), recheckId('r', 'o', 1, false, 'm2'));
    assert.notEqual(childRequestId('r', 'o', false, 'm1'), childRequestId('r', 'o', false, 'm2'));
  });
});

describe('the identity of an event', () => {
  it('two events are the same only if their source and their id are', () => {
    const part = fc.oneof(
      fc.string({ minLength: 1, maxLength: 4 }),
      fc.string({ minLength: 100, maxLength: 140 }),
    );
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        fc.pre(a.length <= 128 && c.length <= 128);
        assert.equal(eventIdentity(a, b) === eventIdentity(c, d), a === c && b === d);
      }),
    );
    assert.notEqual(eventIdentity('a', 'b c'), eventIdentity('a b', 'c'));
  });

  it('an identity begins with the id of the event, and fits into a request id', () => {
    assert.equal(eventIdentity('7', '/approvals'), '7 /approvals');
    assert.equal(eventIdentity('7', undefined), '7');
    assert.match(eventIdentity('7', `/${'x'.repeat(200)}`), /^event-[0-9a-f]{32}$/);
  });
});
