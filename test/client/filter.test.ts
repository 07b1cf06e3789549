import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  filterOfApproval,
  filterOfPrefix,
  filterOfRequest,
  filterOfResults,
  filterOfSweep,
} from '../../client/filter.ts';
import { parseMessageFilter } from '../../local/emulators/pubsub/broker/message-filter.ts';
import { OUTCOMES } from '../../src/cancellation/outcome.ts';

describe('the filters of temporary subscriptions', () => {
  for (const requestId of [
    'approval-7',
    'a "quoted" \\ id',
    'é'.repeat(128),
    '😀'.repeat(64),
    '"'.repeat(128),
  ]) {
    it(`the filter of the request ${requestId.slice(0, 20)} is one that Pub/Sub accepts, and lets its results through`, () => {
      const isDelivered = parseMessageFilter(filterOfRequest(requestId));
      assert.equal(isDelivered({ requestId }), true);
      assert.equal(isDelivered({ requestId: 'another' }), false);
    });
  }

  it('the filter of a prefix lets the results of all its ids through', () => {
    const isDelivered = parseMessageFilter(filterOfPrefix('req-1-'));
    assert.deepEqual(
      [isDelivered({ requestId: 'req-1-1000' }), isDelivered({ requestId: 'req-2-1' })],
      [true, false],
    );
  });

  it('the filter of a sweep lets its report, the results of its requests and its rejection through', () => {
    const isDelivered = parseMessageFilter(filterOfSweep('nightly', 'sweep-now-1 /lro-cancel/client'));
    const wanted = [
      { sweep: 'nightly' },
      { requestId: 'sweep-0a1b', outcome: 'CANCELLED' },
      { requestId: 'sweep-now-1 /lro-cancel/client', outcome: 'REJECTED' },
    ];
    assert.deepEqual(wanted.map(isDelivered), [true, true, true]);
    assert.deepEqual(
      [isDelivered({ sweep: 'other' }), isDelivered({ requestId: 'approval-7' })],
      [false, false],
    );
  });

  it('the filter of an approval lets every report, the results of its requests and its rejection through', () => {
    const filter = filterOfApproval('approve-now-d9428888-122b-11e1-b85c-61cd3cbb3210 /lro-cancel/client');
    assert.ok(Buffer.byteLength(filter) <= 256);
    const isDelivered = parseMessageFilter(filter);
    const wanted = [
      { sweep: 'nightly' },
      { requestId: 'sweep-0a1b', outcome: 'CANCELLED' },
      { requestId: 'approve-now-d9428888-122b-11e1-b85c-61cd3cbb3210 /lro-cancel/client' },
    ];
    assert.deepEqual(wanted.map(isDelivered), [true, true, true]);
    assert.equal(isDelivered({ requestId: 'approval-7', outcome: 'CANCELLED' }), false);
  });

  it('the filter of a sweep with a name that does not fit lets everything through', () =>
    assert.equal(filterOfSweep('n'.repeat(256), 'trigger'), ''));

  it('the filter of results lets those of the outcomes and services through, and no report', () => {
    const isDelivered = parseMessageFilter(filterOfResults(['ERROR', 'DENIED'], ['notebooks']));
    assert.equal(isDelivered({ outcome: 'ERROR', service: 'notebooks' }), true);
    assert.equal(isDelivered({ outcome: 'ERROR', service: 'aiplatform' }), false);
    assert.equal(isDelivered({ outcome: 'CANCELLED', service: 'notebooks' }), false);
    assert.equal(parseMessageFilter(filterOfResults([], []))({ sweep: 'nightly' }), false);
    assert.equal(filterOfResults(OUTCOMES, []), 'attributes:outcome');
  });
});
