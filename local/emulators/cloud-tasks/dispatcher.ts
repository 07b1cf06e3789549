import { setTimeout as sleep } from 'node:timers/promises';
import type { PresentTask, PresentTasks } from './present-tasks.ts';
import type { Task } from './task.ts';

/** Sends tasks at their time. */
interface Dispatcher {
  /**
   * Sends a task when its time has come, until its target has accepted it `copies` times; then the task is
   * deleted.
   */
  start(name: string, copies: number): void;
  /** Stops sending at once, and aborts requests that are under way. */
  close(): Promise<void>;
}

const RETRY_MS = 200;
/** A timer that is set for more than 24.8 days goes off at once. */
const MAX_SLEEP_MS = 86_400_000;
const DISPATCH_TIMEOUT_MS = 10_000;

export function createDispatcher(
  tasks: PresentTasks,
  options: {
    readonly pubsubUrl: string;
    readonly lateMs: number;
    /** Maximum rate. Due tasks above it wait and are spread evenly; the queue's bursts are not simulated. */
    readonly dispatchesPerSecond: number;
  },
): Dispatcher {
  const { pubsubUrl, lateMs, dispatchesPerSecond } = options;
  const closing = new AbortController();
  const running = new Set<Promise<void>>();

  async function until(dueMs: number): Promise<void> {
    for (let leftMs; (leftMs = dueMs - Date.now()) > 0;) {
      // Without a reference, so that a task of next month does not keep an idle process alive.
      await sleep(Math.min(leftMs, MAX_SLEEP_MS), undefined, { signal: closing.signal, ref: false });
    }
  }

  let nextTurnMs = 0;
  /** Waits for the next free turn. Tries again take one too (google/cloud/tasks/v2/queue.proto, RateLimits). */
  async function turn(): Promise<void> {
    const turnMs = Math.max(Date.now(), nextTurnMs);
    nextTurnMs = turnMs + 1000 / dispatchesPerSecond;
    await until(turnMs);
  }

  const present = (name: string): PresentTask => {
    const task = tasks.get(name);
    if (!task) throw new Error(`there is no task ${name}`);
    return task;
  };

  async function run(name: string, copies: number): Promise<void> {
    await until(present(name).nextMs + lateMs);
    for (let taken = 0; taken < copies;) {
      await turn();
      const task = present(name);
      tasks.put({ ...task, dispatched: task.dispatched + 1 });
      if (await dispatch(task)) {
        taken += 1;
      } else {
        const nextMs = Date.now() + RETRY_MS;
        tasks.put({ ...present(name), nextMs });
        await until(nextMs);
      }
    }
    tasks.remove(name);
  }

  /** Sends a task once; returns whether its target accepted it. */
  async function dispatch({ url, body }: Task): Promise<boolean> {
    const target = url.replace('https://pubsub.googleapis.com', pubsubUrl);
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(DISPATCH_TIMEOUT_MS)]);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(target, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal,
    }).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok ?? false;
  }

  return {
    start(name, copies) {
      const promise = run(name, copies)
        .catch((error: unknown) => {
          if (!closing.signal.aborted) throw error;
        })
        .finally(() => running.delete(promise));
      running.add(promise);
    },
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}
