import { randomUUID } from 'node:crypto';
import type { Settings } from '../../src/settings/settings.ts';
import type { LocalSystem } from '../system.ts';
import type { PageFacts } from './model/records.ts';
import type { PageStore } from './model/page-store.ts';
import { createActions } from './server/actions.ts';
import { bundlePage } from './server/bundle.ts';
import { createEventStream } from './server/event-stream.ts';
import { startPageServer } from './server/page-server.ts';
import type { PageServer } from './server/page-server.ts';

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
  const epoch = randomUUID();
  const events = createEventStream({
    changes: store.changes,
    epoch,
    facts: () => factsOf(epoch, system, settings),
  });
  const observe = () => store.onSimulated(system.services.resources());
  const timer = setInterval(() => {
    if (events.readers() === 0) return;
    observe();
    events.notify();
  }, OBSERVE_MS);
  const actions = createActions({ system, settings, store, onServicesChanged: observe });
  observe();
  const files = await bundlePage();
  const server = await firstFree(ports, (port) => startPageServer({ port, files, actions, events }));
  return {
    url: server.url,
    close: async () => {
      clearInterval(timer);
      await server.close();
    },
  };
}

async function firstFree<T>(ports: readonly number[], start: (port: number) => Promise<T>): Promise<T> {
  const [port = 0, ...others] = ports;
  try {
    return await start(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || others.length === 0) throw error;
    return firstFree(others, start);
  }
}

function factsOf(epoch: string, system: LocalSystem, { sweeps, budgets }: Settings): PageFacts {
  const { topology, restUrl, services, fn } = system;
  const idOf = (topic: string) => topic.split('/').at(-1) ?? '';
  return {
    epoch,
    nowMs: Date.now(),
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
