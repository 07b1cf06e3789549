import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { meaningOf } from '../../src/core/answer.ts';
import { afterCancel, afterLook, nextStep } from '../../src/core/decision.ts';
import type { Answer } from '../../src/core/answer.ts';
import {
  answered,
  aPursuit,
  DONE_CANCELLED,
  DONE_SUCCEEDED,
  NOON_MS,
  OK,
  RUNNING,
  status,
} from '../fakes.ts';
import {
  cancelled,
  looked,
  short,
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
} from './decisions.ts';

describe('the first step', () => {
  for (const [title, pursuit, expected] of [
    ['a cancel', aPursuit(), 'cancel'],
    ['a dry run', PREVIEW, 'look'],
    ['a confirmation', ACCEPTED, 'look'],
    ['a confirmation without GET', { ...ACCEPTED, operation: NO_GET }, 'UNCONFIRMED'],
    ['a dry run without GET', { ...PREVIEW, operation: NO_GET }, 'DRY_RUN'],
  ] as const) {
    it(`${title}: ${expected}`, () => assert.equal(short(nextStep(pursuit)), expected));
  }
});

describe('after the POST', () => {
  for (const [title, answer, expected] of [
    ['200', OK, 'confirm in 5 s'],
    ['429', status(429, 'RESOURCE_EXHAUSTED'), 'cancel in 5 s'],
    ['429 with Retry-After: 60', status(429, 'RESOURCE_EXHAUSTED', [], '60'), 'cancel in 60 s'],
    ['429 of a quota that does not refill soon', QUOTA, 'cancel in 300 s'],
    ['429 with Retry-After beyond the deadline', status(429, 'RESOURCE_EXHAUSTED', [], '900'), 'ERROR'],
    ['503', status(503, 'UNAVAILABLE'), 'cancel in 5 s'],
    ['no connection', NOT_SENT, 'cancel in 5 s'],
    ['400 FAILED_PRECONDITION', PRECONDITION, 'look'],
    ['400 otherwise', status(400, 'INVALID_ARGUMENT'), 'ERROR'],
    ['401', status(401, 'UNAUTHENTICATED'), 'DENIED'],
    ['403', status(403, 'PERMISSION_DENIED'), 'DENIED'],
    ['404', status(404, 'NOT_FOUND'), 'NOT_FOUND'],
    ['501', status(501, 'UNIMPLEMENTED'), 'UNSUPPORTED'],
    ['500', status(500, 'INTERNAL'), 'ERROR'],
    ['no answer', TIMEOUT, 'look'],
    ['HTML instead of JSON', HTML, 'look'],
    ['an HTML page with 404: no such method', HTML_404, 'ERROR'],
    ['a redirect', answered(302), 'ERROR'],
  ] as const satisfies [string, Answer, string][]) {
    it(`${title}: ${expected}`, () => assert.equal(short(cancelled(aPursuit(), answer)), expected));
  }

  it('accepted, by a service without GET: UNCONFIRMED at once', () => {
    assert.equal(short(cancelled(aPursuit({ operation: NO_GET }), OK)), 'UNCONFIRMED');
  });

  it('counts the tries of all deliveries', () => {
    const { pursuit } = afterCancel(
      aPursuit({ cancel: { attempts: 4 } }),
      meaningOf(OK, NOON_MS),
      3,
      NOON_MS,
    );
    assert.deepEqual(pursuit.cancel, { attempts: 7, acceptedAt: '2026-11-20T12:00:00.000Z' });
  });

  it('at the deadline still throttled: ERROR with the last answer', () => {
    const pursuit = aPursuit();
    const decision = cancelled(pursuit, status(503, 'UNAVAILABLE'), pursuit.deadlineMs);
    assert.ok(decision.kind === 'finish');
    assert.equal(decision.verdict.outcome, 'ERROR');
    assert.equal(decision.verdict.error?.httpStatus, 503);
  });

  it('throttled shortly before the deadline: one more try, at the deadline and not after it', () => {
    const pursuit = aPursuit();
    assert.equal(
      short(
        cancelled(pursuit, status(503, 'UNAVAILABLE'), pursuit.deadlineMs - 2_000),
        pursuit.deadlineMs - 2_000,
      ),
      'cancel in 2 s',
    );
  });

  it('waits longer with every later delivery', () => {
    const delays = [0, 1, 2].map((attempt) =>
      short(cancelled(aPursuit({ attempt }), status(503, 'UNAVAILABLE'))),
    );
    assert.deepEqual(delays, ['cancel in 5 s', 'cancel in 10 s', 'cancel in 20 s']);
  });
});

describe('a call that was postponed', () => {
  const error = { type: 'HttpError', httpStatus: 429, message: 'too many' } as const;
  const postponed = { kind: 'postponed', waitMs: 42_000, error } as const;

  it('is made when its turn comes, whatever the delay of the step, and is not counted', () => {
    const decision = afterCancel(aPursuit({ attempt: 5 }), postponed, 0, NOON_MS);
    assert.equal(short(decision), 'cancel in 42 s');
    assert.deepEqual([decision.pursuit.attempt, decision.pursuit.cancel], [6, { attempts: 0 }]);
  });

  it('takes nothing of the time between two tries, or two looks', () => {
    let { pursuit } = afterCancel(aPursuit(), postponed, 0, NOON_MS);
    for (let count = 0; count < 6; count += 1) ({ pursuit } = afterCancel(pursuit, postponed, 0, NOON_MS));
    assert.equal(short(cancelled(pursuit, status(429, 'RESOURCE_EXHAUSTED'))), 'cancel in 5 s');
    const accepted = cancelled(pursuit, OK);
    assert.equal(short(accepted), 'confirm in 5 s');
    const looking = afterLook(afterLook(accepted.pursuit, postponed, NOON_MS).pursuit, postponed, NOON_MS);
    assert.equal(short(looked(looking.pursuit, RUNNING)), 'confirm in 10 s');
  });

  it('makes no re-check come sooner than the first, however many somebody says there were', () => {
    const forged = { ...ACCEPTED, attempt: 0, postponements: 1_000_000 };
    assert.equal(short(looked(forged, RUNNING)), 'confirm in 5 s');
  });

  it('counts the tries that were made before it', () => {
    assert.equal(afterCancel(aPursuit(), postponed, 2, NOON_MS).pursuit.cancel.attempts, 2);
  });

  it('is no check either', () => {
    const decision = afterLook(ACCEPTED, postponed, NOON_MS);
    assert.equal(short(decision), 'confirm in 42 s');
    assert.deepEqual(decision.pursuit, { ...ACCEPTED, attempt: ACCEPTED.attempt + 1, postponements: 1 });
  });
});

describe('after the GET', () => {
  for (const [title, answer, confirming, previewing] of [
    ['cancelled', DONE_CANCELLED, 'CANCELLED', 'DRY_RUN'],
    ['succeeded', DONE_SUCCEEDED, 'SUCCEEDED', 'DRY_RUN'],
    ['failed', DONE_FAILED, 'FAILED', 'DRY_RUN'],
    ['running', RUNNING, 'confirm in 10 s', 'DRY_RUN'],
    ['404', status(404, 'NOT_FOUND'), 'NOT_FOUND', 'NOT_FOUND'],
    ['403', status(403, 'PERMISSION_DENIED'), 'DENIED', 'DENIED'],
    ['501', status(501, 'UNIMPLEMENTED'), 'UNCONFIRMED', 'DRY_RUN'],
    ['an HTML page with 404: no such method', HTML_404, 'UNCONFIRMED', 'DRY_RUN'],
    ['400', status(400, 'INVALID_ARGUMENT'), 'ERROR', 'ERROR'],
    ['429', status(429, 'RESOURCE_EXHAUSTED'), 'confirm in 10 s', 'preview in 5 s'],
    ['503 with Retry-After: 60', status(503, 'UNAVAILABLE', [], '60'), 'confirm in 60 s', 'preview in 60 s'],
    ['500', status(500, 'INTERNAL'), 'confirm in 10 s', 'preview in 5 s'],
    ['no connection', NOT_SENT, 'confirm in 10 s', 'preview in 5 s'],
    ['no answer', TIMEOUT, 'confirm in 10 s', 'preview in 5 s'],
    ['HTML instead of JSON', HTML, 'confirm in 10 s', 'preview in 5 s'],
    ['JSON that is no Operation', answered(200, []), 'confirm in 10 s', 'preview in 5 s'],
  ] as const satisfies [string, Answer, string, string][]) {
    it(`${title}: ${confirming}; in a dry run: ${previewing}`, () => {
      assert.equal(short(looked(ACCEPTED, answer)), confirming);
      assert.equal(short(looked(PREVIEW, answer)), previewing);
    });
  }

  it('running at the deadline: UNCONFIRMED', () => {
    assert.equal(short(looked(ACCEPTED, RUNNING, ACCEPTED.deadlineMs)), 'UNCONFIRMED');
  });

  it('unreachable at the deadline: UNCONFIRMED with the error; a dry run: ERROR', () => {
    const decision = looked(ACCEPTED, status(500, 'INTERNAL'), ACCEPTED.deadlineMs);
    assert.ok(decision.kind === 'finish');
    assert.deepEqual([decision.verdict.outcome, decision.verdict.error?.httpStatus], ['UNCONFIRMED', 500]);
    assert.equal(short(looked(PREVIEW, TIMEOUT, PREVIEW.deadlineMs)), 'ERROR');
  });

  it('vanished after the cancel: NOT_FOUND that still tells when the cancel was accepted', () => {
    const decision = looked(ACCEPTED, status(404, 'NOT_FOUND'));
    assert.ok(decision.kind === 'finish');
    assert.equal(decision.pursuit.cancel.acceptedAt, '2026-11-20T12:00:00.000Z');
    assert.match(decision.verdict.detail, /The cancel had been accepted at 2026-11-20T12:00:00.000Z/);
  });

  it('doubles the delay from check to check, and never passes the deadline', () => {
    const delays: number[] = [];
    let nowMs = NOON_MS;
    let decision = cancelled(aPursuit(), OK);
    while (decision.kind === 'recheck') {
      delays.push((decision.dueMs - nowMs) / 1_000);
      nowMs = decision.dueMs;
      decision = looked(decision.pursuit, RUNNING, nowMs);
    }
    assert.deepEqual(delays, [5, 10, 20, 40, 80, 160, 300, 285]);
    assert.equal(nowMs, aPursuit().deadlineMs);
    assert.equal(short(decision), 'UNCONFIRMED');
  });
});

describe('CANCELLED', () => {
  const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
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

  it('is only ever said right after a GET that showed it, whatever services answer', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { minLength: 1, maxLength: 12 }), fc.boolean(), (answers, dryRun) => {
        let decision = nextStep(aPursuit({ step: dryRun ? 'preview' : 'cancel' }));
        let nowMs = NOON_MS;
        for (const answer of answers) {
          if (decision.kind === 'finish') break;
          if (decision.kind === 'recheck') {
            nowMs = decision.dueMs;
            decision = nextStep(decision.pursuit);
          }
          if (decision.kind === 'cancel') decision = cancelled(decision.pursuit, answer, nowMs);
          else if (decision.kind === 'look') {
            decision = looked(decision.pursuit, answer, nowMs);
            if (short(decision) === 'CANCELLED') {
              const body = (answer as { json: { done: unknown; error: { code: unknown } } }).json;
              assert.ok(body.done === true && body.error.code === 1 && !dryRun);
            }
            continue;
          }
          assert.notEqual(short(decision), 'CANCELLED');
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
