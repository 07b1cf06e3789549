import type { Sent } from './scenario.ts';
import type { Remains, Result } from './remains.ts';
import { checkProofs } from './proofs.ts';
import { approvedUrls, checkApprovals } from './approvals.ts';
import { checkSweeps, isReport } from './sweeps.ts';
import type { Message } from './pubsub.ts';
import type { Chaos } from './chaos.ts';

/** The ends of an operation, of which it can have one. */
const FACTS: Readonly<Record<string, string>> = {
  CANCELLED: 'cancelled',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
};
/** The clocks of two instances differ by no more. */
const MAX_SKEW_MS = 1_000;
const ALLOWED: Readonly<Record<Sent['kind'], readonly string[]>> = {
  cancel: ['CANCELLED', 'SUCCEEDED', 'FAILED', 'UNCONFIRMED', 'NOT_FOUND', 'DENIED', 'ERROR'],
  'dry-run': ['DRY_RUN', 'NOT_FOUND', 'DENIED', 'ERROR'],
  refused: ['REJECTED', 'ERROR'],
  unsupported: ['UNSUPPORTED', 'ERROR'],
};
/** The hosts that may get a credential, or any call at all. */
const HOSTS =
  /^https:\/\/(?:(?:notebooks|us-central1-aiplatform|cloudchannel|container|texttospeech|translation|logging)\.googleapis\.com\/v\w+\/(?:projects\/my-project\/locations\/us-central1\/)?operations\/[\w-]+(?::cancel)?|notebooks\.googleapis\.com\/v2\/projects\/my-project\/locations\/europe-(?:west|north)1\/operations(?:\/[\w-]+(?::cancel)?|\?pageSize=100(?:&pageToken=\d+)?)|cloudtasks\.googleapis\.com\/v2\/projects\/my-project\/locations\/us-central1\/queues\/rechecks\/tasks(?:\/\w+(?:\?responseView=FULL)?)?)$/;

/** The same for jobs. */
const JOBS =
  /^https:\/\/(?:us-central1-aiplatform\.googleapis\.com\/v1\/projects\/my-project\/locations\/us-central1\/customJobs\/[\w-]+(?::cancel)?|dataflow\.googleapis\.com\/v1b3\/projects\/my-project\/locations\/us-central1\/jobs\/[\w-]+(?:\?view=\w+)?|bigquery\.googleapis\.com\/bigquery\/v2\/projects\/my-project\/jobs\/[\w-]+(?:\/cancel)?\?location=EU|run\.googleapis\.com\/v2\/projects\/my-project\/locations\/us-central1\/jobs\/j\/executions\/[\w-]+(?::cancel)?|dataproc\.googleapis\.com\/v1\/(?:projects\/my-project\/locations\/us-central1\/batches\/[\w-]+|projects\/my-project\/regions\/us-central1\/operations\/of-[\w-]+:cancel))$/;

/** The rules that a run has broken. */
export function findViolations(remains: Remains): readonly string[] {
  const results = remains.pubsub.results.filter((message) => !isReport(message)).map(readResult);
  return [
    ...(remains.isFinished ? [] : ['something goes on for ever']),
    ...[...remains.sentAs].flatMap(([messageId, sent]) => checkSent(sent, messageId, results, remains)),
    ...results.flatMap((result) => checkTruth(result, remains)),
    ...checkProofs(results, remains),
    ...checkCalls(remains),
    ...checkChains(remains),
    ...checkGivenUp(remains),
    ...checkSweeps(remains.scenario.sweeps, {
      results: remains.pubsub.results,
      given: remains.pubsub.given,
      ranThroughout: (url) => remains.scenario.lives.get(url)?.endsAtMs === Infinity,
    }),
    ...checkApprovals({
      scenario: remains.scenario.approvals,
      sent: remains.approvals,
      requests: remains.pubsub.requests,
      results: remains.pubsub.results,
      given: remains.pubsub.given,
      redeployedMs: remains.redeployedMs,
      cancels: remains.services.requests.filter(({ isCancel }) => isCancel),
      isKept: remains.delay === 'cloud-tasks',
    }),
    ...(remains.pubsub.late() > 0
      ? [`${remains.pubsub.late()} deliveries outlasted their ack deadline`]
      : []),
  ];
}

function readResult({ data, attributes, publishedMs }: Message): Result {
  const { outcome, detail, operation, job, requestId, messageId, requestedBy, error } = JSON.parse(data) as {
    outcome: string;
    operation?: { url?: string; reference?: string };
    job?: { url?: string; reference?: string };
    requestId: string;
    messageId: string;
    requestedBy?: string;
    detail: string;
    error?: { type: string };
  };
  const { reference, url: called = reference } = operation ?? job ?? {};
  // A job of BigQuery is called with its location.
  const url = called?.split('?')[0];
  const id = attributes['ce-id'] ?? '';
  const said = { outcome, url, requestId, messageId, requestedBy, detail, errorType: error?.type };
  return { id, ...said, atMs: publishedMs };
}

/** Nothing is lost, nothing is said under two ids, and only what can be said of such a request. */
function checkSent(sent: Sent, messageId: string, results: readonly Result[], remains: Remains): string[] {
  const { requestId, operations, kind, data } = sent;
  const own = results.filter((result) =>
    requestId === undefined
      ? result.messageId === messageId || isGivenUpCopy(result, data, remains)
      : result.requestId === requestId,
  );
  const label = requestId ?? messageId;
  const violations: string[] = [];
  // A message that can be answered at once becomes a dead letter only when publishing fails.
  const mayBeGivenUp = kind === 'cancel' || kind === 'dry-run' || isTroubled(remains.chaos);
  const wrong = own.find(
    ({ outcome }) => !ALLOWED[kind].includes(outcome) || (outcome === 'ERROR' && !mayBeGivenUp),
  );
  if (wrong !== undefined) violations.push(`${label} (${kind}) has the outcome ${wrong.outcome}`);
  if (requestId === undefined) {
    if (own.length === 0) violations.push(`${label} is lost`);
    return violations;
  }
  for (const url of operations) {
    const ofOperation = own.filter((result) => result.url === url);
    const ids = new Set(ofOperation.map(({ id }) => id));
    // A message that was given up before it was read names many operations at once, or none.
    const answeredAsWhole = own.some(
      (result) => result.outcome === 'ERROR' && !operations.includes(result.url ?? ''),
    );
    if (ids.size === 0 && !answeredAsWhole) violations.push(`${label} is lost: no result for ${url}`);
    if (ids.size > 1) violations.push(`${label} has ${ids.size} result ids for ${url}`);
    if (ids.size > 0 && !answeredAsWhole && !isAnswered(sent, ofOperation, remains)) {
      violations.push(`${label} is not answered: its message of ${sent.atMs} ms has no result for ${url}`);
    }
    const facts = new Set(ofOperation.map(({ outcome }) => outcome).filter((outcome) => outcome in FACTS));
    if (facts.size > 1) violations.push(`${label} says of ${url} both ${[...facts].join(' and ')}`);
  }
  return violations;
}

/**
 * Whether a message has an answer of its own, also where its request was sent before: a result that came after it, and that
 * gives up no sooner than this message allows.
 */
function isAnswered(
  { atMs, confirmWithinMs, kind }: Sent,
  results: readonly Result[],
  { startMs }: Remains,
): boolean {
  const sentMs = startMs + atMs;
  return results.some((result) => {
    const givesUp = kind === 'cancel' && result.outcome === 'UNCONFIRMED' && hasGet(result.url);
    return result.atMs >= sentMs + (givesUp ? confirmWithinMs - MAX_SKEW_MS : 0);
  });
}

const hasGet = (url = '') => !url.startsWith('https://texttospeech.');

const isTroubled = ({ publishFault, death, metadataFault }: Chaos) =>
  publishFault > 0 || death > 0 || metadataFault > 0;

const isGivenUpCopy = ({ outcome }: Result, data: string, { pubsub }: Remains) =>
  outcome === 'ERROR' && pubsub.given.some((message) => message.data === data);

/** Checks that each result tells the truth. */
function checkTruth({ outcome, url = '', requestId, atMs }: Result, remains: Remains): string[] {
  const { services, scenario, startMs } = remains;
  const label = `${requestId}: ${outcome} of ${url}`;
  const fact = FACTS[outcome];
  if (fact !== undefined && services.stateOf(url) !== fact) {
    return [`${label}, which is ${services.stateOf(url)}`];
  }
  if (outcome === 'CANCELLED') {
    const shownMs = services.shownCancelledAt(url);
    if (shownMs === undefined || shownMs > atMs) return [`${label}, which no GET had shown`];
  }
  if (outcome === 'UNCONFIRMED') {
    const sent = scenario.sent.filter((one) => one.requestId === requestId);
    const deadlinesMs = sent.map((one) => one.atMs + one.confirmWithinMs);
    const earliestMs = startMs + (sent.length === 0 ? 0 : Math.min(...deadlinesMs));
    if (hasGet(url) && atMs < earliestMs - MAX_SKEW_MS) return [`${label}, before its deadline`];
  }
  if (outcome === 'NOT_FOUND' && !['gone', undefined].includes(services.stateOf(url))) {
    return [`${label}, which is there`];
  }
  return [];
}

/** Only operations that somebody asked to cancel are cancelled, and only Google is shown a credential. */
function checkCalls({ services, scenario, pubsub, credentialUrls }: Remains): string[] {
  const toCancel = new Set([
    ...scenario.sent.filter(({ kind }) => kind === 'cancel').flatMap(({ operations }) => operations),
    ...scenario.sweeps.stale,
    ...approvedUrls(pubsub.requests),
  ]);
  return [
    ...credentialUrls
      .filter((url) => !HOSTS.test(url) && !JOBS.test(url))
      .map((url) => `a credential went to ${url}`),
    ...services.requests
      .filter(({ isCancel, target }) => isCancel && !toCancel.has(target))
      .map(({ method, url }) => `nobody asked for ${method} ${url}`),
  ];
}

/** A message is given up only where something keeps failing. */
function checkGivenUp({ chaos, pubsub, delay }: Remains): string[] {
  const isQuiet = !isTroubled(chaos) && chaos.taskFault === 0 && chaos.lostAck < 0.1;
  if (!isQuiet || delay !== 'cloud-tasks') return [];
  return pubsub.given.map(({ id }) => `${id} was given up, though nothing kept failing`);
}

/** One chain of re-checks for each message that carried a request, as long as Cloud Tasks remembers names. */
function checkChains({ delay, chaos, tasks, scenario }: Remains): string[] {
  if (delay !== 'cloud-tasks' || chaos.taskForgotten > 0) return [];
  const steps = new Map<string, number[]>();
  for (const key of tasks.scheduled.keys()) {
    const [, cancellation = '', attempt = ''] = /^(.*) (\d+)$/.exec(key) ?? [];
    steps.set(cancellation, [...(steps.get(cancellation) ?? []), Number(attempt)]);
  }
  return [
    ...[...tasks.scheduled].flatMap(([key, names]) => {
      // A sweep requests an operation once, however often its own message is delivered.
      const sendings = scenario.sent.filter(({ requestId = '' }) => key.startsWith(`${requestId} `)).length;
      return names.size > Math.max(1, sendings) ? [`${key} was scheduled by ${names.size} names`] : [];
    }),
    // One chain counts its steps from the first, and leaves none out.
    ...[...steps].flatMap(([cancellation, attempts]) =>
      attempts.sort((a, b) => a - b).every((attempt, index) => attempt === index + 1)
        ? []
        : [`${cancellation} was scheduled as ${attempts.join(', ')}`],
    ),
  ];
}
