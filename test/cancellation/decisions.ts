import { classify } from '../../src/resources/response.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { afterCancel, afterGet, nextStep } from '../../src/cancellation/decide.ts';
import type { Decision, Timing } from '../../src/cancellation/decision.ts';
import type { Resource } from '../../src/resources/resource.ts';
import type { Cancellation } from '../../src/cancellation/cancellation.ts';
import { anOperation, answered, aCancellation, NOON_MS, status } from '../support/fakes.ts';

/** Summaries of decisions, and the responses that they are made of. */

/** The time of a decision, with the default of FIRST_RECHECK_AFTER. */
export const at = (nowMs: number, firstRecheckMs = 5_000): Timing => ({ nowMs, firstRecheckMs });

export const decideAfterCancel = (
  cancellation: Cancellation,
  answer: ServiceResponse,
  nowMs = NOON_MS,
  firstRecheckMs?: number,
) => afterCancel(cancellation, classify(answer, nowMs), 1, at(nowMs, firstRecheckMs));
export const decideAfterGet = (
  cancellation: Cancellation,
  answer: ServiceResponse,
  nowMs = NOON_MS,
  firstRecheckMs?: number,
) => afterGet(cancellation, classify(answer, nowMs), at(nowMs, firstRecheckMs));

/** A short text for a decision: `CANCELLED`, or `confirm in 5 s`. */
export const summarize = (decision: Decision, nowMs = NOON_MS): string => {
  switch (decision.kind) {
    case 'finish':
      return decision.verdict.outcome;
    case 'recheck':
      return `${decision.cancellation.step} in ${(decision.dueMs - nowMs) / 1_000} s`;
    case 'cancel':
    case 'get':
      return decision.kind;
  }
};

export const ACCEPTED = aCancellation({
  step: 'confirm',
  attempt: 1,
  delays: 1,
  cancel: { attempts: 1, acceptedAt: '2026-11-20T12:00:00.000Z' },
});
export const PREVIEW = aCancellation({ step: 'preview' });
export const NO_GET: Resource = anOperation({ calls: { cancel: anOperation().calls.cancel } });
export const DONE_FAILED = answered(200, { name: 'o', done: true, error: { code: 9, message: 'broke' } });
export const REQUESTED = answered(200, { name: 'o', metadata: { requestedCancellation: true } });
export const PRECONDITION = status(400, 'FAILED_PRECONDITION');
export const QUOTA = status(429, 'RESOURCE_EXHAUSTED', [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_QUOTA_EXCEEDED' },
]);
export const TIMEOUT: ServiceResponse = {
  kind: 'no-answer',
  timedOut: true,
  problem: 'no answer within 10 s',
};
export const NOT_SENT: ServiceResponse = { kind: 'not-sent', problem: 'ECONNREFUSED' };
/** A page that a front end or a proxy answers in place of the service. */
export const page = (httpStatus: number): ServiceResponse => ({
  kind: 'answered',
  httpStatus,
  bodyProblem: 'the body is not JSON (text/html)',
});
export const RATE_LIMIT = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'RATE_LIMIT_EXCEEDED',
};
export const HTML_404 = page(404);
export const HTML = page(200);

/** The calls of a cancellation and its result, with the seconds at which each was made. */
export function play(
  answers: {
    post: (index: number) => ServiceResponse;
    get: (index: number) => ServiceResponse;
  },
  firstRecheckMs?: number,
) {
  const calls: string[] = [];
  const made = { cancel: 0, get: 0 };
  let nowMs = NOON_MS;
  let decision: Decision = nextStep(aCancellation(), at(nowMs));
  while (decision.kind !== 'finish') {
    switch (decision.kind) {
      case 'cancel':
        calls.push(`POST ${(nowMs - NOON_MS) / 1_000}`);
        decision = decideAfterCancel(
          decision.cancellation,
          answers.post(made.cancel++),
          nowMs,
          firstRecheckMs,
        );
        break;
      case 'get':
        calls.push(`GET ${(nowMs - NOON_MS) / 1_000}`);
        decision = decideAfterGet(decision.cancellation, answers.get(made.get++), nowMs, firstRecheckMs);
        break;
      case 'recheck':
        nowMs = decision.dueMs;
        decision = nextStep(decision.cancellation, at(nowMs, firstRecheckMs));
    }
  }
  const { verdict, cancellation } = decision;
  return { calls, made, seconds: (nowMs - NOON_MS) / 1_000, cancellation, ...verdict };
}
