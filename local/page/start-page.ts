import type { Settings } from '../../src/settings/settings.ts';
import type { LocalSystem } from '../system.ts';
import type { PageFacts } from './model/records.ts';
import type { PageStore } from './model/page-store.ts';
import { createActions } from './server/actions.ts';
import type { PageServer } from './server/page-server.ts';
import { servePage } from './serve-page.ts';

/** The collaborators of the page. */
export interface PageOptions {
  /** Tried in turn, until one is free; 0 is any free one. */
  readonly ports: readonly number[];
  readonly store: PageStore;
  readonly system: LocalSystem;
  /** Those that the function runs with. */
  readonly settings: Settings;
}

/** Operations end by the clock and report nothing, so their states are read this often while somebody watches. */
const OBSERVE_MS = 400;

/** Serves the page of a local system. */
export async function startPage(options: PageOptions): Promise<PageServer> {
  const { ports, store, system, settings } = options;
  const observe = () => store.onSimulated(system.services.resources());
  observe();
  const page = await servePage({
    ports,
    changes: store.changes,
    facts: (epoch) => factsOf(epoch, system, settings),
    actions: createActions({ system, settings, store, onServicesChanged: observe }),
  });
  const timer = setInterval(() => {
    if (page.readers() === 0) return;
    observe();
    page.notify();
  }, OBSERVE_MS);
  return {
    url: page.url,
    close: async () => {
      clearInterval(timer);
      await page.close();
    },
  };
}

function factsOf(epoch: string, system: LocalSystem, { sweeps, budgets }: Settings): PageFacts {
  const { topology, restUrl, services, fn } = system;
  const idOf = (topic: string) => topic.split('/').at(-1) ?? '';
  return {
    epoch,
    nowMs: Date.now(),
    system: 'local',
    views: ['requests', 'sweeps', 'services'],
    canPublish: true,
    projectId: topology.projectId,
    topics: { requests: idOf(topology.topics.requests), triggers: idOf(topology.topics.triggers) },
    sweeps: [...sweeps.values()].map(({ name, listings }) => ({
      name,
      dryRun: listings.every(({ dryRun }) => dryRun),
    })),
    budgets: budgets.map(({ budgetId, budgetDisplayName, threshold, sweep }) => ({
      ...(budgetId !== undefined && { budgetId }),
      ...(budgetDisplayName !== undefined && { budgetDisplayName }),
      threshold,
      sweep,
    })),
    addresses: { 'Pub/Sub': restUrl, services: services.url, function: fn.url },
  };
}
