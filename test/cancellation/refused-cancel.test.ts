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
    ['was cancelled before', DONE_CANCELLED, 'CANCELLED', 'CANCELLED'],
    ['had finished before', DONE_SUCCEEDED, 'SUCCEEDED', 'SUCCEEDED'],
    ['runs, and shows no cancel under way', RUNNING, 'confirm in 5 s', 'ERROR'],
    ['runs, and shows an earlier cancel under way', REQUESTED, 'confirm in 5 s', 'UNCONFIRMED'],
    ['cannot be read now', status(503, 'UNAVAILABLE'), 'confirm in 5 s', 'ERROR'],
    ['is gone', status(404, 'NOT_FOUND'), 'NOT_FOUND', 'NOT_FOUND'],
    ['is of a service without GET', status(501, 'UNIMPLEMENTED'), 'ERROR', 'ERROR'],
  ] as const) {
    it(`a refused cancel of an operation that ${title} leads to ${before}, and at the deadline to ${atDeadline}`, () => {
      assert.equal(summarize(decideAfterGet(refused, answer)), before);
      assert.equal(summarize(decideAfterGet(refused, answer, refused.deadlineMs)), atDeadline);
    });
  }

  it('a refused cancel is reported as the error at the deadline, whatever the last GET returned', () => {
    for (const answer of [RUNNING, status(500, 'INTERNAL'), TIMEOUT]) {
      const decision = decideAfterGet(refused, answer, refused.deadlineMs);
      assert.ok(decision.kind === 'finish');
      assert.equal(decision.verdict.error?.status, 'FAILED_PRECONDITION');
    }
  });

  it('a refusal is dropped once the metadata shows a cancel under way: the outcome at the deadline is UNCONFIRMED, not ERROR', () => {
    const underWay = decideAfterGet(refused, REQUESTED).cancellation;
    const failing = decideAfterGet(underWay, status(500, 'INTERNAL')).cancellation;
    assert.equal(summarize(decideAfterGet(failing, RUNNING, failing.deadlineMs)), 'UNCONFIRMED');
  });

  it('a cancel that is refused because a duplicate came first has the outcome of the duplicate', () => {
    const first = decideAfterCancel(aCancellation(), OK).cancellation;
    const second = decideAfterGet(refused, RUNNING).cancellation;
    for (const answer of [DONE_CANCELLED, DONE_SUCCEEDED, DONE_FAILED]) {
      assert.equal(summarize(decideAfterGet(first, answer)), summarize(decideAfterGet(second, answer)));
    }
  });
});

describe('a cancel without a usable response', () => {
  const unanswered = decideAfterCancel(aCancellation(), TIMEOUT).cancellation;

  for (const [title, answer, expected] of [
    ['of an operation that is cancelled', DONE_CANCELLED, 'CANCELLED'],
    ['of an operation that has finished', DONE_SUCCEEDED, 'SUCCEEDED'],
    ['of an operation that shows a cancel under way', REQUESTED, 'confirm in 5 s'],
    ['of an operation that is running', RUNNING, 'ERROR'],
    ['of an operation that cannot be read', TIMEOUT, 'ERROR'],
    ['of an operation that is gone', status(404, 'NOT_FOUND'), 'NOT_FOUND'],
  ] as const) {
    it(`an unanswered cancel ${title} leads to ${expected}`, () =>
      assert.equal(summarize(decideAfterGet(unanswered, answer)), expected));
  }

  it('an unanswered cancel is reported with the error of the cancel, not of the GET', () => {
    const decision = decideAfterGet(unanswered, status(500, 'INTERNAL'));
    assert.ok(decision.kind === 'finish');
    assert.equal(decision.verdict.error?.type, 'TimeoutError');
  });

  it('an unanswered cancel is an ERROR at once if the service has no GET', () => {
    assert.equal(summarize(decideAfterCancel(aCancellation({ operation: NO_GET }), TIMEOUT)), 'ERROR');
  });
});
