import type { HttpRequest } from '../../../src/google/http.ts';
import type { ServiceResponse } from '../../../src/resources/response.ts';
import { chooseChaos, spread } from './chaos.ts';
import { findViolations } from './checks.ts';
import type { Remains } from './remains.ts';
import { createInstance, FIRST_RECHECKS_MS } from './instance.ts';
import type { Instance } from './instance.ts';
import { createPubSub } from './pubsub.ts';
import type { Message } from './pubsub.ts';
import { approvableRunIn, approvalMessage, DRY_RUN } from './approvals.ts';
import type { SentApproval } from './approvals.ts';
import { chooseScenario, ORDINARY } from './scenario.ts';
import type { Sent } from './scenario.ts';
import { createServices } from './services.ts';
import { createTasks } from './tasks.ts';
import type { ScheduledRecheck } from './tasks.ts';
import { createRandom } from '../../support/random.ts';
import { createWorld } from '../../support/virtual-time.ts';

/** The outcome of one run. */
export interface RunReport {
  readonly seed: number;
  /** Rules that were broken. */
  readonly violations: readonly string[];
  readonly deliveries: number;
  readonly deaths: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Everything that was published as a result, for a comparison of two runs. */
  readonly trace: string;
}

const START_MS = Date.UTC(2026, 10, 20, 12);
/** IdempotencyStore of budget alerts are renewed for more than a year. */
const HORIZON_MS = 500 * 24 * 3_600_000;
const MAX_EVENTS = 100_000;
const APPROVALS_SEED = 1_000_000_000;
const MAX_DOWN_MS = 20_000;

type Handle = Instance['handle'];

/** A bug to plant, to see that the checks notice it. */
export interface Sabotage {
  /** Replaces the function's handler. */
  readonly handle?: (handle: Handle) => Handle;
  /** Replaces an answer of a service by another that the function takes it for. */
  readonly read?: (answer: ServiceResponse, request: HttpRequest) => ServiceResponse;
  /** Replaces the name of a re-check's task. */
  readonly nameOfTask?: (recheck: ScheduledRecheck, name: string) => string;
}

/** Runs the whole system once, with everything that the seed has go wrong. */
export async function runSeed(seed: number, sabotage: Sabotage = {}): Promise<RunReport> {
  const { handle = (same: Handle) => same, read = (same: ServiceResponse) => same, nameOfTask } = sabotage;
  const world = createWorld(seed, START_MS);
  const delay = world.pick<Remains['delay']>(['cloud-tasks', 'cloud-tasks', 'redelivery']);
  const chosen = chooseChaos(world, delay);
  // Chosen apart, so that a run without approvals is the same as if there were none in any.
  const hasApprovals = createRandom(seed + APPROVALS_SEED).chance(1 / 16);
  const firstRecheckMs = FIRST_RECHECKS_MS[seed % FIRST_RECHECKS_MS.length] ?? 5_000;
  const scenario = chooseScenario(world, { delay, hasApprovals });
  const chaos = scenario.approvals.isLong ? spread(chosen) : chosen;
  const credentialUrls: string[] = [];
  let deaths = 0;
  let instance: Instance | undefined;

  const approvals: SentApproval[] = [];
  let redeployedMs: number | undefined;
  let isLookedAt = false;
  /** The report of the dry run, from which approvals follow. */
  const onResult = (message: Message) => {
    const runId = isLookedAt ? undefined : approvableRunIn(message);
    if (runId === undefined) return;
    isLookedAt = true;
    for (const url of scenario.approvals.later) services.add(url, { ...ORDINARY, createdMs: 0 });
    for (const approval of scenario.approvals.approvals) {
      const { data, attributes } = approvalMessage(approval, runId);
      world.after(approval.delayMs, () => {
        const id = pubsub.publish('triggers', data, attributes);
        approvals.push({ approval, message: { id, data } });
      });
    }
    if (scenario.approvals.redeployedMs === Infinity) return;
    world.after(scenario.approvals.redeployedMs, () => {
      redeployedMs = world.now();
      instance?.kill();
    });
  };
  const pubsub = createPubSub(world, chaos, () => instance, onResult);
  const services = createServices(world, chaos);
  const tasks = createTasks(world, chaos, pubsub, nameOfTask);
  for (const [url, life] of scenario.lives) services.add(url, life);
  const start = () => {
    const created = createInstance({
      world,
      chaos,
      delay,
      deployment: redeployedMs === undefined ? 'first' : 'later',
      firstRecheckMs,
      pubsub,
      services: {
        ...services,
        call: (request) => {
          const { answer, delayMs } = services.call(request);
          return { answer: read(answer, request), delayMs };
        },
      },
      tasks,
      credentialSent: (url) => void credentialUrls.push(url),
    });
    instance = { ...created, handle: handle(created.handle) };
    instance.onDeath(() => {
      deaths += 1;
      instance = undefined;
      world.after(world.between(0, MAX_DOWN_MS), start);
    });
  };
  start();
  const sentAs = new Map<string, Sent>();
  for (const sent of scenario.sent) {
    world.after(sent.atMs, () => sentAs.set(pubsub.publish('requests', sent.data, {}), sent));
  }

  for (const { atMs, data, attributes } of scenario.sweeps.triggers) {
    world.after(atMs, () => pubsub.publish('triggers', data, attributes));
  }

  const { triggeredMs } = scenario.approvals;
  if (triggeredMs !== undefined) world.after(triggeredMs, () => pubsub.publish('triggers', DRY_RUN, {}));

  const isFinished = await world.run(START_MS + HORIZON_MS, MAX_EVENTS);
  const remains: Remains = {
    startMs: START_MS,
    ...{ scenario, chaos, delay, pubsub, services, tasks, sentAs, isFinished, credentialUrls },
    ...{ approvals, redeployedMs },
  };
  const outcomes: Record<string, number> = {};
  for (const { attributes } of pubsub.results) {
    const { outcome = 'sweep reports' } = attributes;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return {
    seed,
    violations: findViolations(remains),
    deliveries: pubsub.deliveries(),
    deaths,
    outcomes,
    trace: JSON.stringify({ chaos, delay, firstRecheckMs, results: pubsub.results }),
  };
}
