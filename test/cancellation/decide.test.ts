import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { classify } from '../../src/resources/response.ts';
import { afterCancel, afterGet, nextStep } from '../../src/cancellation/decide.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import {
  answered,
  aCancellation,
  DONE_CANCELLED,
  DONE_SUCCEEDED,
  NOON_MS,
  OK,
  RUNNING,
  status,
} from '../support/fakes.ts';
import {
  at,
  decideAfterCancel,
  decideAfterGet,
  summarize,
  ACCEPTED,
  PREVIEW,
  NO_GET,
  DONE_FAILED,
  REQUESTED,
  PRECONDITION,
  QUOTA,
  TIMEOUT,
  NOT_SENT,
  HTML_404,
  HTML,
  page,
  play,
  RATE_LIMIT,
} from './decisions.ts';

describe('the first step', () => {
  for (const [title, cancellation, expected] of [
    ['a cancel', aCancellation(), 'cancel'],
    ['a dry run', PREVIEW, 'get'],
    ['a confirmation', ACCEPTED, 'get'],
    ['a confirmation without GET', { ...ACCEPTED, operation: NO_GET }, 'UNCONFIRMED'],
    ['a dry run without GET', { ...PREVIEW, operation: NO_GET }, 'DRY_RUN'],
  ] as const) {
    it(`the first decision for ${title} is ${expected}`, () =>
      assert.equal(summarize(nextStep(cancellation, at(NOON_MS))), expected));
  }
});

describe('the decision after the POST', () => {
  for (const [title, answer, expected] of [
    ['200', OK, 'confirm in 5 s'],
    ['429', status(429, 'RESOURCE_EXHAUSTED'), 'cancel in 5 s'],
    ['429 with Retry-After: 60', status(429, 'RESOURCE_EXHAUSTED', [], '60'), 'cancel in 60 s'],
    ['429 of a quota that does not refill soon', QUOTA, 'cancel in 300 s'],
    ['429 with Retry-After beyond the deadline', status(429, 'RESOURCE_EXHAUSTED', [], '900'), 'get'],
    ['503', status(503, 'UNAVAILABLE'), 'cancel in 5 s'],
    ['no connection', NOT_SENT, 'cancel in 5 s'],
    ['400 FAILED_PRECONDITION', PRECONDITION, 'get'],
    ['400 INVALID_ARGUMENT', status(400, 'INVALID_ARGUMENT'), 'get'],
    ['409', status(409, 'ABORTED'), 'get'],
    ['a page of a proxy with 408', page(408), 'get'],
    ['a page of a proxy with 425', page(425), 'get'],
    ['a page of a proxy with 499', page(499), 'get'],
    ['401', status(401, 'UNAUTHENTICATED'), 'DENIED'],
    ['403', status(403, 'PERMISSION_DENIED'), 'DENIED'],
    ['403 for a rate', status(403, 'PERMISSION_DENIED', [RATE_LIMIT]), 'cancel in 5 s'],
    ['404', status(404, 'NOT_FOUND'), 'get'],
    ['501', status(501, 'UNIMPLEMENTED'), 'get'],
    ['500', status(500, 'INTERNAL'), 'get'],
    ['504', status(504, 'DEADLINE_EXCEEDED'), 'get'],
    ['no answer', TIMEOUT, 'get'],
    ['HTML instead of JSON', HTML, 'get'],
    ['an HTML page with 404 (no such method)', HTML_404, 'get'],
    ['a redirect', answered(302), 'get'],
  ] as const satisfies [string, ServiceResponse, string][]) {
    it(`a POST that ends in ${title} leads to ${expected}`, () =>
      assert.equal(summarize(decideAfterCancel(aCancellation(), answer)), expected));
  }

  it('a cancel accepted by a service without GET is UNCONFIRMED at once', () => {
    assert.equal(summarize(decideAfterCancel(aCancellation({ operation: NO_GET }), OK)), 'UNCONFIRMED');
  });

  it('the number of attempts counts those of all deliveries', () => {
    const { cancellation } = afterCancel(
      aCancellation({ cancel: { attempts: 4 } }),
      classify(OK, NOON_MS),
      3,
      at(NOON_MS),
    );
    assert.deepEqual(cancellation.cancel, { attempts: 7, acceptedAt: '2026-11-20T12:00:00.000Z' });
  });

  it('a cancel that is still throttled at the deadline ends in ERROR with the last response, after one GET', () => {
    const { deadlineMs } = aCancellation();
    const throttled = decideAfterCancel(aCancellation(), status(503, 'UNAVAILABLE'), deadlineMs);
    assert.equal(summarize(throttled), 'get');
    const decision = decideAfterGet(throttled.cancellation, RUNNING, deadlineMs);
    assert.ok(decision.kind === 'finish');
    assert.equal(decision.verdict.outcome, 'ERROR');
    assert.equal(decision.verdict.error?.httpStatus, 503);
  });

  it('a cancel that is throttled shortly before the deadline is tried once more, at the deadline and not after it', () => {
    const cancellation = aCancellation();
    assert.equal(
      summarize(
        decideAfterCancel(cancellation, status(503, 'UNAVAILABLE'), cancellation.deadlineMs - 2_000),
        cancellation.deadlineMs - 2_000,
      ),
      'cancel in 2 s',
    );
  });

  it('the delay before the next attempt doubles with every delivery', () => {
    const delays = [0, 1, 2].map((attempt) =>
      summarize(decideAfterCancel(aCancellation({ delays: attempt }), status(503, 'UNAVAILABLE'))),
    );
    assert.deepEqual(delays, ['cancel in 5 s', 'cancel in 10 s', 'cancel in 20 s']);
  });
});

describe('the delay of the first re-check', () => {
  it('the re-checks of an accepted cancel begin with the delay of the setting, and double it', () => {
    let { cancellation } = decideAfterCancel(aCancellation(), OK, NOON_MS, 2_000);
    const summaries = ['first', 'second', 'third'].map(() => {
      const decision = decideAfterGet(cancellation, RUNNING, NOON_MS, 2_000);
      ({ cancellation } = decision);
      return summarize(decision);
    });
    assert.equal(summarize(decideAfterCancel(aCancellation(), OK, NOON_MS, 2_000)), 'confirm in 2 s');
    assert.deepEqual(summaries, ['confirm in 4 s', 'confirm in 8 s', 'confirm in 16 s']);
  });

  it('a dry run whose GET failed is looked at again after the delay of the setting', () => {
    const decision = decideAfterGet(PREVIEW, status(503, 'UNAVAILABLE'), NOON_MS, 60_000);
    assert.equal(summarize(decision), 'preview in 60 s');
  });

  it('a first re-check that would be after the deadline is due at the deadline', () => {
    const cancellation = aCancellation({ deadlineMs: NOON_MS + 7_000 });
    assert.equal(summarize(decideAfterCancel(cancellation, OK, NOON_MS, 300_000)), 'confirm in 7 s');
  });

  for (const firstRecheckMs of [1_000, 300_000]) {
    it(`a POST that is sent again waits 5 s, 10 s, … also where the first re-check is after ${firstRecheckMs} ms`, () => {
      const throttled = [0, 1].map((delays) =>
        summarize(
          decideAfterCancel(
            aCancellation({ delays }),
            status(429, 'RESOURCE_EXHAUSTED'),
            NOON_MS,
            firstRecheckMs,
          ),
        ),
      );
      assert.deepEqual(throttled, ['cancel in 5 s', 'cancel in 10 s']);
      const { calls } = play({ post: () => PRECONDITION, get: () => RUNNING }, firstRecheckMs);
      const posts = calls.filter((call) => call.startsWith('POST'));
      assert.deepEqual(posts, ['POST 0', 'POST 5', 'POST 15', 'POST 35', 'POST 75', 'POST 155']);
    });
  }
});

describe('a postponed call', () => {
  const error = { type: 'HttpError', httpStatus: 429, message: 'too many' } as const;
  const postponed = { kind: 'postponed', waitMs: 42_000, error } as const;

  it('a postponed call is due after the wait of the rate limiter, not the delay of its step, and does not count as an attempt', () => {
    const decision = afterCancel(aCancellation({ attempt: 5 }), postponed, 0, at(NOON_MS));
    assert.equal(summarize(decision), 'cancel in 42 s');
    assert.deepEqual([decision.cancellation.attempt, decision.cancellation.cancel], [6, { attempts: 0 }]);
  });

  it('postponed calls do not lengthen the delay between two attempts or two re-checks', () => {
    let { cancellation } = afterCancel(aCancellation(), postponed, 0, at(NOON_MS));
    for (let count = 0; count < 6; count += 1)
      ({ cancellation } = afterCancel(cancellation, postponed, 0, at(NOON_MS)));
    assert.equal(
      summarize(decideAfterCancel(cancellation, status(429, 'RESOURCE_EXHAUSTED'))),
      'cancel in 5 s',
    );
    const accepted = decideAfterCancel(cancellation, OK);
    assert.equal(summarize(accepted), 'confirm in 5 s');
    const postponedTwice = afterGet(
      afterGet(accepted.cancellation, postponed, at(NOON_MS)).cancellation,
      postponed,
      at(NOON_MS),
    );
    assert.equal(summarize(decideAfterGet(postponedTwice.cancellation, RUNNING)), 'confirm in 10 s');
  });

  for (const [firstRecheckMs, expected] of [
    [5_000, 'confirm in 5 s'],
    [40_000, 'confirm in 40 s'],
  ] as const) {
    it(`a forged number of postponements does not make a re-check due before the first delay, ${firstRecheckMs} ms`, () => {
      const forged = { ...ACCEPTED, attempt: 0, delays: 0, postponements: 1_000_000 };
      assert.equal(summarize(decideAfterGet(forged, RUNNING, NOON_MS, firstRecheckMs)), expected);
    });
  }

  it('a postponed call keeps the count of the attempts before it', () => {
    assert.equal(afterCancel(aCancellation(), postponed, 2, at(NOON_MS)).cancellation.cancel.attempts, 2);
  });

  it('a postponed GET does not count as a check', () => {
    const decision = afterGet(ACCEPTED, postponed, at(NOON_MS));
    assert.equal(summarize(decision), 'confirm in 42 s');
    assert.deepEqual(decision.cancellation, { ...ACCEPTED, attempt: ACCEPTED.attempt + 1, postponements: 1 });
  });
});

describe('the decision after the GET', () => {
  for (const [title, answer, confirming, previewing] of [
    ['a cancelled operation', DONE_CANCELLED, 'CANCELLED', 'DRY_RUN'],
    ['a succeeded operation', DONE_SUCCEEDED, 'SUCCEEDED', 'DRY_RUN'],
    ['a failed operation', DONE_FAILED, 'FAILED', 'DRY_RUN'],
    ['a running operation', RUNNING, 'confirm in 10 s', 'DRY_RUN'],
    ['404', status(404, 'NOT_FOUND'), 'NOT_FOUND', 'NOT_FOUND'],
    ['403', status(403, 'PERMISSION_DENIED'), 'DENIED', 'DENIED'],
    ['501', status(501, 'UNIMPLEMENTED'), 'UNCONFIRMED', 'DRY_RUN'],
    ['an HTML page with 404 (no such method)', HTML_404, 'confirm in 10 s', 'preview in 5 s'],
    ['400', status(400, 'INVALID_ARGUMENT'), 'confirm in 10 s', 'preview in 5 s'],
    ['400 FAILED_PRECONDITION', PRECONDITION, 'confirm in 10 s', 'preview in 5 s'],
    ['409', status(409, 'ABORTED'), 'confirm in 10 s', 'preview in 5 s'],
    ['a redirect', answered(302), 'confirm in 10 s', 'preview in 5 s'],
    ['403 for a rate', status(403, 'PERMISSION_DENIED', [RATE_LIMIT]), 'confirm in 10 s', 'preview in 5 s'],
    ['429', status(429, 'RESOURCE_EXHAUSTED'), 'confirm in 10 s', 'preview in 5 s'],
    ['503 with Retry-After: 60', status(503, 'UNAVAILABLE', [], '60'), 'confirm in 60 s', 'preview in 60 s'],
    ['500', status(500, 'INTERNAL'), 'confirm in 10 s', 'preview in 5 s'],
    ['no connection', NOT_SENT, 'confirm in 10 s', 'preview in 5 s'],
    ['no answer', TIMEOUT, 'confirm in 10 s', 'preview in 5 s'],
    ['HTML instead of JSON', HTML, 'confirm in 10 s', 'preview in 5 s'],
    ['JSON that is not an Operation', answered(200, []), 'confirm in 10 s', 'preview in 5 s'],
  ] as const satisfies [string, ServiceResponse, string, string][]) {
    it(`a GET that ends in ${title} leads to ${confirming}, and in a dry run to ${previewing}`, () => {
      assert.equal(summarize(decideAfterGet(ACCEPTED, answer)), confirming);
      assert.equal(summarize(decideAfterGet(PREVIEW, answer)), previewing);
    });
  }

  it('a dry run shows the facts by which a person decides, as far as the service states them', () => {
    const metadata = {
      '@type': 'type.googleapis.com/google.cloud.notebooks.v2.OperationMetadata',
      createTime: '2026-11-19T08:00:00Z',
      target: 'projects/my-project/locations/us-central1/instances/i1',
      verb: 'create',
    };
    const decision = decideAfterGet(PREVIEW, answered(200, { name: 'o', metadata }));
    assert.ok(decision.kind === 'finish');
    assert.deepEqual(decision.verdict.description, {
      type: 'OperationMetadata',
      verb: 'create',
      target: 'projects/my-project/locations/us-central1/instances/i1',
      createTime: '2026-11-19T08:00:00.000Z',
    });
    assert.equal(
      decision.verdict.detail,
      'Would have cancelled the operation (OperationMetadata, verb create, target ' +
        'projects/my-project/locations/us-central1/instances/i1, since 2026-11-19T08:00:00.000Z, project ' +
        'my-project), which is running.',
    );
    const bare = decideAfterGet(PREVIEW, RUNNING);
    assert.ok(bare.kind === 'finish');
    assert.equal(
      bare.verdict.detail,
      'Would have cancelled the operation (project my-project), which is running.',
    );
  });

  it('an operation that still runs at the deadline is UNCONFIRMED', () => {
    assert.equal(summarize(decideAfterGet(ACCEPTED, RUNNING, ACCEPTED.deadlineMs)), 'UNCONFIRMED');
  });

  it('an operation that cannot be read at the deadline is UNCONFIRMED with the error, and in a dry run an ERROR', () => {
    const decision = decideAfterGet(ACCEPTED, status(500, 'INTERNAL'), ACCEPTED.deadlineMs);
    assert.ok(decision.kind === 'finish');
    assert.deepEqual([decision.verdict.outcome, decision.verdict.error?.httpStatus], ['UNCONFIRMED', 500]);
    assert.equal(summarize(decideAfterGet(PREVIEW, TIMEOUT, PREVIEW.deadlineMs)), 'ERROR');
  });

  it('an operation that vanished after the cancel is NOT_FOUND, and the detail has the time at which the cancel was accepted', () => {
    const decision = decideAfterGet(ACCEPTED, status(404, 'NOT_FOUND'));
    assert.ok(decision.kind === 'finish');
    assert.equal(decision.cancellation.cancel.acceptedAt, '2026-11-20T12:00:00.000Z');
    assert.match(decision.verdict.detail, /The cancel had been accepted at 2026-11-20T12:00:00.000Z/);
  });

  it('the delay between two re-checks doubles, and the last re-check is due at the deadline', () => {
    const delays: number[] = [];
    let nowMs = NOON_MS;
    let decision = decideAfterCancel(aCancellation(), OK);
    while (decision.kind === 'recheck') {
      delays.push((decision.dueMs - nowMs) / 1_000);
      nowMs = decision.dueMs;
      decision = decideAfterGet(decision.cancellation, RUNNING, nowMs);
    }
    assert.deepEqual(delays, [5, 10, 20, 40, 80, 160, 300, 285]);
    assert.equal(nowMs, aCancellation().deadlineMs);
    assert.equal(summarize(decision), 'UNCONFIRMED');
  });
});

describe('the outcome CANCELLED', () => {
  const anyAnswer: fc.Arbitrary<ServiceResponse> = fc.oneof(
    fc.constantFrom(
      OK,
      RUNNING,
      DONE_CANCELLED,
      DONE_SUCCEEDED,
      DONE_FAILED,
      REQUESTED,
      TIMEOUT,
      NOT_SENT,
      HTML,
    ),
    fc.record({
      kind: fc.constant('answered' as const),
      httpStatus: fc.integer({ min: 100, max: 599 }),
      json: fc.jsonValue(),
    }),
  );

  it('the outcome CANCELLED only follows a GET that showed it, whatever the services answer', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { minLength: 1, maxLength: 12 }), fc.boolean(), (answers, dryRun) => {
        let decision = nextStep(aCancellation({ step: dryRun ? 'preview' : 'cancel' }), at(NOON_MS));
        let nowMs = NOON_MS;
        for (const answer of answers) {
          if (decision.kind === 'finish') break;
          if (decision.kind === 'recheck') {
            nowMs = decision.dueMs;
            decision = nextStep(decision.cancellation, at(nowMs));
          }
          if (decision.kind === 'cancel') decision = decideAfterCancel(decision.cancellation, answer, nowMs);
          else if (decision.kind === 'get') {
            decision = decideAfterGet(decision.cancellation, answer, nowMs);
            if (summarize(decision) === 'CANCELLED') {
              const body = (answer as { json: { done: unknown; error: { code: unknown } } }).json;
              assert.ok(body.done === true && body.error.code === 1 && !dryRun);
            }
            continue;
          }
          assert.notEqual(summarize(decision), 'CANCELLED');
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
