import type { World } from '../../support/virtual-time.ts';
import type { Message } from './pubsub.ts';
import { eventIdentity } from '../../../src/messages/event-ids.ts';

/** A dry run that is approved, and the operations that it meets. */
export interface ApprovalScenario {
  /** When the dry run is started; undefined in a run without one. */
  readonly triggeredMs?: number;
  readonly approvals: readonly Approval[];
  /** When the function is deployed anew, with more operations protected; both times are from the report of the dry run on. */
  readonly redeployedMs: number;
  /** URLs of operations that are in the list, are old enough, and begin only after the dry run. */
  readonly later: readonly string[];
  /** Whether the list has more operations than one delivery of an approval requests. */
  readonly isLong: boolean;
}

interface Approval {
  /** From the report of the dry run on. */
  readonly delayMs: number;
  readonly requestedBy: string;
  /** Id of the event; without one, it is that of the message. Two messages with the same are one approval. */
  readonly eventId?: string;
  /** Whether it names a run that there is, and comes within a day. */
  readonly isValid: boolean;
  readonly runId?: string;
}

/** An approval that was published. */
export interface SentApproval {
  readonly approval: Approval;
  readonly message: Pick<Message, 'id' | 'data'>;
}

const PARENT = 'projects/my-project/locations/europe-north1';
export const APPROVED_LIST = `https://notebooks.googleapis.com/v2/${PARENT}/operations`;
export const APPROVED_SWEEP = 'looked-at';
const SOURCE = '/approvers';

export const APPROVABLE_SWEEPS = {
  [APPROVED_SWEEP]: {
    targets: [{ service: 'notebooks', version: 'v2', parents: [PARENT] }],
    olderThan: '86400s',
    approvable: true,
    confirmWithin: '60s',
  },
};

/** Protected by the settings of the later deployment. */
export const GUARDED = '**/guarded-*';

const DAY_MS = 24 * 3_600_000;

export const NO_APPROVALS: ApprovalScenario = {
  approvals: [],
  redeployedMs: Infinity,
  later: [],
  isLong: false,
};

/**
 * Chooses a dry run, what it meets, and who approves it when. One in twelve has a long list.
 *
 * @param mayBeLong with redelivery, a long list leads to too many deliveries for one run
 * @param add adds an operation of an age; an ordinary one where there are many
 */
export function chooseApprovals(
  world: World,
  mayBeLong: boolean,
  add: (url: string, ageMs: number, isOrdinary: boolean) => void,
): ApprovalScenario {
  const isLong = mayBeLong && world.chance(1 / 12);
  const count = isLong ? world.between(101, 106) : world.between(1, 8);
  for (let index = 0; index < count; index += 1) {
    const kind = isLong ? 'found' : world.pick(['found', 'found', 'guarded', 'young']);
    add(`${APPROVED_LIST}/${kind}-${index}`, kind === 'young' ? DAY_MS / 24 : 2 * DAY_MS, isLong);
  }
  return {
    triggeredMs: world.between(0, 60_000),
    approvals: chooseSenders(world),
    redeployedMs: world.chance(0.5) ? world.between(0, 300_000) : Infinity,
    later: Array.from({ length: world.between(0, 2) }, (_, index) => `${APPROVED_LIST}/later-${index}`),
    isLong,
  };
}

function chooseSenders(world: World): readonly Approval[] {
  const soon = (): number => world.pick([0, 1_000, 60_000, 3_600_000]);
  // Longer than the clocks of two instances differ.
  const late = (): number => DAY_MS + world.pick([2_000, 3_600_000, DAY_MS, 2 * DAY_MS]);
  const ada = { delayMs: soon(), requestedBy: 'ada', isValid: true };
  const bob = { delayMs: soon(), requestedBy: 'bob', isValid: true };
  return world.pick<readonly Approval[]>([
    [ada],
    [ada, bob],
    [ada, { ...bob, delayMs: ada.delayMs }],
    [
      { ...ada, eventId: 'a1' },
      { ...ada, eventId: 'a1', delayMs: soon() },
    ],
    [{ ...ada, delayMs: late(), isValid: false }],
    [ada, { ...bob, delayMs: late(), isValid: false }],
    [ada, { ...bob, runId: 'unheard-of', isValid: false }],
  ]);
}

/** The data and attributes of an approval. */
export const approvalMessage = ({ requestedBy, eventId, runId }: Approval, ofReport: string) => ({
  data: JSON.stringify({ approve: runId ?? ofReport, requestedBy }),
  attributes: (eventId === undefined
    ? {}
    : {
        'ce-specversion': '1.0',
        'ce-id': eventId,
        'ce-source': SOURCE,
        'ce-type': 'lro-cancel.trigger.v1',
      }) as Readonly<Record<string, string>>,
});

interface Report {
  readonly runId: string;
  readonly dryRun: boolean;
  readonly complete: boolean;
  readonly requested: number;
  readonly operations: readonly string[];
  readonly approval?: object;
  readonly approved?: { readonly messageId: string };
}

/** The id of a run whose report says that it can be approved; undefined for any other message. */
export function approvableRunIn({ attributes, data }: Message): string | undefined {
  if (attributes.sweep !== APPROVED_SWEEP) return undefined;
  const { runId, approval } = JSON.parse(data) as Report;
  return approval === undefined ? undefined : runId;
}

interface Request {
  readonly requestId: string;
  readonly operation: string;
  readonly dryRun?: boolean;
  readonly labels?: { readonly sweep?: string };
}

/** The requests that an approval has published. */
const approvedRequests = (requests: readonly Message[]): readonly Request[] =>
  requestsOf(requests).filter(({ dryRun }) => dryRun !== true);

const requestsOf = (requests: readonly Message[]) =>
  requests
    .filter(({ attributes }) => attributes['ce-subject'] === `sweep/${APPROVED_SWEEP}`)
    .map(({ data }) => JSON.parse(data) as Request);

/** URLs of the operations that an approval has requested. */
export const approvedUrls = (requests: readonly Message[]): readonly string[] =>
  approvedRequests(requests).map(({ operation }) => operation);

/** What a run leaves behind that tells of its approvals. */
interface Seen {
  readonly scenario: ApprovalScenario;
  readonly sent: readonly SentApproval[];
  readonly requests: readonly Message[];
  readonly results: readonly Message[];
  readonly given: readonly Message[];
  /** Time of the later deployment; undefined where there was none. */
  readonly redeployedMs: number | undefined;
  readonly cancels: readonly { readonly target: string; readonly atMs: number }[];
  /** Whether the list of a dry run outlasts the process. */
  readonly isKept: boolean;
}

/** The rules of approvals that a run has broken. */
export function checkApprovals(seen: Seen): readonly string[] {
  if (seen.scenario.triggeredMs === undefined) return [];
  const reports = seen.results
    .filter(({ attributes }) => attributes.sweep === APPROVED_SWEEP)
    .map(({ data }) => JSON.parse(data) as Report);
  return [
    ...checkDryRun(reports, seen),
    ...checkRequests(reports, seen),
    ...checkWinners(reports, seen),
    ...checkGuarded(seen),
  ];
}

function checkDryRun(reports: readonly Report[], { given }: Seen): string[] {
  const isGivenUp = given.some(({ data }) => data === DRY_RUN);
  return reports.some(({ dryRun }) => dryRun) || isGivenUp ? [] : ['the dry run is lost: it has no report'];
}

/** The message that starts the dry run. */
export const DRY_RUN = JSON.stringify({ sweep: APPROVED_SWEEP });

/** What is requested is what the dry run found, each once, and each is answered. */
function checkRequests(reports: readonly Report[], { requests, results, sent, isKept }: Seen): string[] {
  const named = (url: string) => url.replace('https://', '//').replace('/v2/', '/');
  const found = new Set(requestsOf(requests).flatMap((one) => (one.dryRun === true ? [one.operation] : [])));
  const listed = reports.find(({ approval }) => approval !== undefined);
  const idsByUrl = Map.groupBy(approvedRequests(requests), ({ operation }) => operation);
  const violations: string[] = [];
  for (const [url, same] of idsByUrl) {
    const ids = new Set(same.map(({ requestId }) => requestId));
    const isListed =
      listed !== undefined && (listed.requested > 100 || listed.operations.includes(named(url)));
    if (!found.has(url) || !isListed)
      violations.push(`${url} was approved, and is not in the list of the run`);
    const answers = results.filter(
      ({ attributes, data }) =>
        attributes['ce-subject'] === named(url) && /"requestedBy":"(?:ada|bob)"/.test(data),
    );
    if (ids.size > 1) violations.push(`${url} was approved under ${ids.size} request ids`);
    if (answers.length === 0) violations.push(`${url} was approved, and is lost: it has no result`);
    const resultIds = new Set(answers.map(({ attributes }) => attributes['ce-id']));
    if (resultIds.size > 1) violations.push(`${url} was approved, and has ${resultIds.size} result ids`);
  }
  if (idsByUrl.size > 0 && !sent.some(({ approval }) => approval.isValid)) {
    violations.push(`${idsByUrl.size} operations were requested by an approval that came too late`);
  }
  const whole = reports.find(({ approved, complete }) => approved !== undefined && complete);
  if (
    isKept &&
    whole !== undefined &&
    new Set([idsByUrl.size, whole.requested, listed?.requested]).size > 1
  ) {
    violations.push(`of ${listed?.requested} in the list ${idsByUrl.size} were requested`);
  }
  return violations;
}

/** One approval wins, in time, and each of the others is answered. */
function checkWinners(reports: readonly Report[], { sent, results, given, isKept }: Seen): string[] {
  const approvals = Map.groupBy(sent, ({ approval, message }) => approval.eventId ?? message.id);
  const winning = new Set(reports.flatMap(({ approved }) => approved?.messageId ?? []));
  const isWon = (same: readonly SentApproval[]) => same.some(({ message }) => winning.has(message.id));
  const winners = [...approvals.values()].filter(isWon);
  const isGivenUp = sent.some(({ message }) => given.some(({ data }) => data === message.data));
  const inTime = sent.filter(({ approval }) => approval.isValid);
  const violations: string[] = [];
  if (winners.length > 1) violations.push(`${winners.length} approvals of one run have won`);
  if (winners.some((same) => same.some(({ approval }) => !approval.isValid)))
    violations.push('an approval that came too late has won');
  // Without Cloud Tasks, the next process does not know the list, nor who approved it.
  if (!isKept) return violations;
  if (inTime.length > 0 && winners.length === 0 && !isGivenUp)
    violations.push(`none of ${inTime.length} approvals has won`);
  for (const [id, same] of approvals) {
    const [first] = same;
    const identity = first?.approval.eventId === undefined ? id : eventIdentity(id, SOURCE);
    const outcomes = results
      .filter(({ attributes }) => attributes.requestId === identity)
      .map(({ attributes }) => attributes.outcome);
    if (isWon(same) && outcomes.includes('REJECTED')) violations.push(`${id} has won, and was rejected`);
    if (!isWon(same) && outcomes.length === 0 && !isGivenUp)
      violations.push(`the approval ${id} is not answered`);
  }
  return violations;
}

/** Whether the settings of the later deployment protect an operation at a time. */
export const isGuarded = (url: string, atMs: number, redeployedMs = Infinity): boolean =>
  url.includes('/guarded-') && atMs > redeployedMs;

/** A request that was sent arrives, even if its sender is replaced. */
const IN_FLIGHT_MS = 5;

const checkGuarded = ({ cancels, redeployedMs }: Seen): string[] =>
  cancels
    .filter(({ target, atMs }) => isGuarded(target, atMs - IN_FLIGHT_MS, redeployedMs))
    .map(({ target }) => `${target} was cancelled, and is protected`);
