import type { DeployedStore } from './model/deployed-store.ts';
import type { PublishedMessage } from './model/messages.ts';
import type { PageFacts } from './model/records.ts';
import type { Action } from './server/action.ts';
import { explainByCatalog } from './server/explain.ts';
import { publishAction } from './server/publish-action.ts';
import { servePage } from './serve-page.ts';
import type { ServedPage } from './serve-page.ts';

/** The collaborators of the page over a deployed system. */
export interface DeployedPageOptions {
  /** Tried in turn, until one is free; 0 is any free one. */
  readonly ports: readonly number[];
  readonly store: DeployedStore;
  readonly projectId: string;
  /** Full names. */
  readonly topics: PageFacts['topics'];
  /** The project of Cloud Logging; absent where the system logs elsewhere. */
  readonly logProject?: string;
  /** Publishes a message, and resolves with its id. Without it the page is read-only, and its server has no such action. */
  readonly publish?: (message: PublishedMessage) => Promise<string>;
}

/** Changes of the store are sent this often while somebody watches. */
const NOTIFY_MS = 250;

/** Serves the page of a system of which its messages alone are known: not its settings, and not its log. */
export async function startDeployedPage(options: DeployedPageOptions): Promise<ServedPage> {
  const { ports, store, projectId, topics, logProject, publish } = options;
  const actions = new Map<string, Action>([
    ['/api/explain', async (input) => ({ value: await explainByCatalog(input) })],
  ]);
  if (publish !== undefined)
    actions.set('/api/publish', publishAction({ publish, onPublished: (id) => store.onPublished(id) }));
  const page = await servePage({
    ports,
    changes: store.changes,
    actions,
    facts: (epoch) => ({
      epoch,
      nowMs: Date.now(),
      system: 'deployed',
      views: ['requests', 'sweeps', 'queue', 'dead-letters'],
      canPublish: publish !== undefined,
      ...(logProject !== undefined && { logProject }),
      projectId,
      topics,
      sweeps: [],
      budgets: [],
      addresses: {},
    }),
  });
  const timer = setInterval(() => {
    if (page.readers() > 0) page.notify();
  }, NOTIFY_MS);
  return {
    ...page,
    close: async () => {
      clearInterval(timer);
      await page.close();
    },
  };
}
