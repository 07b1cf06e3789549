import type { ServiceResponse } from '../../../src/resources/response.ts';
import { APPROVED_SWEEP, isGuarded } from './approvals.ts';
import { isJobForm } from './jobs.ts';
import type { Remains, Result } from './remains.ts';
import type { ServiceRequest } from './services.ts';

/**
 * Checks that no result is said on the word of an answer that proves nothing, and that a refusal that may pass is asked
 * again: docs/decisions/0003-a-verdict-needs-proof.md. Works on what the services were asked and what they answered.
 */
export function checkProofs(results: readonly Result[], remains: Remains): string[] {
  return results
    .filter(({ errorType }) => errorType !== 'DeadLetter')
    .flatMap((result) => {
      const { url = '', atMs } = result;
      const before = remains.services.requests.filter((request) => request.atMs <= atMs);
      const calls = {
        posts: before.filter(({ target, isCancel }) => isCancel && target === url),
        gets: before.filter(({ target, isCancel }) => !isCancel && target === url),
      };
      const label = `${result.requestId}: ${result.outcome} of ${url}`;
      return [...checkDenied(result, calls), ...checkError(result, calls, remains)].map(
        (violation) => `${label} ${violation}`,
      );
    });
}

interface Calls {
  readonly posts: readonly ServiceRequest[];
  readonly gets: readonly ServiceRequest[];
}

/** The clocks of two instances differ by no more. */
const MAX_SKEW_MS = 1_000;
/** The time within which a re-check is handled that was due, with a task that is sent late and a function that restarts. */
const MAX_RECHECK_MS = 120_000;
/** The refusals in a row after which a service that does not ask to come back is only looked at. */
const MAX_REFUSALS = 6;

const statusOf = (answer: ServiceResponse) => (answer.kind === 'answered' ? answer.httpStatus : 0);
const isRateLimit = (answer: ServiceResponse) => JSON.stringify(answer).includes('RATE_LIMIT_EXCEEDED');
const isThrottled = ({ answer }: ServiceRequest) =>
  answer.kind === 'not-sent' || [429, 503].includes(statusOf(answer)) || isRateLimit(answer);

function checkDenied({ outcome }: Result, { posts, gets }: Calls): string[] {
  const isProven = [...posts, ...gets].some(({ answer }) => statusOf(answer) === 403 && !isRateLimit(answer));
  return outcome === 'DENIED' && !isProven ? ['was denied by nobody'] : [];
}

function checkError(result: Result, { posts, gets }: Calls, remains: Remains): string[] {
  const { scenario, startMs, chaos, delay } = remains;
  const { url = '', atMs } = result;
  const [first] = posts;
  const life = scenario.lives.get(url);
  if (result.outcome !== 'ERROR' || first === undefined || url.startsWith('https://texttospeech.')) return [];
  // A later deployment may not even look, and a dry run has no part in the cancels that its approval leads to.
  if (isGuarded(url, atMs, remains.redeployedMs) || result.requestedBy === `sweep ${APPROVED_SWEEP}`)
    return [];
  const violations: string[] = [];
  // The last POST may be that of another delivery, which goes on.
  if (!gets.some((get) => get.atMs >= first.atMs)) violations.push('was said without a look');

  const sendings = scenario.sent.filter(({ requestId }) => requestId === result.requestId);
  // The deadline of a sweep's request counts from a time that nobody outside knows.
  if (sendings.length === 0) return violations;
  const deadlineMs = startMs + Math.min(...sendings.map((sent) => sent.atMs + sent.confirmWithinMs));
  const isUnserved = posts.filter(({ answer }) => statusOf(answer) === 404).length > 1;
  // The cancel of a batch gets the batch first, and that GET may be throttled, too.
  const asked = /\/batches\/[^/]+$/.test(url) ? [...posts, ...gets] : posts;
  if (atMs < deadlineMs - MAX_SKEW_MS && !asked.some(isThrottled) && !isUnserved) {
    violations.push('was said before its deadline');
  }

  const refusedMs = isThrottled(first) ? Infinity : first.atMs;
  const seen = gets.find((get) => get.atMs >= refusedMs && showsNoCancel(get));
  if (posts.length === 1 && seen !== undefined && seen.atMs + MAX_RECHECK_MS < deadlineMs) {
    violations.push('was refused once, and not asked again');
  }

  // Where nothing is done twice, every call is one of the same chain.
  const isOneChain =
    sendings.length === 1 &&
    delay === 'cloud-tasks' &&
    [chaos.duplicate, chaos.lostAck, chaos.death, chaos.publishFault].every((fault) => fault === 0) &&
    [chaos.taskDuplicate, chaos.taskForgotten, chaos.taskFault].every((fault) => fault === 0);
  const afterCancel = gets.filter((get) => get.atMs >= first.atMs);
  if (result.detail.includes('no cancel under way') && !afterCancel.some(showsNoCancel)) {
    violations.push('says that no cancel is under way, which no GET showed');
  }
  // A job that has just begun cannot be cancelled yet, so jobs are asked for until the deadline.
  const isLimited = life?.asksToComeBack === false && !isJobForm(life.form);
  if (isOneChain && chaos.apiFault === 0 && posts.length > MAX_REFUSALS && isLimited) {
    violations.push(`was asked for ${posts.length} times`);
  }
  return violations;
}

/** Whether a GET showed the operation or job running, and no cancel under way. */
const showsNoCancel = ({ answer }: ServiceRequest) =>
  /"(?:cancelRequested|cancellationRequested)":false|"(?:JOB_STATE_)?RUNNING"|"CONDITION_RECONCILING"\}/.test(
    shown(answer),
  );

const shown = (answer: ServiceResponse) =>
  answer.kind === 'answered' && answer.httpStatus === 200 ? JSON.stringify(answer.json ?? '') : '';
