import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createThrottleHistory } from '../../src/calls/throttle-history.ts';

describe('the history of throttling', () => {
  const US = { location: 'us', parent: 'us/a' };
  const EUROPE = { location: 'europe', parent: 'europe/a' };
  const sentAt = (startMs: number) => ({ startMs, isTrial: false });
  const afterThrottles = (count: number) => {
    const history = createThrottleHistory();
    for (let index = 0; index < count; index += 1) history.afterThrottle(`o${index}`, US, index);
    return history;
  };

  it('a location is apart when four of its operations were throttled and a later call of another was accepted', () => {
    const history = afterThrottles(4);
    assert.ok(!history.isApart(US));
    history.afterAccept('other', EUROPE, sentAt(3));
    assert.ok(!history.isApart(US), 'the call was sent before');
    history.afterAccept('other', EUROPE, sentAt(4));
    assert.ok(history.isApart(US));
    assert.ok(!history.isApart(EUROPE));
  });

  it('a location is no longer apart when one of its calls is accepted', () => {
    const history = afterThrottles(5);
    history.afterAccept('other', EUROPE, sentAt(9));
    history.afterAccept('o1', US, sentAt(10));
    assert.ok(!history.isApart(US));
    assert.deepEqual([history.isThrottled('o1'), history.isThrottled('o2')], [false, true]);
  });

  it('three throttled operations, or one that is throttled again and again, do not set a location apart', () => {
    const history = afterThrottles(3);
    for (let count = 0; count < 10; count += 1) history.afterThrottle('o1', US, 5);
    history.afterAccept('other', EUROPE, sentAt(9));
    assert.ok(!history.isApart(US));
    assert.deepEqual([history.troubles(US), history.troubles(EUROPE)], [4, 0]);
  });

  it('the history of throttling is bounded', () => {
    const history = createThrottleHistory();
    for (let index = 0; index < 5_000; index += 1) {
      history.afterThrottle(`o${index}`, { location: `l${index}`, parent: `p${index}` }, index);
    }
    assert.deepEqual([history.isThrottled('o0'), history.isThrottled('o4999')], [false, true]);
    assert.equal(history.troubles({ location: 'l0', parent: 'p0' }), 2);
  });
});
