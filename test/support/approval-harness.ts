import { createMemoryEventStore } from '../../src/google/memory-event-store.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import type { EventStore } from '../../src/ports.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { NOON_MS } from './fakes.ts';
import { createSweepApp, entry, page, TARGET } from './sweep-harness.ts';

/** A sweep app whose dry runs can be approved, with a queue that delivers each scheduled event once. */

interface RequestData {
  readonly operation: string;
  readonly dryRun?: boolean;
}

export const APPROVABLE = { targets: [TARGET], olderThan: '3600s', approvable: true };

/** A list of pages, each with these operations. */
export const pagesOf = (...pages: readonly (readonly string[])[]) => {
  return (url: string): ServiceResponse => {
    const number = Number(new URL(url).searchParams.get('pageToken') ?? '0');
    const more = number + 1 < pages.length ? { nextPageToken: String(number + 1) } : {};
    return page(
      (pages[number] ?? []).map((id) => entry(id, 30)),
      more,
    );
  };
};

export function createApprovalApp(
  list: (url: string) => ServiceResponse,
  options: {
    readonly sweeps?: Readonly<Record<string, unknown>>;
    /** Time that each page takes, so that a delivery reads one, or several. */
    readonly pageMs?: number;
    readonly eventStore?: EventStore;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
) {
  const { sweeps = { nightly: APPROVABLE }, pageMs = 0, environment } = options;
  let advance: (ms: number) => void = () => undefined;
  let now = () => NOON_MS;
  const eventStore = options.eventStore ?? createMemoryEventStore({ now: () => now() });
  const app = createSweepApp(sweeps, list, {
    onList: () => advance(pageMs),
    eventStore,
    ...(environment !== undefined && { environment }),
  });
  ({ advance, now } = app.clock);
  const delivered = new Set<string>();
  /** Delivers what is scheduled, each id once, until nothing is. */
  const drain = async (deliver: (event: OutgoingEvent) => Promise<void> = app.deliver) => {
    for (;;) {
      const next = app.scheduler.sent.find(({ event }) => !delivered.has(event.id));
      if (next === undefined) return;
      delivered.add(next.event.id);
      await deliver(next.event);
    }
  };
  const run = async (data: unknown, messageId: string) => {
    await app.begin(data, undefined, messageId);
    await drain();
  };
  const isDry = ({ data }: OutgoingEvent) => (data as RequestData).dryRun === true;
  return {
    ...app,
    eventStore,
    drain,
    /** Runs the sweep to its report, and resolves with the id of its run. */
    sweep: async (data: object = { sweep: 'nightly' }, messageId = 'm1') => {
      await run(data, messageId);
      return app.reports().at(-1)?.runId ?? '';
    },
    /** Approves a run, and lets the approval end. */
    approve: (runId: string, more: object = {}, messageId = 'm2') =>
      run({ approve: runId, ...more }, messageId),
    /** The requests that are no dry runs. */
    cancels: () => app.requests().filter((event) => !isDry(event)),
    cancelled: () =>
      app
        .requests()
        .filter((event) => !isDry(event))
        .map(({ data }) => (data as RequestData).operation.split('/').at(-1)),
  };
}
