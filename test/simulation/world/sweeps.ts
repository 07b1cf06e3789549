import { APPROVABLE_SWEEPS } from './approvals.ts';
import type { Message } from './pubsub.ts';
import type { World } from '../../support/virtual-time.ts';

/** The triggers of sweeps in a run, and the operations that these may and may not touch. */
export interface SweepScenario {
  readonly triggers: readonly Trigger[];
  /** URLs of operations that are old enough and not excluded. */
  readonly stale: readonly string[];
  /** URLs of those that are to be left alone. */
  readonly leftAlone: readonly string[];
}

interface Trigger {
  readonly atMs: number;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly isBudget: boolean;
}

const PARENT = 'projects/my-project/locations/europe-west1';
export const LIST = `https://notebooks.googleapis.com/v2/${PARENT}/operations`;

/** The function's settings for these. */
export const SWEEP_SETTINGS = {
  SWEEPS: JSON.stringify({
    all: {
      targets: [{ service: 'notebooks', version: 'v2', parents: [PARENT] }],
      olderThan: '86400s',
      exclude: '**/kept-*',
      dryRun: false,
      confirmWithin: '60s',
    },
    ...APPROVABLE_SWEEPS,
  }),
  BUDGETS: JSON.stringify([{ budgetDisplayName: 'training', sweep: 'all' }]),
  PROTECTED_OPERATIONS: '**/protected-*',
};

const CROSSED = {
  budgetDisplayName: 'training',
  alertThresholdExceeded: 1,
  costAmount: 100.01,
  costIntervalStart: '2026-11-01T00:00:00Z',
  budgetAmount: 100,
};
const DAY_MS = 24 * 3_600_000;

/** Operations by what they are, each with its age, and whether it is to be cancelled. */
type Kind = readonly [name: string, ageMs: number, isStale: boolean];
const KINDS: readonly [Kind, ...Kind[]] = [
  ['stale', 2 * DAY_MS, true],
  ['young', DAY_MS / 24, false],
  ['kept', 2 * DAY_MS, false],
  ['protected', 2 * DAY_MS, false],
];

export const NO_SWEEPS: SweepScenario = { triggers: [], stale: [], leftAlone: [] };

/** Triggers of one run, and the operations that they meet, which are added by `add`. */
export function chooseSweeps(world: World, add: (url: string, ageMs: number) => void): SweepScenario {
  const stale: string[] = [];
  const leftAlone: string[] = [];
  const count = world.between(1, 8);
  for (let index = 0; index < count; index += 1) {
    const [kind, ageMs, isStale] = world.pick(KINDS);
    const url = `${LIST}/${kind}-${index}`;
    add(url, ageMs);
    (isStale ? stale : leftAlone).push(url);
  }
  const isBudget = world.chance(0.6);
  const triggers = Array.from({ length: world.between(1, 4) }, (): Trigger => {
    const atMs = world.between(0, 7_200_000);
    if (!isBudget) return { atMs, data: JSON.stringify({ sweep: 'all' }), attributes: {}, isBudget };
    const costAmount = 100 + world.between(1, 50);
    const attributes = { budgetId: 'b1', billingAccountId: 'a1', schemaVersion: '1.0' };
    return { atMs, data: JSON.stringify({ ...CROSSED, costAmount }), attributes, isBudget };
  });
  return { triggers, stale, leftAlone };
}

export const isReport = ({ attributes }: Message) => attributes['ce-type'] === 'lro-cancel.sweep.v1';

interface Report {
  readonly found: number;
  readonly requested: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly operations: readonly string[];
  readonly complete: boolean;
}

/** The rules of sweeps that a run has broken. */
export function checkSweeps(
  { triggers, stale, leftAlone }: SweepScenario,
  seen: {
    readonly results: readonly Message[];
    readonly given: readonly Message[];
    /** Whether an operation existed and ran all the time. */
    readonly ranThroughout: (url: string) => boolean;
  },
): readonly string[] {
  const reports = seen.results.filter(({ attributes }) => attributes.sweep === 'all');
  const ids = new Set(reports.map(({ attributes }) => attributes['ce-id']));
  const isGivenUp = triggers.some(({ data }) => seen.given.some((message) => message.data === data));
  const violations: string[] = [];
  if (triggers.length > 0 && ids.size === 0 && !isGivenUp)
    violations.push('a sweep is lost: there is no report');
  const runs = triggers.some(({ isBudget }) => isBudget) ? 1 : triggers.length;
  if (ids.size > runs) violations.push(`${ids.size} reports of ${runs} runs`);

  const named = (url: string) => url.replace('https://', '//').replace('/v2/', '/');
  const answered = new Set(
    seen.results.filter((one) => !isReport(one)).map(({ attributes }) => attributes['ce-subject']),
  );
  const allowed = new Set(stale.map(named));
  for (const { data } of reports) {
    const report = JSON.parse(data) as Report;
    const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0);
    if (report.found !== report.requested + skipped) violations.push(`a report does not add up: ${data}`);
    for (const operation of report.operations) {
      if (!allowed.has(operation)) violations.push(`${operation} was requested, and should be left alone`);
      if (!answered.has(operation)) violations.push(`${operation} was requested, and has no result`);
    }
  }
  const whole = reports.some(({ data }) => (JSON.parse(data) as Report).complete);
  for (const url of whole ? stale.filter(seen.ranThroughout) : []) {
    if (!answered.has(named(url))) violations.push(`${url} was overlooked`);
  }
  for (const url of leftAlone) if (answered.has(named(url))) violations.push(`${url} was touched`);
  return violations;
}
