import type { ServiceResponse } from '../../../src/resources/response.ts';
import type { HttpRequest } from '../../../src/google/http.ts';
import type { Chaos } from './chaos.ts';
import type { PubSub } from './pubsub.ts';
import type { World } from '../../support/virtual-time.ts';

/** Cloud Tasks: named tasks, each sent at least once. */
export interface Tasks {
  /** Creates a task, or gets one. */
  call(request: HttpRequest): { readonly answer: ServiceResponse; readonly delayMs: number };
  /** The names that each re-check of a cancellation was scheduled by, by request, operation and attempt. */
  readonly scheduled: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The data of a re-check that a task publishes. */
export interface ScheduledRecheck {
  readonly requestId: string;
  readonly operation: { readonly service: string; readonly name: string };
  readonly attempt: number;
  readonly step: string;
}

interface CreateTask {
  readonly task: {
    readonly name: string;
    readonly scheduleTime: string;
    readonly httpRequest: { readonly body: string };
  };
}

interface Publish {
  readonly messages: readonly {
    readonly data: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
}

const TOMBSTONE_MS = 3_600_000;
const LATEST_MS = 30_000;

export function createTasks(
  world: World,
  chaos: Chaos,
  pubsub: PubSub,
  nameOfTask: (recheck: ScheduledRecheck, name: string) => string = (_recheck, name) => name,
): Tasks {
  /** Until when a name is taken. */
  const taken = new Map<string, number>();
  const scheduled = new Map<string, Set<string>>();
  /** Time at which each task is sent, and gone. */
  const sentMs = new Map<string, number>();
  /** The task of each name, with its HTTP request. */
  const bodies = new Map<string, CreateTask['task']>();

  function take({ task }: CreateTask): ServiceResponse {
    const { scheduleTime, httpRequest } = task;
    const { messages } = JSON.parse(decode(httpRequest.body)) as Publish;
    const written = messages.map(({ data, attributes }) => {
      const json = decode(data);
      return { json, attributes, data: JSON.parse(json) as Partial<ScheduledRecheck> };
    });
    // Only re-checks are of an operation.
    const rechecks = written.map((one) => one.data).filter((data) => data.operation !== undefined);
    const [recheck] = rechecks as readonly ScheduledRecheck[];
    const name = recheck === undefined ? task.name : nameOfTask(recheck, task.name);
    if ((taken.get(name) ?? 0) > world.now()) return answerOf(409, 'ALREADY_EXISTS');
    const waitMs = Math.max(0, Date.parse(scheduleTime) - world.now());
    const isForgotten = world.chance(chaos.taskForgotten);
    sentMs.set(name, world.now() + waitMs);
    bodies.set(name, task);
    taken.set(name, world.now() + waitMs + (isForgotten ? 0 : TOMBSTONE_MS));
    if (recheck !== undefined) {
      const { requestId, operation, attempt } = recheck;
      const key = [requestId, operation.service, operation.name, attempt].join(' ');
      scheduled.set(key, new Set([...(scheduled.get(key) ?? []), name]));
    }
    const sends = world.chance(chaos.taskDuplicate) ? 2 : 1;
    for (const { json, attributes } of written) {
      for (let send = 0; send < sends; send += 1) {
        const lateMs = world.chance(chaos.taskLate) ? world.between(1, LATEST_MS) : 0;
        world.after(waitMs + lateMs, () => pubsub.publish('rechecks', json, attributes));
      }
    }
    return answerOf(200, name);
  }

  return {
    scheduled,
    call: ({ method, url, body = '' }) => {
      if (method === 'GET') {
        const [name = '', view] = url.slice(url.indexOf('projects/')).split('?');
        const delayMs = world.between(5, 100);
        if ((sentMs.get(name) ?? 0) <= world.now()) return { answer: answerOf(404, 'NOT_FOUND'), delayMs };
        if (view === undefined) return { answer: answerOf(200, name), delayMs };
        if (world.chance(chaos.taskFault)) return { answer: answerOf(503, 'UNAVAILABLE'), delayMs };
        return { answer: { kind: 'answered', httpStatus: 200, json: bodies.get(name) }, delayMs };
      }
      const task = JSON.parse(body) as CreateTask;
      const delayMs = world.between(5, 100);
      if (!world.chance(chaos.taskFault)) return { answer: take(task), delayMs };
      if (world.chance(0.5)) take(task);
      return {
        answer: world.pick<ServiceResponse>([
          answerOf(503, 'UNAVAILABLE'),
          answerOf(429, 'RESOURCE_EXHAUSTED'),
          answerOf(500, 'INTERNAL'),
          { kind: 'no-answer', timedOut: true, problem: 'no answer' },
        ]),
        delayMs,
      };
    },
  };
}

const decode = (base64: string) => Buffer.from(base64, 'base64').toString();

const answerOf = (httpStatus: number, status: string): ServiceResponse => ({
  kind: 'answered',
  httpStatus,
  json: httpStatus === 200 ? { name: status } : { error: { code: httpStatus, status, message: status } },
});
