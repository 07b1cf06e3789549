import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupsOf, isBefore, orderOf } from '../../src/calls/call-order.ts';
import type { Order, RankedCall } from '../../src/calls/call-order.ts';
import { anOperation } from '../support/fakes.ts';
import { createRandom } from '../support/random.ts';

const CALL: RankedCall = {
  isThrottled: false,
  isApart: false,
  troubles: 0,
  wasAttempted: false,
  lastOfLocation: -1,
  lastOfParent: -1,
  sinceMs: 0,
};

describe('the order of calls', () => {
  for (const [title, first, second] of [
    ['an operation that was never throttled', { lastOfLocation: 9, sinceMs: 9 }, { isThrottled: true }],
    ['a location that is not apart', { troubles: 1 }, { isApart: true }],
    ['a group whose last call was not throttled', { lastOfLocation: 9 }, { troubles: 1 }],
    ['a first attempt', { sinceMs: 9 }, { wasAttempted: true }],
    ['a location whose turn is earlier', { sinceMs: 9 }, { lastOfLocation: 0 }],
    ['a parent whose turn is earlier', { sinceMs: 9 }, { lastOfParent: 0 }],
    ['the call that waits longest', {}, { sinceMs: 9 }],
  ] as const satisfies [string, Partial<RankedCall>, Partial<RankedCall>][]) {
    it(`${title} comes first`, () => {
      assert.ok(isBefore({ ...CALL, ...first }, { ...CALL, ...second }, 'best-oldest'));
      assert.ok(!isBefore({ ...CALL, ...second }, { ...CALL, ...first }, 'best-oldest'));
    });
  }

  it('the latest call comes first while calls are stalled, unless it was throttled', () => {
    assert.ok(isBefore({ ...CALL, sinceMs: 9 }, CALL, 'best-latest'));
    const throttled = { ...CALL, isThrottled: true };
    assert.ok(!isBefore({ ...throttled, sinceMs: 9 }, throttled, 'best-latest'));
  });

  it('one in four starts goes to the call that has waited longest, whatever else is known of it', () => {
    for (const isStalled of [true, false]) {
      const orders = Array.from({ length: 400 }, (_, turn) => orderOf(turn, isStalled));
      assert.equal(orders.filter((order) => order === 'oldest').length, 100);
    }
    const worst = { ...CALL, isThrottled: true, isApart: true, troubles: 2, wasAttempted: true, sinceMs: -1 };
    assert.ok(isBefore(worst, CALL, 'oldest'));
  });

  it('any order of any calls is the same whatever the sequence in which they are compared', () => {
    const random = createRandom(1);
    const chance = () => random.chance(0.5);
    for (let round = 0; round < 500; round += 1) {
      const calls = Array.from({ length: random.between(1, 8) }, (_, sinceMs): RankedCall => ({
        isThrottled: chance(),
        isApart: chance(),
        troubles: random.between(0, 2),
        wasAttempted: chance(),
        lastOfLocation: random.between(-1, 2),
        lastOfParent: random.between(-1, 2),
        sinceMs,
      }));
      const order = random.pick<Order>(['best-oldest', 'best-latest', 'oldest']);
      const firstOf = (all: readonly RankedCall[]) =>
        all.reduce((best, call) => (isBefore(call, best, order) ? call : best));
      assert.equal(firstOf(calls), firstOf([...calls].reverse()));
      if (order !== 'oldest' && calls.some(({ isThrottled }) => !isThrottled)) {
        assert.ok(!firstOf(calls).isThrottled);
      }
    }
  });

  for (const [name, location, parent] of [
    [
      '//notebooks.googleapis.com/projects/p/locations/l/operations/o',
      'location l',
      '//notebooks.googleapis.com/projects/p/locations/l/operations',
    ],
    [
      '//dataproc.googleapis.com/projects/p/regions/r/operations/o',
      'location r',
      '//dataproc.googleapis.com/projects/p/regions/r/operations',
    ],
    [
      '//container.googleapis.com/projects/p/zones/z/operations/o',
      'location z',
      '//container.googleapis.com/projects/p/zones/z/operations',
    ],
    [
      '//bigquery.googleapis.com/projects/p/jobs/j',
      'location asked',
      '//bigquery.googleapis.com/projects/p/jobs',
    ],
    ['poison', 'location asked', ''],
  ] as const) {
    it(`the groups of ${name} are its location and what it belongs to`, () => {
      const operation = anOperation({ fullResourceName: name, region: 'asked' });
      assert.deepEqual(groupsOf(operation), { location, parent });
    });
  }
});
