import { meaningOf } from '../../src/core/answer.ts';
import type { Answer } from '../../src/core/answer.ts';
import { afterCancel, afterLook } from '../../src/core/decision.ts';
import type { Decision } from '../../src/core/decision.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { Pursuit } from '../../src/core/pursuit.ts';
import { anOperation, answered, aPursuit, NOON_MS, status } from '../fakes.ts';

/** Decisions in short, and the answers they are made of. */

export const cancelled = (pursuit: Pursuit, answer: Answer, nowMs = NOON_MS) =>
  afterCancel(pursuit, meaningOf(answer, nowMs), 1, nowMs);
export const looked = (pursuit: Pursuit, answer: Answer, nowMs = NOON_MS) =>
  afterLook(pursuit, meaningOf(answer, nowMs), nowMs);

/** A decision in a word: `CANCELLED`, or `confirm in 5 s`. */
export const short = (decision: Decision, nowMs = NOON_MS): string => {
  switch (decision.kind) {
    case 'finish':
      return decision.verdict.outcome;
    case 'recheck':
      return `${decision.pursuit.step} in ${(decision.dueMs - nowMs) / 1_000} s`;
    case 'cancel':
    case 'look':
      return decision.kind;
  }
};

export const ACCEPTED = aPursuit({
  step: 'confirm',
  attempt: 1,
  cancel: { attempts: 1, acceptedAt: '2026-11-20T12:00:00.000Z' },
});
export const PREVIEW = aPursuit({ step: 'preview' });
export const NO_GET: Operation = Object.fromEntries(
  Object.entries(anOperation()).filter(([field]) => field !== 'get'),
) as unknown as Operation;
export const DONE_FAILED = answered(200, { name: 'o', done: true, error: { code: 9, message: 'broke' } });
export const REQUESTED = answered(200, { name: 'o', metadata: { requestedCancellation: true } });
export const PRECONDITION = status(400, 'FAILED_PRECONDITION');
export const QUOTA = status(429, 'RESOURCE_EXHAUSTED', [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' },
]);
export const TIMEOUT: Answer = { kind: 'no-answer', timedOut: true, problem: 'no answer within 10 s' };
export const NOT_SENT: Answer = { kind: 'not-sent', problem: 'ECONNREFUSED' };
export const HTML_404: Answer = { kind: 'answered', httpStatus: 404, bodyProblem: 'not JSON' };
export const HTML: Answer = { kind: 'answered', httpStatus: 200, bodyProblem: 'not JSON' };
