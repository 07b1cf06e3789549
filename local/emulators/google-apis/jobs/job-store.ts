import type { JobKind } from './job-kind.ts';
import { wordOf } from './job-life.ts';
import type { JobScript } from './job-script.ts';
import type { PathVariables } from './path-template.ts';
import { StoredJob, type JobAddress } from './stored-job.ts';

/** The place in a list at which a page begins. */
interface ListPlace {
  /** The sequence of the job that came last; from the beginning where absent. */
  readonly after?: number;
  readonly newestFirst: boolean;
}

/** The jobs of all services. */
export interface JobStore {
  /**
   * Adds, or replaces, which also forgets its past. Throws a TypeError for a state that the service has not,
   * and a RangeError when the store is full.
   */
  add(address: JobAddress, script: JobScript): void;
  find(key: string): StoredJob | undefined;
  /** Forgets all of them. */
  clear(): void;
  /** The job that the cancel of an operation ends. */
  findByOperation(service: string, operation: string): StoredJob | undefined;
  /** In the order in which they were added. */
  all(): readonly StoredJob[];
  /** Those of a kind in a place; `-` stands for any. */
  listed(kind: JobKind, at: PathVariables, place: ListPlace): Iterable<StoredJob>;
}

/** Keeps at most `limit` jobs. */
export function createJobStore({
  now,
  limit,
}: {
  readonly now: () => number;
  readonly limit: number;
}): JobStore {
  const byKey = new Map<string, StoredJob>();
  const byOperation = new Map<string, StoredJob>();
  const all: StoredJob[] = [];

  return {
    add(address, script) {
      check(address, script);
      const there = byKey.get(address.key);
      if (!there && byKey.size >= limit) {
        throw new RangeError(`There are ${limit} jobs already, the most that are kept.`);
      }
      const job = new StoredJob(address, script, there?.sequence ?? all.length + 1, now);
      byKey.set(address.key, job);
      all[job.sequence - 1] = job;
      const operation = address.kind.cancelledBy?.(job.facts());
      if (operation !== undefined) byOperation.set(`${address.kind.service} ${operation}`, job);
    },
    find: (key) => byKey.get(key),
    clear() {
      byKey.clear();
      byOperation.clear();
      all.length = 0;
    },
    findByOperation: (service, operation) => byOperation.get(`${service} ${operation}`),
    all: () => all,
    *listed({ service, kind, isByHost }, at, { after, newestFirst }) {
      // Sequences begin at 1 and have no gaps, so that going on does not walk through what came before.
      const step = newestFirst ? -1 : 1;
      let index = after === undefined ? (newestFirst ? all.length - 1 : 0) : after - 1 + step;
      for (; index >= 0 && index < all.length; index += step) {
        const job = all[index] as StoredJob;
        const { kind: its, at: place } = job.address;
        if (its.service === service && its.kind === kind && its.isByHost === isByHost && isIn(place, at))
          yield job;
      }
    },
  };
}

function isIn(place: PathVariables, at: PathVariables): boolean {
  return Object.entries(at).every(([name, value]) => value === '-' || place[name] === value);
}

function check({ kind, url }: JobAddress, script: JobScript): void {
  const states = [script.state, script.endsItself?.state].filter((state) => state !== undefined);
  const wrong = states.find((state) => wordOf(state, kind.words) === undefined);
  if (wrong !== undefined) {
    throw new TypeError(`No state ${wrong}; there are ${Object.keys(kind.words).join(', ')}: ${url}`);
  }
  if (script.location !== undefined && kind.service !== 'bigquery') {
    throw new TypeError(`Its name has the location: ${url}`);
  }
}
