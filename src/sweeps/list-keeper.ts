import type { OutgoingEvent } from '../messages/cloud-event.ts';
import type { Clock, DeliveryProject, EventStore } from '../ports.ts';
import { isPermanent } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import { nounOf } from './report.ts';
import { entryEvent, partsOf, readEntry } from './run-list.ts';
import type { ListEntry, ListedRequest } from './run-list.ts';
import type { SweepRun } from './run-state.ts';
import type { Sweep } from './sweep.ts';

/** Keeps the list of a run that can be approved, over one delivery of it. */
export interface ListKeeper {
  /** Adds the requests of a page. */
  add(requests: readonly OutgoingEvent[]): void;
  /** Stores what was added; resolves with the id of the last part, for the state of the run. */
  store(delivery: DeliveryProject): Promise<string | undefined>;
  /**
   * Stores that the run has ended. Its state has to be that of a message, so that a repeated delivery stores the same.
   *
   * @returns whether the stored list is that of this state. It is not where the run was begun twice, long after one another,
   *   and has ended before with another list
   */
  end(run: SweepRun, delivery: DeliveryProject): Promise<boolean>;
}

interface KeeperPorts {
  readonly eventStore: EventStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** Parts that are stored at the same time. */
const STORED_AT_ONCE = 10;

/**
 * Makes the keeper of a run's list, and stores that the run has begun, if this is its first delivery.
 *
 * @returns undefined for a run that cannot be approved: one that is no dry run, or one of a sweep without `approvable`
 */
export async function createListKeeper(
  run: SweepRun,
  sweep: Sweep,
  delivery: DeliveryProject,
  { eventStore, clock }: KeeperPorts,
): Promise<ListKeeper | undefined> {
  if (!sweep.approvable) return undefined;
  const { runId, startedAt, allDry: dryRun } = run;
  const put = (entry: ListEntry) => {
    const { event, untilMs } = entryEvent(entry, clock.now());
    return eventStore.put(event, untilMs, delivery);
  };
  if (run.step === 0) await put({ entry: 'begun', runId, startedAt, sweep: sweep.name, dryRun });
  if (!dryRun) return undefined;

  let { lastPart } = run;
  let added: ListedRequest[] = [];
  return {
    add: (requests) => void added.push(...requests.map(({ data }) => listed(data))),
    store: async () => {
      const parts = partsOf(run, added, lastPart);
      added = [];
      for (let at = 0; at < parts.length; at += STORED_AT_ONCE) {
        await Promise.all(parts.slice(at, at + STORED_AT_ONCE).map(({ part }) => put(part)));
      }
      lastPart = parts.at(-1)?.id ?? lastPart;
      return lastPart;
    },
    end: async ({ cause, lastPart: last, tally: { requested, operations, examples } }) => {
      const stored = await put({
        entry: 'end',
        runId,
        startedAt,
        sweep: sweep.name,
        cause,
        ...(last !== undefined && { last }),
        noun: nounOf(sweep),
        requested,
        operations,
        examples,
      });
      return stored === 'now' || (await hasEndedWith(last, runId, eventStore));
    },
  };
}

/** Whether the list of a run that has ended has this last part; false where the function is not allowed to read it. */
async function hasEndedWith(last: string | undefined, runId: string, store: EventStore): Promise<boolean> {
  try {
    const end = await readEntry('end', runId, store);
    return end !== undefined && end.last === last;
  } catch (error) {
    if (isPermanent(error)) return false;
    throw error;
  }
}

/** The fields of a request that differ from one request of a run to another. */
function listed(data: unknown): ListedRequest {
  const { requestId, ...others } = isObject(data) ? data : {};
  const fields = Object.entries(others).filter(([name]) =>
    ['operation', 'job', 'region', 'confirmWithin'].includes(name),
  );
  return { requestId: String(requestId), ...Object.fromEntries(fields) };
}
