import { chooseChaos } from './chaos.ts';
import { findViolations } from './checks.ts';
import type { Remains } from './checks.ts';
import { createInstance } from './instance.ts';
import type { Instance } from './instance.ts';
import { createPubSub } from './pubsub.ts';
import { chooseScenario } from './scenario.ts';
import type { Sent } from './scenario.ts';
import { createServices } from './services.ts';
import { createTasks } from './tasks.ts';
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
const MAX_DOWN_MS = 20_000;

type Handle = Instance['handle'];

/**
 * Runs the whole system once, with everything that the seed has go wrong.
 *
 * @param sabotage replaces the function's handler, to see that the checks notice
 */
export async function runSeed(
  seed: number,
  sabotage: (handle: Handle) => Handle = (handle) => handle,
): Promise<RunReport> {
  const world = createWorld(seed, START_MS);
  const delay = world.pick<Remains['delay']>(['cloud-tasks', 'cloud-tasks', 'redelivery']);
  const chaos = chooseChaos(world, delay);
  const scenario = chooseScenario(world);
  const credentialUrls: string[] = [];
  let deaths = 0;
  let instance: Instance | undefined;

  const pubsub = createPubSub(world, chaos, () => instance);
  const services = createServices(world, chaos);
  const tasks = createTasks(world, chaos, pubsub);
  for (const [url, life] of scenario.lives) services.add(url, life);
  const start = () => {
    const created = createInstance({
      world,
      chaos,
      delay,
      pubsub,
      services,
      tasks,
      credentialSent: (url) => void credentialUrls.push(url),
    });
    instance = { ...created, handle: sabotage(created.handle) };
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

  const isFinished = await world.run(START_MS + HORIZON_MS, MAX_EVENTS);
  const remains: Remains = {
    startMs: START_MS,
    ...{ scenario, chaos, delay, pubsub, services, tasks, sentAs, isFinished, credentialUrls },
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
    trace: JSON.stringify({ chaos, delay, results: pubsub.results }),
  };
}
