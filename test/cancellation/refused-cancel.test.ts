import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aCancellation, DONE_CANCELLED, DONE_SUCCEEDED, OK, RUNNING, status } from '../support/fakes.ts';
import {
  decideAfterCancel,
  decideAfterGet,
  summarize,
  NO_GET,
  DONE_FAILED,
  REQUESTED,
  PRECONDITION,
  TIMEOUT,
} from './decisions.ts';

describe('a cancel that was refused with FAILED_PRECONDITION', () => {
  const refused = decideAfterCancel(aCancellation(), PRECONDITION).cancellation;

  for (const [title, answer, before, atDeadline] of [
    ['cancelled before', DONE_CANCELLED, 'CANCELLED', 'CANCELLED'],
    ['finished before', DONE_SUCCEEDED, 'SUCCEEDED', 'SUCCEEDED'],
    ['running, and nothing under way as far as it tells', RUNNING, 'confirm in 5 s', 'ERROR'],
    ['running, with an earlier cancel under way', REQUESTED, 'confirm in 5 s', 'UNCONFIRMED'],
    ['not to be seen now', status(503, 'UNAVAILABLE'), 'confirm in 5 s', 'ERROR'],
    ['gone', status(404, 'NOT_FOUND'), 'NOT_FOUND', 'NOT_FOUND'],
    ['of a service without GET', status(501, 'UNIMPLEMENTED'), 'ERROR', 'ERROR'],
  ] as const) {
    it(`${title}: ${before}; at the deadline: ${atDeadline}`, () => {
      assert.equal(summarize(decideAfterGet(refused, answer)), before);
      assert.equal(summarize(decideAfterGet(refused, answer, refused.deadlineMs)), atDeadline);
    });
  }

  it('is told as the reason at the deadline, whatever the last GET said', () => {
    for (const answer of [RUNNING, status(500, 'INTERNAL'), TIMEOUT]) {
      const decision = decideAfterGet(refused, answer, refused.deadlineMs);
      assert.ok(decision.kind === 'finish');
      assert.equal(decision.verdict.error?.status, 'FAILED_PRECONDITION');
    }
  });

  it('is forgotten once the metadata shows a cancel under way: at the deadline UNCONFIRMED, never ERROR', () => {
    const underWay = decideAfterGet(refused, REQUESTED).cancellation;
    const failing = decideAfterGet(underWay, status(500, 'INTERNAL')).cancellation;
    assert.equal(summarize(decideAfterGet(failing, RUNNING, failing.deadlineMs)), 'UNCONFIRMED');
  });

  it('because a duplicate of the request came first ends as that one does', () => {
    const first = decideAfterCancel(aCancellation(), OK).cancellation;
    const second = decideAfterGet(refused, RUNNING).cancellation;
    for (const answer of [DONE_CANCELLED, DONE_SUCCEEDED, DONE_FAILED]) {
      assert.equal(summarize(decideAfterGet(first, answer)), summarize(decideAfterGet(second, answer)));
    }
  });
});

describe('a cancel without a usable answer', () => {
  const doubtful = decideAfterCancel(aCancellation(), TIMEOUT).cancellation;

  for (const [title, answer, expected] of [
    ['of an operation that is cancelled', DONE_CANCELLED, 'CANCELLED'],
    ['of an operation that has finished', DONE_SUCCEEDED, 'SUCCEEDED'],
    ['of an operation that shows a cancel under way', REQUESTED, 'confirm in 5 s'],
    ['of an operation that is running', RUNNING, 'ERROR'],
    ['of an operation that cannot be seen', TIMEOUT, 'ERROR'],
    ['of an operation that is gone', status(404, 'NOT_FOUND'), 'NOT_FOUND'],
  ] as const) {
    it(`${title}: ${expected}`, () => assert.equal(summarize(decideAfterGet(doubtful, answer)), expected));
  }

  it('is told with the error of the cancel, not of the GET', () => {
    const decision = decideAfterGet(doubtful, status(500, 'INTERNAL'));
    assert.ok(decision.kind === 'finish');
    assert.equal(decision.verdict.error?.type, 'TimeoutError');
  });

  it('is an ERROR at once where there is no GET', () => {
    assert.equal(summarize(decideAfterCancel(aCancellation({ operation: NO_GET }), TIMEOUT)), 'ERROR');
  });
});
