import { randomUUID } from 'node:crypto';
import type { PageFacts } from './model/records.ts';
import type { PageStore } from './model/page-store.ts';
import type { Action } from './server/action.ts';
import { bundlePage } from './server/bundle.ts';
import { createEventStream } from './server/event-stream.ts';
import { startPageServer } from './server/page-server.ts';
import type { PageServer } from './server/page-server.ts';

/** A page that is served, until it is closed. */
export interface ServedPage extends PageServer {
  /** Number of browsers that watch. */
  readers(): number;
  /** To be called after changes of the store. */
  notify(): void;
}

/** The parts that differ between the page of `npm start` and that of `lro-cancel console`. */
export interface ServedPageOptions {
  /** Tried in turn, until one is free; 0 is any free one. */
  readonly ports: readonly number[];
  readonly changes: PageStore['changes'];
  readonly facts: (epoch: string) => PageFacts;
  readonly actions: ReadonlyMap<string, Action>;
}

/** Serves the page. Rejects with the error of `listen`, such as EADDRINUSE, of the last port. */
export async function servePage({ ports, changes, facts, actions }: ServedPageOptions): Promise<ServedPage> {
  const epoch = randomUUID();
  const events = createEventStream({ changes, epoch, facts: () => facts(epoch) });
  const files = await bundlePage();
  const server = await firstFree(ports, (port) => startPageServer({ port, files, actions, events }));
  return { ...server, readers: () => events.readers(), notify: () => events.notify() };
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
