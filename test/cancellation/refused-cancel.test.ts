import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServiceResponse } from '../../src/resources/response.ts';
import {
  aCancellation,
  answered,
  DONE_CANCELLED,
  DONE_SUCCEEDED,
  OK,
  RUNNING,
  status,
} from '../support/fakes.ts';
import {
  decideAfterCancel,
  decideAfterGet,
  DONE_FAILED,
  HTML,
  HTML_404,
  NO_GET,
  page,
  play,
  PRECONDITION,
  QUOTA,
  REQUESTED,
  summarize,
  TIMEOUT,
} from './decisions.ts';

const RETRY_IN_3_S = status(400, 'FAILED_PRECONDITION', [
  { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' },
]);
const METHOD_NOT_FOUND = answered(404, {
  error: { code: 404, status: 'NOT_FOUND', message: 'Method not found.' },
});
/** Answers that tell nothing about the operation. */
const DOUBTS = [
  ['400 FAILED_PRECONDITION', PRECONDITION],
  ['400 INVALID_ARGUMENT', status(400, 'INVALID_ARGUMENT')],
  ['409 ABORTED', status(409, 'ABORTED')],
  ['500 INTERNAL', status(500, 'INTERNAL')],
  ['504 DEADLINE_EXCEEDED', status(504, 'DEADLINE_EXCEEDED')],
  ['a page with 200', HTML],
  ['a page with 499', page(499)],
  ['a page with 502', page(502)],
  ['a redirect', answered(307)],
  ['no answer', TIMEOUT],
] as const satisfies [string, ServiceResponse][];

describe('a cancel whose answer is no proof', () => {
  for (const [title, answer] of DOUBTS) {
    const { cancellation } = decideAfterCancel(aCancellation(), answer);

    for (const [of, seen, before, atDeadline] of [
      ['was cancelled', DONE_CANCELLED, 'CANCELLED', 'CANCELLED'],
      ['has finished', DONE_SUCCEEDED, 'SUCCEEDED', 'SUCCEEDED'],
      ['has failed', DONE_FAILED, 'FAILED', 'FAILED'],
      ['runs, and shows no cancel under way', RUNNING, 'cancel in 5 s', 'ERROR'],
      ['runs, and shows a cancel under way', REQUESTED, 'confirm in 5 s', 'UNCONFIRMED'],
      ['cannot be read now', status(503, 'UNAVAILABLE'), 'confirm in 5 s', 'ERROR'],
      ['is answered with a page', HTML_404, 'confirm in 5 s', 'ERROR'],
      ['is gone', status(404, 'NOT_FOUND'), 'NOT_FOUND', 'NOT_FOUND'],
      ['is of a service that does not implement GET', status(501, 'UNIMPLEMENTED'), 'cancel in 5 s', 'ERROR'],
    ] as const) {
      it(`a POST that ends in ${title} of an operation that ${of} leads to ${before}, and at the deadline to ${atDeadline}`, () => {
        assert.equal(summarize(decideAfterGet(cancellation, seen)), before);
        assert.equal(summarize(decideAfterGet(cancellation, seen, cancellation.deadlineMs)), atDeadline);
      });
    }

    it(`a POST that ends in ${title} is reported as the error at the deadline, whatever the last GET returned`, () => {
      for (const seen of [RUNNING, status(500, 'INTERNAL'), TIMEOUT]) {
        const decision = decideAfterGet(cancellation, seen, cancellation.deadlineMs);
        assert.ok(decision.kind === 'finish');
        assert.deepEqual(decision.verdict.error, cancellation.cancel.refusal?.error);
      }
    });
  }

  it('a refused cancel is sent again with growing delays a few times, and then only looked at until the deadline', () => {
    const { calls, seconds, outcome, detail, cancellation } = play({
      post: () => PRECONDITION,
      get: () => RUNNING,
    });
    const posts = calls.filter((call) => call.startsWith('POST'));
    assert.deepEqual(posts, ['POST 0', 'POST 5', 'POST 15', 'POST 35', 'POST 75', 'POST 155']);
    assert.deepEqual(calls.slice(-3), ['GET 315', 'GET 615', 'GET 900']);
    assert.deepEqual([outcome, seconds, cancellation.cancel.attempts], ['ERROR', 900, 6]);
    assert.equal(
      detail,
      'The service refused the cancel every time, 6 times. The last POST :cancel was answered with HTTP 400 ' +
        'FAILED_PRECONDITION "FAILED_PRECONDITION it is". The last GET showed the operation running, and no cancel ' +
        'under way.',
    );
  });

  it('a refusal that passes is followed by a second POST, and by CANCELLED', () => {
    const { calls, outcome, cancellation } = play({
      post: (index) => (index === 0 ? PRECONDITION : OK),
      get: (index) => (index === 0 ? RUNNING : DONE_CANCELLED),
    });
    assert.deepEqual(calls, ['POST 0', 'GET 0', 'POST 5', 'GET 10']);
    assert.deepEqual([outcome, cancellation.cancel.attempts], ['CANCELLED', 2]);
    assert.equal(cancellation.cancel.acceptedAt, '2026-11-20T12:00:05.000Z');
  });

  it('a service that asks to come back is asked until the deadline, never sooner than it says', () => {
    const wait = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '30s' };
    const { calls, outcome } = play({
      post: (index) => (index < 9 ? status(400, 'FAILED_PRECONDITION', [wait]) : OK),
      get: () => RUNNING,
    });
    const posts = calls.filter((call) => call.startsWith('POST'));
    assert.deepEqual(posts.slice(0, 4), ['POST 0', 'POST 30', 'POST 60', 'POST 90']);
    assert.deepEqual([posts.length, outcome], [8, 'ERROR']);
  });

  it('a wait that is shorter than the delay of the schedule does not shorten it', () => {
    assert.equal(
      summarize(decideAfterGet(decideAfterCancel(aCancellation(), RETRY_IN_3_S).cancellation, RUNNING)),
      'cancel in 5 s',
    );
  });

  it('a refusal is dropped once the metadata shows a cancel under way: the outcome at the deadline is UNCONFIRMED, not ERROR', () => {
    const refused = decideAfterCancel(aCancellation(), PRECONDITION).cancellation;
    const underWay = decideAfterGet(refused, REQUESTED).cancellation;
    const failing = decideAfterGet(underWay, status(500, 'INTERNAL')).cancellation;
    assert.equal(summarize(decideAfterGet(failing, RUNNING, failing.deadlineMs)), 'UNCONFIRMED');
  });

  it('a cancel that is refused because a duplicate came first has the outcome of the duplicate', () => {
    const first = decideAfterCancel(aCancellation(), OK).cancellation;
    const refused = decideAfterCancel(aCancellation(), PRECONDITION).cancellation;
    const second = decideAfterGet(refused, REQUESTED).cancellation;
    for (const answer of [DONE_CANCELLED, DONE_SUCCEEDED, DONE_FAILED]) {
      assert.equal(summarize(decideAfterGet(first, answer)), summarize(decideAfterGet(second, answer)));
    }
  });

  it('the re-checks of a cancellation have one row of numbers, whichever steps lie between them', () => {
    const refused = decideAfterGet(decideAfterCancel(aCancellation(), PRECONDITION).cancellation, RUNNING);
    const accepted = decideAfterCancel(refused.cancellation, OK);
    const confirmed = decideAfterGet(accepted.cancellation, RUNNING);
    assert.deepEqual(
      [refused, accepted, confirmed].map(({ cancellation }) => cancellation.attempt),
      [1, 2, 3],
    );
  });

  it('a cancel without an answer is sent again where the service has no GET, and ends in ERROR', () => {
    let decision = decideAfterCancel(aCancellation({ operation: NO_GET }), TIMEOUT);
    let posts = 1;
    for (; decision.kind === 'recheck'; posts += 1) {
      assert.equal(decision.cancellation.step, 'cancel');
      decision = decideAfterCancel(decision.cancellation, TIMEOUT, decision.dueMs);
    }
    assert.deepEqual([summarize(decision), posts], ['ERROR', 6]);
  });
});

describe('a cancel that a service does not serve', () => {
  for (const [title, answer] of [
    ['404', status(404, 'NOT_FOUND')],
    ['"Method not found."', METHOD_NOT_FOUND],
    ['a page with 404', HTML_404],
  ] as const) {
    it(`a POST that is answered with ${title} is sent once more while the operation runs, and then is an ERROR that says so`, () => {
      const { calls, outcome, detail } = play({ post: () => answer, get: () => RUNNING });
      assert.deepEqual(calls, ['POST 0', 'GET 0', 'POST 5', 'GET 5']);
      assert.equal(outcome, 'ERROR');
      assert.match(detail, /^The service does not serve the cancel of this operation\. .*HTTP 404.* running/);
    });

    it(`a POST that is answered with ${title} is NOT_FOUND where a GET confirms it`, () => {
      const { calls, outcome } = play({ post: () => answer, get: () => status(404, 'NOT_FOUND') });
      assert.deepEqual([calls, outcome], [['POST 0', 'GET 0'], 'NOT_FOUND']);
    });
  }

  it('404 is NOT_FOUND at once where the service has no GET', () => {
    const operation = NO_GET;
    assert.equal(
      summarize(decideAfterCancel(aCancellation({ operation }), status(404, 'NOT_FOUND'))),
      'NOT_FOUND',
    );
  });

  for (const [title, seen, outcome, words] of [
    ['is running', RUNNING, 'UNSUPPORTED', /The last GET showed the operation running/],
    ['has finished', DONE_SUCCEEDED, 'UNSUPPORTED', /is done already: a GET showed that it finished/],
    ['has failed', DONE_FAILED, 'UNSUPPORTED', /is done already: a GET showed that it failed: broke/],
    ['was cancelled', DONE_CANCELLED, 'CANCELLED', /had been cancelled already/],
    ['is gone', status(404, 'NOT_FOUND'), 'UNSUPPORTED', /A GET found no such operation/],
    ['cannot be read', status(500, 'INTERNAL'), 'UNSUPPORTED', /The last GET did not show the operation/],
    ['may not be read', status(403, 'PERMISSION_DENIED'), 'UNSUPPORTED', /PERMISSION_DENIED/],
    ['has no GET', status(501, 'UNIMPLEMENTED'), 'UNSUPPORTED', /offers no GET/],
  ] as const) {
    it(`UNIMPLEMENTED of an operation that ${title} is ${outcome} after one GET, and says so`, () => {
      const played = play({ post: () => status(501, 'UNIMPLEMENTED'), get: () => seen });
      assert.deepEqual([played.calls, played.outcome], [['POST 0', 'GET 0'], outcome]);
      assert.match(played.detail, words);
    });
  }

  it('the operation of an UNSUPPORTED cancel that has failed is reported with its error', () => {
    const { operationError } = play({ post: () => status(501, 'UNIMPLEMENTED'), get: () => DONE_FAILED });
    assert.deepEqual(operationError, { code: 9, message: 'broke' });
  });
});

describe('a cancel that is throttled beyond the deadline', () => {
  const throttled = decideAfterCancel(
    aCancellation(),
    status(429, 'RESOURCE_EXHAUSTED', [], '3600'),
  ).cancellation;

  for (const [title, seen, expected] of [
    ['runs', RUNNING, 'ERROR'],
    ['was cancelled', DONE_CANCELLED, 'CANCELLED'],
    ['shows a cancel under way', REQUESTED, 'confirm in 5 s'],
    ['cannot be read', status(500, 'INTERNAL'), 'confirm in 5 s'],
  ] as const) {
    it(`an operation that ${title} leads to ${expected}`, () => {
      assert.equal(summarize(decideAfterGet(throttled, seen)), expected);
    });
  }

  it('the detail says when the service would take the cancel, and what the GET showed', () => {
    const decision = decideAfterGet(throttled, RUNNING);
    assert.ok(decision.kind === 'finish');
    assert.match(
      decision.verdict.detail,
      /^Gave up after 1 attempt; the service asks to wait until 2026-11-20T13:00:00.000Z\. .*429.* running/,
    );
  });

  it('a quota that does not refill soon is asked for again at the longest interval', () => {
    assert.equal(summarize(decideAfterCancel(aCancellation(), QUOTA)), 'cancel in 300 s');
  });
});
