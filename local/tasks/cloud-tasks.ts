import { setTimeout as sleep } from 'node:timers/promises';
import { faultAnswer } from '../services/fault.ts';
import type { FaultStep } from '../services/fault.ts';
import { jsonAnswer, statusAnswer } from '../services/google-services.ts';
import type { WholeAnswer } from '../services/answer.ts';
import type { HostHandler, ServiceRequest } from '../services/google-services.ts';
import { noSuchMethod } from '../services/operation-methods.ts';
import { faultQueue } from '../services/operation-store.ts';
import { readTask } from './task.ts';
import type { Task } from './task.ts';

/**
 * Cloud Tasks on this machine: takes named tasks, refuses a name that was there before, and sends each at
 * least once, at its time, until it is taken (google/cloud/tasks/v2).
 */
export interface SimulatedCloudTasks {
  /** Answers for `cloudtasks.googleapis.com`. */
  readonly handle: HostHandler;
  /** Names of all tasks created so far, and how often each was sent. */
  dispatches(): ReadonlyMap<string, number>;
  /** Stops sending. Tasks that wait are dropped. */
  close(): Promise<void>;
}

export interface SimulatedCloudTasksOptions {
  /** Where `https://pubsub.googleapis.com` is here, as `http://127.0.0.1:8085`. */
  readonly pubsubUrl: string;
  /** What goes wrong when tasks are created. */
  readonly createFaults?: readonly FaultStep[];
  /** Every so many tasks, one is sent twice. Default: none is. */
  readonly duplicateEvery?: number;
  /** How much later than its time a task is sent. Default 0. */
  readonly lateMs?: number;
  /** How long a name stays taken after its task has gone. Default an hour. */
  readonly tombstoneMs?: number;
}

const CREATE = /^\/v2\/(projects\/[^/]+\/locations\/[^/]+\/queues\/[^/]+)\/tasks$/;
const RETRY_MS = 200;
/** A timer that is set for more than 24.8 days goes off at once. */
const LONGEST_SLEEP_MS = 86_400_000;
const DISPATCH_TIMEOUT_MS = 10_000;

export function createSimulatedCloudTasks(options: SimulatedCloudTasksOptions): SimulatedCloudTasks {
  const { pubsubUrl, createFaults, duplicateEvery = Infinity, lateMs = 0, tombstoneMs = 3_600_000 } = options;
  /** Until when a name is taken, in milliseconds since the epoch; undefined while its task is there. */
  const takenUntil = new Map<string, number | undefined>();
  const sent = new Map<string, number>();
  const nextFault = faultQueue(createFaults);
  const closing = new AbortController();
  const running = new Set<Promise<void>>();

  const isTaken = (name: string) => {
    const untilMs = takenUntil.has(name) ? (takenUntil.get(name) ?? Infinity) : 0;
    return untilMs > Date.now();
  };

  async function run(task: Task, copies: number): Promise<void> {
    try {
      for (let leftMs; (leftMs = task.scheduleMs + lateMs - Date.now()) > 0;) {
        await sleep(Math.min(leftMs, LONGEST_SLEEP_MS), undefined, { signal: closing.signal });
      }
      for (let copy = 0; copy < copies; copy += 1) {
        while (!(await dispatch(task))) await sleep(RETRY_MS, undefined, { signal: closing.signal });
      }
      takenUntil.set(task.name, Date.now() + tombstoneMs);
    } catch (error) {
      if (!closing.signal.aborted) throw error;
    }
  }

  /** Sends a task once; whether it was taken. */
  async function dispatch({ name, url, body }: Task): Promise<boolean> {
    sent.set(name, (sent.get(name) ?? 0) + 1);
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

  function create(queue: string, { body }: ServiceRequest): WholeAnswer {
    const task = readTask(queue, body, Date.now());
    if ('status' in task) return task;
    if (isTaken(task.name)) {
      return statusAnswer('ALREADY_EXISTS', 'Requested entity already exists');
    }
    takenUntil.set(task.name, undefined);
    sent.set(task.name, 0);
    const copies = takenUntil.size % duplicateEvery === 0 ? 2 : 1;
    const promise = run(task, copies).finally(() => running.delete(promise));
    running.add(promise);
    return jsonAnswer(200, { name: task.name });
  }

  return {
    handle: (request) => {
      const [, queue] = request.method === 'POST' ? (CREATE.exec(request.path) ?? []) : [];
      if (queue === undefined) return { answer: noSuchMethod(request.path) };
      const fault = nextFault();
      if (fault === undefined) return { answer: create(queue, request) };
      if (fault.applied === true) create(queue, request);
      const answer = faultAnswer(fault, {
        host: request.host,
        name: queue,
        method: 'create',
        nowMs: Date.now(),
        ordinary: () => create(queue, request),
        resource: () => ({ name: queue }),
      });
      return { answer };
    },
    dispatches: () => sent,
    close: async () => {
      closing.abort();
      await Promise.all(running);
    },
  };
}
